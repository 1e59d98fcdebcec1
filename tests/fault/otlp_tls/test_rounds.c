/* SPDX-License-Identifier: Apache-2.0 */
/* Exporters that come and go, and connections that come to nothing, many times over: neither
 * descriptors nor bytes are left behind. (Under the sanitizers' allocator bytes are not counted
 * here; they look for leaks themselves.) */
#include "tls.h"

#include <malloc.h>

/* The first rounds fill caches: of libraries, of threads, of the allocator. */
enum { WARM_UP = 50, ROUNDS = 1000, ROUNDS_WITH_TLS = 250, SLACK_BYTES = 16 * 1024 };

/* While an exporter lives: connections that are being replaced, on both sides. */
enum { PASSING_DESCRIPTORS = 4, PASSING_BYTES = 1 << 20 };

struct used {
    size_t descriptors;
    size_t bytes;
};

static struct used look(struct otlp_peer *peer)
{
    otlp_peer_await_empty(peer);
    return (struct used){host_open_fds(), mallinfo2().uordblks};
}

static void assert_nothing_left(struct otlp_peer *peer, const struct used *before)
{
    struct used after = look(peer);
    assert_int_equal(after.descriptors, before->descriptors);
    if (after.bytes > before->bytes + SLACK_BYTES)
        fail_msg("%zu bytes more", after.bytes - before->bytes);
}

/* Creates, connects, exports, closes. */
static void repeat(const struct otlp_peer_plan *plan, const char *scheme,
                   const cotel_otlp_tls_options *tls, unsigned rounds, cotel_export_outcome outcome)
{
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(plan);
        struct used before = {0};
        for (unsigned round = 0; round < WARM_UP + rounds; round++) {
            if (round == WARM_UP)
                before = look(peer);
            cotel_exporter *exporter = exporter_to(over, scheme, peer, tls);
            assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, outcome);
            host_finish(exporter);
        }
        assert_nothing_left(peer, &before);
        assert_int_equal(otlp_peer_connections(peer), WARM_UP + rounds);
        otlp_peer_stop(peer);
    }
}

static void rounds_in_the_clear_leave_nothing_behind(void **state)
{
    const struct otlp_peer_plan plan = {.http2 = true};
    repeat(&plan, "http", NULL, ROUNDS, COTEL_EXPORT_ACCEPTED);
}

static void rounds_with_tls_leave_nothing_behind(void **state)
{
    struct otlp_peer_plan plan = secure_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    plan.client_ca = paths[CA];
    tls.certificate_file = paths[CLIENT];
    tls.key_file = paths[CLIENT_KEY];
    repeat(&plan, "https", &tls, ROUNDS_WITH_TLS, COTEL_EXPORT_ACCEPTED);
}

static void rounds_of_distrust_leave_nothing_behind(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    const cotel_otlp_tls_options tls = trusting(OTHER_CA);
    repeat(&plan, "https", &tls, ROUNDS_WITH_TLS, COTEL_EXPORT_FAILED);
}

/* The same exporter, whose certificates change with every round. */
static void rounds_of_renewal_leave_nothing_behind(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    cotel_otlp_tls_options tls = trusting(CA);
    tls.certificate_file = paths[CLIENT];
    tls.key_file = paths[CLIENT_KEY];
    for (int over = 0; over < TRANSPORTS; over++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_exporter *exporter = exporter_to(over, "https", peer, &tls);
        struct used before = {0};
        for (unsigned round = 0; round < WARM_UP + ROUNDS_WITH_TLS; round++) {
            if (round == WARM_UP)
                before = (struct used){host_open_fds(), mallinfo2().uordblks};
            certificate_issue(authority, &(struct certificate_wish){.host = "client.example"},
                              paths[CLIENT], paths[CLIENT_KEY]);
            assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
        }
        struct used after = {host_open_fds(), mallinfo2().uordblks};
        assert_int_equal(otlp_peer_connections(peer), WARM_UP + ROUNDS_WITH_TLS);
        assert_in_range(after.descriptors, 0, before.descriptors + PASSING_DESCRIPTORS);
        assert_in_range(after.bytes, 0, before.bytes + PASSING_BYTES);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* What a thread keeps of freed memory for itself counts as used, and is more or less by chance: the
 * program starts over without. */
static void start_over_without_caches(char **arguments)
{
    if (getenv("GLIBC_TUNABLES") != NULL)
        return;
    setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    execv("/proc/self/exe", arguments);
}

int main(int count, char **arguments)
{
    start_over_without_caches(arguments);
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_files, drop_files)
    const struct CMUnitTest tests[] = {
        WITH_FILES(rounds_in_the_clear_leave_nothing_behind),
        WITH_FILES(rounds_with_tls_leave_nothing_behind),
        WITH_FILES(rounds_of_distrust_leave_nothing_behind),
        WITH_FILES(rounds_of_renewal_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
