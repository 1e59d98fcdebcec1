/* SPDX-License-Identifier: Apache-2.0 */
/* The metrics that have come: of each series the newest point. They are kept as OTLP/JSON has them,
 * which is what is shown of them to programs; people get a table. */
#ifndef COTEL_TOOLS_COTEL_VIEW_METRICS_H
#define COTEL_TOOLS_COTEL_VIEW_METRICS_H

#include "view/outcome.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    CT_METRICS_MAX_SERIES = 20000,
    CT_METRICS_MAX_BYTES = 64 * 1024 * 1024 /* of what they were sent as, about */
};

struct ct_metrics;

/* NULL when memory is out. */
struct ct_metrics *ct_metrics_create(void);
void ct_metrics_destroy(struct ct_metrics *metrics);

/* A request in protobuf. What is refused changes nothing; where memory runs out, a part of it may
 * have been kept. */
struct ct_outcome ct_metrics_take(struct ct_metrics *metrics, const uint8_t *body,
                                  size_t size_bytes);

/* Points that have come, and those of them that there was no room for. */
uint64_t ct_metrics_points(const struct ct_metrics *metrics);
uint64_t ct_metrics_left_out(const struct ct_metrics *metrics);

/* A line of JSON for each metric. docs/view.md tells what is in it. False: memory is out. */
bool ct_metrics_render_json(const struct ct_metrics *metrics, FILE *out);

/* A block for each metric, a line for each series and for each exemplar with a trace. */
void ct_metrics_render_text(const struct ct_metrics *metrics, FILE *out);

#endif
