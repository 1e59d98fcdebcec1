/* SPDX-License-Identifier: Apache-2.0 */
/* Behind a name server that never answers: tests/support/dead_resolver.c is linked in. */
#include "faults.h"

#include <dirent.h>
#include <stdio.h>

enum { DEADLINE_MS = 300 };

static const char url[] = "http://collector.example:4318/v1/traces";

static size_t thread_count(void)
{
    DIR *folder = opendir("/proc/self/task");
    assert_non_null(folder);
    size_t count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void the_deadline_holds_and_one_thread_waits(void **state)
{
    cotel_exporter *exporter = quick_exporter(url);
    size_t threads = 0;
    for (int i = 0; i < 4; i++) {
        uint64_t began = host_now_ms();
        struct host_result result = host_export(exporter, host_batch(1, 10, 10), DEADLINE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_in_range(host_now_ms() - began, 0, DEADLINE_MS + LATE_MS);
        if (i == 0)
            threads = thread_count(); /* with the one that waits */
        assert_int_equal(thread_count(), threads);
    }
    host_finish(exporter);
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
}

static void cancelling_is_immediate(void **state)
{
    cotel_exporter *exporter = quick_exporter(url);
    struct host_result result;
    struct host_result *results[] = {&result};
    cotel_export *operation = host_begin(exporter, host_batch(1, 1, 1), PATIENCE_MS, &result);
    assert_false(host_drive(exporter, results, 1, 100));
    uint64_t began = host_now_ms();
    exporter->ops->cancel(exporter, operation);
    host_finish(exporter);
    assert_in_range(host_now_ms() - began, 0, LATE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_CANCELLED);
}

static void localhost_needs_no_name_server(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    char local[64];
    snprintf(local, sizeof local, "http://localhost:%s/v1/traces", fault_server_port(server));
    cotel_exporter *exporter = quick_exporter(local);
    struct host_result result = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_deadline_holds_and_one_thread_waits),
        cmocka_unit_test(cancelling_is_immediate),
        cmocka_unit_test(localhost_needs_no_name_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
