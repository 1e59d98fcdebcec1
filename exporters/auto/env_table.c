/* SPDX-License-Identifier: Apache-2.0 */
#include "env_table.h"

#include <cotel/exporters/otlp_common.h>
#include <cotel/sdk/exemplar.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/view.h>

#include <string.h>

#include "env.h"

static const struct ct_env_word log_levels[] = {
    {"none", 0},
    {"error", COTEL_LOG_ERROR},
    {"warn", COTEL_LOG_WARNING},
    {"warning", COTEL_LOG_WARNING},
    {"info", COTEL_LOG_INFO},
    {"debug", COTEL_LOG_DEBUG},
    {NULL, 0},
};

static const struct ct_env_word propagators[] = {
    {"tracecontext", CT_ENV_TRACECONTEXT},
    {"baggage", CT_ENV_BAGGAGE},
    {"b3", CT_ENV_B3},
    {"b3multi", CT_ENV_B3_MULTI},
    {"jaeger", CT_ENV_JAEGER},
    {"none", CT_ENV_NONE},
    {NULL, 0},
};

static const struct ct_env_word samplers[] = {
    {"always_on", CT_ENV_ALWAYS_ON},
    {"always_off", CT_ENV_ALWAYS_OFF},
    {"traceidratio", CT_ENV_TRACE_ID_RATIO},
    {"parentbased_always_on", CT_ENV_PARENT_ALWAYS_ON},
    {"parentbased_always_off", CT_ENV_PARENT_ALWAYS_OFF},
    {"parentbased_traceidratio", CT_ENV_PARENT_TRACE_ID_RATIO},
    {"jaeger_remote", CT_ENV_JAEGER_REMOTE},
    {"parentbased_jaeger_remote", CT_ENV_PARENT_JAEGER_REMOTE},
    {NULL, 0},
};

static const struct ct_env_word exporters[] = {
    {"otlp", CT_ENV_OTLP},
    {"otlp/stdout", CT_ENV_OTLP_STDOUT},
    {"console", CT_ENV_CONSOLE},
    {"none", CT_ENV_NONE},
    {NULL, 0},
};

static const struct ct_env_word protocols[] = {
    {"http/protobuf", CT_ENV_HTTP_PROTOBUF},
    {"http/json", CT_ENV_HTTP_JSON},
    {"grpc", CT_ENV_GRPC},
    {NULL, 0},
};

/* zstd is no word of the specification's, but of the Collector's. */
static const struct ct_env_word compressions[] = {
    {"none", COTEL_OTLP_COMPRESSION_NONE},
    {"gzip", COTEL_OTLP_COMPRESSION_GZIP},
    {"zstd", COTEL_OTLP_COMPRESSION_ZSTD},
    {NULL, 0},
};

static const struct ct_env_word metrics_exporters[] = {
    {"otlp", CT_ENV_OTLP},
    {"otlp/stdout", CT_ENV_OTLP_STDOUT},
    {"prometheus", CT_ENV_PROMETHEUS},
    {"console", CT_ENV_CONSOLE},
    {"none", CT_ENV_NONE},
    {NULL, 0},
};

static const struct ct_env_word temporalities[] = {
    {"cumulative", COTEL_TEMPORALITY_PREFER_CUMULATIVE},
    {"delta", COTEL_TEMPORALITY_PREFER_DELTA},
    {"lowmemory", COTEL_TEMPORALITY_PREFER_LOW_MEMORY},
    {NULL, 0},
};

static const struct ct_env_word aggregations[] = {
    {"explicit_bucket_histogram", COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM},
    {"base2_exponential_bucket_histogram", COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM},
    {NULL, 0},
};

static const struct ct_env_word exemplar_filters[] = {
    {"trace_based", COTEL_EXEMPLAR_FILTER_TRACE_BASED},
    {"always_on", COTEL_EXEMPLAR_FILTER_ALWAYS_ON},
    {"always_off", COTEL_EXEMPLAR_FILTER_ALWAYS_OFF},
    {NULL, 0},
};

