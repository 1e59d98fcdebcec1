/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault of a peer over gRPC, through the whole SDK: what is tried again, what is lost and
 * under which name it is counted, and what is told. Linked with tests/support/dead_resolver.c:
 * every name server is dead. */
#include "accounting.h"
#include "footprint.h"
#include "tests/support/fault_server.h"
#include "tests/support/grpc_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Halving ten spans down to one each: ten requests for those, nine for what they were parts of. */
enum { TO_ISOLATE_ALL = 2 * (2 * BATCH - 1), ONE_A_BATCH = SPANS / BATCH };

enum { PREFIX_SIZE = 5, LARGE_SIZE = 5000000 };

/* Until the server has noticed which connections are gone. */
#define QUIET_US 300000

/* A google.rpc.Status of code 8 with a RetryInfo of one second, in base64 as headers have it. */
static const char retry_in_a_second[] =
    "CAgaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIAQ";

/* Messages behind their prefixes: a flag, and a length in four bytes. */
static const char partial_success[] = "\0\0\0\0\x0b\x0a\x09\x08\x03\x12\x05quota";
static const char malformed[] = "\0\0\0\0\x02\x0a\x7f";
static char large[PREFIX_SIZE + LARGE_SIZE] = "\0\0\x4c\x4b\x40"; /* of LARGE_SIZE */

