/* SPDX-License-Identifier: Apache-2.0 */
/* Files that change while the program runs: what is sent next goes by what they say then. */
#include "tls.h"

#include <fcntl.h>

/* How long it takes until connections are kept again, at most: libcurl counts in seconds. */
enum { SETTLING_S = 5 };

static void assert_sent(cotel_exporter *exporter)
{
    struct host_result result = send_ten(exporter, PATIENCE_MS);
    if (result.outcome != COTEL_EXPORT_ACCEPTED)
        fail_msg("%s", result.message);
}

/* The peer has a certificate of a new signer, and hung up when it got it. */
static void new_signers_are_known_without_a_restart(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        assert_sent(exporter);
        authority_free(authority);
        authority = authority_create("new signer", paths[CA]);
        sign_server(authority, "127.0.0.1");
        otlp_peer_renew(peer, &plan);
        assert_sent(exporter);
        assert_int_equal(otlp_peer_connections(peer), 2);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* Neither the open connection nor the session that it left behind is used any more. */
static void a_signer_that_is_taken_back_is_not_trusted_any_more(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        assert_sent(exporter);
        assert_sent(exporter);
        assert_int_equal(otlp_peer_connections(peer), 1);
        authority_free(authority_create("new signer", paths[CA]));
        struct host_result result = send_ten(exporter, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_FAILED);
        assert_says(&result, "unable to get local issuer certificate");
        host_finish(exporter);
        otlp_peer_stop(peer);
        drop_files(state);
        make_files(state);
    }
}

static void copy_file(enum file from, enum file to)
{
    char bytes[4096];
    int in = open(paths[from], O_RDONLY | O_CLOEXEC);
    int out = open(paths[to], O_WRONLY | O_TRUNC | O_CLOEXEC);
    ssize_t size = read(in, bytes, sizeof bytes);
    assert_true(in >= 0 && out >= 0 && size > 0 && write(out, bytes, (size_t)size) == size);
    close(in);
    close(out);
}

/* Two files cannot change in one step. Meanwhile they do not fit together. */
static void a_certificate_waits_for_its_key(void **state)
{
    struct otlp_peer_plan plan = secure_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    plan.client_ca = paths[CA];
    tls.certificate_file = paths[CLIENT];
    tls.key_file = paths[CLIENT_KEY];
    for (int over = 0; over < TRANSPORTS; over++) {
        struct host_result result;
        struct host_result *results[] = {&result};
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        assert_sent(exporter);
        certificate_issue(authority, &(struct certificate_wish){.host = "renewed.example"},
                          paths[CLIENT], paths[OTHER_CA]);
        host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &result);
        assert_false(host_drive(exporter, results, 1, 200));
        copy_file(OTHER_CA, CLIENT_KEY);
        assert_true(host_drive(exporter, results, 1, PATIENCE_MS));
        assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

static void a_file_that_is_gone_changes_nothing(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        assert_sent(exporter);
        assert_int_equal(rename(paths[CA], paths[OTHER_CA]), 0);
        assert_sent(exporter);
        assert_int_equal(rename(paths[OTHER_CA], paths[CA]), 0);
        assert_int_equal(otlp_peer_connections(peer), 1);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* After a change connections are kept again, the old one not among them. */
static void the_new_connection_is_kept(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(CA);
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        assert_sent(exporter);
        copy_file(CA, OTHER_CA);
        assert_int_equal(rename(paths[OTHER_CA], paths[CA]), 0);
        for (int second = 0; second < SETTLING_S; second++) {
            assert_sent(exporter);
            sleep(1);
        }
        assert_sent(exporter);
        unsigned connections = otlp_peer_connections(peer);
        assert_true(connections > 1);
        assert_sent(exporter);
        assert_sent(exporter);
        assert_int_equal(otlp_peer_connections(peer), connections);
        host_finish(exporter);
        otlp_peer_stop(peer);
        drop_files(state);
        make_files(state);
    }
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_files, drop_files)
    const struct CMUnitTest tests[] = {
        WITH_FILES(new_signers_are_known_without_a_restart),
        WITH_FILES(a_signer_that_is_taken_back_is_not_trusted_any_more),
        WITH_FILES(a_certificate_waits_for_its_key),
        WITH_FILES(a_file_that_is_gone_changes_nothing),
        WITH_FILES(the_new_connection_is_kept),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
