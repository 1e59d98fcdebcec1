/* SPDX-License-Identifier: Apache-2.0 */
/* A forked child: it leaves the parent's connections alone and makes its own. */
#include "faults.h"

#include <sys/wait.h>
#include <unistd.h>

/* In the child; what it returns is its exit status. */
static int child_main(cotel_exporter *exporter, size_t fds_of_parent)
{
    exporter->ops->forked(exporter);
    if (host_open_fds() > fds_of_parent - 2) /* the connection and the epoll set */
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
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fork_and_wait(exporter), 0);
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_requests(server), 3);
    assert_int_equal(grpc_server_connections(server), 2);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* The parent's call has no answer yet when the child, whose call is the second, goes its way. */
static void a_call_that_was_under_way_is_the_parents(void **state)
{
    const struct grpc_plan plan = {.fault = GRPC_HOLD, .times = 2};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.concurrency = 2;
    cotel_exporter *exporter = exporter_with(&options);
    struct host_result results[2];
    struct host_result *pointers[] = {&results[0], &results[1]};
    host_begin(exporter, host_batch(1, 10, 1000), PATIENCE_MS, &results[0]);
    assert_false(host_drive(exporter, pointers, 1, 200));
    assert_int_equal(grpc_server_requests(server), 1);
    grpc_server_set_plan(server, &(struct grpc_plan){.fault = GRPC_ANSWER});
    assert_int_equal(fork_and_wait(exporter), 0);
    grpc_server_set_plan(server, &plan);
    host_begin(exporter, host_batch(1, 10, 1000), PATIENCE_MS, &results[1]);
    assert_true(host_drive(exporter, pointers, 2, PATIENCE_MS));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(results[i].done, 1);
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    }
    assert_int_equal(grpc_server_connections(server), 2);
    host_finish(exporter);
    grpc_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_connects_anew_and_the_parent_goes_on),
        cmocka_unit_test(a_call_that_was_under_way_is_the_parents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
