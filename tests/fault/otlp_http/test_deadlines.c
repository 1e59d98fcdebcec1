/* SPDX-License-Identifier: Apache-2.0 */
/* Deadlines hold and cancelling is immediate, whatever the peer does, and the next batch works. */
#include "faults.h"

#include <stdio.h>

static const struct {
    const char *name;
    struct fault_plan plan;
} troubles[] = {
    {"refuses", {.fault = FAULT_REFUSE}},   {"is silent", {.fault = FAULT_SILENT}},
    {"drips", {.fault = FAULT_DRIP}},       {"answers 503", {.status = 503}},
    {"hangs up", {.fault = FAULT_HANG_UP}}, {"resets", {.fault = FAULT_RESET}},
    {"swallows", {.fault = FAULT_SWALLOW}},
};

enum { COUNT = sizeof troubles / sizeof *troubles, DEADLINE_MS = 400 };

static void the_deadline_holds(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        struct fault_server *server = fault_server_start(&troubles[i].plan);
        cotel_exporter *exporter = quick_exporter(fault_server_url(server));
        uint64_t began = host_now_ms();
        struct host_result result = host_export(exporter, host_batch(2, 5, 50000), DEADLINE_MS);
        uint64_t took = host_now_ms() - began;
        printf("a peer that %s: %s (%u ms)\n", troubles[i].name, result.message, (unsigned)took);
        assert_int_equal(result.done, 1);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_in_range(took, 0, DEADLINE_MS + LATE_MS);
        host_finish(exporter);
        fault_server_stop(server);
    }
}

static void the_exporters_own_timeout_holds_too(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.timeout_ms = DEADLINE_MS;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    uint64_t began = host_now_ms();
    struct host_result result = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_in_range(host_now_ms() - began, DEADLINE_MS - 1, DEADLINE_MS + LATE_MS);
    host_finish(exporter);
    fault_server_stop(server);
}

/* A connection that is not answered is given up and tried again within the deadline. */
static void the_connect_timeout_makes_room_for_a_retry(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SWALLOW});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.connect_timeout_ms = 50;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    struct host_result result = host_export(exporter, host_batch(1, 10, 10), 1000);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_null(strstr(result.message, " 1 attempt"));
    host_finish(exporter);
    fault_server_stop(server);
}

static void cancelling_is_immediate(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        struct fault_server *server = fault_server_start(&troubles[i].plan);
        cotel_exporter *exporter = quick_exporter(fault_server_url(server));
        struct host_result result;
        struct host_result *results[] = {&result};
        cotel_export *operation =
            host_begin(exporter, host_batch(2, 5, 50000), PATIENCE_MS, &result);
        assert_false(host_drive(exporter, results, 1, 150));
        uint64_t began = host_now_ms();
        exporter->ops->cancel(exporter, operation);
        host_finish(exporter);
        assert_in_range(host_now_ms() - began, 0, LATE_MS);
        assert_int_equal(result.done, 1);
        assert_int_equal(result.outcome, COTEL_EXPORT_CANCELLED);
        fault_server_stop(server);
    }
}

static void the_next_batch_works(void **state)
{
    for (size_t i = 0; i < COUNT; i++) {
        enum fault fault = troubles[i].plan.fault;
        if (fault == FAULT_REFUSE || fault == FAULT_SWALLOW)
            continue; /* those stay as they are */
        struct fault_server *server = fault_server_start(&troubles[i].plan);
        cotel_exporter *exporter = quick_exporter(fault_server_url(server));
        struct host_result bad = host_export(exporter, host_batch(1, 10, 10), 100);
        assert_int_equal(bad.outcome, COTEL_EXPORT_TIMEOUT);
        fault_server_set_plan(server, &(struct fault_plan){0});
        struct host_result good = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
        assert_int_equal(good.outcome, COTEL_EXPORT_ACCEPTED);
        host_finish(exporter);
        fault_server_stop(server);
    }
}

/* With room for a machine that is busy: a call that waited for a peer would take far longer. */
static void no_call_ever_waited(void **state)
{
    printf("longest call into the exporter: %u us\n", (unsigned)(host_longest_call_ns() / 1000));
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deadline_holds),
        cmocka_unit_test(the_exporters_own_timeout_holds_too),
        cmocka_unit_test(the_connect_timeout_makes_room_for_a_retry),
        cmocka_unit_test(cancelling_is_immediate),
        cmocka_unit_test(the_next_batch_works),
        cmocka_unit_test(no_call_ever_waited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
