/* SPDX-License-Identifier: Apache-2.0 */
/* Making a batch of metrics, of records that were written one behind the other in any order. */
#ifndef COTEL_SRC_SDK_PIPELINE_BATCH_METRICS_H
#define COTEL_SRC_SDK_PIPELINE_BATCH_METRICS_H

#include <cotel/sdk/exporter.h>

/* A Metric message, framed as the field of a ScopeMetrics. */
struct ct_metric_record {
    uint32_t group; /* number of its scope */
    size_t offset;
    size_t size;
};

struct ct_metric_records {
    const cotel_scope_view *const *scopes;
    uint32_t scope_count;
    const struct ct_metric_record *items; /* at least one */
    size_t count;
    const uint8_t *bytes; /* where the offsets begin */
    size_t points;        /* of all */
};

/* Copies them, each scope's together and in their order. NULL when memory is out. */
cotel_batch *ct_batch_of_metrics(const struct ct_metric_records *records, cotel_resource *resource);

/* How many points there are in framed records. */
size_t ct_count_points(cotel_str bytes);

#endif
