/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers and times of expositions, numbers for people, quantiles of histograms. */
#include "metrics/human.h"
#include "metrics/number.h"
#include "metrics/quantile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_number(const char *text, double expected)
{
    double number = 0;

    assert_true(ct_number_parse(ct_text_of(text), &number));
    assert_true(number == expected);
}

static void numbers_are_decimals_or_not_finite(void **state)
{
    double number;

    check_number("1", 1);
    check_number("-.5e+2", -50);
    check_number("+1.", 1);
    check_number("Inf", INFINITY);
    check_number("-infinity", -INFINITY);
    assert_true(ct_number_parse(ct_text_of("nan"), &number) && isnan(number));
    static const char *const wrong[] = {"",    ".",  "e1",   "1e", "1e+",  "0x1",  "1_0",
                                        "--1", "1 ", "infi", "+",  "1..2", "1e1.5"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(ct_number_parse(ct_text_of(wrong[i]), &number));
}

static void check_format(double number, const char *expected)
{
    char text[CT_NUMBER_SIZE];

    ct_number_format(text, number);
    assert_string_equal(text, expected);
}

static void numbers_are_written_as_short_as_they_come_back(void **state)
{
    check_format(0.1, "0.1");
    check_format(1.0 / 3, "0.3333333333333333");
    check_format(123456789, "123456789");
    check_format(-0.0, "-0");
    check_format(5e-324, "4.94065645841247e-324");
    check_format(INFINITY, "+Inf");
    check_format(NAN, "NaN");
}

static void check_label(double number, const char *in_text, const char *in_openmetrics)
{
    char text[CT_NUMBER_SIZE];

    ct_number_format_label(text, number, false);
    assert_string_equal(text, in_text);
    ct_number_format_label(text, number, true);
    assert_string_equal(text, in_openmetrics);
}

static void labels_have_one_form(void **state)
{
    check_label(1, "1", "1.0");
    check_label(0.25, "0.25", "0.25");
    check_label(1e6, "1e+06", "1e+06");
    check_label(1234567, "1.234567e+06", "1.234567e+06");
    check_label(INFINITY, "+Inf", "+Inf");
}

static void check_seconds(const char *text, int64_t ns, const char *back)
{
    struct ct_time time = {false, 0};
    char copy[CT_NUMBER_SIZE];

    assert_true(ct_time_parse_s(ct_text_of(text), &time));
    assert_int_equal(time.unix_ns, ns);
    ct_time_format_s(copy, time);
    assert_string_equal(copy, back);
}

static void times_are_exact_to_the_nanosecond(void **state)
{
    check_seconds("1700000000.123456789", 1700000000123456789, "1700000000.123456789");
    check_seconds("-0.5", -500000000, "-0.5");
    check_seconds("1.5e3", 1500000000000, "1500");
    check_seconds("7", 7000000000, "7");
    check_seconds("100", 100000000000, "100");
    check_seconds("0.0000000019", 1, "0.000000001");
    struct ct_time time;
    assert_false(ct_time_parse_s(ct_text_of("1e10"), &time));
    assert_false(ct_time_parse_s(ct_text_of("NaN"), &time));
    assert_false(ct_time_parse_s(ct_text_of(""), &time));
}

static void milliseconds_are_whole(void **state)
{
    struct ct_time time = {true, -1};
    char text[CT_NUMBER_SIZE];

    ct_time_format_ms(text, time);
    assert_string_equal(text, "-1");
    assert_true(ct_time_parse_ms(ct_text_of("-1500"), &time));
    assert_int_equal(time.unix_ns, -1500000000);
    ct_time_format_ms(text, time);
    assert_string_equal(text, "-1500");
    assert_false(ct_time_parse_ms(ct_text_of("1.5"), &time));
    assert_false(ct_time_parse_ms(ct_text_of("-"), &time));
    assert_false(ct_time_parse_ms(ct_text_of("9223372036854775808"), &time));
    assert_false(ct_time_parse_ms(ct_text_of("9223372036855"), &time)); /* in nanoseconds */
}

/* ---- quantiles ---- */

static void check_quantile(const struct ct_bucket *buckets, size_t count, double q, double expected,
                           bool is_beyond)
{
    struct ct_quantile quantile = ct_quantile_of(buckets, count, q);

    assert_true(fabs(quantile.value - expected) < 1e-12);
    assert_int_equal(quantile.is_beyond, is_beyond);
}

static void values_lie_evenly_in_their_bucket(void **state)
{
    static const struct ct_bucket buckets[] = {{1, 10}, {2, 30}, {4, 40}, {INFINITY, 50}};

    check_quantile(buckets, 4, 0.1, 0.5, false);
    check_quantile(buckets, 4, 0.2, 1, false);
    check_quantile(buckets, 4, 0.4, 1.5, false);
    check_quantile(buckets, 4, 0.7, 3, false);
    check_quantile(buckets, 4, 0.8, 4, false);
    check_quantile(buckets, 4, 0.9, 4, true);
}

static void a_first_bucket_below_zero_has_no_beginning(void **state)
{
    static const struct ct_bucket buckets[] = {{-1, 10}, {1, 20}, {INFINITY, 20}};

    check_quantile(buckets, 3, 0.25, -1, false);
    check_quantile(buckets, 3, 0.75, 0, false);
}

static void without_values_or_their_end_nothing_is_known(void **state)
{
    static const struct ct_bucket empty[] = {{1, 0}, {INFINITY, 0}}, open[] = {{1, 5}, {2, 6}},
                                  lone[] = {{INFINITY, 5}};

    assert_true(isnan(ct_quantile_of(empty, 2, 0.5).value));
    assert_true(isnan(ct_quantile_of(open, 2, 0.5).value));
    assert_true(isnan(ct_quantile_of(lone, 1, 0.5).value));
    assert_true(isnan(ct_quantile_of(NULL, 0, 0.5).value));
}

static void buckets_are_put_in_order(void **state)
{
    struct ct_bucket buckets[] = {{INFINITY, 9}, {1, 3}, {2, 5}, {1, 4}, {3, 1}};

    assert_int_equal(ct_buckets_order(buckets, 5), 4);
    assert_true(buckets[0].le == 1 && buckets[0].count == 7);
    assert_true(buckets[1].le == 2 && buckets[1].count == 7);
    assert_true(buckets[2].le == 3 && buckets[2].count == 7);
    assert_true(buckets[3].le == INFINITY && buckets[3].count == 9);
}

/* ---- for people ---- */

static void check_human(double number, enum ct_quantity quantity, const char *expected)
{
    char text[CT_HUMAN_SIZE];

    ct_human_format(text, number, quantity);
    assert_string_equal(text, expected);
}

static void people_read_what_says_something(void **state)
{
    check_human(0, CT_QUANTITY_NUMBER, "0");
    check_human(-1234567, CT_QUANTITY_NUMBER, "-1,234,567");
    check_human(999, CT_QUANTITY_NUMBER, "999");
    check_human(1234.5, CT_QUANTITY_NUMBER, "1,235");
    check_human(0.123456, CT_QUANTITY_NUMBER, "0.1235");
    check_human(1e300, CT_QUANTITY_NUMBER, "1e+300");
    check_human(-INFINITY, CT_QUANTITY_BYTES, "-Inf");
    check_human(0, CT_QUANTITY_SECONDS, "0s");
    check_human(1.5e-8, CT_QUANTITY_SECONDS, "15ns");
    check_human(0.00012, CT_QUANTITY_SECONDS, "120\xC2\xB5s");
    check_human(0.9999, CT_QUANTITY_SECONDS, "1s");
    check_human(59.96, CT_QUANTITY_SECONDS, "60s");
    check_human(61, CT_QUANTITY_SECONDS, "1m01s");
    check_human(-90000, CT_QUANTITY_SECONDS, "-1d01h");
    check_human(1e300, CT_QUANTITY_SECONDS, "1e+300s");
    check_human(1023, CT_QUANTITY_BYTES, "1023B");
    check_human(1024, CT_QUANTITY_BYTES, "1KiB");
    check_human(1.5 * 1024 * 1024, CT_QUANTITY_BYTES, "1.5MiB");
    check_human(1e300, CT_QUANTITY_BYTES, "8.882e+284PiB");
    check_human(1.7e9, CT_QUANTITY_TIME, "2023-11-14 22:13:20Z");
    check_human(17, CT_QUANTITY_TIME, "17s");
}

static void a_name_tells_times_from_durations(void **state)
{
    const struct ct_text seconds = ct_text_of("seconds");

    assert_int_equal(ct_quantity_of(seconds, ct_text_of("process_start_time_seconds")),
                     CT_QUANTITY_TIME);
    assert_int_equal(ct_quantity_of(seconds, ct_text_of("latency_seconds")), CT_QUANTITY_SECONDS);
    assert_int_equal(ct_quantity_of(ct_text_of("bytes"), ct_text_of("a")), CT_QUANTITY_BYTES);
    assert_int_equal(ct_quantity_of(ct_text_of("volts"), ct_text_of("a")), CT_QUANTITY_NUMBER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimals_or_not_finite),
        cmocka_unit_test(numbers_are_written_as_short_as_they_come_back),
        cmocka_unit_test(labels_have_one_form),
        cmocka_unit_test(times_are_exact_to_the_nanosecond),
        cmocka_unit_test(milliseconds_are_whole),
        cmocka_unit_test(values_lie_evenly_in_their_bucket),
        cmocka_unit_test(a_first_bucket_below_zero_has_no_beginning),
        cmocka_unit_test(without_values_or_their_end_nothing_is_known),
        cmocka_unit_test(buckets_are_put_in_order),
        cmocka_unit_test(people_read_what_says_something),
        cmocka_unit_test(a_name_tells_times_from_durations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
