/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one series of a base-2 exponential histogram: at scale s, the bucket with index i
 * counts the values in (2^(i/2^s), 2^((i+1)/2^s)]. The scale is the highest at which the values so
 * far fit into the buckets there may be. One flat block, as explicit.h has it.
 *
 * For each sign a window of max_buckets counts lies over the indices; a value inside is one
 * addition, and where there are values in it is only found out, by looking for counts that are not
 * zero, when a value falls outside. Then the window is moved, so that what is free of it is on both
 * sides, or the scale is lowered. Either happens a few hundred times in the life of a series,
 * whatever is recorded: each move uses up half of what is free, each lowering one of some thirty
 * scales. */
#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_H
#define COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the series of a stream have in common. */
struct ct_exponential_config {
    uint32_t max_buckets; /* of each sign; at least 2 */
    int32_t max_scale;    /* at most 20 */
    bool min_max;
    bool sum;       /* false where measurements can be negative */
    bool negatives; /* there is room for negative values */
};

struct ct_exponential {
    uint64_t count; /* of all measurements */
    uint64_t zero_count;
    double sum;
    double min; /* infinite, and max -infinite, until there is a measurement */
    double max;
    /* From max_scale down to -10, or -11 where two buckets have to take in a number below 2^-1024
     * and one above 1. */
    int32_t scale;
    int32_t origins[2]; /* the index that the first count of a sign is of; positive, negative */
    uint32_t reserved;
    uint64_t counts[]; /* of positive values, and behind them of negative ones if there may be */
};

/* Of the block, in bytes; it has to be aligned for doubles. */
size_t ct_exponential_size(const struct ct_exponential_config *config);

/* Nothing measured yet, and the highest scale; also for starting over. */
void ct_exponential_init(struct ct_exponential *state, const struct ct_exponential_config *config);

/* Of a finite value, which may be negative only if config->negatives. */
void ct_exponential_record(struct ct_exponential *state, const struct ct_exponential_config *config,
                           double value);

/* The fields of an ExponentialHistogramDataPoint that are the aggregate's: count, sum, scale, zero
 * count, buckets of both signs, min and max. ct_exponential_write() writes as much as
 * ct_exponential_encoded_size() says. */
size_t ct_exponential_encoded_size(const struct ct_exponential *state,
                                   const struct ct_exponential_config *config);
uint8_t *ct_exponential_write(uint8_t *at, const struct ct_exponential *state,
                              const struct ct_exponential_config *config);

#endif
