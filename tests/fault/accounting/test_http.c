/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault of a peer over HTTP, through the whole SDK: what is tried again, what is lost and
 * under which name it is counted, and what is told. Linked with tests/support/dead_resolver.c:
 * every name server is dead. */
#include "accounting.h"
#include "footprint.h"
#include "tests/support/fault_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define PROTOBUF "Content-Type: application/x-protobuf\r\n"

/* Halving ten spans down to one each: ten requests for those, nine for what they were parts of. */
enum { TO_ISOLATE_ALL = 2 * (2 * BATCH - 1), ONE_A_BATCH = SPANS / BATCH };

static const char partial_success[] = "\x0a\x09\x08\x03\x12\x05quota";

static cotel_exporter *exporter_to(const char *url, uint64_t timeout_ms)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_exporter *exporter = NULL;
    options.endpoint = url;
    options.timeout_ms = timeout_ms;
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

struct row {
    const char *fault;
    struct fault_plan plan;
    struct expectation expected;
};

static void try_row(const struct row *row, uint64_t timeout_ms)
{
    struct fault_server *server = fault_server_start(&row->plan);
    account_for(row->fault, exporter_to(fault_server_url(server), timeout_ms), &row->expected);
    account_for_requests(&row->expected, fault_server_requests(server));
    fault_server_stop(server);
}

/* ---- trouble that may be over soon: tried again until the time is up ---- */

