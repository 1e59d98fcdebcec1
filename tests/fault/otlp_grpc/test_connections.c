/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that fail, that are used again, and that leave nothing behind. */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void nobody_there_is_retried_and_told(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_REFUSE});
    struct host_result result = export_to(server, 300);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    must_say(&result, "attempts: Connection refused");
    grpc_server_stop(server);
}

static void a_peer_that_comes_late_gets_the_batch(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_REFUSE});
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    struct host_result result;
    struct host_result *results[] = {&result};
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &result);
    assert_false(host_drive(exporter, results, 1, 200));
    grpc_server_open(server);
    assert_true(host_drive(exporter, results, 1, PATIENCE_MS));
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* What breaks twice goes well the third time, and arrives once. */
static void a_broken_connection_is_retried_on_a_new_one(void **state)
{
    static const enum grpc_fault faults[] = {GRPC_RESET, GRPC_HANG_UP, GRPC_CUT, GRPC_GOODBYE};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct grpc_server *server =
            grpc_server_start(&(struct grpc_plan){.fault = faults[i], .times = 2});
        cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
        struct host_result result = host_export(exporter, host_batch(1, 2000, 1000), PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        assert_int_equal(grpc_server_begun(server), 3);
        assert_int_equal(grpc_server_connections(server), 3);
        host_finish(exporter);
        grpc_server_stop(server);
    }
}

static void what_the_peer_says_in_parting_is_told(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_GOODBYE});
    struct host_result result = export_to(server, 300);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_true(grpc_server_connections(server) > 1);
    grpc_server_stop(server);
}

static void a_connection_is_left_after_the_peers_goodbye(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_LAST_ANSWER});
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
        assert_in_range(grpc_server_connections(server), 1, i);
    }
    assert_int_equal(grpc_server_requests(server), 3);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* No retry of ours: that would come after the deadline. */
static void a_connection_that_was_closed_while_idle_is_replaced_at_once(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.backoff_initial_ms = options.backoff_max_ms = 10 * PATIENCE_MS;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    grpc_server_hang_up(server);
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 2);
    assert_int_equal(grpc_server_requests(server), 2);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_silent_peer_is_given_up_at_the_deadline_and_left(void **state)
{
    static const enum grpc_fault faults[] = {GRPC_SILENT, GRPC_MUTE, GRPC_DRIP};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct grpc_plan plan = {.fault = faults[i], .times = 1};
        struct grpc_server *server = grpc_server_start(&plan);
        cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
        uint64_t began = host_now_ms();
        struct host_result result = host_export(exporter, host_batch(1, 2000, 1000), 400);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        must_say(&result, "not delivered in time, 1 attempt");
        assert_in_range(host_now_ms() - began, 390, 2000);
        if (faults[i] != GRPC_DRIP) {
            assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
            assert_int_equal(grpc_server_connections(server), 2);
        }
        host_finish(exporter);
        grpc_server_stop(server);
    }
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
}

static void a_peer_that_speaks_something_else_is_retried_and_told(void **state)
{
    static const char http[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    static const char tls_alert[] = "\x15\x03\x01\x00\x02\x02\x46 and more of the kind";
    static const char zeros[64];
    const struct grpc_plan plans[] = {
        {.fault = GRPC_BYTES, .body = http, .body_size = sizeof http - 1},
        {.fault = GRPC_BYTES, .body = tls_alert, .body_size = sizeof tls_alert - 1},
        {.fault = GRPC_BYTES, .body = zeros, .body_size = sizeof zeros}};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct grpc_server *server = grpc_server_start(&plans[i]);
        struct host_result result = export_to(server, 300);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        must_say(&result, "the peer does not speak HTTP/2 there");
        assert_true(grpc_server_connections(server) > 1);
        grpc_server_stop(server);
    }
}

static void a_connection_serves_many_batches(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    for (int i = 0; i < 200; i++)
        assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_requests(server), 200);
    assert_int_equal(grpc_server_connections(server), 1);
    host_finish(exporter);
    grpc_server_stop(server);
}

enum { MANY = 8 };

/* Begins MANY batches on an exporter for as many, and sees them through. */
static void send_many(cotel_exporter *exporter, size_t spans, struct host_result *results)
{
    struct host_result *pointers[MANY];
    for (size_t i = 0; i < MANY; i++) {
        pointers[i] = &results[i];
        host_begin(exporter, host_batch(1, spans, 1000), PATIENCE_MS, &results[i]);
    }
    assert_true(host_drive(exporter, pointers, MANY, PATIENCE_MS));
}

static cotel_exporter *wide_exporter(struct grpc_server *server)
{
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.concurrency = MANY;
    return exporter_with(&options);
}

