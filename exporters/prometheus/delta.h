/* SPDX-License-Identifier: Apache-2.0 */
/* Running sums of what comes as deltas, from producers. Prometheus wants totals, and of every
 * series in every exposition, so whole series are kept, bounded in number. A series never goes: it
 * would come back as one that has been reset.
 *
 * Implements: metrics/data-model.md "Sums: Delta-to-Cumulative". */
#ifndef COTEL_EXPORTERS_PROMETHEUS_DELTA_H
#define COTEL_EXPORTERS_PROMETHEUS_DELTA_H

#include "exponential.h"
#include "index.h"
#include "pairs.h"
#include "told.h"

/* The most series. Beyond, new ones are left out, and told. */
#define CT_PROM_MAX_DELTA_SERIES 10000

struct ct_prom_delta_series {
    size_t key_begin; /* in the store's `keys` */
    size_t key_size;
    uint32_t next; /* of the metric; CT_PROM_NOT_FOUND: the last */
    uint64_t until_unix_ns;
    cotel_number value; /* of sums */
    double sum;         /* of histograms */
    bool has_sum;       /* every point had one */
    struct ct_prom_buckets buckets;
    struct ct_prom_exponential *exponential; /* NULL: it is no exponential histogram */
};

struct ct_prom_delta_metric {
    cotel_metric_data data; /* its texts are the metric's own; it has no points */
    const cotel_scope_view *scope;
    char *texts;
    uint32_t number; /* among all */
    uint32_t first;  /* series; CT_PROM_NOT_FOUND: none */
    uint32_t last;
};

/* Zero-initialise it. */
struct ct_prom_deltas {
    struct ct_prom_delta_metric **metrics;
    size_t metric_count;
    struct ct_prom_delta_series *series;
    size_t series_count;
    size_t series_capacity;
    struct ct_prom_text keys; /* a metric's number and attributes for each series */
    struct ct_prom_index by_key;
    struct ct_prom_pairs pairs; /* of the point at hand */
    struct ct_prom_buckets buckets;
};

void ct_prom_deltas_fini(struct ct_prom_deltas *deltas);

/* Adds all points of a metric to what was before. @return false when memory is out. */
bool ct_prom_deltas_add(struct ct_prom_deltas *deltas, struct ct_prom_told *told,
                        const cotel_metric_data *data, const cotel_scope_view *scope);

/* The attributes of a series, in place of what there is. */
void ct_prom_deltas_pairs(const struct ct_prom_deltas *deltas,
                          const struct ct_prom_delta_series *series, struct ct_prom_pairs *out);

#endif
