/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/aggregation/exponential_counts.h"

#include <assert.h>
#include <string.h>

struct ct_span_of_indices ct_exponential_used(const struct ct_exponential *state,
                                              const struct ct_exponential_config *config, int sign)
{
    struct ct_span_of_indices none = CT_SPAN_EMPTY;
    if (sign == CT_NEGATIVE && !config->negatives)
        return none;
    const uint64_t *counts = ct_exponential_counts(state, config, sign);
    uint32_t first = 0, end = config->max_buckets;
    while (first < end && counts[first] == 0)
        first++;
    if (first == end)
        return none;
    while (counts[end - 1] == 0)
        end--;
    return (struct ct_span_of_indices){.low = state->origins[sign] + (int32_t)first,
                                       .high = state->origins[sign] + (int32_t)end - 1};
}

/* Adds up at the front of the window what becomes one bucket. A count never moves to the right, so
 * none is overwritten before it was read. */
static void fold(uint64_t *counts, int32_t origin, struct ct_span_of_indices used, int shift)
{
    int32_t first = used.low >> shift;
    for (int32_t i = used.low; i <= used.high; i++) {
        uint64_t count = counts[i - origin];
        counts[i - origin] = 0;
        counts[(i >> shift) - first] += count;
    }
}

/* Moves the first `count` counts to the right; what is behind them is zero. */
static void slide(uint64_t *counts, size_t count, size_t by)
{
    memmove(counts + by, counts, count * sizeof *counts);
    memset(counts, 0, by * sizeof *counts);
}

void ct_exponential_move(struct ct_exponential *state, const struct ct_exponential_config *config,
                         int sign, struct ct_span_of_indices used, int shift,
                         struct ct_span_of_indices span)
{
    assert(ct_span_fits(span, config->max_buckets));
    uint64_t *counts = state->counts + (size_t)sign * config->max_buckets;
    int32_t room = (int32_t)config->max_buckets - (span.high - span.low + 1);
    int32_t origin = span.low - room / 2;
    if (!ct_span_is_empty(used)) {
        struct ct_span_of_indices moved = ct_span_shift(used, shift);
        fold(counts, state->origins[sign], used, shift);
        slide(counts, (size_t)(moved.high - moved.low) + 1, (size_t)(moved.low - origin));
    }
    state->origins[sign] = origin;
}
