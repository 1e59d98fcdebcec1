/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void an_endpoint_is_taken_apart(void **state)
{
    static const struct {
        const char *endpoint;
        bool insecure; /* the option */
        bool is_secure;
        const char *host;
        const char *port;
        const char *authority;
        const char *shown;
    } cases[] = {
        {"http://h.example:4317", false, false, "h.example", "4317", "h.example:4317",
         "http://h.example:4317 (gRPC)"},
        {"https://h.example", true, true, "h.example", "443", "h.example",
         "https://h.example (gRPC)"},
        {"HTTP://h", false, false, "h", "80", "h", "http://h (gRPC)"},
        {"h.example", false, true, "h.example", "4317", "h.example", "https://h.example (gRPC)"},
        {"h.example:9", true, false, "h.example", "9", "h.example:9", "http://h.example:9 (gRPC)"},
        {"http://[::1]:65535/v1/traces?x#y", false, false, "::1", "65535", "[::1]:65535",
         "http://[::1]:65535 (gRPC)"},
        {"http://127.0.0.1:4317/", false, false, "127.0.0.1", "4317", "127.0.0.1:4317",
         "http://127.0.0.1:4317 (gRPC)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ct_grpc_target target;
        assert_int_equal(ct_grpc_target_init(&target, cases[i].endpoint, cases[i].insecure),
                         COTEL_STATUS_OK);
        assert_int_equal(target.is_secure, cases[i].is_secure);
        assert_string_equal(target.host, cases[i].host);
        assert_string_equal(target.port, cases[i].port);
        assert_string_equal(target.authority, cases[i].authority);
        assert_string_equal(target.shown, cases[i].shown);
        assert_null(target.path);
        ct_grpc_target_fini(&target);
    }
}

static void a_socket_file_is_named(void **state)
{
    static const char *const endpoints[] = {"unix:/run/otel", "unix:///run/otel", "UNIX:/run/otel"};
    for (size_t i = 0; i < 3; i++) {
        struct ct_grpc_target target;
        assert_int_equal(ct_grpc_target_init(&target, endpoints[i], false), COTEL_STATUS_OK);
        assert_string_equal(target.path, "/run/otel");
        assert_string_equal(target.authority, "localhost");
        assert_string_equal(target.shown, "unix:/run/otel (gRPC)");
        assert_false(target.is_secure);
        assert_non_null(target.addresses);
        ct_grpc_target_fini(&target);
    }
}

static void what_is_no_endpoint_is_refused(void **state)
{
    static const char *const bad[] = {
        "",           "http://",        "https://:4317",    "http://h:",     "http://h:0",
        "http://h:x", "http://h:65536", "http://h:4317x",   "http://[::1",   "http://[]:1",
        "http://a b", "http://u:p@h:1", "http://[::1]4317", "ftp://h:1",     "unix:",
        "unix://",    "http://h:1:2",   "http://::1:4317",  "http://[a%b]:1"};
    char endless[300] = "unix:/";
    memset(endless + 6, 'x', sizeof endless - 7);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct ct_grpc_target target;
        assert_int_equal(ct_grpc_target_init(&target, bad[i], false),
                         COTEL_STATUS_INVALID_ARGUMENT);
        assert_null(target.host);
    }
    struct ct_grpc_target target;
    assert_int_equal(ct_grpc_target_init(&target, endless, false), COTEL_STATUS_INVALID_ARGUMENT);
}

static const char *addresses_of(const char *endpoint)
{
    static char kept[64];
    struct ct_grpc_target target;
    assert_int_equal(ct_grpc_target_init(&target, endpoint, false), COTEL_STATUS_OK);
    strcpy(kept, target.addresses != NULL ? target.addresses : "looked up");
    ct_grpc_target_fini(&target);
    return kept;
}

static void only_a_real_name_is_looked_up(void **state)
{
    assert_string_equal(addresses_of("http://collector.example:1"), "looked up");
    assert_string_equal(addresses_of("http://notlocalhost:1"), "looked up");
    assert_string_equal(addresses_of("http://192.0.2.1"), "192.0.2.1");
    assert_string_equal(addresses_of("https://[2001:db8::1]:1"), "2001:db8::1");
    assert_string_equal(addresses_of("LocalHost:1"), "::1,127.0.0.1");
    assert_string_equal(addresses_of("http://a.localhost"), "::1,127.0.0.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_endpoint_is_taken_apart),
        cmocka_unit_test(a_socket_file_is_named),
        cmocka_unit_test(what_is_no_endpoint_is_refused),
        cmocka_unit_test(only_a_real_name_is_looked_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
