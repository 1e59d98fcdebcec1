/* SPDX-License-Identifier: Apache-2.0 */
/* Handling samplers of any origin. */
#ifndef COTEL_SRC_SDK_SAMPLER_SAMPLER_H
#define COTEL_SRC_SDK_SAMPLER_SAMPLER_H

#include <cotel/sdk/sampler.h>

/* Whether it can be asked: should_sample is there. NULL cannot. */
bool ct_sampler_is_usable(const cotel_sampler *sampler);

/* Which of the five cases a parent is. */
static inline cotel_parent_state ct_sampler_parent_state(bool has_parent, bool is_remote,
                                                         uint8_t trace_flags)
{
    bool sampled = (trace_flags & COTEL_TRACE_FLAG_SAMPLED) != 0;
    if (!has_parent)
        return COTEL_PARENT_NONE;
    if (is_remote)
        return sampled ? COTEL_PARENT_REMOTE_SAMPLED : COTEL_PARENT_REMOTE_NOT_SAMPLED;
    return sampled ? COTEL_PARENT_LOCAL_SAMPLED : COTEL_PARENT_LOCAL_NOT_SAMPLED;
}

/* What is_fixed says, for samplers of any origin and age. */
bool ct_sampler_is_fixed(const cotel_sampler *sampler, cotel_parent_state parent,
                         cotel_sampling_decision *decision);

/* Its description; of one that has none, "Unnamed". */
const char *ct_sampler_description(const cotel_sampler *sampler);

/* Whether destroying it frees something: then it can have one owner only. */
bool ct_sampler_is_owned(const cotel_sampler *sampler);

static inline bool ct_sampler_any_bit(const uint8_t *bytes, size_t words)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < words; i++) {
        uint64_t word;
        memcpy(&word, bytes + i * sizeof word, sizeof word);
        seen |= word;
    }
    return seen != 0;
}

/* Whether the new span has a parent. Inline: asked for each span. */
static inline bool ct_sampler_has_parent(const cotel_sampling_parameters *parameters)
{
    const cotel_span *parent = parameters->parent;
    return ct_sampler_any_bit(parent->trace_id.bytes, 2) &&
           ct_sampler_any_bit(parent->span_id.bytes, 1);
}

#endif
