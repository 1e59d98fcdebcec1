/* SPDX-License-Identifier: Apache-2.0 */
/* Sends metrics of every kind over a transport, in two collections; collector_metrics.py knows each
 * value by heart.
 *
 *     measured every PREFERENCE TRANSPORT WHERE       all kinds of instruments and points
 *     measured many BATCH TRANSPORT WHERE             SERIES points a collection, BATCH a request
 *
 * PREFERENCE is a cotel_temporality_preference, TRANSPORT one of http/protobuf, http/json, grpc (to
 * the URL WHERE) and file. */
#include <cotel/cotel.h>
#include <cotel/exporters/otlp_file.h>
#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>
#include <cotel/sdk/sdk.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define TIMEOUT_MS 30000
#define SERIES 1000
#define ROUNDS 2

/* The span that the exemplars are of; it is elsewhere. */
#define TRACEPARENT_TRACE "0af7651916cd43dd8448eb211c80319c"
#define TRACEPARENT_SPAN "b7ad6b7169203331"
/* The point of the producer ends here, whenever it is collected. */
#define PRODUCED_START_NS 1700000000000000001u
#define PRODUCED_NS 1700000000123456789u

static int round_now; /* 0, 1 */

/* ---- the way out -------------------------------------------------------------------------- */

static cotel_status make_exporter(const char *transport, const char *where, cotel_exporter **out)
{
    if (strcmp(transport, "grpc") == 0) {
        cotel_otlp_grpc_options grpc = COTEL_OTLP_GRPC_OPTIONS_INIT;
        grpc.endpoint = where;
        grpc.signal = COTEL_SIGNAL_METRICS;
        return cotel_otlp_grpc_exporter_create(&grpc, out);
    }
    if (strcmp(transport, "file") == 0) {
        cotel_otlp_file_options file = COTEL_OTLP_FILE_OPTIONS_INIT;
        file.path = where;
        file.signal = COTEL_SIGNAL_METRICS;
        return cotel_otlp_file_exporter_create(&file, out);
    }
    char url[256];
    cotel_otlp_http_options http = COTEL_OTLP_HTTP_OPTIONS_INIT;
    snprintf(url, sizeof url, "%s/v1/metrics", where);
    http.endpoint = url;
    http.signal = COTEL_SIGNAL_METRICS;
    http.encoding = strcmp(transport, "http/json") == 0 ? COTEL_OTLP_ENCODING_JSON
                                                        : COTEL_OTLP_ENCODING_PROTOBUF;
    return cotel_otlp_http_exporter_create(&http, out);
}

/* ---- what only a producer has ------------------------------------------------------------- */

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    (void)self;
    const cotel_attribute attribute = cotel_attribute_string("who", "somebody else");
    const cotel_quantile_data quantiles[] = {{0, 0.5}, {0.5, 2.5}, {1, INFINITY}};
    const cotel_point summary = {.size = sizeof summary,
                                 .start_unix_ns = PRODUCED_START_NS,
                                 .time_unix_ns = PRODUCED_NS,
                                 .attributes = &attribute,
                                 .attribute_count = 1,
                                 .count = 7,
                                 .sum = 12.5,
                                 .quantiles = quantiles,
                                 .quantile_count = COUNT_OF(quantiles)};
    const cotel_point nothing = {.size = sizeof nothing, .time_unix_ns = PRODUCED_NS, .flags = 1};
    const cotel_metric_head age = {.size = sizeof age,
                                   .name = cotel_str_of("age"),
                                   .unit = cotel_str_of("s"),
                                   .description = cotel_str_of("of what waits"),
                                   .type = COTEL_METRIC_SUMMARY};
    const cotel_metric_head gone = {
        .size = sizeof gone, .name = cotel_str_of("gone"), .type = COTEL_METRIC_GAUGE};
    cotel_metric_writer_scope(writer, "elsewhere", "0.9", NULL, NULL, 0);
    if (cotel_metric_writer_metric(writer, &age))
        cotel_metric_writer_point(writer, &summary);
    if (cotel_metric_writer_metric(writer, &gone))
        cotel_metric_writer_point(writer, &nothing);
    return COTEL_STATUS_OK;
}

