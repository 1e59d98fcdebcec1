/* SPDX-License-Identifier: Apache-2.0 */
/* What each answer of a gRPC peer comes to. */
#include "faults.h"

#include <nghttp2/nghttp2.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

/* Enough for a retry after 20 ms, on a machine that is busy too. */
enum { RETRIES_MS = 600 };

/* One batch of ten to a peer that answers so; the number of requests it saw goes to *requests. */
static struct host_result answered_by(const struct grpc_plan *plan, uint64_t timeout_ms,
                                      unsigned *requests)
{
    struct grpc_server *server = grpc_server_start(plan);
    struct host_result result = export_to(server, timeout_ms);
    *requests = grpc_server_begun(server);
    grpc_server_stop(server);
    return result;
}

static struct host_result answered(const struct grpc_plan *plan, unsigned *requests)
{
    return answered_by(plan, PATIENCE_MS, requests);
}

static void success_is_accepted(void **state)
{
    unsigned requests;
    struct host_result result = answered(&(struct grpc_plan){.fault = GRPC_ANSWER}, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 0);
    assert_string_equal(result.message, "");
    assert_int_equal(requests, 1);
}

static void the_request_is_as_the_protocol_says(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    const cotel_otlp_header headers[] = {{"X-Api-Key", "k3y"}, {"x-empty", ""}};
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.headers = headers;
    options.header_count = 2;
    options.user_agent = "shop/1.2";
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, 7000).outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    char authority[64];
    snprintf(authority, sizeof authority, ":authority: 127.0.0.1:%s\n", grpc_server_port(server));
    static const char *const lines[] = {
        ":method: POST\n",
        ":scheme: http\n",
        ":path: /opentelemetry.proto.collector.trace.v1.TraceService/Export\n",
        "\nte: trailers\n",
        "\ncontent-type: application/grpc\n",
        "\nuser-agent: shop/1.2 OTel-OTLP-Exporter-C/",
        "\ngrpc-timeout: 6", /* and 999 ms or a little less */
        "\ngrpc-accept-encoding: identity,gzip\n",
        "\nx-api-key: k3y\n",
        "\nx-empty: \n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!grpc_server_head_has(server, lines[i]))
            fail_msg("no line \"%s\"", lines[i]);
    }
    assert_true(grpc_server_head_has(server, authority));
    assert_false(grpc_server_head_has(server, "grpc-encoding"));
    grpc_server_stop(server);
}