/* Of what nobody reads yet, the words tell only what one could say. */
static const struct ct_env_word logs_exporters[] = {
    {"otlp", 0}, {"otlp/stdout", 0}, {"console", 0}, {"none", 0}, {NULL, 0}};

/* The members of struct ct_env_variable that a row begins with stand without their names: name,
 * kind, default, what it sets. */
#define BOOLEAN CT_ENV_BOOLEAN
#define INTEGER CT_ENV_INTEGER
#define DURATION CT_ENV_DURATION
#define TIMEOUT CT_ENV_TIMEOUT
#define ENUM CT_ENV_ENUM
#define ENUM_LIST CT_ENV_ENUM_LIST
#define URL CT_ENV_URL
#define ENDPOINT CT_ENV_OTLP_ENDPOINT
#define PAIRS CT_ENV_PAIRS
#define HEADERS CT_ENV_HEADERS
#define PATH CT_ENV_PATH
#define TEXT CT_ENV_TEXT

/* Then who acts on it. */
#define TO(member) .reader = CT_ENV_INIT, .offset = offsetof(struct ct_env, member)
#define FOR_OTHERS .reader = CT_ENV_GENERAL
#define BY_THE_SDK .reader = CT_ENV_RESOURCE
#define NOT_YET .reader = CT_ENV_NOBODY

/* Where OTLP over gRPC goes by default. */
#define GRPC_ENDPOINT "http://localhost:4317"

