/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exporters/auto/env_parse.h"

static void numbers_go_from_0_to_the_largest_signed_one(void **state)
{
    const struct {
        const char *text;
        uint32_t number;
    } rows[] = {{"0", 0}, {"512", 512}, {" 7\t", 7}, {"007", 7}, {"2147483647", INT32_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t number = 99;
        assert_true(ct_env_parse_number(cotel_str_of(rows[i].text), &number));
        assert_int_equal(number, rows[i].number);
    }
    const char *wrong[] = {"",   " ",    "-1",  "+1",         "1.5",        "1e3",
                           "1k", "0x10", "1 2", "2147483648", "4294967296", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t number = 99;
        assert_false(ct_env_parse_number(cotel_str_of(wrong[i]), &number));
        assert_int_equal(number, 99);
    }
}

static void ratios_go_from_0_to_1(void **state)
{
    const struct {
        const char *text;
        double ratio;
    } rows[] = {{"0", 0}, {"1", 1}, {"0.25", 0.25}, {" 1e-3 ", 1e-3}, {".5", .5}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double ratio = 99;
        assert_true(ct_env_parse_ratio(cotel_str_of(rows[i].text), &ratio));
        assert_true(ratio == rows[i].ratio);
    }
    const char *wrong[] = {"",     " ",    "-0.1",   "1.01", "nan", "inf", "0,5",
                           "half", "0.5x", "0x1p-1", "\r1",  "1e",  "e",   "--1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        double ratio = 99;
        assert_false(ct_env_parse_ratio(cotel_str_of(wrong[i]), &ratio));
        assert_true(ratio == 99);
    }
}

static void a_truth_value_is_true_or_false_in_either_case(void **state)
{
    bool value = false;
    assert_true(ct_env_parse_bool(cotel_str_of("TrUe"), &value));
    assert_true(value);
    assert_true(ct_env_parse_bool(cotel_str_of(" FALSE "), &value));
    assert_false(value);
    const char *wrong[] = {"1", "yes", "on", "t", "truee", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ct_env_parse_bool(cotel_str_of(wrong[i]), &value));
}

static void members_of_a_list_come_trimmed(void **state)
{
    const char *expected[] = {"otlp", "console", "", "x"};
    cotel_str rest = cotel_str_of(" otlp,\tconsole ,,x"), member;
    for (size_t i = 0; i < 4; i++) {
        assert_true(ct_env_next_member(&rest, &member));
        assert_int_equal(member.size, strlen(expected[i]));
        assert_memory_equal(member.data, expected[i], member.size);
    }
    assert_false(ct_env_next_member(&rest, &member));
}

static void percent_escapes_become_bytes(void **state)
{
    char out[32];
    assert_true(ct_env_percent_decode(cotel_str_of("a%20b%2C%C3%a9%25"), out));
    assert_string_equal(out, "a b,\xc3\xa9%");
    assert_true(ct_env_percent_decode(cotel_str_of(""), out));
    assert_string_equal(out, "");
}

static void nothing_that_could_forge_a_header_line_gets_through(void **state)
{
    const char *wrong[] = {"%", "%4", "a%", "%zz", "%0d%0aHost: x", "a%00b", "a\nb", "%7f", "\x01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char out[32];
        assert_false(ct_env_percent_decode(cotel_str_of(wrong[i]), out));
    }
}

static void a_url_has_a_scheme_of_http_and_a_host(void **state)
{
    const char *good[] = {"http://h", "HTTPS://h:1/p?q#f", "http://user:pass@h",
                          "http://[::1]:4318"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(ct_env_is_url(cotel_str_of(good[i])));
    const char *wrong[] = {"",        "h:4318",   "://h",      "http:/h",    "ftp://h",
                           "http://", "http:///", "http://:1", "http://a b", "http://h\r\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ct_env_is_url(cotel_str_of(wrong[i])));
}

static void a_pair_has_a_name_and_whole_escapes(void **state)
{
    const char *good[] = {"a=", "a=b", "a=b=c", "%61=%20", " a = b "};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(ct_env_is_pair(cotel_str_of(good[i])));
    const char *wrong[] = {"", "a", "=b", " =b", "a=%", "a=%2", "a=%2x", "%=b"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ct_env_is_pair(cotel_str_of(wrong[i])));
}

static void a_target_of_grpc_is_a_url_a_socket_file_or_a_host(void **state)
{
    const char *good[] = {"http://h",      "https://h:1/p",   "h",
                          "h:4317",        "10.0.0.1:4317",   "[::1]:4317",
                          "unix:/run/a b", "UNIX:///run/otlp"};
    const char *bad[] = {"",          "unix:",   ":4317",   "http://", "ftp://h", "h/v1/traces",
                         "me@h:4317", "h:1 h:2", "h\x7f:1", "h?a=b"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(ct_env_is_grpc_target(cotel_str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(ct_env_is_grpc_target(cotel_str_of(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_from_0_to_the_largest_signed_one),
        cmocka_unit_test(ratios_go_from_0_to_1),
        cmocka_unit_test(a_truth_value_is_true_or_false_in_either_case),
        cmocka_unit_test(members_of_a_list_come_trimmed),
        cmocka_unit_test(percent_escapes_become_bytes),
        cmocka_unit_test(a_url_has_a_scheme_of_http_and_a_host),
        cmocka_unit_test(a_pair_has_a_name_and_whole_escapes),
        cmocka_unit_test(nothing_that_could_forge_a_header_line_gets_through),
        cmocka_unit_test(a_target_of_grpc_is_a_url_a_socket_file_or_a_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