static const cotel_metric_producer_ops produce_ops = {sizeof produce_ops, produce, NULL};
static cotel_metric_producer elsewhere = {&produce_ops};

/* ---- what is observed --------------------------------------------------------------------- */

static cotel_observable *faults, *backlog, *load;

static void observe(cotel_observer *observer, void *user)
{
    (void)user;
    const cotel_attribute major = cotel_attribute_string("kind", "major");
    cotel_observe(observer, faults, 1000 + 500 * round_now, &major, 1);
    cotel_observe_double(observer, backlog, 12.5 - 25 * round_now, NULL, 0);
    cotel_observe_double(observer, load, 0.25 + round_now, NULL, 0);
}

static void make_observables(cotel_meter *meter)
{
    faults = cotel_observable_counter_get(meter, "faults", NULL, NULL, NULL);
    backlog = cotel_observable_double_up_down_counter_get(meter, "backlog", NULL, NULL, NULL);
    load = cotel_observable_double_gauge_get(meter, "load", NULL, NULL, NULL);
    cotel_observable *const all[] = {faults, backlog, load};
    cotel_observable_add_callback(all, COUNT_OF(all), observe, NULL);
}

/* ---- what is recorded --------------------------------------------------------------------- */

static cotel_meter *full_meter(void)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("scope.kind", "full"),
                                          cotel_attribute_int("scope.number", 7)};
    cotel_meter_options options = COTEL_METER_OPTIONS_INIT;
    options.version = "1.2.3";
    options.schema_url = "https://example.com/schema";
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    return cotel_meter_get("wire.metrics", &options);
}

static cotel_instrument_options described(const char *unit, const char *description)
{
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = unit;
    options.description = description;
    return options;
}

static void record_sums(cotel_meter *meter, const cotel_context *in_span)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gr\xc3\xbc\xc3\x9f"),
                                          cotel_attribute_bool("cached", true),
                                          cotel_attribute_double("share", 0.25)};
    cotel_instrument_options options = described("{job}", "Jobs that were done");
    cotel_counter *jobs = cotel_counter_get(meter, "jobs", &options);
    cotel_counter_add_in(jobs, 5 + round_now, attributes, COUNT_OF(attributes), in_span);
    if (round_now == 0)
        cotel_counter_add(jobs, INT64_C(1) << 60, NULL, 0);

    cotel_double_counter *cost = cotel_double_counter_get(meter, "cost", NULL);
    cotel_double_counter_add(cost, 0.1, NULL, 0);
    cotel_double_counter_add(cost, 0.2, NULL, 0);

    cotel_up_down_counter *active = cotel_up_down_counter_get(meter, "active", NULL);
    cotel_up_down_counter_add(active, -3, NULL, 0);
    cotel_double_up_down_counter *balance =
        cotel_double_up_down_counter_get(meter, "balance", NULL);
    cotel_double_up_down_counter_add(balance, -0.5, NULL, 0);
}

static void record_gauges(cotel_meter *meter)
{
    cotel_gauge_record(cotel_gauge_get(meter, "level", NULL), INT64_MIN + round_now, NULL, 0);
    cotel_double_gauge_record(cotel_double_gauge_get(meter, "heat", NULL),
                              round_now == 0 ? (double)NAN : -273.15, NULL, 0);
}

