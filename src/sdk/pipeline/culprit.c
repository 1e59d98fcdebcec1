/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/culprit.h"

#include <cotel/sdk/metric_data.h>

#include <stdio.h>

/* Of its own name, so much is shown. */
#define OWN_NAME_SIZE 64

static int shown(cotel_str name)
{
    return (int)(name.size < OWN_NAME_SIZE ? name.size : OWN_NAME_SIZE);
}

static bool name_span(const cotel_batch *batch, char *name)
{
    cotel_span_view span;
    cotel_batch_cursor cursor = {0};
    char trace_id[COTEL_TRACE_ID_HEX_SIZE], span_id[COTEL_SPAN_ID_HEX_SIZE];
    if (!cotel_batch_next(batch, &cursor, &span, NULL))
        return false;
    cotel_trace_id_to_hex(&span.trace_id, trace_id);
    cotel_span_id_to_hex(&span.span_id, span_id);
    (void)snprintf(name, CT_CULPRIT_SIZE, "the span %.*s (trace %s, span %s, %zu bytes)",
                   shown(span.name), span.name.data, trace_id, span_id, span.bytes.size);
    return true;
}

static bool name_metric(const cotel_batch *batch, char *name)
{
    cotel_metric_data metric;
    cotel_batch_cursor cursor = {0};
    if (!cotel_batch_next_metric(batch, &cursor, &metric, NULL))
        return false;
    (void)snprintf(name, CT_CULPRIT_SIZE, "the metric %.*s (points: %zu, bytes: %zu)",
                   shown(metric.name), metric.name.data, cotel_batch_items(batch),
                   metric.bytes.size);
    return true;
}

bool ct_culprit_name(const cotel_batch *batch, char name[CT_CULPRIT_SIZE])
{
    return cotel_batch_signal(batch) == COTEL_SIGNAL_METRICS ? name_metric(batch, name)
                                                             : name_span(batch, name);
}
