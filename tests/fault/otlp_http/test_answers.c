/* SPDX-License-Identifier: Apache-2.0 */
/* What each answer of a peer comes to. */
#include "faults.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <zlib.h>

/* One batch of ten to a peer that answers so; the number of requests it saw goes to *requests. */
static struct host_result answered(const struct fault_plan *plan, unsigned *requests)
{
    struct fault_server *server = fault_server_start(plan);
    struct host_result result = export_to(server, PATIENCE_MS);
    *requests = fault_server_requests(server);
    fault_server_stop(server);
    return result;
}

static void success_is_accepted(void **state)
{
    unsigned requests;
    struct host_result result = answered(&(struct fault_plan){.status = 200}, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 0);
    assert_string_equal(result.message, "");
    assert_int_equal(requests, 1);
}

static void the_request_is_as_the_protocol_says(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    const cotel_otlp_header headers[] = {{"X-Api-Key", "k3y"}, {"X-Empty", ""}};
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.headers = headers;
    options.header_count = 2;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    /* Above 1 MiB libcurl would ask before it sends. */
    struct host_result result = host_export(exporter, host_batch(1, 2000, 1000), PATIENCE_MS);
    host_finish(exporter);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(fault_server_head_has(server, "POST /v1/traces HTTP/1.1\r\n"));
    assert_true(fault_server_head_has(server, "\r\nContent-Type: application/x-protobuf\r\n"));
    assert_true(fault_server_head_has(server, "\r\nUser-Agent: OTel-OTLP-Exporter-C/"));
    assert_true(fault_server_head_has(server, "\r\nX-Api-Key: k3y\r\n"));
    assert_true(fault_server_head_has(server, "\r\nX-Empty:\r\n"));
    assert_false(fault_server_head_has(server, "Expect:"));
    assert_false(fault_server_head_has(server, "chunked"));
    fault_server_stop(server);
}

static void a_partial_success_is_counted_and_not_sent_again(void **state)
{
    static const char body[] = "\x0a\x09\x08\x03\x12\x05quota";
    const struct fault_plan plan = {.body = body, .body_size = sizeof body - 1};
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 3);
    assert_non_null(strstr(result.message, "quota"));
    assert_int_equal(requests, 1);
}

static void no_more_is_rejected_than_was_sent(void **state)
{
    static const char body[] = "\x0a\x03\x08\xe8\x07"; /* 1000 */
    const struct fault_plan plan = {.body = body, .body_size = sizeof body - 1};
    unsigned requests;
    assert_int_equal(answered(&plan, &requests).rejected, 10);
}

static void a_success_that_cannot_be_read_is_still_one(void **state)
{
    static const char garbage[] = "\x0a\x7f oops";
    const struct fault_plan malformed = {.body = garbage, .body_size = sizeof garbage - 1};
    const struct fault_plan web_page = {
        .headers = "Content-Type: text/html\r\n", .body = "<html>", .body_size = 6};
    unsigned requests;
    struct host_result result = answered(&malformed, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_non_null(strstr(result.message, "cannot be decoded"));
    result = answered(&web_page, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_non_null(strstr(result.message, "not OTLP"));
}

static void an_answer_that_is_cut_off_counts_by_its_status(void **state)
{
    static const char body[] = "0123456789";
    struct fault_plan plan = {
        .fault = FAULT_CUT_ANSWER, .status = 200, .body = body, .body_size = sizeof body};
    unsigned requests;
    assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(requests, 1);
    plan.status = 400;
    assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_INVALID);
    assert_int_equal(requests, 1);
}

static void other_failures_are_final(void **state)
{
    static const int statuses[] = {301, 401, 403, 404, 405, 408, 415, 500, 501, 505};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        unsigned requests;
        struct host_result result =
            answered(&(struct fault_plan){.status = statuses[i]}, &requests);
        assert_int_equal(result.outcome, COTEL_EXPORT_REFUSED);
        assert_int_equal(requests, 1);
        char wanted[16];
        snprintf(wanted, sizeof wanted, "status %d", statuses[i]);
        assert_non_null(strstr(result.message, wanted));
    }
}

