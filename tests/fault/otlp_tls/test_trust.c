/* SPDX-License-Identifier: Apache-2.0 */
/* Whom the exporters trust, who trusts them, and what they say when somebody does not. */
#include "tls.h"

static void a_peer_that_our_signer_knows_is_trusted(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        assert_string_equal(result.message, "");
    }
}

static void a_name_is_checked_as_an_address_is(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    sign_server(authority, "localhost");
    for (int over = 0; over < TRANSPORTS; over++) {
        char base[64];
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = NULL;
        snprintf(base, sizeof base, "https://localhost:%s", otlp_peer_port(peer));
        assert_int_equal(create_over(over, base, &tls, &exporter), COTEL_STATUS_OK);
        assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* Nothing in it will change: the batch is given up at once, after one connection. */
static void assert_distrusted(const char *words)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        struct host_result result = send_ten(exporter, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
        assert_says(&result, words);
        assert_int_equal(otlp_peer_connections(peer), 1);
        assert_int_equal(otlp_peer_requests(peer), 0);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* As the user wants it, who has been told what it means. */
static void assert_taken_unseen(void)
{
    const struct otlp_peer_plan plan = secure_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    tls.insecure_skip_verify = true;
    for (int over = 0; over < TRANSPORTS; over++)
        assert_int_equal(send_to(over, &plan, &tls, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
}

static void a_peer_that_a_stranger_has_signed_is_not_trusted(void **state)
{
    sign_server(stranger, "127.0.0.1");
    assert_distrusted("unable to get local issuer certificate");
    assert_taken_unseen();
}

static void a_peer_that_has_signed_for_itself_is_not_trusted(void **state)
{
    sign_server(NULL, "127.0.0.1");
    assert_distrusted("self-signed certificate");
    assert_taken_unseen();
}

static void an_expired_certificate_is_not_trusted(void **state)
{
    const struct certificate_wish wish = {.host = "127.0.0.1", .is_expired = true};
    certificate_issue(authority, &wish, paths[SERVER], paths[SERVER_KEY]);
    assert_distrusted("certificate has expired");
    assert_taken_unseen();
}

static void a_certificate_for_another_host_is_not_trusted(void **state)
{
    sign_server(authority, "collector.example");
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
        assert_says(&result, over == OVER_HTTP ? "target host" : "mismatch");
    }
    assert_taken_unseen();
}

static void without_a_file_the_signers_of_the_system_are_asked(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, NULL, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
        assert_says(&result, "unable to get local issuer certificate");
    }
}

/* ---- who we are ---- */

static struct otlp_peer_plan mutual_plan(void)
{
    struct otlp_peer_plan plan = secure_plan();
    plan.client_ca = paths[CA];
    return plan;
}

static void our_certificate_is_shown_to_who_asks(void **state)
{
    const struct otlp_peer_plan plan = mutual_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    tls.certificate_file = paths[CLIENT];
    tls.key_file = paths[CLIENT_KEY];
    for (int over = 0; over < TRANSPORTS; over++)
        assert_int_equal(send_to(over, &plan, &tls, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
}

static void the_key_may_be_in_the_file_of_the_certificate(void **state)
{
    const struct certificate_wish wish = {.host = "client.example", .with_key = true};
    const struct otlp_peer_plan plan = mutual_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    certificate_issue(authority, &wish, paths[CLIENT], NULL);
    tls.certificate_file = paths[CLIENT];
    for (int over = 0; over < TRANSPORTS; over++)
        assert_int_equal(send_to(over, &plan, &tls, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
}

/* The peer's refusal comes when the connection is already open, as far as we know: it cannot be
 * told from a connection that broke, and is retried as one. Its reason is told all the same. */
static void who_does_not_show_a_certificate_is_told_so(void **state)
{
    const struct otlp_peer_plan plan = mutual_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, SHORT_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_says(&result, "not delivered in time");
        assert_says(&result, "certificate required");
    }
}

static void a_certificate_that_the_peer_does_not_trust_is_refused_by_it(void **state)
{
    const struct certificate_wish wish = {.host = "client.example"};
    const struct otlp_peer_plan plan = mutual_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    certificate_issue(stranger, &wish, paths[CLIENT], paths[CLIENT_KEY]);
    tls.certificate_file = paths[CLIENT];
    tls.key_file = paths[CLIENT_KEY];
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, SHORT_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_says(&result, "unknown ca");
    }
}

/* Its certificate is not to be trusted either, but nobody wanted to know. */
static void unseen_trust_does_not_hide_why_a_peer_refuses(void **state)
{
    const struct otlp_peer_plan plan = mutual_plan();
    cotel_otlp_tls_options tls = COTEL_OTLP_TLS_OPTIONS_INIT;
    tls.insecure_skip_verify = true;
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, SHORT_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_says(&result, "certificate required");
    }
}

/* ---- crossed wires ---- */

static void a_peer_without_tls_is_no_peer_for_https(void **state)
{
    const struct otlp_peer_plan plan = {.http2 = true};
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, NULL, SHORT_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_says(&result, "not delivered in time");
    }
}

static void a_peer_with_tls_is_no_peer_in_the_clear(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "http", peer, NULL);
        struct host_result result = send_ten(exporter, SHORT_MS);
        assert_int_not_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        assert_int_equal(otlp_peer_requests(peer), 0);
        assert_int_not_equal(strlen(result.message), 0);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

static void grpc_needs_a_peer_that_agrees_to_http2(void **state)
{
    struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    plan.http2 = false;
    struct host_result result = send_to(OVER_GRPC, &plan, &tls, SHORT_MS);
    assert_says(&result, "HTTP/2");
    assert_int_equal(send_to(OVER_HTTP, &plan, &tls, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
}

/* ---- files ---- */

static cotel_status status_with(const char *ca, const char *certificate, const char *key)
{
    cotel_otlp_tls_options tls = COTEL_OTLP_TLS_OPTIONS_INIT;
    cotel_status statuses[TRANSPORTS];
    tls.ca_file = ca;
    tls.certificate_file = certificate;
    tls.key_file = key;
    for (int over = 0; over < TRANSPORTS; over++) {
        cotel_exporter *exporter = NULL;
        statuses[over] = create_over(over, "https://127.0.0.1:1", &tls, &exporter);
        if (exporter != NULL)
            host_finish(exporter);
    }
    assert_int_equal(statuses[OVER_HTTP], statuses[OVER_GRPC]);
    return statuses[OVER_HTTP];
}

static void a_file_that_is_none_is_told_at_once(void **state)
{
    const char *const none = "/nonexistent/ca.pem";
    assert_int_equal(status_with(paths[CA], paths[CLIENT], paths[CLIENT_KEY]), COTEL_STATUS_OK);
    assert_int_equal(status_with(none, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with(NULL, none, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with(NULL, paths[CLIENT], none), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with(NULL, NULL, paths[CLIENT_KEY]), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with(folder, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with("/dev/null", NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(status_with("/proc/self/exe", NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
}

/* It may be on its way to be replaced. */
static void a_file_that_is_damaged_is_told_with_each_attempt(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    FILE *file = fopen(paths[CA], "w");
    fputs("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n", file);
    fclose(file);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result = send_to(over, &plan, &tls, SHORT_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
        assert_says(&result, paths[CA]);
    }
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_files, drop_files)
    const struct CMUnitTest tests[] = {
        WITH_FILES(a_peer_that_our_signer_knows_is_trusted),
        WITH_FILES(a_name_is_checked_as_an_address_is),
        WITH_FILES(a_peer_that_a_stranger_has_signed_is_not_trusted),
        WITH_FILES(a_peer_that_has_signed_for_itself_is_not_trusted),
        WITH_FILES(an_expired_certificate_is_not_trusted),
        WITH_FILES(a_certificate_for_another_host_is_not_trusted),
        WITH_FILES(without_a_file_the_signers_of_the_system_are_asked),
        WITH_FILES(our_certificate_is_shown_to_who_asks),
        WITH_FILES(the_key_may_be_in_the_file_of_the_certificate),
        WITH_FILES(who_does_not_show_a_certificate_is_told_so),
        WITH_FILES(a_certificate_that_the_peer_does_not_trust_is_refused_by_it),
        WITH_FILES(unseen_trust_does_not_hide_why_a_peer_refuses),
        WITH_FILES(a_peer_without_tls_is_no_peer_for_https),
        WITH_FILES(a_peer_with_tls_is_no_peer_in_the_clear),
        WITH_FILES(grpc_needs_a_peer_that_agrees_to_http2),
        WITH_FILES(a_file_that_is_none_is_told_at_once),
        WITH_FILES(a_file_that_is_damaged_is_told_with_each_attempt),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