const struct ct_env_variable ct_env_variables[] = {
    /* ---- everything ---- */
    {"OTEL_SDK_DISABLED", BOOLEAN, "false",
     "whether there are only no-ops; propagators work anyway", TO(sdk_disabled)},
    {"OTEL_LOG_LEVEL", ENUM, "", "diagnostics: level; without it, as the program set it",
     TO(log_level), .words = log_levels},
    {"OTEL_PROPAGATORS", ENUM_LIST, "tracecontext,baggage", "the global propagator",
     TO(propagators), .words = propagators},
    {"OTEL_CONFIG_FILE", PATH, "", "a file to configure from instead of the environment", NOT_YET},
    {"OTEL_EXPERIMENTAL_CONFIG_FILE", PATH, "", "the former name of OTEL_CONFIG_FILE", NOT_YET},

    /* ---- the resource ---- */
    {"OTEL_SERVICE_NAME", TEXT, "unknown_service:<program>", "resource: service.name", BY_THE_SDK,
     .pairs = "OTEL_RESOURCE_ATTRIBUTES", .key = "service.name"},
    {"OTEL_RESOURCE_ATTRIBUTES", PAIRS, "", "resource: attributes", BY_THE_SDK},
    {"OTEL_ENTITIES", TEXT, "", "resource: entities", BY_THE_SDK},

    /* ---- which spans go where ---- */
    {"OTEL_TRACES_EXPORTER", ENUM_LIST, "otlp", "provider: processors, one for each exporter",
     TO(traces_exporter), .words = exporters},
    {"OTEL_TRACES_SAMPLER", ENUM, "parentbased_always_on", "provider: sampler", TO(sampler),
     .words = samplers},
    {"OTEL_TRACES_SAMPLER_ARG", CT_ENV_SAMPLER_ARGUMENT, "1.0", "provider: the sampler's argument",
     TO(sampler_argument)},

    /* ---- the batch processor of spans ---- */
    {"OTEL_BSP_SCHEDULE_DELAY", DURATION, "5000", "batch processor: schedule_delay_ms",
     TO(schedule_delay)},
    {"OTEL_BSP_EXPORT_TIMEOUT", TIMEOUT, "30000", "batch processor: export_timeout_ms",
     TO(export_timeout)},
    {"OTEL_BSP_MAX_QUEUE_SIZE", INTEGER, "2048", "batch processor: max_queue_size",
     TO(max_queue_size), .least = 1},
    {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", INTEGER, "512", "batch processor: max_export_batch_size",
     TO(max_export_batch_size), .least = 1, .at_most = "OTEL_BSP_MAX_QUEUE_SIZE"},

    /* ---- limits: those of one model go before the general ones ---- */
    {"OTEL_ATTRIBUTE_COUNT_LIMIT", INTEGER, "128", "limits: attributes of anything", FOR_OTHERS},
    {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", INTEGER, "unlimited", "limits: value_length of anything",
     FOR_OTHERS},
    {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", INTEGER, "128", "span limits: attributes",
     TO(attribute_count), .general = "OTEL_ATTRIBUTE_COUNT_LIMIT"},
    {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", INTEGER, "unlimited", "span limits: value_length",
     TO(attribute_value_length), .general = "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"},
    {"OTEL_SPAN_EVENT_COUNT_LIMIT", INTEGER, "128", "span limits: events", TO(event_count)},
    {"OTEL_SPAN_LINK_COUNT_LIMIT", INTEGER, "128", "span limits: links", TO(link_count)},
    {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", INTEGER, "128", "span limits: attributes_per_event",
     TO(event_attribute_count), .general = "OTEL_ATTRIBUTE_COUNT_LIMIT"},
    {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", INTEGER, "128", "span limits: attributes_per_link",
     TO(link_attribute_count), .general = "OTEL_ATTRIBUTE_COUNT_LIMIT"},

    /* ---- which metrics go where ---- */
    {"OTEL_METRICS_EXPORTER", ENUM_LIST, "otlp", "meter provider: readers, one for each exporter",
     TO(metrics_exporter), .words = metrics_exporters},
    {"OTEL_METRICS_EXEMPLAR_FILTER", ENUM, "trace_based", "meter provider: exemplar_filter",
     TO(exemplar_filter), .words = exemplar_filters},
    {"OTEL_METRIC_EXPORT_INTERVAL", DURATION, "60000",
     "periodic reader: interval_ms; for console 10000 by default", TO(export_interval), .least = 1},
    {"OTEL_METRIC_EXPORT_TIMEOUT", TIMEOUT, "30000", "periodic reader: timeout_ms",
     TO(metric_export_timeout)},
    {"OTEL_EXPORTER_PROMETHEUS_HOST", TEXT, "localhost", "Prometheus: where to listen",
     TO(prometheus_host)},
    {"OTEL_EXPORTER_PROMETHEUS_PORT", INTEGER, "9464", "Prometheus: the port; 0: any free one",
     TO(prometheus_port), .most = 65535},
    {"OTEL_C_PROMETHEUS_TARGET_FILE", TEXT, "",
     "Prometheus: target_file, for file_sd_configs; a port that is taken is then no obstacle",
     TO(prometheus_target_file)},

    /* ---- OTLP: what all signals share ---- */
    {"OTEL_EXPORTER_OTLP_ENDPOINT", ENDPOINT, "http://localhost:4318",
     "OTLP: the base of each signal's endpoint; over gRPC the endpoint", FOR_OTHERS,
     .grpc_preset = GRPC_ENDPOINT, .protocol = "OTEL_EXPORTER_OTLP_PROTOCOL"},
    {"OTEL_EXPORTER_OTLP_PROTOCOL", ENUM, "http/protobuf", "OTLP: the protocol", FOR_OTHERS,
     .words = protocols},
    {"OTEL_EXPORTER_OTLP_HEADERS", HEADERS, "", "OTLP: headers", FOR_OTHERS},
    {"OTEL_EXPORTER_OTLP_TIMEOUT", TIMEOUT, "10000", "OTLP: timeout_ms", FOR_OTHERS},
    {"OTEL_EXPORTER_OTLP_COMPRESSION", ENUM, "none", "OTLP: compression", FOR_OTHERS,
     .words = compressions},
    {"OTEL_EXPORTER_OTLP_INSECURE", BOOLEAN, "false",
     "OTLP over gRPC: insecure, for an endpoint without a scheme", FOR_OTHERS},
    {"OTEL_EXPORTER_OTLP_CERTIFICATE", PATH, "", "OTLP: tls.ca_file", FOR_OTHERS},
    {"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", PATH, "", "OTLP: tls.certificate_file", FOR_OTHERS},
    {"OTEL_EXPORTER_OTLP_CLIENT_KEY", PATH, "", "OTLP: tls.key_file", FOR_OTHERS},

    /* ---- OTLP: traces ---- */
    {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", ENDPOINT, "http://localhost:4318/v1/traces",
     "OTLP for spans: endpoint; over gRPC " GRPC_ENDPOINT " by default", TO(traces.endpoint),
     .grpc_preset = GRPC_ENDPOINT, .protocol = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
     .general = "OTEL_EXPORTER_OTLP_ENDPOINT", .path = "v1/traces",
     .exporters = "OTEL_TRACES_EXPORTER"},
    {"OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", ENUM, "http/protobuf", "OTLP for spans: the protocol",
     TO(traces.protocol), .general = "OTEL_EXPORTER_OTLP_PROTOCOL", .words = protocols},
    {"OTEL_EXPORTER_OTLP_TRACES_HEADERS", HEADERS, "", "OTLP for spans: headers",
     TO(traces.headers), .general = "OTEL_EXPORTER_OTLP_HEADERS"},
    {"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", TIMEOUT, "10000", "OTLP for spans: timeout_ms",
     TO(traces.timeout), .general = "OTEL_EXPORTER_OTLP_TIMEOUT"},
    {"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", ENUM, "none", "OTLP for spans: compression",
     TO(traces.compression), .general = "OTEL_EXPORTER_OTLP_COMPRESSION", .words = compressions},
    {"OTEL_EXPORTER_OTLP_TRACES_INSECURE", BOOLEAN, "false",
     "OTLP over gRPC for spans: insecure, for an endpoint without a scheme", TO(traces.insecure),
     .general = "OTEL_EXPORTER_OTLP_INSECURE"},
    {"OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", PATH, "", "OTLP for spans: tls.ca_file",
     TO(traces.certificate), .general = "OTEL_EXPORTER_OTLP_CERTIFICATE"},
    {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", PATH, "",
     "OTLP for spans: tls.certificate_file", TO(traces.client_certificate),
     .general = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"},
    {"OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", PATH, "", "OTLP for spans: tls.key_file",
     TO(traces.client_key), .general = "OTEL_EXPORTER_OTLP_CLIENT_KEY"},

    /* ---- OTLP: metrics ---- */
    {"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", ENDPOINT, "http://localhost:4318/v1/metrics",
     "OTLP for metrics: endpoint; over gRPC " GRPC_ENDPOINT " by default", TO(metrics.endpoint),
     .grpc_preset = GRPC_ENDPOINT, .protocol = "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
     .general = "OTEL_EXPORTER_OTLP_ENDPOINT", .path = "v1/metrics",
     .exporters = "OTEL_METRICS_EXPORTER"},
    {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", ENUM, "http/protobuf", "OTLP for metrics: the protocol",
     TO(metrics.protocol), .general = "OTEL_EXPORTER_OTLP_PROTOCOL", .words = protocols},
    {"OTEL_EXPORTER_OTLP_METRICS_HEADERS", HEADERS, "", "OTLP for metrics: headers",
     TO(metrics.headers), .general = "OTEL_EXPORTER_OTLP_HEADERS"},
    {"OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", TIMEOUT, "10000", "OTLP for metrics: timeout_ms",
     TO(metrics.timeout), .general = "OTEL_EXPORTER_OTLP_TIMEOUT"},
    {"OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", ENUM, "none", "OTLP for metrics: compression",
     TO(metrics.compression), .general = "OTEL_EXPORTER_OTLP_COMPRESSION", .words = compressions},
    {"OTEL_EXPORTER_OTLP_METRICS_INSECURE", BOOLEAN, "false",
     "OTLP over gRPC for metrics: insecure, for an endpoint without a scheme", TO(metrics.insecure),
     .general = "OTEL_EXPORTER_OTLP_INSECURE"},
    {"OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", PATH, "", "OTLP for metrics: tls.ca_file",
     TO(metrics.certificate), .general = "OTEL_EXPORTER_OTLP_CERTIFICATE"},
    {"OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", PATH, "",
     "OTLP for metrics: tls.certificate_file", TO(metrics.client_certificate),
     .general = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"},
    {"OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", PATH, "", "OTLP for metrics: tls.key_file",
     TO(metrics.client_key), .general = "OTEL_EXPORTER_OTLP_CLIENT_KEY"},
    {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", ENUM, "cumulative",
     "OTLP for metrics: since when sums count", TO(temporality_preference), .words = temporalities},
    {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", ENUM, "explicit_bucket_histogram",
     "OTLP for metrics: what histograms become", TO(histogram_aggregation), .words = aggregations},

    /* ---- OTLP: logs ---- */
    {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", URL, "http://localhost:4318/v1/logs",
     "OTLP for logs: endpoint", NOT_YET},
    {"OTEL_EXPORTER_OTLP_LOGS_HEADERS", HEADERS, "", "OTLP for logs: headers", NOT_YET},
    {"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", TIMEOUT, "10000", "OTLP for logs: timeout_ms", NOT_YET},
    {"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", ENUM, "http/protobuf", "OTLP for logs: the protocol",
     NOT_YET, .words = protocols},
    {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", ENUM, "none", "OTLP for logs: compression of requests",
     NOT_YET, .words = compressions},
    {"OTEL_EXPORTER_OTLP_LOGS_INSECURE", BOOLEAN, "false", "OTLP over gRPC for logs: no TLS",
     NOT_YET, .anyway = "false"},
    {"OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", PATH, "", "OTLP for logs: certificates to trust",
     NOT_YET},
    {"OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", PATH, "",
     "OTLP for logs: the client's certificate", NOT_YET},
    {"OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", PATH, "", "OTLP for logs: the client's private key",
     NOT_YET},

    /* ---- logs ---- */
    {"OTEL_LOGS_EXPORTER", ENUM_LIST, "otlp", "exporters of logs", NOT_YET, .anyway = "none",
     .words = logs_exporters},
    {"OTEL_BLRP_SCHEDULE_DELAY", DURATION, "1000", "batch processor of logs: schedule_delay_ms",
     NOT_YET},
    {"OTEL_BLRP_EXPORT_TIMEOUT", TIMEOUT, "30000", "batch processor of logs: export_timeout_ms",
     NOT_YET},
    {"OTEL_BLRP_MAX_QUEUE_SIZE", INTEGER, "2048", "batch processor of logs: max_queue_size",
     NOT_YET, .least = 1},
    {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", INTEGER, "512",
     "batch processor of logs: max_export_batch_size", NOT_YET, .least = 1,
     .at_most = "OTEL_BLRP_MAX_QUEUE_SIZE"},
    {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", INTEGER, "128", "log record limits: attributes",
     NOT_YET},
    {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", INTEGER, "unlimited",
     "log record limits: value_length", NOT_YET},

    /* ---- what is deprecated, or for others to read ---- */
    {"OTEL_EXPORTER_ZIPKIN_ENDPOINT", URL, "http://localhost:9411/api/v2/spans",
     "Zipkin: where to; deprecated", NOT_YET},
    {"OTEL_EXPORTER_ZIPKIN_TIMEOUT", TIMEOUT, "10000", "Zipkin: time for a batch, ms; deprecated",
     NOT_YET},
    {"OTEL_SEMCONV_STABILITY_OPT_IN", TEXT, "", "names of attributes in instrumentation libraries",
     NOT_YET},
};

const size_t ct_env_variable_count = sizeof ct_env_variables / sizeof *ct_env_variables;

const struct ct_env_variable *ct_env_find(const char *name)
{
    for (size_t i = 0; i < ct_env_variable_count; i++) {
        if (strcmp(ct_env_variables[i].name, name) == 0)
            return &ct_env_variables[i];
    }
    return NULL;
}

const char *ct_env_kind_name(enum ct_env_kind kind)
{
    static const char *const names[] = {
        [BOOLEAN] = "boolean",
        [INTEGER] = "integer",
        [DURATION] = "duration, ms",
        [TIMEOUT] = "timeout, ms",
        [ENUM] = "enum",
        [ENUM_LIST] = "enum list",
        [CT_ENV_SAMPLER_ARGUMENT] = "sampler argument",
        [URL] = "URL",
        [ENDPOINT] = "endpoint",
        [PAIRS] = "name=value list",
        [HEADERS] = "header list, secret",
        [PATH] = "path",
        [TEXT] = "text",
    };
    return names[kind];
}
