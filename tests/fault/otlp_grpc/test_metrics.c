/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics go the way of spans; shown is what differs, and that what goes wrong is counted in
 * points. */
#include "faults.h"

enum { POINTS = 12 /* of send_metrics() */ };

static cotel_exporter *exporter_to(const char *url)
{
    cotel_otlp_grpc_options options = quick_options(url);
    options.signal = COTEL_SIGNAL_METRICS;
    return exporter_with(&options);
}

static struct host_result send_metrics(cotel_exporter *exporter)
{
    struct host_result result = host_export(exporter, host_metrics(2, 2, 3), PATIENCE_MS);
    assert_int_equal(result.done, 1);
    return result;
}

/* One batch to a peer that answers so. */
static struct host_result answered(const struct grpc_plan *plan)
{
    struct grpc_server *server = grpc_server_start(plan);
    cotel_exporter *exporter = exporter_to(grpc_server_url(server));
    struct host_result result = send_metrics(exporter);
    host_finish(exporter);
    grpc_server_stop(server);
    return result;
}

static void the_method_is_that_of_the_service_for_metrics(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_exporter *exporter = exporter_to(grpc_server_url(server));
    assert_string_equal(exporter->ops->type, "otlp_grpc_metric_exporter");
    assert_int_equal(send_metrics(exporter).outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    assert_true(grpc_server_head_has(
        server, ":path: /opentelemetry.proto.collector.metrics.v1.MetricsService/Export\n"));
    grpc_server_stop(server);
}

static void rejected_points_are_counted_and_told(void **state)
{
    static const char body[] = "\0\0\0\0\x0b\x0a\x09\x08\x07\x12\x05quota";
    struct host_result result =
        answered(&(struct grpc_plan){.body = body, .body_size = sizeof body - 1});
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 7); /* of 4 metrics, so it is points */
    must_say(&result, "the peer rejects 7 points: quota");
}

static void no_more_points_are_rejected_than_were_sent(void **state)
{
    static const char body[] = "\0\0\0\0\x05\x0a\x03\x08\xe8\x07"; /* 1000 */
    assert_int_equal(
        answered(&(struct grpc_plan){.body = body, .body_size = sizeof body - 1}).rejected, POINTS);
}

static void a_peer_without_metrics_refuses_them_for_good(void **state)
{
    struct grpc_server *server = grpc_server_start(
        &(struct grpc_plan){.status = "12", .message = "no metrics", .is_short = true});
    cotel_exporter *exporter = exporter_to(grpc_server_url(server));
    struct host_result result = send_metrics(exporter);
    assert_int_equal(result.outcome, COTEL_EXPORT_REFUSED);
    must_say(&result, "gRPC status UNIMPLEMENTED: no metrics");
    assert_int_equal(grpc_server_begun(server), 1);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void passing_trouble_is_retried(void **state)
{
    static const struct grpc_plan plans[] = {
        {.status = "14", .is_short = true, .times = 2},
        {.fault = GRPC_RESET, .times = 2},
        {.fault = GRPC_HANG_UP, .times = 2},
        {.fault = GRPC_GOODBYE, .times = 1},
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        assert_int_equal(answered(&plans[i]).outcome, COTEL_EXPORT_ACCEPTED);
}

static void a_batch_of_another_signal_fails_and_is_not_sent(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_exporter *metrics = exporter_to(grpc_server_url(server));
    cotel_exporter *spans = quick_exporter(grpc_server_url(server));
    struct host_result result = send_ten(metrics, PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    must_say(&result, "the exporter is for metrics, and the batch is not of metrics");
    result = send_metrics(spans);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    must_say(&result, "the exporter is for spans, and the batch is not of spans");
    assert_int_equal(grpc_server_connections(server), 0);
    host_finish(metrics);
    host_finish(spans);
    grpc_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_method_is_that_of_the_service_for_metrics),
        cmocka_unit_test(rejected_points_are_counted_and_told),
        cmocka_unit_test(no_more_points_are_rejected_than_were_sent),
        cmocka_unit_test(a_peer_without_metrics_refuses_them_for_good),
        cmocka_unit_test(passing_trouble_is_retried),
        cmocka_unit_test(a_batch_of_another_signal_fails_and_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
