/* SPDX-License-Identifier: Apache-2.0 */
/* Unpacked OTLP as what producers write. What comes out points into the message and the arena. */
#ifndef COTEL_TOOLS_COTEL_METRICS_OTLP_VALUE_H
#define COTEL_TOOLS_COTEL_METRICS_OTLP_VALUE_H

#include "proto/metrics_service.pb-c.h"
#include "view/arena.h"

#include <cotel/sdk/metric_data.h>

typedef Opentelemetry__Proto__Common__V1__KeyValue pb_attribute;
typedef Opentelemetry__Proto__Metrics__V1__Metric pb_metric;

/* An array of so many attributes with room for `more`. NULL: memory is out. */
cotel_attribute *ct_otlp_attributes(struct ct_arena *arena, pb_attribute *const *attributes,
                                    size_t count, size_t more);

cotel_str ct_otlp_text(ProtobufCBinaryData text);

/* What a metric is; false when it has no data. */
bool ct_otlp_head(const pb_metric *metric, cotel_metric_head *head);

/* The points of a metric, of whatever type, and their attributes. */
size_t ct_otlp_point_count(const pb_metric *metric);
pb_attribute *const *ct_otlp_point_attributes(const pb_metric *metric, size_t index, size_t *count);

/* All of a point but its attributes. False: memory is out. */
bool ct_otlp_point(struct ct_arena *arena, const pb_metric *metric, size_t index,
                   cotel_point *point);

#endif