static void a_header_that_names_the_agent_goes_before_ours(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    const cotel_otlp_header header = {"User-Agent", "shop/1.2"};
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.headers = &header;
    options.header_count = 1;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(send_ten(exporter, 7000).outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    assert_true(grpc_server_head_has(server, "\nuser-agent: shop/1.2\n"));
    assert_false(grpc_server_head_has(server, "OTel-OTLP-Exporter"));
    grpc_server_stop(server);
}

static void a_compressed_request_says_so(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.compression = COTEL_OTLP_COMPRESSION_GZIP;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(host_export(exporter, host_batch(1, 50, 200), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    assert_true(grpc_server_head_has(server, "\ngrpc-encoding: gzip\n"));
    assert_in_range(grpc_server_body_bytes(server), 1, 50 * 200);
    grpc_server_stop(server);
}

static void each_status_is_final_or_retried(void **state)
{
    static const struct {
        const char *name;
        cotel_export_outcome outcome;
    } codes[] = {
        {"OK", COTEL_EXPORT_ACCEPTED},
        {"CANCELLED", COTEL_EXPORT_TIMEOUT},
        {"UNKNOWN", COTEL_EXPORT_REFUSED},
        {"INVALID_ARGUMENT", COTEL_EXPORT_INVALID},
        {"DEADLINE_EXCEEDED", COTEL_EXPORT_TIMEOUT},
        {"NOT_FOUND", COTEL_EXPORT_REFUSED},
        {"ALREADY_EXISTS", COTEL_EXPORT_REFUSED},
        {"PERMISSION_DENIED", COTEL_EXPORT_REFUSED},
        {"RESOURCE_EXHAUSTED", COTEL_EXPORT_TOO_LARGE},
        {"FAILED_PRECONDITION", COTEL_EXPORT_REFUSED},
        {"ABORTED", COTEL_EXPORT_TIMEOUT},
        {"OUT_OF_RANGE", COTEL_EXPORT_TIMEOUT},
        {"UNIMPLEMENTED", COTEL_EXPORT_REFUSED},
        {"INTERNAL", COTEL_EXPORT_REFUSED},
        {"UNAVAILABLE", COTEL_EXPORT_TIMEOUT},
        {"DATA_LOSS", COTEL_EXPORT_TIMEOUT},
        {"UNAUTHENTICATED", COTEL_EXPORT_REFUSED},
    };
    for (size_t i = 0; i < 2 * sizeof codes / sizeof *codes; i++) {
        size_t code = i / 2;
        char digits[8], wanted[64];
        snprintf(digits, sizeof digits, "%zu", code);
        snprintf(wanted, sizeof wanted, "gRPC status %s: the 100%% reason", codes[code].name);
        const struct grpc_plan plan = {
            .status = digits, .message = "the%20100%25 reason", .is_short = i % 2 != 0};
        bool is_retried = codes[code].outcome == COTEL_EXPORT_TIMEOUT;
        unsigned requests;
        struct host_result result =
            answered_by(&plan, is_retried ? RETRIES_MS : PATIENCE_MS, &requests);
        assert_int_equal(result.outcome, codes[code].outcome);
        assert_true(is_retried ? requests > 1 : requests == 1);
        if (code != 0)
            must_say(&result, wanted);
    }
}

static void passing_trouble_is_retried_until_it_is_over(void **state)
{
    const struct grpc_plan plan = {.status = "14", .times = 2, .is_short = true};
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(requests, 3);
}

/* google.rpc.Status{code 8, details Any{RetryInfo{retry_delay{nanos 300000000}}}} */
static const char retry_in_300_ms[] =
    "CAgaNAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIICgYQgMaGjwE";
/* The same with retry_delay{seconds 20}. */
static const char retry_in_20_s[] =
    "CAgaMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIFA";

static void a_delay_that_the_peer_asks_for_is_kept(void **state)
{
    static const char *const statuses[] = {"8", "14"};
    for (size_t i = 0; i < 2; i++) {
        const struct grpc_plan plan = {
            .status = statuses[i], .times = 1, .is_short = true, .details = retry_in_300_ms};
        uint64_t began = host_now_ms();
        unsigned requests;
        struct host_result result = answered(&plan, &requests);
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        assert_int_equal(requests, 2);
        assert_true(host_now_ms() - began >= 300);
    }
}

static void a_delay_beyond_the_deadline_is_not_waited_for(void **state)
{
    const struct grpc_plan plan = {.status = "14", .details = retry_in_20_s};
    uint64_t began = host_now_ms();
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_int_equal(requests, 1);
    assert_true(host_now_ms() - began < PATIENCE_MS / 2);
}

static void a_delay_does_not_make_a_refusal_a_retry(void **state)
{
    const struct grpc_plan plan = {.status = "3", .details = retry_in_300_ms};
    unsigned requests;
    assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_INVALID);
    assert_int_equal(requests, 1);
}

static void malformed_details_are_left_out(void **state)
{
    static const char *const details[] = {"!!!!", "A", "/////////w",
                                          "CAgaNAoodHlwZS5nb29nbGVhcGlz"};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        const struct grpc_plan plan = {.status = "8", .details = details[i]};
        unsigned requests;
        assert_int_equal(answered(&plan, &requests).outcome, COTEL_EXPORT_TOO_LARGE);
    }
}

static void a_partial_success_is_counted_and_not_sent_again(void **state)
{
    static const char body[] = "\0\0\0\0\x0b\x0a\x09\x08\x03\x12\x05quota";
    const struct grpc_plan plan = {.body = body, .body_size = sizeof body - 1};
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(result.rejected, 3);
    must_say(&result, "rejects 3 spans: quota");
    assert_int_equal(requests, 1);
}

static void a_warning_is_told(void **state)
{
    static const char body[] = "\0\0\0\0\x09\x0a\x07\x12\x05slow!";
    const struct grpc_plan plan = {.body = body, .body_size = sizeof body - 1};
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    must_say(&result, "warns: slow!");
}

static void a_success_that_cannot_be_read_is_still_one(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
    } bodies[] = {{"\0\0\0\0\x02\x0a\x7f", 7},
                  {"\0\0\0\0\x7f\x0a", 6},
                  {"\0\0", 2},
                  {"\x01\0\0\0\x02\x0a\x00", 7},
                  {"\0\xff\xff\xff\xff", 5}};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct grpc_plan plan = {.body = bodies[i].bytes, .body_size = bodies[i].size};
        unsigned requests;
        struct host_result result = answered(&plan, &requests);
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        must_say(&result, "cannot be decoded");
    }
}

