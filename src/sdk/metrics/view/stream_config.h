/* SPDX-License-Identifier: Apache-2.0 */
/* What a stream is, after views, readers and the instrument's advice have all been heard. What it
 * points to belongs to the views it came from (views.h) and to the instrument. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_STREAM_CONFIG_H
#define COTEL_SRC_SDK_METRICS_VIEW_STREAM_CONFIG_H

#include <cotel/sdk/view.h>

struct ct_key_filter;

/* An aggregation with nothing left to decide. */
struct ct_resolved_aggregation {
    cotel_aggregation_type type; /* never DEFAULT; in a stream never DROP */
    const double *boundaries;    /* of EXPLICIT_BUCKET_HISTOGRAM: finite, ascending; never NULL */
    size_t boundary_count;
    bool record_min_max;
    uint32_t max_buckets;
    int32_t max_scale;
};

struct ct_stream_config {
    cotel_str name;
    cotel_str description;
    cotel_str unit;
    const struct ct_key_filter *keys; /* NULL: all are kept */
    struct ct_resolved_aggregation aggregation;
    const cotel_exemplar_reservoir_factory *reservoir; /* NULL: the aggregation's own */
    uint32_t cardinality_limit;                        /* at least 1 */
};

#endif
