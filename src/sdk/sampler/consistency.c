/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/consistency.h"

#include <endian.h>

#include "sdk/sampler/ot_entry.h"
#include "sdk/sampler/sampler.h"
#include "wire/str.h"

static const cotel_str ot_key = {CT_OT_KEY, sizeof CT_OT_KEY - 1};
static const cotel_str threshold_key = {"th", 2};
static const cotel_str randomness_key = {"rv", 2};

static uint64_t randomness_of(const cotel_trace_id *id)
{
    uint64_t low;
    memcpy(&low, id->bytes + sizeof id->bytes - sizeof low, sizeof low);
    return be64toh(low) & (COTEL_THRESHOLD_NONE - 1);
}

static void read_entry(struct ct_consistency *out)
{
    if (!ct_ot_is_valid(out->ot))
        return;
    cotel_str threshold = ct_ot_find(out->ot, threshold_key);
    out->has_threshold = threshold.data != NULL;
    (void)ct_threshold_read(threshold, &out->parent_threshold);
    out->randomness_is_explicit =
        ct_randomness_read(ct_ot_find(out->ot, randomness_key), &out->randomness);
}

void ct_consistency_read(const cotel_sampling_parameters *parameters, struct ct_consistency *out)
{
    *out = (struct ct_consistency){.tracestate = ct_sampler_tracestate(parameters),
                                   .randomness = randomness_of(&parameters->trace_id),
                                   .parent_threshold = COTEL_THRESHOLD_NONE};
    if (!out->tracestate)
        return;
    out->ot = cotel_tracestate_get(out->tracestate, ot_key);
    if (out->ot.data)
        read_entry(out);
}

/* Whether the parent's entry says nothing else than this threshold. */
static bool says(const struct ct_consistency *consistency, uint64_t threshold)
{
    if (threshold != consistency->parent_threshold)
        return false;
    return threshold != COTEL_THRESHOLD_NONE || !consistency->has_threshold;
}

/* The entry as it is to be; empty: there is to be none. */
static cotel_str wanted_entry(const struct ct_consistency *consistency, uint64_t threshold,
                              struct ct_ot_entry *room)
{
    char digits[CT_THRESHOLD_DIGITS];
    if (says(consistency, threshold))
        return consistency->ot;
    size_t size = threshold != COTEL_THRESHOLD_NONE ? ct_threshold_write(threshold, digits) : 0;
    if (size == 0 || !ct_ot_set(consistency->ot, threshold_key, cotel_str_n(digits, size), room))
        ct_ot_remove(consistency->ot, threshold_key, room);
    return cotel_str_n(room->text, room->size);
}

bool ct_consistency_write(const struct ct_consistency *consistency, const cotel_tracestate *state,
                          uint64_t threshold, cotel_tracestate **out)
{
    struct ct_ot_entry room;
    cotel_str wanted = wanted_entry(consistency, threshold, &room);
    if (ct_str_equal(wanted, cotel_tracestate_get(state, ot_key)))
        return false;
    *out = wanted.size > 0 ? cotel_tracestate_set(state, ot_key, wanted)
                           : cotel_tracestate_remove(state, ot_key);
    return true;
}

void ct_consistency_answer(const struct ct_consistency *consistency, uint64_t threshold,
                           cotel_sampling_result *result)
{
    result->sets_tracestate =
        ct_consistency_write(consistency, consistency->tracestate, threshold, &result->tracestate);
}