static void success_in_the_trailers_alone_is_one(void **state)
{
    unsigned requests;
    struct host_result result = answered(&(struct grpc_plan){.is_short = true}, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(requests, 1);
}

/* Otherwise a request that is refused for its size would hang where the peer's window ends. */
static void an_answer_before_the_request_is_taken_ends_the_call(void **state)
{
    const struct grpc_plan plan = {.fault = GRPC_ANSWER_EARLY, .status = "8", .is_short = true};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    struct host_result result = host_export(exporter, host_batch(1, 1000, 1000), PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_TOO_LARGE);
    assert_int_equal(grpc_server_requests(server), 0);
    host_finish(exporter);
    grpc_server_stop(server);
}

static void an_answer_without_a_status_is_no_success(void **state)
{
    unsigned requests;
    struct host_result result = answered(&(struct grpc_plan){.status = ""}, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_REFUSED);
    must_say(&result, "gRPC status UNKNOWN: the answer has no status");
    result = answered(&(struct grpc_plan){.status = "seventeen"}, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_REFUSED);
}

static void an_answer_of_a_proxy_counts_by_its_http_status(void **state)
{
    static const struct {
        int status;
        cotel_export_outcome outcome;
    } cases[] = {{503, COTEL_EXPORT_TIMEOUT}, {502, COTEL_EXPORT_TIMEOUT},
                 {504, COTEL_EXPORT_TIMEOUT}, {429, COTEL_EXPORT_TIMEOUT},
                 {400, COTEL_EXPORT_REFUSED}, {401, COTEL_EXPORT_REFUSED},
                 {403, COTEL_EXPORT_REFUSED}, {404, COTEL_EXPORT_REFUSED},
                 {200, COTEL_EXPORT_REFUSED}, {418, COTEL_EXPORT_REFUSED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct grpc_plan plan = {.http_status = cases[i].status,
                                       .content_type = "text/html",
                                       .status = "",
                                       .body = "<html>",
                                       .body_size = 6};
        bool is_retried = cases[i].outcome == COTEL_EXPORT_TIMEOUT;
        unsigned requests;
        struct host_result result =
            answered_by(&plan, is_retried ? RETRIES_MS : PATIENCE_MS, &requests);
        assert_int_equal(result.outcome, cases[i].outcome);
        assert_true(is_retried ? requests > 1 : requests == 1);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "HTTP status %d, not of gRPC", cases[i].status);
        must_say(&result, wanted);
    }
}

static void a_stream_that_is_reset_counts_by_its_code(void **state)
{
    static const struct {
        uint32_t code;
        cotel_export_outcome outcome;
    } cases[] = {
        {NGHTTP2_PROTOCOL_ERROR, COTEL_EXPORT_REFUSED},
        {NGHTTP2_INTERNAL_ERROR, COTEL_EXPORT_REFUSED},
        {NGHTTP2_FLOW_CONTROL_ERROR, COTEL_EXPORT_REFUSED},
        {NGHTTP2_FRAME_SIZE_ERROR, COTEL_EXPORT_REFUSED},
        {NGHTTP2_REFUSED_STREAM, COTEL_EXPORT_TIMEOUT},
        {NGHTTP2_CANCEL, COTEL_EXPORT_TIMEOUT},
        {NGHTTP2_COMPRESSION_ERROR, COTEL_EXPORT_REFUSED},
        {NGHTTP2_ENHANCE_YOUR_CALM, COTEL_EXPORT_TIMEOUT},
        {NGHTTP2_INADEQUATE_SECURITY, COTEL_EXPORT_REFUSED},
        {NGHTTP2_NO_ERROR, COTEL_EXPORT_REFUSED},
        {0xffffffffu, COTEL_EXPORT_REFUSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct grpc_plan plan = {.fault = GRPC_RESET_STREAM, .reset = cases[i].code};
        bool is_retried = cases[i].outcome == COTEL_EXPORT_TIMEOUT;
        unsigned requests;
        struct host_result result =
            answered_by(&plan, is_retried ? RETRIES_MS : PATIENCE_MS, &requests);
        assert_int_equal(result.outcome, cases[i].outcome);
        assert_true(is_retried ? requests > 1 : requests == 1);
        must_say(&result, "gRPC status ");
        must_say(&result, cases[i].code == NGHTTP2_NO_ERROR
                              ? "has no status"
                              : nghttp2_http2_strerror(cases[i].code));
    }
}

/* Not read to its end, either; and the connection serves on. */
static void an_endless_answer_is_a_failure(void **state)
{
    const struct grpc_plan plan = {.body_size = 5u << 20};
    struct grpc_server *server = grpc_server_start(&plan);
    cotel_exporter *exporter = quick_exporter(grpc_server_url(server));
    struct host_result result = send_ten(exporter, PATIENCE_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    must_say(&result, "longer than 4194304 bytes");
    assert_int_equal(grpc_server_requests(server), 1);
    grpc_server_set_plan(server, &(struct grpc_plan){.fault = GRPC_ANSWER});
    assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(grpc_server_connections(server), 1);
    host_finish(exporter);
    grpc_server_stop(server);
}

/* A message in gzip with gRPC's prefix before it; to be freed. */
static char *packed(const void *plain, size_t plain_size, size_t *size)
{
    uLongf bound = compressBound(plain_size) + 100;
    unsigned char *out = malloc(bound + 5);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)plain,
                       .avail_in = (uInt)plain_size,
                       .next_out = out + 5,
                       .avail_out = (uInt)bound};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    out[0] = 1;
    for (int i = 0; i < 4; i++)
        out[1 + i] = (unsigned char)(stream.total_out >> (24 - 8 * i));
    *size = stream.total_out + 5;
    return (char *)out;
}

static void an_answer_in_gzip_is_read(void **state)
{
    static const char message[] = "\x0a\x09\x08\x03\x12\x05quota";
    struct grpc_plan plan = {.encoding = "gzip"};
    char *body = packed(message, sizeof message - 1, &plan.body_size);
    plan.body = body;
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.rejected, 3);
    must_say(&result, "quota");
    free(body);
}

