/* SPDX-License-Identifier: Apache-2.0 */
/* Each reason not to trust a peer, and TLS on one side alone, through the whole SDK over both
 * transports. tests/fault/otlp_tls has what the exporters do in detail. */
#include "accounting.h"
#include "tests/support/certificates.h"
#include "tests/support/otlp_peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum transport { OVER_HTTP, OVER_GRPC, TRANSPORTS };
enum file { CA, SERVER, SERVER_KEY, FILES };
enum { EACH_TRIES_ONCE = SPANS / BATCH };

static char folder[] = "/tmp/cotel-accounting-XXXXXX";
static char paths[FILES][64];
static struct authority *authority;

static int make_files(void **state)
{
    static const char *const names[FILES] = {"ca", "server", "server-key"};
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    for (int i = 0; i < FILES; i++)
        snprintf(paths[i], sizeof paths[i], "%s/%s.pem", folder, names[i]);
    authority = authority_create("signer", paths[CA]);
    return 0;
}

static int drop_files(void **state)
{
    (void)state;
    authority_free(authority);
    for (int i = 0; i < FILES; i++)
        unlink(paths[i]);
    return rmdir(folder);
}

static cotel_exporter *exporter_to(enum transport transport, const char *scheme,
                                   const struct otlp_peer *peer, uint64_t timeout_ms)
{
    char url[128];
    cotel_otlp_tls_options tls = COTEL_OTLP_TLS_OPTIONS_INIT;
    cotel_otlp_http_options http = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_otlp_grpc_options grpc = COTEL_OTLP_GRPC_OPTIONS_INIT;
    cotel_exporter *exporter = NULL;
    tls.ca_file = paths[CA];
    snprintf(url, sizeof url, "%s://127.0.0.1:%s%s", scheme, otlp_peer_port(peer),
             transport == OVER_HTTP ? "/v1/traces" : "");
    http.endpoint = grpc.endpoint = url;
    http.tls = grpc.tls = &tls;
    http.timeout_ms = grpc.timeout_ms = timeout_ms;
    http.backoff_initial_ms = grpc.backoff_initial_ms = 20;
    http.backoff_max_ms = grpc.backoff_max_ms = 50;
    assert_int_equal(transport == OVER_HTTP ? cotel_otlp_http_exporter_create(&http, &exporter)
                                            : cotel_otlp_grpc_exporter_create(&grpc, &exporter),
                     COTEL_STATUS_OK);
    return exporter;
}

/* Returns how many connections the peer took. */
static unsigned account_over(enum transport transport, const char *fault, const char *scheme,
                             const struct expectation *expected)
{
    const struct otlp_peer_plan plan = {
        .certificate = paths[SERVER], .key = paths[SERVER_KEY], .http2 = true};
    struct otlp_peer *peer = otlp_peer_start(&plan);
    uint64_t timeout_ms = expected->reason == COTEL_DROP_TIMEOUT ? SHORT_MS : PATIENCE_MS;
    account_for(fault, exporter_to(transport, scheme, peer, timeout_ms), expected);
    unsigned connections = otlp_peer_connections(peer);
    if (expected->lost == SPANS)
        assert_int_equal(otlp_peer_requests(peer), 0);
    otlp_peer_stop(peer);
    return connections;
}

/* It would be the same the next time: nothing is tried again. */
static void account_for_distrust(const char *fault, const char *const told[TRANSPORTS])
{
    for (int over = 0; over < TRANSPORTS; over++) {
        const struct expectation expected = {
            .lost = SPANS, .reason = COTEL_DROP_FAILED, .told = told[over]};
        assert_int_equal(account_over(over, fault, "https", &expected), EACH_TRIES_ONCE);
    }
}

static void who_is_not_trusted_gets_nothing_and_is_not_asked_again(void **state)
{
    static const struct {
        const char *fault;
        struct certificate_wish wish;
        bool is_self_signed;
        const char *told[TRANSPORTS];
    } rows[] = {
        {"certificate expired",
         {.host = "127.0.0.1", .is_expired = true},
         false,
         {"certificate has expired", "certificate has expired"}},
        {"wrong host", {.host = "collector.example"}, false, {"target host", "mismatch"}},
        {"self-signed",
         {.host = "127.0.0.1"},
         true,
         {"self-signed certificate", "self-signed certificate"}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        certificate_issue(rows[i].is_self_signed ? NULL : authority, &rows[i].wish, paths[SERVER],
                          paths[SERVER_KEY]);
        account_for_distrust(rows[i].fault, rows[i].told);
    }
}

static void who_is_trusted_gets_all(void **state)
{
    static const struct expectation nothing_lost = {.lost = 0};
    static const struct certificate_wish wish = {.host = "127.0.0.1"};
    (void)state;
    certificate_issue(authority, &wish, paths[SERVER], paths[SERVER_KEY]);
    for (int over = 0; over < TRANSPORTS; over++)
        (void)account_over(over, "good", "https", &nothing_lost);
}

static void plaintext_against_tls_is_tried_until_the_time_is_up(void **state)
{
    static const struct expectation expected = {.lost = SPANS,
                                                .reason = COTEL_DROP_TIMEOUT,
                                                .told = "10 of 10 spans are lost (timeout)",
                                                .told_of_try = "next attempt in"};
    static const struct certificate_wish wish = {.host = "127.0.0.1"};
    (void)state;
    certificate_issue(authority, &wish, paths[SERVER], paths[SERVER_KEY]);
    for (int over = 0; over < TRANSPORTS; over++)
        (void)account_over(over, "plaintext against TLS", "http", &expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_not_trusted_gets_nothing_and_is_not_asked_again),
        cmocka_unit_test(who_is_trusted_gets_all),
        cmocka_unit_test(plaintext_against_tls_is_tried_until_the_time_is_up),
    };
    return cmocka_run_group_tests(tests, make_files, drop_files);
}