static void record_histograms(const cotel_context *in_span)
{
    static const double boundaries[] = {0.1, 1, 10};
    const cotel_attribute attributes[] = {cotel_attribute_string("user", "ann"),
                                          cotel_attribute_int("retry", -1)};
    cotel_meter *meter = cotel_meter_get("wire.other", NULL);
    cotel_instrument_options options = described("s", "How long it takes");
    options.boundaries = boundaries;
    options.boundary_count = COUNT_OF(boundaries);
    cotel_double_histogram *latency = cotel_double_histogram_get(meter, "latency", &options);
    cotel_double_histogram_record(latency, 0.05, attributes, COUNT_OF(attributes));
    cotel_double_histogram_record(latency, 1, attributes, COUNT_OF(attributes));
    cotel_double_histogram_record_in(latency, 5, attributes, COUNT_OF(attributes), in_span);
    if (round_now == 1)
        cotel_double_histogram_record_in(latency, 100, attributes, COUNT_OF(attributes), in_span);

    options = described("By", NULL);
    cotel_histogram *size = cotel_histogram_get(meter, "size", &options);
    const int64_t sizes[] = {0, 1, 2, 4, 4, 1000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        cotel_histogram_record(size, sizes[i] << round_now, NULL, 0);
}

static cotel_context *remote_span(void)
{
    cotel_span_context remote = {.trace_flags = COTEL_TRACE_FLAG_SAMPLED, .is_remote = true};
    cotel_trace_id_from_hex(TRACEPARENT_TRACE, strlen(TRACEPARENT_TRACE), &remote.trace_id);
    cotel_span_id_from_hex(TRACEPARENT_SPAN, strlen(TRACEPARENT_SPAN), &remote.span_id);
    return cotel_context_with_span_context(NULL, &remote);
}

static void record_every(void)
{
    cotel_meter *meter = full_meter();
    cotel_context *in_span = remote_span();
    if (round_now == 0)
        make_observables(meter);
    record_sums(meter, in_span);
    record_gauges(meter);
    record_histograms(in_span);
    cotel_context_unref(in_span);
}

static void record_many(void)
{
    cotel_gauge *place = cotel_gauge_get(cotel_meter_get("wire.many", NULL), "place", NULL);
    for (int64_t i = 0; i < SERIES; i++) {
        const cotel_attribute number = cotel_attribute_int("number", i);
        cotel_gauge_record(place, round_now, &number, 1);
    }
}

/* ---- all of it ---------------------------------------------------------------------------- */

static cotel_status start(cotel_exporter *exporter, bool many, unsigned long number)
{
    static const char *const left_out[] = {"user"};
    static cotel_metric_producer *const producers[] = {&elsewhere};
    const cotel_aggregation exponential = {.size = sizeof exponential,
                                           .type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                           .record_min_max = true,
                                           .max_buckets = 8,
                                           .max_scale = 20};
    cotel_view views[2] = {COTEL_VIEW_INIT, COTEL_VIEW_INIT};
    views[0].instrument_name = "latency";
    views[0].excluded_attribute_keys = left_out;
    views[0].excluded_attribute_key_count = COUNT_OF(left_out);
    views[1].instrument_name = "size";
    views[1].aggregation = &exponential;

    cotel_periodic_reader_options periodic = COTEL_PERIODIC_READER_OPTIONS_INIT;
    periodic.interval_ms = 600000; /* collected by flush and shutdown only */
    if (many) {
        periodic.max_export_batch_size = number;
    } else {
        cotel_metric_reader_prefer(&periodic.reader, (cotel_temporality_preference)number);
        periodic.reader.producers = producers;
        periodic.reader.producer_count = COUNT_OF(producers);
    }
    cotel_meter_provider_options metrics = COTEL_METER_PROVIDER_OPTIONS_INIT;
    metrics.views = views;
    metrics.view_count = COUNT_OF(views);
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    options.metric_exporter = exporter;
    options.periodic = &periodic;
    options.meter_provider = &metrics;
    return cotel_sdk_init(&options);
}

int main(int argc, char **argv)
{
    cotel_exporter *exporter = NULL;
    if (argc != 5)
        return 2;
    bool many = strcmp(argv[1], "many") == 0;
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_WARNING);
    cotel_status status = make_exporter(argv[3], argv[4], &exporter);
    if (status == COTEL_STATUS_OK)
        status = start(exporter, many, strtoul(argv[2], NULL, 10));
    for (; round_now < ROUNDS && status == COTEL_STATUS_OK; round_now++) {
        if (many)
            record_many();
        else
            record_every();
        /* The last round is collected by the shutdown. */
        if (round_now + 1 == ROUNDS)
            break;
        status = cotel_sdk_flush(TIMEOUT_MS);
    }
    if (status == COTEL_STATUS_OK)
        status = cotel_sdk_shutdown(TIMEOUT_MS, NULL);
    if (status != COTEL_STATUS_OK)
        fprintf(stderr, "measured: %s\n", cotel_status_text(status));
    return status != COTEL_STATUS_OK;
}
