/* SPDX-License-Identifier: Apache-2.0 */
/* The buckets of a histogram as Prometheus has them: boundaries that ascend, each with the number
 * of all measurements up to it. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_BUCKETS_H
#define COTEL_EXPORTERS_PROMETHEUS_BUCKETS_H

#include <stdint.h>

#include <cotel/sdk/metric_data.h>

struct ct_prom_bucket {
    double boundary; /* inclusive */
    uint64_t count;  /* of this bucket and all before it */
};

/* Zero-initialise it. */
struct ct_prom_buckets {
    struct ct_prom_bucket *items; /* the finite ones */
    size_t count;
    size_t capacity;
    uint64_t total; /* of all, so that of the bucket without boundary */
    bool failed;    /* memory was out */
};

void ct_prom_buckets_fini(struct ct_prom_buckets *buckets);

/* Empties them, and keeps the memory. */
void ct_prom_buckets_clear(struct ct_prom_buckets *buckets);

/* Adds `count` measurements of up to `boundary`. One that does not ascend is not of its own: the
 * measurements go to the last one. One that is not finite is the bucket without boundary. */
void ct_prom_buckets_add(struct ct_prom_buckets *buckets, double boundary, uint64_t count);

/* Those of an explicit histogram, in place of what there is. */
void ct_prom_buckets_read(struct ct_prom_buckets *buckets, const cotel_point_data *point);

/* The bucket that a value falls into; `count` of them: the one without boundary. */
size_t ct_prom_buckets_find(const struct ct_prom_buckets *buckets, double value);

#endif
