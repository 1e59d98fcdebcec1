/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics go the way of spans; shown is what differs, and that what goes wrong is counted in
 * points. */
#include "faults.h"

#include <stdio.h>

enum { POINTS = 12 /* of send() */ };

static cotel_exporter *exporter_of(cotel_otlp_http_options options)
{
    cotel_exporter *exporter = NULL;
    options.signal = COTEL_SIGNAL_METRICS;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

static struct host_result send_with(const cotel_otlp_http_options *options)
{
    cotel_exporter *exporter = exporter_of(*options);
    struct host_result result = host_export(exporter, host_metrics(2, 2, 3), PATIENCE_MS);
    host_finish(exporter);
    assert_int_equal(result.done, 1);
    return result;
}

/* One batch to a peer that answers so. */
static struct host_result answered(const struct fault_plan *plan)
{
    struct fault_server *server = fault_server_start(plan);
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    struct host_result result = send_with(&options);
    fault_server_stop(server);
    return result;
}

static void metrics_are_posted_where_the_endpoint_says(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    char url[128];
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%s/v1/metrics", fault_server_port(server));
    cotel_otlp_http_options options = quick_options(url);
    assert_int_equal(send_with(&options).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(fault_server_head_has(server, "POST /v1/metrics HTTP/1.1\r\n"));
    assert_true(fault_server_head_has(server, "\r\nContent-Type: application/x-protobuf\r\n"));
    fault_server_stop(server);
}

static void the_type_says_what_is_sent_and_how(void **state)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_exporter *protobuf = exporter_of(options);
    options.encoding = COTEL_OTLP_ENCODING_JSON;
    cotel_exporter *json = exporter_of(options), *spans = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &spans), COTEL_STATUS_OK);
    assert_string_equal(protobuf->ops->type, "otlp_http_metric_exporter");
    assert_string_equal(json->ops->type, "otlp_http_json_metric_exporter");
    assert_string_equal(spans->ops->type, "otlp_http_json_span_exporter");
    host_finish(protobuf);
    host_finish(json);
    host_finish(spans);
}

static void rejected_points_are_counted_and_told(void **state)
{
    static const char body[] = "\x0a\x09\x08\x07\x12\x05quota";
    struct host_result result =
        answered(&(struct fault_plan){.body = body, .body_size = sizeof body - 1});
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 7); /* of 4 metrics, so it is points */
    assert_non_null(strstr(result.message, "the peer rejects 7 points: quota"));
}

static void rejected_points_are_told_in_json_by_another_name(void **state)
{
    static const char body[] = "{\"partialSuccess\":{\"rejectedDataPoints\":\"5\","
                               "\"rejectedSpans\":\"9\",\"errorMessage\":\"old\"}}";
    const struct fault_plan plan = {.headers = "Content-Type: application/json\r\n",
                                    .body = body,
                                    .body_size = sizeof body - 1};
    struct host_result result = answered(&plan);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 5);
    assert_non_null(strstr(result.message, "the peer rejects 5 points: old"));
}

static void no_more_points_are_rejected_than_were_sent(void **state)
{
    static const char body[] = "\x0a\x03\x08\xe8\x07"; /* 1000 */
    assert_int_equal(
        answered(&(struct fault_plan){.body = body, .body_size = sizeof body - 1}).rejected,
        POINTS);
}

static void a_failure_is_the_same_as_for_spans(void **state)
{
    static const struct {
        int status;
        cotel_export_outcome outcome;
    } answers[] = {{400, COTEL_EXPORT_INVALID},
                   {404, COTEL_EXPORT_REFUSED},
                   {413, COTEL_EXPORT_TOO_LARGE},
                   {500, COTEL_EXPORT_REFUSED}};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        assert_int_equal(answered(&(struct fault_plan){.status = answers[i].status}).outcome,
                         answers[i].outcome);
}

static void passing_trouble_is_retried(void **state)
{
    static const enum fault faults[] = {FAULT_ANSWER, FAULT_RESET, FAULT_HANG_UP};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault_plan plan = {.fault = faults[i], .times = 2, .status = 503};
        struct fault_server *server = fault_server_start(&plan);
        cotel_otlp_http_options options = quick_options(fault_server_url(server));
        assert_int_equal(send_with(&options).outcome, COTEL_EXPORT_ACCEPTED);
        fault_server_stop(server);
    }
}

static void a_request_above_the_limit_is_not_sent_in_any_shape(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.max_request_bytes = 100;
    assert_int_equal(send_with(&options).outcome, COTEL_EXPORT_TOO_LARGE);
    options.encoding = COTEL_OTLP_ENCODING_JSON;
    options.compression = COTEL_OTLP_COMPRESSION_GZIP;
    assert_int_equal(send_with(&options).outcome, COTEL_EXPORT_TOO_LARGE);
    assert_int_equal(fault_server_requests(server), 0);
    fault_server_stop(server);
}

static void a_batch_of_another_signal_fails_and_is_not_sent(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_exporter *metrics = exporter_of(quick_options(fault_server_url(server)));
    cotel_exporter *spans = quick_exporter(fault_server_url(server));
    struct host_result result = host_export(metrics, host_batch(1, 1, 1), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    assert_string_equal(result.message,
                        "the exporter is for metrics, and the batch is not of metrics");
    result = host_export(spans, host_metrics(1, 1, 1), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    assert_string_equal(result.message, "the exporter is for spans, and the batch is not of spans");
    assert_int_equal(fault_server_requests(server), 0);
    host_finish(metrics);
    host_finish(spans);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_are_posted_where_the_endpoint_says),
        cmocka_unit_test(the_type_says_what_is_sent_and_how),
        cmocka_unit_test(rejected_points_are_counted_and_told),
        cmocka_unit_test(rejected_points_are_told_in_json_by_another_name),
        cmocka_unit_test(no_more_points_are_rejected_than_were_sent),
        cmocka_unit_test(a_failure_is_the_same_as_for_spans),
        cmocka_unit_test(passing_trouble_is_retried),
        cmocka_unit_test(a_request_above_the_limit_is_not_sent_in_any_shape),
        cmocka_unit_test(a_batch_of_another_signal_fails_and_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
