/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one series of an explicit bucket histogram. One flat block without pointers: a copy
 * of its bytes is a snapshot, to be encoded when the series' lock, which the caller holds around
 * everything else, has been let go.
 *
 * There is no count of measurements: it is the sum of the buckets, and so can't differ from it. */
#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_EXPLICIT_H
#define COTEL_SRC_SDK_METRICS_AGGREGATION_EXPLICIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

/* What the series of a stream have in common; borrowed. */
struct ct_explicit_config {
    const double *boundaries; /* finite, ascending */
    size_t count;             /* one less than there are buckets */
    bool min_max;
    bool sum; /* false where measurements can be negative: such a sum would be no counter */
};

struct ct_explicit {
    double sum;
    double min; /* infinite, and max -infinite, until there is a measurement */
    double max;
    uint64_t buckets[]; /* boundaries + 1 */
};

/* Up to here boundaries are all looked at: that is faster than a search which has to wait for each
 * comparison before it knows where to look next. */
#define CT_EXPLICIT_LINEAR 32

/* How many of at most CT_EXPLICIT_LINEAR boundaries lie below the value. Two at a time, without a
 * branch that depends on the value. */
CT_ALWAYS_INLINE size_t ct_explicit_count_below(const double *boundaries, size_t count,
                                                double value)
{
    typedef double doubles __attribute__((vector_size(16)));
    typedef int64_t mask __attribute__((vector_size(16))); /* -1 where a comparison holds */
    const doubles values = {value, value};
    mask below = {0, 0};
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        doubles pair;
        memcpy(&pair, boundaries + i, sizeof pair);
        below -= pair < values;
    }
    size_t odd = i < count && boundaries[i] < value;
    return (size_t)(below[0] + below[1]) + odd;
}

/* The bucket of a value, each of which takes in its upper boundary: the number of boundaries below
 * the value. Many boundaries are halved first. */
CT_ALWAYS_INLINE size_t ct_explicit_bucket(const double *boundaries, size_t count, double value)
{
    const double *from = boundaries;
    while (CT_UNLIKELY(count > CT_EXPLICIT_LINEAR)) {
        size_t half = count / 2;
        from = from[half - 1] < value ? from + half : from;
        count -= half;
    }
    return (size_t)(from - boundaries) + ct_explicit_count_below(from, count, value);
}

/* Of the block, in bytes; it has to be aligned for doubles. */
size_t ct_explicit_size(const struct ct_explicit_config *config);

/* Nothing measured yet; also for starting over. */
void ct_explicit_init(struct ct_explicit *state, const struct ct_explicit_config *config);

/* Of a finite value. */
CT_ALWAYS_INLINE void ct_explicit_record(struct ct_explicit *state,
                                         const struct ct_explicit_config *config, double value)
{
    state->buckets[ct_explicit_bucket(config->boundaries, config->count, value)]++;
    state->sum += value;
    state->min = value < state->min ? value : state->min;
    state->max = value > state->max ? value : state->max;
}

/* How many measurements there were. */
uint64_t ct_explicit_count(const struct ct_explicit *state,
                           const struct ct_explicit_config *config);

/* The fields of a HistogramDataPoint that are the aggregate's: count, sum, buckets, boundaries, min
 * and max. ct_explicit_write() writes as much as ct_explicit_encoded_size() says. */
size_t ct_explicit_encoded_size(const struct ct_explicit *state,
                                const struct ct_explicit_config *config);
uint8_t *ct_explicit_write(uint8_t *at, const struct ct_explicit *state,
                           const struct ct_explicit_config *config);

#endif