static void calls_share_a_connection(void **state)
{
    const struct grpc_plan plan = {.fault = GRPC_HOLD, .times = MANY};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_exporter *exporter = wide_exporter(server);
    for (int round = 0; round < 5; round++) {
        struct host_result results[MANY];
        send_many(exporter, 100, results);
        for (size_t i = 0; i < MANY; i++)
            assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    }
    assert_int_equal(grpc_server_connections(server), 1);
    assert_int_equal(grpc_server_requests(server), 5 * MANY);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* The peer answers none of them before all have come, and then hangs up on all. */
static void a_connection_that_breaks_takes_all_its_calls_along(void **state)
{
    struct grpc_server *server =
        grpc_server_start(&(struct grpc_plan){.fault = GRPC_HANG_UP, .times = 1});
    cotel_exporter *exporter = wide_exporter(server);
    struct host_result results[MANY];
    send_many(exporter, 100, results);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 2);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_goodbye_lets_the_calls_end_that_the_peer_has_taken(void **state)
{
    struct grpc_server *server =
        grpc_server_start(&(struct grpc_plan){.fault = GRPC_LAST_ANSWER, .times = 1});
    cotel_exporter *exporter = wide_exporter(server);
    struct host_result results[MANY];
    send_many(exporter, 100, results);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_peer_may_take_one_call_at_a_time(void **state)
{
    struct grpc_server *server =
        grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER, .streams = 1});
    cotel_exporter *exporter = wide_exporter(server);
    struct host_result results[MANY];
    send_many(exporter, 10, results);
    send_many(exporter, 10, results);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 1);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* Calls that wait for their turn inside the session can be given up, too. */
static void calls_that_never_got_their_turn_can_be_given_up(void **state)
{
    const struct grpc_plan plan = {.fault = GRPC_HOLD, .times = 2, .streams = 1};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_exporter *exporter = wide_exporter(server);
    assert_int_equal(send_ten(exporter, 200).outcome, COTEL_EXPORT_TIMEOUT);
    struct host_result results[MANY];
    struct host_result *pointers[MANY];
    cotel_export *operations[MANY];
    for (size_t i = 0; i < MANY; i++) {
        pointers[i] = &results[i];
        operations[i] = host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &results[i]);
    }
    assert_false(host_drive(exporter, pointers, MANY, 200));
    for (size_t i = 0; i < MANY; i++)
        exporter->ops->cancel(exporter, operations[(i * 3) % MANY]);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_CANCELLED);
    grpc_server_set_plan(server, &(struct grpc_plan){.fault = GRPC_ANSWER});
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void small_windows_are_respected(void **state)
{
    struct grpc_server *server =
        grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER, .window = 100});
    cotel_exporter *exporter = wide_exporter(server);
    struct host_result results[MANY];
    send_many(exporter, 20, results);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(results[i].outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(grpc_server_body_bytes(server) > (size_t)MANY * 20 * 1000);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_large_request_arrives_whole(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.window = 1 << 20});
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    struct host_result result = host_export(exporter, host_batch(1, 200, 100000), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(grpc_server_body_bytes(server) > 200 * 100000);
    host_finish(exporter);
    grpc_server_stop(server);
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
}

static void a_ping_that_nobody_answers_ends_the_connection(void **state)
{
    struct grpc_server *server =
        grpc_server_start(&(struct grpc_plan){.fault = GRPC_MUTE, .times = 1});
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.keepalive_ms = 300;
    options.keepalive_timeout_ms = 300;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 2);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_ping_that_is_answered_keeps_the_connection(void **state)
{
    const struct grpc_plan plan = {.fault = GRPC_HOLD, .times = 2};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.keepalive_ms = 50;
    options.keepalive_timeout_ms = PATIENCE_MS;
    options.concurrency = 2;
    cotel_exporter *exporter = exporter_with(&options);
    struct host_result results[2];
    struct host_result *pointers[] = {&results[0], &results[1]};
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &results[0]);
    assert_false(host_drive(exporter, pointers, 1, 400));
    assert_in_range(grpc_server_pings(server), 2, 8);
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &results[1]);
    assert_true(host_drive(exporter, pointers, 2, PATIENCE_MS));
    assert_int_equal(results[0].outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 1);
    unsigned pings = grpc_server_pings(server); /* none while no call is under way */
    assert_false(host_drive(exporter, (struct host_result *[]){&(struct host_result){0}}, 1, 200));
    assert_int_equal(grpc_server_pings(server), pings);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void a_socket_file_serves_as_well(void **state)
{
    char folder[] = "/tmp/cotel-grpc-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/peer", folder);
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.path = path});
    assert_int_equal(export_to(server, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(grpc_server_head_has(server, ":authority: localhost\n"));
    grpc_server_stop(server);
    cotel_exporter *exporter = quick_exporter("unix:/nowhere/at/all");
    struct host_result result = send_ten(exporter, 100);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    must_say(&result, "unix:/nowhere/at/all (gRPC)");
    must_say(&result, "No such file or directory");
    host_finish(exporter);
    assert_int_equal(rmdir(folder), 0);
}

/* 64 KiB of headers are more than HTTP/2 libraries send or take. */
static void headers_without_end_are_a_failure(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    char *value = calloc(1, 4096);
    memset(value, 'x', 4095);
    cotel_otlp_header headers[64];
    for (size_t i = 0; i < 64; i++)
        headers[i] = (cotel_otlp_header){"x-long", value};
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.headers = headers;
    options.header_count = 64;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, 200).outcome, COTEL_EXPORT_TIMEOUT);
    host_finish(exporter);
    options.header_count = 10;
    exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    grpc_server_stop(server);
    free(value);
}

