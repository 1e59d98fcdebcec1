/* SPDX-License-Identifier: Apache-2.0 */
/* The requests of a file of OTLP/JSON. */
#ifndef COTEL_TOOLS_COTEL_METRICS_OTLP_LINES_H
#define COTEL_TOOLS_COTEL_METRICS_OTLP_LINES_H

#include "metrics/exposition.h"
#include "proto/metrics_service.pb-c.h"

typedef Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceRequest pb_request;

/* Zeroed is empty. */
struct ct_otlp_lines {
    pb_request **requests;
    size_t count;
    size_t capacity;
};

/* A request on each line, or one over all lines. */
bool ct_otlp_lines_read(struct ct_otlp_lines *lines, struct ct_text text, struct ct_fault *fault);
void ct_otlp_lines_fini(struct ct_otlp_lines *lines);

#endif
