/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/signal.h"

#include "proto/metrics_service.pb-c.h"
#include "proto/trace_service.pb-c.h"

static const struct ct_otlp_signal signals[] = {
    [COTEL_SIGNAL_TRACES] =
        {
            .signal = COTEL_SIGNAL_TRACES,
            .items = "spans",
            .mismatch = "the exporter is for spans, and the batch is not of spans",
            .http_endpoint = "http://localhost:4318/v1/traces",
            .grpc_path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            .http_type = "otlp_http_span_exporter",
            .http_json_type = "otlp_http_json_span_exporter",
            .grpc_type = "otlp_grpc_span_exporter",
            .file_type = "otlp_file_span_exporter",
            .rejected_key = "rejectedSpans",
            .request =
                &ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor,
        },
    [COTEL_SIGNAL_METRICS] =
        {
            .signal = COTEL_SIGNAL_METRICS,
            .items = "points",
            .mismatch = "the exporter is for metrics, and the batch is not of metrics",
            .http_endpoint = "http://localhost:4318/v1/metrics",
            .grpc_path = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
            .http_type = "otlp_http_metric_exporter",
            .http_json_type = "otlp_http_json_metric_exporter",
            .grpc_type = "otlp_grpc_metric_exporter",
            .file_type = "otlp_file_metric_exporter",
            .rejected_key = "rejectedDataPoints",
            .request =
                &ct_opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor,
        },
};

const struct ct_otlp_signal *ct_otlp_signal_of(cotel_signal signal)
{
    return (size_t)signal < sizeof signals / sizeof *signals ? &signals[signal] : NULL;
}
