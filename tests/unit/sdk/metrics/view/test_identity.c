/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/metrics.h>

#include <string.h>

#include "sdk/metrics/view/identity.h"

static bool is_name(const char *text)
{
    return ct_instrument_name_is_valid(cotel_str_of(text));
}

static void a_name_is_a_letter_and_then_letters_digits_and_four_signs(void **state)
{
    (void)state;
    assert_true(is_name("a"));
    assert_true(is_name("Z"));
    assert_true(is_name("http.server-request_duration/v2"));
    assert_false(is_name(""));
    assert_false(is_name("1a"));
    assert_false(is_name("_a"));
    assert_false(is_name(".a"));
    assert_false(is_name("a b"));
    assert_false(is_name("a\\b"));
    assert_false(is_name("a*"));
    assert_false(is_name("gr\xc3\xb6\xc3\x9f"
                         "e"));
    assert_false(ct_instrument_name_is_valid(cotel_str_n("a\0b", 3)));
    assert_false(ct_instrument_name_is_valid(cotel_str_n(NULL, 0)));
}

/* The letters that stand beside the alphabets in ASCII are none. */
static void only_letters_begin_a_name(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char name = (char)c;
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        assert_int_equal(ct_instrument_name_is_valid(cotel_str_n(&name, 1)), letter);
    }
}

static void every_byte_may_or_may_not_follow_in_a_name(void **state)
{
    (void)state;
    const char *allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/";
    for (int c = 1; c < 256; c++) {
        const char name[] = {'a', (char)c};
        assert_int_equal(ct_instrument_name_is_valid(cotel_str_n(name, 2)),
                         strchr(allowed, c) != NULL);
    }
}

static void a_name_has_255_characters_at_most(void **state)
{
    char name[COTEL_INSTRUMENT_MAX_NAME + 1];
    (void)state;
    memset(name, 'a', sizeof name);
    assert_true(ct_instrument_name_is_valid(cotel_str_n(name, 255)));
    assert_false(ct_instrument_name_is_valid(cotel_str_n(name, 256)));
}

static void a_unit_is_ascii_of_63_characters_at_most(void **state)
{
    char unit[COTEL_INSTRUMENT_MAX_UNIT + 1];
    (void)state;
    memset(unit, 'u', sizeof unit);
    assert_true(ct_instrument_unit_is_valid(cotel_str_n(unit, 63)));
    assert_false(ct_instrument_unit_is_valid(cotel_str_n(unit, 64)));
    assert_true(ct_instrument_unit_is_valid(cotel_str_n(NULL, 0)));
    assert_true(ct_instrument_unit_is_valid(cotel_str_of("{request}/s")));
    assert_false(ct_instrument_unit_is_valid(cotel_str_of("\xc2\xb5s")));
}

static void upper_and_lower_case_are_the_same_name(void **state)
{
    (void)state;
    assert_true(
        ct_instrument_name_equal(cotel_str_of("requestCount"), cotel_str_of("RequestCOUNT")));
    assert_false(ct_instrument_name_equal(cotel_str_of("requests"), cotel_str_of("request")));
    assert_false(ct_instrument_name_equal(cotel_str_of("a_b"), cotel_str_of("a.b")));
    assert_false(ct_instrument_name_equal(cotel_str_of("a@"), cotel_str_of("a`")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_a_letter_and_then_letters_digits_and_four_signs),
        cmocka_unit_test(only_letters_begin_a_name),
        cmocka_unit_test(every_byte_may_or_may_not_follow_in_a_name),
        cmocka_unit_test(a_name_has_255_characters_at_most),
        cmocka_unit_test(a_unit_is_ascii_of_63_characters_at_most),
        cmocka_unit_test(upper_and_lower_case_are_the_same_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
