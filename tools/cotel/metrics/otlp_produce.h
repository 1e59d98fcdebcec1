/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as a producer of metrics: of each series the newest point, and all deltas. Where they
 * are of several resources, each series gets job and instance. */
#ifndef COTEL_TOOLS_COTEL_METRICS_OTLP_PRODUCE_H
#define COTEL_TOOLS_COTEL_METRICS_OTLP_PRODUCE_H

#include "metrics/keys.h"
#include "metrics/otlp_lines.h"
#include "metrics/otlp_value.h"

#include <cotel/sdk/metric_reader.h>

struct ct_otlp_producer {
    cotel_metric_producer base;
    const struct ct_otlp_lines *lines;
    struct ct_arena arena; /* of keys */
    struct ct_keys keys;   /* of series: which of `newest` is theirs */
    size_t *newest;        /* by series: the number of its newest point */
    size_t *series_of;     /* by point: its series */
    size_t point_count;
    bool are_several; /* resources */
    bool failed;      /* memory was out */
};

/* False: memory is out. Either way it is to be finished. `lines` must live as long. */
bool ct_otlp_producer_init(struct ct_otlp_producer *producer, const struct ct_otlp_lines *lines);
void ct_otlp_producer_fini(struct ct_otlp_producer *producer);

/* The one resource that there is; NULL: none, or several. */
const Opentelemetry__Proto__Resource__V1__Resource *ct_otlp_producer_resource(
    const struct ct_otlp_producer *producer);

#endif