static cotel_exporter *exporter_to(const char *url, uint64_t timeout_ms)
{
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    cotel_exporter *exporter = NULL;
    options.endpoint = url;
    options.timeout_ms = timeout_ms;
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    assert_int_equal(cotel_otlp_grpc_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

struct row {
    const char *fault;
    struct grpc_plan plan;
    struct expectation expected;
};

static void try_row(const struct row *row, uint64_t timeout_ms)
{
    struct grpc_server *server = grpc_server_start(&row->plan);
    account_for(row->fault, exporter_to(grpc_server_url(server), timeout_ms), &row->expected);
    account_for_requests(&row->expected, grpc_server_requests(server));
    grpc_server_stop(server);
}

/* ---- trouble that may be over soon: tried again until the time is up ---- */

static void what_never_ends_well_is_lost_for_want_of_time(void **state)
{
    static const struct row rows[] = {
        {"reset in mid-body", {.fault = GRPC_RESET}, {.told_of_try = "next attempt in"}},
        {"hangs up",
         {.fault = GRPC_HANG_UP},
         {.told_of_try = "the connection broke before the answer"}},
        {"silent", {.fault = GRPC_SILENT}, {.told_of_try = NULL}},
        {"one byte a second", {.fault = GRPC_DRIP}, {.told_of_try = NULL}},
        {"UNAVAILABLE for ever",
         {.status = "14"},
         {.told_of_try = "gRPC status UNAVAILABLE; next attempt in"}},
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
    static const struct {
        const char *fault;
        const char *scheme;
        const char *host;
        enum fault below; /* HTTP/2 */
        const char *told_of_try;
    } rows[] = {
        {"refused", "http", "127.0.0.1", FAULT_REFUSE, "refused; next attempt in"},
        {"connections are not taken", "http", "127.0.0.1", FAULT_SWALLOW, NULL},
        {"a peer of HTTP/1.1", "http", "127.0.0.1", FAULT_ANSWER, "does not speak HTTP/2 there"},
        {"dead name", "http", "collector.example", FAULT_ANSWER, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct expectation expected = {.lost = SPANS,
                                             .reason = COTEL_DROP_TIMEOUT,
                                             .told = "10 of 10 spans are lost (timeout)",
                                             .told_of_try = rows[i].told_of_try};
        struct fault_server *server =
            fault_server_start(&(struct fault_plan){.fault = rows[i].below});
        char url[64];
        snprintf(url, sizeof url, "%s://%s:%s", rows[i].scheme, rows[i].host,
                 fault_server_port(server));
        account_for(rows[i].fault, exporter_to(url, SHORT_MS), &expected);
        fault_server_stop(server);
    }
}

static void tls_against_plaintext_is_tried_until_the_time_is_up(void **state)
{
    static const struct expectation expected = {.lost = SPANS,
                                                .reason = COTEL_DROP_TIMEOUT,
                                                .told = "10 of 10 spans are lost (timeout)",
                                                .told_of_try = "TLS: "};
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){0});
    char url[64];
    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.1:%s", grpc_server_port(server));
    account_for("TLS against plaintext", exporter_to(url, 3 * SHORT_MS), &expected);
    assert_int_equal(grpc_server_requests(server), 0);
    grpc_server_stop(server);
}

/* ---- trouble that passes: nothing is lost ---- */

static void what_ends_well_loses_nothing(void **state)
{
    static const struct row rows[] = {
        {"UNAVAILABLE then fine",
         {.status = "14", .message = "soon", .times = 3},
         {.requests = ONE_A_BATCH + 3, .told = "gRPC status UNAVAILABLE: soon; next attempt in"}},
        {"reset then fine",
         {.fault = GRPC_RESET, .times = 1},
         {.requests = ONE_A_BATCH + 1, .told = "next attempt in"}},
        {"hangs up, then fine",
         {.fault = GRPC_HANG_UP, .times = 1},
         {.requests = ONE_A_BATCH + 1, .told = "next attempt in"}},
        {"RESOURCE_EXHAUSTED with a RetryInfo of a second",
         {.status = "8", .times = 1, .details = retry_in_a_second},
         {.requests = ONE_A_BATCH + 1,
          .least_ms = 1000,
          .told = "gRPC status RESOURCE_EXHAUSTED; next attempt in 1000 ms"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i], PATIENCE_MS);
}

/* ---- answers that are final: nothing is tried again as it was ---- */

static void what_is_refused_is_lost_at_once(void **state)
{
    static const struct row rows[] = {
        {"INVALID_ARGUMENT",
         {.status = "3", .is_short = true},
         {SPANS, COTEL_DROP_REFUSED, TO_ISOLATE_ALL, .told = "is lost (refused): "}},
        {"INVALID_ARGUMENT with malformed details",
         {.status = "3", .details = "!%"},
         {SPANS, COTEL_DROP_REFUSED, TO_ISOLATE_ALL, .told = "gRPC status INVALID_ARGUMENT\n"}},
        {"RESOURCE_EXHAUSTED without a RetryInfo",
         {.status = "8"},
         {SPANS, COTEL_DROP_TOO_LARGE, TO_ISOLATE_ALL, .told = "is lost (too_large): "}},
        {"UNAUTHENTICATED",
         {.status = "16", .message = "who%20are you"},
         {SPANS, COTEL_DROP_REFUSED, ONE_A_BATCH,
          .told = "gRPC status UNAUTHENTICATED: who are you"}},
        {"a status that is no number",
         {.status = "good"},
         {SPANS, COTEL_DROP_REFUSED, ONE_A_BATCH, .told = "gRPC status UNKNOWN"}},
        {"wrong content type",
         {.content_type = "text/html", .status = "", .is_short = true},
         {SPANS, COTEL_DROP_REFUSED, ONE_A_BATCH, .told = "is it an OTLP endpoint?"}},
        {"an answer of 5 MB",
         {.body = large, .body_size = sizeof large},
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
    static unsigned char message[64 << 10];
    size_t size;
    const void *bomb = gzip_bomb(&size);
    (void)state;
    assert_true(size <= UINT16_MAX && PREFIX_SIZE + size <= sizeof message);
    message[0] = 1; /* compressed */
    message[3] = (unsigned char)(size >> 8);
    message[4] = (unsigned char)size;
    memcpy(message + PREFIX_SIZE, bomb, size);
    const struct row row = {
        "gzip bomb",
        {.encoding = "gzip", .body = message, .body_size = PREFIX_SIZE + size},
        {SPANS, COTEL_DROP_FAILED, ONE_A_BATCH, .told = "the answer is longer than 4194304 bytes"}};
    try_row(&row, PATIENCE_MS);
}

/* ---- answers that are odd: the spans have arrived ---- */

static void an_odd_answer_of_success_is_one(void **state)
{
    static const struct row rows[] = {
        {"good", {.status = NULL}, {.requests = ONE_A_BATCH}},
        {"a malformed message",
         {.body = malformed, .body_size = sizeof malformed - 1},
         {.requests = ONE_A_BATCH, .told = "cannot be decoded"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_row(&rows[i], PATIENCE_MS);
}

/* ---- a thousand times ---- */

/* A provider and an exporter for each of the faults that are over soon, in turn. */
static void go_round(struct grpc_server *server, int rounds)
{
    static const struct row rows[] = {
        {"good", {.status = NULL}, {.lost = 0}},
        {"INVALID_ARGUMENT", {.status = "3"}, {.lost = SPANS, .reason = COTEL_DROP_REFUSED}},
        {"UNAUTHENTICATED", {.status = "16"}, {.lost = SPANS, .reason = COTEL_DROP_REFUSED}},
        {"UNAVAILABLE then fine", {.status = "14", .times = 1}, {.lost = 0}},
        {"reset then fine", {.fault = GRPC_RESET, .times = 1}, {.lost = 0}},
        {"goodbye then fine", {.fault = GRPC_GOODBYE, .times = 1}, {.lost = 0}},
    };
    for (int i = 0; i < rounds; i++) {
        const struct row *row = &rows[(size_t)i % (sizeof rows / sizeof *rows)];
        grpc_server_set_plan(server, &row->plan);
        count_for(exporter_to(grpc_server_url(server), PATIENCE_MS), &row->expected);
    }
    grpc_server_hang_up(server);
    usleep(QUIET_US);
}

static void a_thousand_rounds_leave_nothing_behind(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){0});
    (void)state;
    make_tracers(WARM_UP_ROUNDS);
    go_round(server, WARM_UP_ROUNDS);
    size_t bytes = footprint_now().bytes;
    make_tracers(ROUNDS);
    struct footprint before = footprint_now();
    go_round(server, ROUNDS);
    struct footprint after = footprint_now();
    footprint_compare(&before, &after, before.bytes - bytes);
    grpc_server_stop(server);
}

int main(void)
{
    footprint_prepare();
    /* First, since a lookup of the dead name stays behind for a while. */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thousand_rounds_leave_nothing_behind),
        cmocka_unit_test(what_never_ends_well_is_lost_for_want_of_time),
        cmocka_unit_test(what_cannot_be_reached_is_lost_for_want_of_time),
        cmocka_unit_test(tls_against_plaintext_is_tried_until_the_time_is_up),
        cmocka_unit_test(what_ends_well_loses_nothing),
        cmocka_unit_test(what_is_refused_is_lost_at_once),
        cmocka_unit_test(a_gzip_bomb_is_a_failure),
        cmocka_unit_test(an_odd_answer_of_success_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
