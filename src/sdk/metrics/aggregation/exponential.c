/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/aggregation/exponential.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/compiler.h"
#include "sdk/metrics/aggregation/exponential_counts.h"
#include "sdk/metrics/aggregation/exponential_index.h"

size_t ct_exponential_size(const struct ct_exponential_config *config)
{
    size_t signs = config->negatives ? CT_SIGNS : 1;
    return sizeof(struct ct_exponential) + signs * config->max_buckets * sizeof(uint64_t);
}

void ct_exponential_init(struct ct_exponential *state, const struct ct_exponential_config *config)
{
    memset(state, 0, ct_exponential_size(config));
    state->min = INFINITY;
    state->max = -INFINITY;
    state->scale = config->max_scale;
}

void ct_exponential_reset(struct ct_exponential *state, const struct ct_exponential_config *config)
{
    ct_exponential_init(state, config);
}

/* Lowers the scale until the indices of each sign, of which `wanted` may be none, have room in its
 * window together with those that have counts; and puts the windows there. */
static void make_room(struct ct_exponential *state, const struct ct_exponential_config *config,
                      const struct ct_span_of_indices wanted[CT_SIGNS])
{
    struct ct_span_of_indices used[CT_SIGNS], all[CT_SIGNS];
    int shift = 0;
    for (int sign = 0; sign < CT_SIGNS; sign++) {
        used[sign] = ct_exponential_used(state, config, sign);
        all[sign] = ct_span_union(used[sign], wanted[sign]);
        while (!ct_span_fits(ct_span_shift(all[sign], shift), config->max_buckets))
            shift++;
    }
    for (int sign = 0; sign < CT_SIGNS; sign++) {
        if (!ct_span_is_empty(all[sign]))
            ct_exponential_move(state, config, sign, used[sign], shift,
                                ct_span_shift(all[sign], shift));
    }
    state->scale -= shift;
}

static void make_room_for(struct ct_exponential *state, const struct ct_exponential_config *config,
                          int sign, int32_t index)
{
    struct ct_span_of_indices wanted[CT_SIGNS] = {CT_SPAN_EMPTY, CT_SPAN_EMPTY};
    wanted[sign] = (struct ct_span_of_indices){index, index};
    make_room(state, config, wanted);
}

static void count_magnitude(struct ct_exponential *state,
                            const struct ct_exponential_config *config, int sign, double magnitude)
{
    int32_t index = ct_exponential_index(magnitude, state->scale);
    if (CT_UNLIKELY(!ct_exponential_in_window(state, config, sign, index))) {
        int32_t scale = state->scale;
        make_room_for(state, config, sign, index);
        index >>= scale - state->scale;
    }
    *ct_exponential_at(state, config, sign, index) += 1;
}

void ct_exponential_record(struct ct_exponential *state, const struct ct_exponential_config *config,
                           double value)
{
    assert(value >= 0 || config->negatives);
    if (CT_LIKELY(value > 0))
        count_magnitude(state, config, CT_POSITIVE, value);
    else if (value < 0)
        count_magnitude(state, config, CT_NEGATIVE, -value);
    else
        state->zero_count++;
    state->count++;
    state->sum += value;
    state->min = value < state->min ? value : state->min;
    state->max = value > state->max ? value : state->max;
}

static void add_counts(struct ct_exponential *into, const struct ct_exponential *from,
                       const struct ct_exponential_config *config, int sign)
{
    int shift = from->scale - into->scale;
    struct ct_span_of_indices used = ct_exponential_used(from, config, sign);
    for (int32_t i = used.low; i <= used.high; i++)
        *ct_exponential_at(into, config, sign, i >> shift) +=
            ct_exponential_counts(from, config, sign)[i - from->origins[sign]];
}

/* Lowers into's scale to that of `from` if it is higher. */
static void share_scale(struct ct_exponential *into, const struct ct_exponential *from,
                        const struct ct_exponential_config *config)
{
    int shift = into->scale - from->scale;
    if (shift <= 0)
        return;
    for (int sign = 0; sign < CT_SIGNS; sign++) {
        struct ct_span_of_indices used = ct_exponential_used(into, config, sign);
        if (!ct_span_is_empty(used))
            ct_exponential_move(into, config, sign, used, shift, ct_span_shift(used, shift));
    }
    into->scale = from->scale;
}

void ct_exponential_merge(struct ct_exponential *into, const struct ct_exponential *from,
                          const struct ct_exponential_config *config)
{
    struct ct_span_of_indices wanted[CT_SIGNS];
    share_scale(into, from, config);
    for (int sign = 0; sign < CT_SIGNS; sign++)
        wanted[sign] =
            ct_span_shift(ct_exponential_used(from, config, sign), from->scale - into->scale);
    make_room(into, config, wanted);
    for (int sign = 0; sign < CT_SIGNS; sign++)
        add_counts(into, from, config, sign);
    into->count += from->count;
    into->zero_count += from->zero_count;
    into->sum += from->sum;
    into->min = from->min < into->min ? from->min : into->min;
    into->max = from->max > into->max ? from->max : into->max;
}
