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

/* Lowers the scale until the indices of each sign, an index of `sign` among them, have room in its
 * window; and puts the windows there. */
static void make_room(struct ct_exponential *state, const struct ct_exponential_config *config,
                      int sign, int32_t index)
{
    struct ct_span_of_indices used[CT_SIGNS], all[CT_SIGNS];
    int shift = 0;
    for (int i = 0; i < CT_SIGNS; i++) {
        used[i] = all[i] = ct_exponential_used(state, config, i);
        if (i == sign)
            all[i] = ct_span_union(used[i], (struct ct_span_of_indices){index, index});
        while (!ct_span_fits(ct_span_shift(all[i], shift), config->max_buckets))
            shift++;
    }
    for (int i = 0; i < CT_SIGNS; i++) {
        if (!ct_span_is_empty(all[i]))
            ct_exponential_move(state, config, i, used[i], shift, ct_span_shift(all[i], shift));
    }
    state->scale -= shift;
}

static void count_magnitude(struct ct_exponential *state,
                            const struct ct_exponential_config *config, int sign, double magnitude)
{
    int32_t index = ct_exponential_index(magnitude, state->scale);
    if (CT_UNLIKELY(!ct_exponential_in_window(state, config, sign, index))) {
        int32_t scale = state->scale;
        make_room(state, config, sign, index);
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
