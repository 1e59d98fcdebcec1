/* SPDX-License-Identifier: Apache-2.0 */
/* Quantiles of classic histograms, estimated as Prometheus' histogram_quantile() does. */
#ifndef COTEL_TOOLS_COTEL_METRICS_QUANTILE_H
#define COTEL_TOOLS_COTEL_METRICS_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>

struct ct_bucket {
    double le;
    double count; /* of all values up to le */
};

struct ct_quantile {
    double value;   /* NaN: unknown */
    bool is_beyond; /* it is above the last finite boundary, which is the value */
};

/* Ascending boundaries, equal ones added up, counts that never go down. Returns how many are left.
 */
size_t ct_buckets_order(struct ct_bucket *buckets, size_t count);

/* Of ordered buckets, of which the last has to be +Inf; q is between 0 and 1. Within a bucket
 * values are taken to lie evenly, in the first one from 0 on. */
struct ct_quantile ct_quantile_of(const struct ct_bucket *buckets, size_t count, double q);

#endif
