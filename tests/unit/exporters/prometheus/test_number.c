/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exporters/prometheus/number.h"

enum { RANDOM_DOUBLES = 20000 };

static const char *text_of(struct ct_prom_text *text)
{
    ct_prom_text_putc(text, '\0');
    assert_false(text->failed);
    return text->data;
}

static void assert_double(double number, const char *expected)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_number_double(&text, number);
    assert_string_equal(text_of(&text), expected);
    ct_prom_text_fini(&text);
}

static void assert_label(double number, const char *plain, const char *with_point)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_number_label(&text, number, false);
    assert_string_equal(text_of(&text), plain);
    ct_prom_text_clear(&text);
    ct_prom_number_label(&text, number, true);
    assert_string_equal(text_of(&text), with_point);
    ct_prom_text_fini(&text);
}

static void whole_numbers_are_written_whole(void **state)
{
    const struct {
        int64_t number;
        const char *text;
    } rows[] = {{0, "0"},
                {7, "7"},
                {10, "10"},
                {-42, "-42"},
                {99, "99"},
                {100, "100"},
                {12345, "12345"},
                {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ct_prom_text text = {NULL, 0, 0, false};
        ct_prom_number_int(&text, rows[i].number);
        assert_string_equal(text_of(&text), rows[i].text);
        ct_prom_text_fini(&text);
    }
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_number_uint(&text, UINT64_MAX);
    assert_string_equal(text_of(&text), "18446744073709551615");
    ct_prom_text_fini(&text);
}

static void doubles_are_written_in_the_fewest_digits(void **state)
{
    assert_double(0, "0");
    assert_double(-0.0, "-0");
    assert_double(1, "1");
    assert_double(-3, "-3");
    assert_double(1000000, "1000000");
    assert_double(0.1, "0.1");
    assert_double(0.1 + 0.2, "0.30000000000000004");
    assert_double(-2.5, "-2.5");
    assert_double(1234567.891, "1234567.891");
    assert_double(0.0001, "0.0001");
    assert_double(0.00001, "1e-05");
    assert_double(1.5e-9, "1.5e-09");
    assert_double(9007199254740991, "9007199254740991");
    assert_double(9007199254740992, "9007199254740992");
    assert_double(123456789012345680000.0, "123456789012345680000");
    assert_double(1e21, "1e+21");
    assert_double(1.7976931348623157e308, "1.7976931348623157e+308");
    assert_double(5e-324, "5e-324");
    assert_double(2.2250738585072014e-308, "2.2250738585072014e-308");
    assert_double(1.0 / 3, "0.3333333333333333");
}

static void what_is_not_finite_has_a_name(void **state)
{
    assert_double(NAN, "NaN");
    assert_double(INFINITY, "+Inf");
    assert_double(-INFINITY, "-Inf");
    assert_label(INFINITY, "+Inf", "+Inf");
}

/* What Go's %g gives, and with a point what OpenMetrics calls canonical. */
static void labels_have_the_form_that_all_clients_give_them(void **state)
{
    assert_label(0, "0", "0.0");
    assert_label(1, "1", "1.0");
    assert_label(-1, "-1", "-1.0");
    assert_label(10, "10", "10.0");
    assert_label(0.001, "0.001", "0.001");
    assert_label(1e-5, "1e-05", "1e-05");
    assert_label(1e-10, "1e-10", "1e-10");
    assert_label(100000, "100000", "100000.0");
    assert_label(1e6, "1e+06", "1e+06");
    assert_label(123456789, "1.23456789e+08", "1.23456789e+08");
    assert_label(1e10, "1e+10", "1e+10");
    assert_label(0.9, "0.9", "0.9");
    assert_label(24.999999999999996, "24.999999999999996", "24.999999999999996");
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* The shortest of the three precisions that are enough for some. */
static int digits_needed(double number)
{
    char text[64];
    for (int digits = 1; digits < 17; digits++) {
        (void)snprintf(text, sizeof text, "%.*e", digits - 1, number);
        if (strtod(text, NULL) == number)
            return digits;
    }
    return 17;
}

static int digits_in(const char *text)
{
    int count = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (count == 0 && *text == '0'))
            continue;
        count++;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static void assert_read_back(double number)
{
    struct ct_prom_text text = {NULL, 0, 0, false};
    ct_prom_number_double(&text, number);
    const char *written = text_of(&text);
    assert_true(strtod(written, NULL) == number);
    if (fabs(number) >= 1e-300 && digits_in(written) > digits_needed(number))
        fail_msg("%s is longer than %.17g needs", written, number);
    ct_prom_text_fini(&text);
}

static void every_double_is_read_back_as_it_was(void **state)
{
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < RANDOM_DOUBLES; i++) {
        uint64_t bits = next_random(&random);
        double number;
        memcpy(&number, &bits, sizeof number);
        if (isfinite(number) && number != 0)
            assert_read_back(number);
        assert_read_back((double)(bits % 1000000) / 1000 + 0.001);
        assert_read_back((double)(bits >> 11) / 9007199254740992.0 + 1e-9);
    }
}

static void the_locale_has_no_say(void **state)
{
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        skip();
    assert_double(0.1 + 0.2, "0.30000000000000004");
    assert_double(2.5, "2.5");
    (void)setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_written_whole),
        cmocka_unit_test(doubles_are_written_in_the_fewest_digits),
        cmocka_unit_test(what_is_not_finite_has_a_name),
        cmocka_unit_test(labels_have_the_form_that_all_clients_give_them),
        cmocka_unit_test(every_double_is_read_back_as_it_was),
        cmocka_unit_test(the_locale_has_no_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
