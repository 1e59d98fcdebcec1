/* SPDX-License-Identifier: Apache-2.0 */
/* A family as people look at it: series, each with its value, or with its count, sum and quantiles,
 * however many samples say so. */
#ifndef COTEL_TOOLS_COTEL_METRICS_DIGEST_H
#define COTEL_TOOLS_COTEL_METRICS_DIGEST_H

#include "metrics/exposition.h"
#include "metrics/quantile.h"

enum { CT_DIGEST_QUANTILES = 3 };

/* 0.5, 0.95, 0.99 */
extern const double ct_digest_quantiles[CT_DIGEST_QUANTILES];

struct ct_digest_series {
    const struct ct_labels *labels;
    struct ct_time time;
    double value; /* of what has one: the last; NaN: none has come */
    double count; /* of what is measured, as what follows; NaN: unknown */
    double sum;
    struct ct_quantile quantiles[CT_DIGEST_QUANTILES];
    struct ct_bucket *buckets;
    size_t bucket_count;
    size_t bucket_capacity;
};

struct ct_digest {
    const char *hidden;              /* the label that no series has of its own, or NULL */
    struct ct_digest_series *series; /* the largest first */
    size_t count;
    size_t capacity;
    struct ct_digest_series whole; /* of all series */
    double least;                  /* of all values */
    double most;
};

/* False: memory is out. Either way it is to be finished. */
bool ct_digest_make(struct ct_digest *digest, const struct ct_family *family);
void ct_digest_fini(struct ct_digest *digest);

#endif
