/* SPDX-License-Identifier: Apache-2.0 */
/* The windows of counts in an exponential histogram: where they lie, what of them is used, and how
 * they are moved. */
#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_COUNTS_H
#define COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_COUNTS_H

#include "sdk/metrics/aggregation/exponential.h"

enum { CT_POSITIVE, CT_NEGATIVE, CT_SIGNS };

/* Indices from low to high; none when high is below low. */
struct ct_span_of_indices {
    int32_t low;
    int32_t high;
};

#define CT_SPAN_EMPTY                       \
    {                                       \
        .low = INT32_MAX, .high = INT32_MIN \
    }

static inline bool ct_span_is_empty(struct ct_span_of_indices span)
{
    return span.high < span.low;
}

static inline struct ct_span_of_indices ct_span_union(struct ct_span_of_indices a,
                                                      struct ct_span_of_indices b)
{
    return (struct ct_span_of_indices){.low = a.low < b.low ? a.low : b.low,
                                       .high = a.high > b.high ? a.high : b.high};
}

/* The same values at a scale that is lower by `by`. */
static inline struct ct_span_of_indices ct_span_shift(struct ct_span_of_indices span, int by)
{
    return (struct ct_span_of_indices){.low = span.low >> by, .high = span.high >> by};
}

static inline bool ct_span_fits(struct ct_span_of_indices span, uint32_t max_buckets)
{
    return (int64_t)span.high - span.low < (int64_t)max_buckets;
}

/* The counts of one sign; only of a sign that there is room for. */
static inline const uint64_t *ct_exponential_counts(const struct ct_exponential *state,
                                                    const struct ct_exponential_config *config,
                                                    int sign)
{
    return state->counts + (size_t)sign * config->max_buckets;
}

static inline bool ct_exponential_in_window(const struct ct_exponential *state,
                                            const struct ct_exponential_config *config, int sign,
                                            int32_t index)
{
    return (uint32_t)index - (uint32_t)state->origins[sign] < config->max_buckets;
}

/* The count of an index in the window. */
static inline uint64_t *ct_exponential_at(struct ct_exponential *state,
                                          const struct ct_exponential_config *config, int sign,
                                          int32_t index)
{
    return state->counts + (size_t)sign * config->max_buckets + (index - state->origins[sign]);
}

/* From the first index that has a count to the last one. */
struct ct_span_of_indices ct_exponential_used(const struct ct_exponential *state,
                                              const struct ct_exponential_config *config, int sign);

/* Makes the counts of `used` those of a scale that is lower by `shift`, and lays the window over
 * `span`, which is of that scale, holds them, and fits: in the middle, so that it can grow to both
 * sides. */
void ct_exponential_move(struct ct_exponential *state, const struct ct_exponential_config *config,
                         int sign, struct ct_span_of_indices used, int shift,
                         struct ct_span_of_indices span);

#endif
