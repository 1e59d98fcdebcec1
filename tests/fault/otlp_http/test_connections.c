/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that fail, that are used again, and that leave nothing behind. */
#include "faults.h"

static void a_reset_in_the_body_is_retried(void **state)
{
    const struct fault_plan plan = {.fault = FAULT_RESET, .times = 2};
    struct fault_server *server = fault_server_start(&plan);
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    struct host_result result = host_export(exporter, host_batch(1, 2000, 1000), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fault_server_requests(server), 1);
    assert_int_equal(fault_server_connections(server), 3);
    host_finish(exporter);
    fault_server_stop(server);
}

static void a_connection_that_is_closed_without_an_answer_is_retried(void **state)
{
    const struct fault_plan plan = {.fault = FAULT_HANG_UP, .times = 2};
    struct fault_server *server = fault_server_start(&plan);
    assert_int_equal(export_to(server, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fault_server_requests(server), 3);
    fault_server_stop(server);
}

static void a_peer_that_comes_late_gets_the_batch(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_REFUSE});
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    struct host_result result;
    struct host_result *results[] = {&result};
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &result);
    assert_false(host_drive(exporter, results, 1, 200));
    fault_server_open(server);
    assert_true(host_drive(exporter, results, 1, PATIENCE_MS));
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    fault_server_stop(server);
}

static void a_connection_serves_many_batches(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    for (int i = 0; i < 100; i++) {
        struct host_result result = host_export(exporter, host_batch(1, 10, 100), PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    }
    assert_int_equal(fault_server_requests(server), 100);
    assert_int_equal(fault_server_connections(server), 1);
    host_finish(exporter);
    fault_server_stop(server);
}

/* No retry of ours: that would come after the deadline. The body is sent again from its start. */
static void a_kept_connection_that_dies_is_replaced_at_once(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.backoff_initial_ms = options.backoff_max_ms = 10 * PATIENCE_MS;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    assert_int_equal(host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    size_t first = fault_server_body_bytes(server);
    fault_server_set_plan(server, &(struct fault_plan){.fault = FAULT_HANG_UP, .times = 1});
    assert_int_equal(host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fault_server_connections(server), 2);
    assert_int_equal(fault_server_body_bytes(server), 3 * first);
    host_finish(exporter);
    fault_server_stop(server);
}

static void as_many_requests_as_allowed_are_under_way(void **state)
{
    enum { MANY = 4 };
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.concurrency = MANY;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    struct host_result results[MANY + 1];
    struct host_result *pointers[MANY];
    for (size_t i = 0; i < MANY; i++) {
        pointers[i] = &results[i];
        host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &results[i]);
    }
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &results[MANY]);
    assert_int_equal(results[MANY].outcome, COTEL_EXPORT_FAILED);
    assert_false(host_drive(exporter, pointers, MANY, 300));
    assert_int_equal(fault_server_connections(server), MANY);
    fault_server_set_plan(server, &(struct fault_plan){0});
    assert_true(host_drive(exporter, pointers, MANY, PATIENCE_MS));
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    fault_server_stop(server);
}

static void rounds_of_trouble_leave_no_descriptor_behind(void **state)
{
    static const struct fault_plan plans[] = {
        {.fault = FAULT_RESET}, {.fault = FAULT_HANG_UP}, {.status = 200}, {.status = 503}};
    struct fault_server *refusing = fault_server_start(&(struct fault_plan){.fault = FAULT_REFUSE});
    struct fault_server *server = fault_server_start(&plans[0]);
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    cotel_exporter *refused = quick_exporter(fault_server_url(refusing));
    size_t before = 0;
    for (unsigned round = 0; round < 200; round++) {
        const struct fault_plan *plan = &plans[round % 4];
        fault_server_set_plan(server, plan);
        struct host_result result = host_export(exporter, host_batch(1, 10, 100), 50);
        assert_int_equal(result.outcome,
                         plan->status == 200 ? COTEL_EXPORT_ACCEPTED : COTEL_EXPORT_TIMEOUT);
        assert_int_equal(host_export(refused, host_batch(1, 10, 100), 5).outcome,
                         COTEL_EXPORT_TIMEOUT);
        if (round == 7)
            before = host_open_fds();
    }
    fault_server_quiesce(server);
    assert_true(host_open_fds() <= before + 2); /* the peer's end of the one that is open */
    host_finish(exporter);
    host_finish(refused);
    fault_server_stop(server);
    fault_server_stop(refusing);
}

static void an_unused_exporter_opens_nothing(void **state)
{
    size_t before = host_open_fds();
    cotel_exporter *exporter = quick_exporter("http://127.0.0.1:1/");
    assert_int_equal(host_open_fds(), before);
    assert_int_equal(exporter->ops->poll_fd(exporter), -1);
    assert_true(exporter->ops->next_deadline_ns(exporter) == COTEL_NEVER_NS);
    exporter->ops->destroy(exporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reset_in_the_body_is_retried),
        cmocka_unit_test(a_connection_that_is_closed_without_an_answer_is_retried),
        cmocka_unit_test(a_peer_that_comes_late_gets_the_batch),
        cmocka_unit_test(a_connection_serves_many_batches),
        cmocka_unit_test(a_kept_connection_that_dies_is_replaced_at_once),
        cmocka_unit_test(as_many_requests_as_allowed_are_under_way),
        cmocka_unit_test(rounds_of_trouble_leave_no_descriptor_behind),
        cmocka_unit_test(an_unused_exporter_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