static void the_reason_of_a_failure_is_told(void **state)
{
    static const char status[] = "\x08\x03\x12\x0d"
                                 "name is empty";
    const struct fault_plan as_protobuf = {
        .status = 400, .body = status, .body_size = sizeof status - 1};
    const struct fault_plan as_text = {.status = 400,
                                       .headers = "Content-Type: text/plain; charset=utf-8\r\n",
                                       .body = "go\r\naway",
                                       .body_size = 8};
    unsigned requests;
    assert_non_null(strstr(answered(&as_protobuf, &requests).message, "400: name is empty"));
    assert_non_null(strstr(answered(&as_text, &requests).message, "400: go  away"));
}

static void a_malformed_reason_is_left_out(void **state)
{
    const struct fault_plan plan = {.status = 400, .body = "\x12\x7f", .body_size = 2};
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_INVALID);
    assert_string_equal(strstr(result.message, "HTTP"), "HTTP status 400");
}

static void a_bad_request_is_told_apart(void **state)
{
    unsigned requests;
    assert_int_equal(answered(&(struct fault_plan){.status = 400}, &requests).outcome,
                     COTEL_EXPORT_INVALID);
    assert_int_equal(requests, 1);
}

static void too_large_is_told_apart(void **state)
{
    unsigned requests;
    assert_int_equal(answered(&(struct fault_plan){.status = 413}, &requests).outcome,
                     COTEL_EXPORT_TOO_LARGE);
    assert_int_equal(requests, 1);
}

static void a_request_in_json_is_answered_in_json(void **state)
{
    static const char partial[] =
        "{\"partialSuccess\":{\"rejectedSpans\":\"3\",\"errorMessage\":\"no\\nroom\"}}";
    static const char status[] = "{\"code\":3,\"message\":\"name is empty\"}";
    static const char json_head[] = "Content-Type: application/json\r\n";
    const struct fault_plan plans[] = {
        {.headers = json_head, .body = partial, .body_size = sizeof partial - 1},
        {.status = 400, .headers = json_head, .body = status, .body_size = sizeof status - 1},
        {.headers = json_head, .body = "{", .body_size = 1}};
    static const char *const words[] = {"rejects 3 spans: no room", "400: name is empty",
                                        "cannot be decoded"};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        struct fault_server *server = fault_server_start(&plans[i]);
        cotel_otlp_http_options options = quick_options(fault_server_url(server));
        options.encoding = COTEL_OTLP_ENCODING_JSON;
        cotel_exporter *exporter = NULL;
        assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
        struct host_result result = host_export(exporter, host_batch(1, 10, 20), PATIENCE_MS);
        assert_non_null(strstr(result.message, words[i]));
        assert_int_equal(result.rejected, i == 0 ? 3 : 0);
        assert_true(fault_server_head_has(server, "Content-Type: application/json"));
        host_finish(exporter);
        fault_server_stop(server);
    }
}

static void a_compressed_request_says_so(void **state)
{
    static const struct {
        cotel_otlp_compression compression;
        const char *head;
    } cases[] = {{COTEL_OTLP_COMPRESSION_GZIP, "Content-Encoding: gzip"},
                 {COTEL_OTLP_COMPRESSION_ZSTD, "Content-Encoding: zstd"}};
    for (size_t i = 0; i < 2; i++) {
        struct fault_server *server = fault_server_start(&(struct fault_plan){0});
        cotel_otlp_http_options options = quick_options(fault_server_url(server));
        options.compression = cases[i].compression;
        cotel_exporter *exporter = NULL;
        cotel_status status = cotel_otlp_http_exporter_create(&options, &exporter);
        if (status == COTEL_STATUS_OK) {
            struct host_result result = host_export(exporter, host_batch(1, 50, 200), PATIENCE_MS);
            assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
            assert_true(fault_server_head_has(server, cases[i].head));
            assert_true(fault_server_body_bytes(server) < 50 * 200);
            host_finish(exporter);
        } else { /* a build without libzstd */
            assert_int_equal(cases[i].compression, COTEL_OTLP_COMPRESSION_ZSTD);
            assert_int_equal(status, COTEL_STATUS_NOT_SUPPORTED);
        }
        fault_server_stop(server);
    }
}