/* A few kilobytes that become eight million. */
static void a_compressed_answer_counts_by_what_it_becomes(void **state)
{
    enum { PLAIN_SIZE = 8 << 20 };
    char *zeros = calloc(1, PLAIN_SIZE);
    struct grpc_plan plan = {.encoding = "gzip"};
    char *bomb = packed(zeros, PLAIN_SIZE, &plan.body_size);
    plan.body = bomb;
    assert_true(plan.body_size < 16 << 10);
    unsigned requests;
    struct host_result result = answered(&plan, &requests);
    assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
    must_say(&result, "longer than");
    assert_int_equal(requests, 1);
    free(zeros);
    free(bomb);
}

static void a_request_above_the_limit_is_not_sent(void **state)
{
    struct grpc_server *server = grpc_server_start(&(struct grpc_plan){.fault = GRPC_ANSWER});
    cotel_otlp_grpc_options options = quick_options(grpc_server_url(server));
    options.max_request_bytes = 5000;
    cotel_exporter *exporter = exporter_with(&options);
    assert_int_equal(host_export(exporter, host_batch(1, 10, 1000), PATIENCE_MS).outcome,
                     COTEL_EXPORT_TOO_LARGE);
    assert_int_equal(grpc_server_connections(server), 0);
    assert_int_equal(host_export(exporter, host_batch(1, 1, 1000), PATIENCE_MS).outcome,
                     COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    grpc_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_is_accepted),
        cmocka_unit_test(the_request_is_as_the_protocol_says),
        cmocka_unit_test(a_header_that_names_the_agent_goes_before_ours),
        cmocka_unit_test(a_compressed_request_says_so),
        cmocka_unit_test(each_status_is_final_or_retried),
        cmocka_unit_test(passing_trouble_is_retried_until_it_is_over),
        cmocka_unit_test(a_delay_that_the_peer_asks_for_is_kept),
        cmocka_unit_test(a_delay_beyond_the_deadline_is_not_waited_for),
        cmocka_unit_test(a_delay_does_not_make_a_refusal_a_retry),
        cmocka_unit_test(malformed_details_are_left_out),
        cmocka_unit_test(a_partial_success_is_counted_and_not_sent_again),
        cmocka_unit_test(a_warning_is_told),
        cmocka_unit_test(a_success_that_cannot_be_read_is_still_one),
        cmocka_unit_test(success_in_the_trailers_alone_is_one),
        cmocka_unit_test(an_answer_before_the_request_is_taken_ends_the_call),
        cmocka_unit_test(an_answer_without_a_status_is_no_success),
        cmocka_unit_test(an_answer_of_a_proxy_counts_by_its_http_status),
        cmocka_unit_test(a_stream_that_is_reset_counts_by_its_code),
        cmocka_unit_test(an_endless_answer_is_a_failure),
        cmocka_unit_test(an_answer_in_gzip_is_read),
        cmocka_unit_test(a_compressed_answer_counts_by_what_it_becomes),
        cmocka_unit_test(a_request_above_the_limit_is_not_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
