/* SPDX-License-Identifier: Apache-2.0 */
/* How metrics are kept. An entry has the members of OTLP/JSON "resource" and "scope", "metric"
 * without its points, and "series": the points, each under its attributes' text. */
#ifndef COTEL_TOOLS_COTEL_VIEW_METRICS_INTERNAL_H
#define COTEL_TOOLS_COTEL_VIEW_METRICS_INTERNAL_H

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>

struct ct_metrics {
    json_t *entries; /* an object, in the order of their coming */
    size_t series;
    size_t bytes;
    uint64_t points;
    uint64_t left_out;
};

/* The member of a Metric that has its points; NULL: it has none that is known. */
const char *ct_metric_type(const json_t *metric);

#endif
