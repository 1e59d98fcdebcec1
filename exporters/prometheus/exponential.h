/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential histograms, for a format that has none: their buckets are merged in pairs, which
 * halves the resolution and keeps every count exact, until there are few enough of them to be
 * written as buckets with boundaries. Merging also adds histograms up. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_EXPONENTIAL_H
#define COTEL_EXPORTERS_PROMETHEUS_EXPONENTIAL_H

#include "buckets.h"

/* The most buckets of both signs together; so a series has at most two boundaries more. */
#define CT_PROM_MAX_EXPONENTIAL 160

/* Buckets of one sign. */
struct ct_prom_exponential_side {
    int32_t offset; /* the index of the first */
    uint32_t count;
    uint64_t counts[CT_PROM_MAX_EXPONENTIAL];
};

/* Zero-initialise it. */
struct ct_prom_exponential {
    bool is_begun;
    int32_t scale;
    double zero_threshold;
    uint64_t zero_count;
    struct ct_prom_exponential_side positive;
    struct ct_prom_exponential_side negative;
};

/* Adds what a point holds. */
void ct_prom_exponential_add(struct ct_prom_exponential *sum, const cotel_point_data *point);

/* As buckets with boundaries, in place of what there is. The boundary below the lowest positive
 * bucket is one of them, so that a reader sees where that one begins. */
void ct_prom_exponential_read(const struct ct_prom_exponential *sum,
                              struct ct_prom_buckets *buckets);

#endif