static void rounds_of_trouble_leave_no_descriptor_behind(void **state)
{
    static const struct grpc_plan plans[] = {{.fault = GRPC_RESET},  {.fault = GRPC_HANG_UP},
                                             {.fault = GRPC_ANSWER}, {.fault = GRPC_GOODBYE},
                                             {.status = "14"},       {.fault = GRPC_MUTE}};
    enum { PLANS = sizeof plans / sizeof *plans };
    struct grpc_server *refusing = grpc_server_start(&(struct grpc_plan){.fault = GRPC_REFUSE});
    struct grpc_server *server = grpc_server_start(&plans[0]);
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    cotel_exporter *refused = quick_exporter(grpc_server_url(refusing));
    size_t before = 0;
    for (unsigned round = 0; round < 120; round++) {
        grpc_server_set_plan(server, &plans[round % PLANS]);
        grpc_server_hang_up(server);
        if (round == PLANS)
            before = host_open_fds();
        struct host_result result = send_ten(exporter, 30);
        if (round % PLANS != 2)
            assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_int_equal(send_ten(refused, 5).outcome, COTEL_EXPORT_TIMEOUT);
    }
    grpc_server_hang_up(server);
    assert_in_range(host_open_fds(), 0, before + 1);
    host_finish(exporter);
    host_finish(refused);
    grpc_server_stop(server);
    grpc_server_stop(refusing);
}

static void an_unused_exporter_opens_nothing(void **state)
{
    size_t before = host_open_fds();
    cotel_exporter *exporter = quick_exporter("http://127.0.0.1:1");
    assert_int_equal(host_open_fds(), before);
    assert_int_equal(exporter->ops->poll_fd(exporter), -1);
    assert_true(exporter->ops->next_deadline_ns(exporter) == COTEL_NEVER_NS);
    exporter->ops->destroy(exporter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_there_is_retried_and_told),
        cmocka_unit_test(a_peer_that_comes_late_gets_the_batch),
        cmocka_unit_test(a_broken_connection_is_retried_on_a_new_one),
        cmocka_unit_test(what_the_peer_says_in_parting_is_told),
        cmocka_unit_test(a_connection_is_left_after_the_peers_goodbye),
        cmocka_unit_test(a_connection_that_was_closed_while_idle_is_replaced_at_once),
        cmocka_unit_test(a_silent_peer_is_given_up_at_the_deadline_and_left),
        cmocka_unit_test(a_peer_that_speaks_something_else_is_retried_and_told),
        cmocka_unit_test(a_connection_serves_many_batches),
        cmocka_unit_test(calls_share_a_connection),
        cmocka_unit_test(a_connection_that_breaks_takes_all_its_calls_along),
        cmocka_unit_test(a_goodbye_lets_the_calls_end_that_the_peer_has_taken),
        cmocka_unit_test(a_peer_may_take_one_call_at_a_time),
        cmocka_unit_test(calls_that_never_got_their_turn_can_be_given_up),
        cmocka_unit_test(small_windows_are_respected),
        cmocka_unit_test(a_large_request_arrives_whole),
        cmocka_unit_test(a_ping_that_nobody_answers_ends_the_connection),
        cmocka_unit_test(a_ping_that_is_answered_keeps_the_connection),
        cmocka_unit_test(a_socket_file_serves_as_well),
        cmocka_unit_test(headers_without_end_are_a_failure),
        cmocka_unit_test(rounds_of_trouble_leave_no_descriptor_behind),
        cmocka_unit_test(an_unused_exporter_opens_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