/* A few kilobytes that become eight million: the answer is given up where it passes the limit. */
static void a_compressed_answer_counts_by_what_it_becomes(void **state)
{
    enum { PLAIN_SIZE = 8 << 20 };
    uLongf size = compressBound(PLAIN_SIZE) + 100;
    char *zeros = calloc(1, PLAIN_SIZE), *bomb = malloc(size);
    z_stream stream = {.next_in = (Bytef *)zeros,
                       .avail_in = PLAIN_SIZE,
                       .next_out = (Bytef *)bomb,
                       .avail_out = (uInt)size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    const struct fault_plan plan = {
        .headers = "Content-Type: application/x-protobuf\r\nContent-Encoding: gzip\r\n",
        .body = bomb,
        .body_size = stream.total_out};
    assert_true(plan.body_size < 64 << 10);
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    assert_non_null(strstr(result.message, "longer than"));
    assert_int_equal(requests, 1);
    free(zeros);
    free(bomb);
}

static void a_request_above_the_limit_is_not_sent(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_otlp_http_options options = quick_options(fault_server_url(server));
    options.max_request_bytes = 5000;
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter), COTEL_STATUS_OK);
    struct host_result large = host_export(exporter, host_batch(1, 10, 1000), PATIENCE_MS);
    assert_int_equal(large.outcome, COTEL_EXPORT_TOO_LARGE);
    assert_int_equal(fault_server_connections(server), 0);
    struct host_result small = host_export(exporter, host_batch(1, 1, 1000), PATIENCE_MS);
    assert_int_equal(small.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    fault_server_stop(server);
}

/* Not read to its end, either: the connection is given up. */
static void an_endless_answer_is_a_failure(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.body_size = 5u << 20});
    cotel_exporter *exporter = quick_exporter(fault_server_url(server));
    struct host_result result = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    assert_non_null(strstr(result.message, "longer than 4194304 bytes"));
    assert_int_equal(fault_server_requests(server), 1);
    fault_server_set_plan(server, &(struct fault_plan){0});
    result = host_export(exporter, host_batch(1, 10, 10), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(fault_server_connections(server), 2);
    host_finish(exporter);
    fault_server_stop(server);
}

static void passing_trouble_is_retried_until_it_is_over(void **state)
{
    static const int statuses[] = {429, 502, 503, 504};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        unsigned requests;
        const struct fault_plan plan = {.status = statuses[i], .times = 2};
        assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_ACCEPTED);
        assert_int_equal(requests, 3);
    }
}

static uint64_t time_with_header(const char *header)
{
    uint64_t began = host_now_ms();
    unsigned requests;
    const struct fault_plan plan = {.status = 429, .times = 1, .headers = header};
    assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(requests, 2);
    return host_now_ms() - began;
}

static void retry_after_seconds_is_honoured(void **state)
{
    assert_true(time_with_header("Retry-After: 1\r\n") >= 1000);
}

static void retry_after_a_date_is_honoured(void **state)
{
    time_t when = time(NULL) + 3;
    char header[96];
    struct tm parts;
    strftime(header, sizeof header, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n",
             gmtime_r(&when, &parts));
    assert_true(time_with_header(header) >= 1500); /* a date says whole seconds */
}

static void a_retry_that_would_come_too_late_is_not_waited_for(void **state)
{
    uint64_t began = host_now_ms();
    unsigned requests;
    const struct fault_plan plan = {.status = 503, .headers = "Retry-After: 3600\r\n"};
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_non_null(strstr(result.message, "HTTP status 503"));
    assert_true(host_now_ms() - began < PATIENCE_MS / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_accepted),
        cmocka_unit_test(the_request_is_as_the_protocol_says),
        cmocka_unit_test(a_partial_success_is_counted_and_not_sent_again),
        cmocka_unit_test(no_more_is_rejected_than_was_sent),
        cmocka_unit_test(a_success_that_cannot_be_read_is_still_one),
        cmocka_unit_test(an_answer_that_is_cut_off_counts_by_its_status),
        cmocka_unit_test(other_failures_are_final),
        cmocka_unit_test(the_reason_of_a_failure_is_told),
        cmocka_unit_test(a_malformed_reason_is_left_out),
        cmocka_unit_test(a_request_in_json_is_answered_in_json),
        cmocka_unit_test(a_compressed_request_says_so),
        cmocka_unit_test(a_compressed_answer_counts_by_what_it_becomes),
        cmocka_unit_test(a_bad_request_is_told_apart),
        cmocka_unit_test(too_large_is_told_apart),
        cmocka_unit_test(a_request_above_the_limit_is_not_sent),
        cmocka_unit_test(an_endless_answer_is_a_failure),
        cmocka_unit_test(passing_trouble_is_retried_until_it_is_over),
        cmocka_unit_test(retry_after_seconds_is_honoured),
        cmocka_unit_test(retry_after_a_date_is_honoured),
        cmocka_unit_test(a_retry_that_would_come_too_late_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