static void what_never_ends_well_is_lost_for_want_of_time(void **state)
{
    static const struct row rows[] = {
        {"refused", {.fault = FAULT_REFUSE}, {.told_of_try = "connect to"}},
        {"reset in mid-body", {.fault = FAULT_RESET}, {.told_of_try = "next attempt in"}},
        {"hangs up", {.fault = FAULT_HANG_UP}, {.told_of_try = "next attempt in"}},
        {"silent", {.fault = FAULT_SILENT}, {.told_of_try = NULL}},
        {"one byte a second", {.fault = FAULT_DRIP}, {.requests = ONE_A_BATCH}},
        {"503 for ever", {.status = 503}, {.told_of_try = "HTTP status 503; next attempt in"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct row row = rows[i];
        row.expected.lost = SPANS;
        row.expected.reason = COTEL_DROP_TIMEOUT;
        row.expected.told = "10 of 10 spans are lost (timeout)";
        try_row(&row, SHORT_MS);
    }
}

static void what_cannot_be_reached_is_lost_for_want_of_time(void **state)
{
    static const struct expectation expected = {.lost = SPANS,
                                                .reason = COTEL_DROP_TIMEOUT,
                                                .told = "10 of 10 spans are lost (timeout)",
                                                .told_of_try = "not delivered in time, 1 attempt"};
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    char url[64];
    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.1:%s/v1/traces", fault_server_port(server));
    account_for("TLS against plaintext", exporter_to(url, SHORT_MS), &expected);
    account_for("dead name", exporter_to("http://collector.example:4318/v1/traces", SHORT_MS),
                &expected);
    fault_server_stop(server);
}

/* ---- trouble that passes: nothing is lost ---- */

static void what_ends_well_loses_nothing(void **state)
{
    static const struct row rows[] = {
        {"503 then fine",
         {.status = 503, .times = 3},
         {.requests = ONE_A_BATCH + 3, .told = "HTTP status 503; next attempt in"}},
        {"reset then fine",
         {.fault = FAULT_RESET, .times = 1},
         {.requests = ONE_A_BATCH, .told = "next attempt in"}},
        {"hangs up, then fine",
         {.fault = FAULT_HANG_UP, .times = 1},
         {.requests = ONE_A_BATCH + 1, .told = "next attempt in"}},
        {"429 with Retry-After in seconds",
         {.status = 429, .times = 1, .headers = "Retry-After: 1\r\n"},
         {.requests = ONE_A_BATCH + 1,
          .least_ms = 1000,
          .told = "HTTP status 429; next attempt in 1000 ms"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i], PATIENCE_MS);
}

/* A date says whole seconds: three of them are more than two. */
static void a_date_to_retry_after_is_waited_for(void **state)
{
    struct tm parts;
    time_t when = time(NULL) + 3;
    char header[96];
    (void)state;
    strftime(header, sizeof header, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n",
             gmtime_r(&when, &parts));
    const struct row row = {
        "429 with Retry-After as a date",
        {.status = 429, .times = 1, .headers = header},
        {.requests = ONE_A_BATCH + 1, .least_ms = 1500, .told = "HTTP status 429; next attempt"}};
    try_row(&row, PATIENCE_MS);
}

/* ---- answers that are final: nothing is tried again as it was ---- */

static void what_is_refused_is_lost_at_once(void **state)
{
    static const struct row rows[] = {
        {"400",
         {.status = 400},
         {SPANS, COTEL_DROP_REFUSED, TO_ISOLATE_ALL, .told = "is lost (refused): "}},
        {"400 with a malformed status body",
         {.status = 400, .headers = PROTOBUF, .body = "\x12\x7f", .body_size = 2},
         {SPANS, COTEL_DROP_REFUSED, TO_ISOLATE_ALL, .told = "HTTP status 400\n"}},
        {"413",
         {.status = 413},
         {SPANS, COTEL_DROP_TOO_LARGE, TO_ISOLATE_ALL, .told = "is lost (too_large): "}},
        {"401",
         {.status = 401},
         {SPANS, COTEL_DROP_REFUSED, ONE_A_BATCH, .told = "10 of 10 spans are lost (refused)"}},
        {"a redirect",
         {.status = 307, .headers = "Location: http://127.0.0.1:1/\r\n"},
         {SPANS, COTEL_DROP_REFUSED, ONE_A_BATCH, .told = "HTTP status 307"}},
        {"an answer of 5 MB",
         {.body_size = 5000000},
         {SPANS, COTEL_DROP_FAILED, ONE_A_BATCH,
          .told = "the answer is longer than 4194304 bytes"}},
        {"partial success",
         {.body = partial_success, .body_size = sizeof partial_success - 1},
         {6, COTEL_DROP_REJECTED, ONE_A_BATCH, .told = "the peer rejects 3 spans: quota"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i], PATIENCE_MS);
}

static void a_gzip_bomb_is_a_failure(void **state)
{
    struct row row = {
        "gzip bomb",
        {.headers = PROTOBUF "Content-Encoding: gzip\r\n"},
        {SPANS, COTEL_DROP_FAILED, ONE_A_BATCH, .told = "the answer is longer than 4194304 bytes"}};
    (void)state;
    row.plan.body = gzip_bomb(&row.plan.body_size);
    try_row(&row, PATIENCE_MS);
}

/* ---- answers that are odd: the spans have arrived ---- */

static void an_odd_answer_of_success_is_one(void **state)
{
    static const struct row rows[] = {
        {"good", {.status = 200}, {.requests = ONE_A_BATCH}},
        {"200 with a malformed body",
         {.headers = PROTOBUF, .body = "\x0a\x7f", .body_size = 2},
         {.requests = ONE_A_BATCH, .told = "cannot be decoded"}},
        {"wrong content type",
         {.headers = "Content-Type: text/html\r\n", .body = "<html>", .body_size = 6},
         {.requests = ONE_A_BATCH, .told = "is it an OTLP endpoint?"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i], PATIENCE_MS);
}

/* ---- a thousand times ---- */

/* A provider and an exporter for each of the faults that are over soon, in turn. */
static void go_round(struct fault_server *server, int rounds)
{
    static const struct row rows[] = {
        {"good", {.status = 200}, {.lost = 0}},
        {"400", {.status = 400}, {.lost = SPANS, .reason = COTEL_DROP_REFUSED}},
        {"401", {.status = 401}, {.lost = SPANS, .reason = COTEL_DROP_REFUSED}},
        {"503 then fine", {.status = 503, .times = 1}, {.lost = 0}},
        {"reset then fine", {.fault = FAULT_RESET, .times = 1}, {.lost = 0}},
        {"cut answer", {.fault = FAULT_CUT_ANSWER, .body_size = 10}, {.lost = 0}},
    };
    for (int i = 0; i < rounds; i++) {
        const struct row *row = &rows[(size_t)i % (sizeof rows / sizeof *rows)];
        fault_server_set_plan(server, &row->plan);
        count_for(exporter_to(fault_server_url(server), PATIENCE_MS), &row->expected);
    }
    fault_server_quiesce(server);
}

static void a_thousand_rounds_leave_nothing_behind(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    (void)state;
    make_tracers(WARM_UP_ROUNDS);
    go_round(server, WARM_UP_ROUNDS);
    size_t bytes = footprint_now().bytes;
    make_tracers(ROUNDS);
    struct footprint before = footprint_now();
    go_round(server, ROUNDS);
    struct footprint after = footprint_now();
    footprint_compare(&before, &after, before.bytes - bytes);
    fault_server_stop(server);
}

int main(void)
{
    footprint_prepare();
    /* First, since a lookup of the dead name stays behind for a while. */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_rounds_leave_nothing_behind),
        cmocka_unit_test(what_never_ends_well_is_lost_for_want_of_time),
        cmocka_unit_test(what_cannot_be_reached_is_lost_for_want_of_time),
        cmocka_unit_test(what_ends_well_loses_nothing),
        cmocka_unit_test(a_date_to_retry_after_is_waited_for),
        cmocka_unit_test(what_is_refused_is_lost_at_once),
        cmocka_unit_test(a_gzip_bomb_is_a_failure),
        cmocka_unit_test(an_odd_answer_of_success_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
