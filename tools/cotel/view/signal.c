/* SPDX-License-Identifier: Apache-2.0 */
#include "view/signal.h"

#include "proto/metrics_service.pb-c.h"
#include "proto/trace_service.pb-c.h"

#include <string.h>

static const struct {
    const char *path;
    const char *method;
    const ProtobufCMessageDescriptor *request_type;
} signals[] = {
    [CT_SIGNAL_TRACES] =
        {"/v1/traces", "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
         &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor},
    [CT_SIGNAL_METRICS] =
        {"/v1/metrics", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
         &ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor},
};

enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

bool ct_signal_of_path(const char *path, enum ct_signal *signal)
{
    for (unsigned i = 0; i < SIGNALS; i++)
        if (strcmp(path, signals[i].path) == 0) {
            *signal = (enum ct_signal)i;
            return true;
        }
    return false;
}

bool ct_signal_of_method(const char *method, enum ct_signal *signal)
{
    for (unsigned i = 0; i < SIGNALS; i++)
        if (strcmp(method, signals[i].method) == 0) {
            *signal = (enum ct_signal)i;
            return true;
        }
    return false;
}

const ProtobufCMessageDescriptor *ct_signal_request_type(enum ct_signal signal)
{
    return signals[signal].request_type;
}
