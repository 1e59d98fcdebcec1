/* SPDX-License-Identifier: Apache-2.0 */
/* A forked child: it leaves the parent's connections alone and makes its own. */
#include "faults.h"

#include <sys/wait.h>
#include <unistd.h>

/* In the child; what it returns is its exit status. */
static int child_main(cotel_exporter *exporter, size_t fds_of_parent)
{
    exporter->ops->forked(exporter);
    /* Two of libcurl's own, of which it tells nobody, stay. */
    if (host_open_fds() > fds_of_parent - 2)
        return 2;
    if (exporter->ops->poll_fd(exporter) != -1)
        return 3;
    if (exporter->ops->next_deadline_ns(exporter) != COTEL_NEVER_NS)
        return 4;
    struct host_result result = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
    return result.outcome == COTEL_EXPORT_ACCEPTED ? 0 : 5;
}

static int fork_and_wait(cotel_exporter *exporter)
{
    size_t fds = host_open_fds();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(child_main(exporter, fds));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void a_child_connects_anew_and_the_parent_goes_on(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    assert_int_equal(host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fork_and_wait(exporter), 0);
    assert_int_equal(host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fault_server_requests(server), 3);
    assert_int_equal(fault_server_connections(server), 2);
    host_finish(exporter);
    fault_server_stop(server);
}

static void what_was_under_way_is_the_parents(void **state)
{
    const struct fault_plan plan = {.status = 503, .times = 1, .headers = "Retry-After: 1\r\n"};
    struct fault_server *server = fault_server_start(&plan);
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    struct host_result result;
    struct host_result *results[] = {&result};
    host_begin(exporter, host_batch(1, 10, 1000), PATIENCE_MS, &result);
    assert_false(host_drive(exporter, results, 1, 200));
    assert_int_equal(fork_and_wait(exporter), 0);
    assert_true(host_drive(exporter, results, 1, PATIENCE_MS));
    assert_int_equal(result.done, 1);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_connects_anew_and_the_parent_goes_on),
        cmocka_unit_test(what_was_under_way_is_the_parents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
