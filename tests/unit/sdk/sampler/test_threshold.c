/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "base/random.h"
#include "sdk/sampler/threshold.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define ROUNDS 20000

static const char *text_of(uint64_t threshold)
{
    static char text[CT_THRESHOLD_DIGITS + 1];
    text[ct_threshold_write(threshold, text)] = '\0';
    return text;
}

static uint64_t read_back(const char *text)
{
    uint64_t threshold = UINT64_MAX;
    assert_true(ct_threshold_read(cotel_str_of(text), &threshold));
    return threshold;
}

/* trace/tracestate-probability-sampling.md, "Converting floating-point probability to threshold".
 */
static void thresholds_are_those_of_the_specification_at_each_precision(void **state)
{
    static const struct {
        double ratio;
        const char *text[3]; /* precision 3, 4, 5 */
    } rows[] = {
        {1, {"0", "0", "0"}},
        {1.0 / 2, {"8", "8", "8"}},
        {1.0 / 3, {"aab", "aaab", "aaaab"}},
        {1.0 / 4, {"c", "c", "c"}},
        {1.0 / 5, {"ccd", "cccd", "ccccd"}},
        {1.0 / 8, {"e", "e", "e"}},
        {1.0 / 10, {"e66", "e666", "e6666"}},
        {1.0 / 16, {"f", "f", "f"}},
        {1e-2, {"fd71", "fd70a", "fd70a4"}},
        {1e-3, {"ffbe7", "ffbe77", "ffbe76d"}},
        {1e-4, {"fff972", "fff9724", "fff97247"}},
        {1e-5, {"ffff584", "ffff583a", "ffff583a5"}},
        {1e-6, {"ffffef4", "ffffef39", "ffffef391"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        for (unsigned precision = 3; precision <= 5; precision++) {
            const char *expected = rows[i].text[precision - 3];
            uint64_t threshold = ct_threshold_of(rows[i].ratio, precision);
            assert_string_equal(text_of(threshold), expected);
            assert_true(read_back(expected) == threshold);
        }
    }
}

static void the_least_ratio_takes_one_trace_of_all(void **state)
{
    assert_string_equal(text_of(ct_threshold_of(CT_MIN_RATIO, 4)), "ffffffffffffff");
    assert_string_equal(text_of(ct_threshold_of(0x1p-55, 4)), "fffffffffffffe");
    assert_string_equal(text_of(ct_threshold_of(0x1p-52, 1)), "fffffffffffff");
}

/* 2^53 - 1 of 2^56: adding a half to it before it is cut would give 2^53. */
static void an_odd_share_at_full_precision_is_exact(void **state)
{
    double ratio = 0x1.fffffffffffffp-4;
    assert_true(ct_threshold_of(ratio, CT_THRESHOLD_DIGITS) ==
                COTEL_THRESHOLD_NONE - ((UINT64_C(1) << 53) - 1));
}

static void every_valid_ratio_has_a_threshold_close_to_it(void **state)
{
    struct ct_random random = {.state = {1, 2, 3, 4}};
    for (int i = 0; i < ROUNDS; i++) {
        int exponent = (int)(ct_random_next(&random) % 56) + 1;
        double ratio = (1.0 + (double)(ct_random_next(&random) >> 12) * 0x1p-52) /
                       (double)(UINT64_C(1) << exponent);
        uint64_t threshold = ct_threshold_of(ratio, CT_THRESHOLD_PRECISION);
        assert_true(threshold < COTEL_THRESHOLD_NONE);
        double actual = (double)(COTEL_THRESHOLD_NONE - threshold) * 0x1p-56;
        double allowed = ratio * 0x1p-12 > 0x1p-57 ? ratio * 0x1p-12 : 0x1p-57;
        assert_true(actual - ratio <= allowed && ratio - actual <= allowed);
    }
}

static void text_and_threshold_are_each_others_reverse(void **state)
{
    struct ct_random random = {.state = {5, 6, 7, 8}};
    for (int i = 0; i < ROUNDS; i++) {
        unsigned zero_bits = (unsigned)(ct_random_next(&random) % CT_THRESHOLD_BITS);
        uint64_t threshold = ct_random_next(&random) >> 8 >> zero_bits << zero_bits;
        assert_true(read_back(text_of(threshold)) == threshold);
    }
}

static void what_is_missing_at_the_end_reads_as_zeros(void **state)
{
    assert_true(read_back("8") == UINT64_C(1) << 55);
    assert_true(read_back("80") == UINT64_C(1) << 55);
    assert_true(read_back("0") == 0);
    assert_true(read_back("00000000000001") == 1);
    assert_true(read_back("ffffffffffffff") == COTEL_THRESHOLD_NONE - 1);
}

static void a_threshold_has_one_to_fourteen_lower_case_digits(void **state)
{
    static const char *const bad[] = {"", "C", "0x8", "g", "8 ", "-1", "000000000000000"};
    uint64_t untouched = 7;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(ct_threshold_read(cotel_str_of(bad[i]), &untouched));
    assert_false(ct_threshold_read(cotel_str_n(NULL, 0), &untouched));
    assert_true(untouched == 7);
}

static void a_randomness_has_exactly_fourteen_lower_case_digits(void **state)
{
    static const char *const bad[] = {"", "8", "6e6d1a75832a2", "6e6d1a75832a2ff",
                                      "6E6D1A75832A2F"};
    uint64_t randomness = 7;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(ct_randomness_read(cotel_str_of(bad[i]), &randomness));
    assert_true(ct_randomness_read(cotel_str_of("6e6d1a75832a2f"), &randomness));
    assert_true(randomness == UINT64_C(0x6e6d1a75832a2f));
}

static void the_public_threshold_has_four_digits_or_is_none(void **state)
{
    assert_string_equal(text_of(cotel_sampling_threshold(1.0 / 3)), "aaab");
    assert_true(cotel_sampling_threshold(1.5) == COTEL_THRESHOLD_ALL);
    assert_true(cotel_sampling_threshold(0) == COTEL_THRESHOLD_NONE);
    assert_true(cotel_sampling_threshold(0x1p-57) == COTEL_THRESHOLD_NONE);
    assert_true(cotel_sampling_threshold(-1) == COTEL_THRESHOLD_NONE);
    assert_true(cotel_sampling_threshold(__builtin_nan("")) == COTEL_THRESHOLD_NONE);
}

/* The table's "Exact Adjusted Count" at precision 4. */
static void adjusted_counts_are_those_of_the_specification(void **state)
{
    static const struct {
        double ratio;
        const char *count;
    } rows[] = {
        {1, "1"},
        {1.0 / 2, "2"},
        {1.0 / 3, "3.00004577706569"},
        {1.0 / 5, "5.0000762951094835"},
        {1.0 / 10, "9.99938968568813"},
        {1e-2, "99.99771123402633"},
        {1e-4, "9999.830725674266"},
        {1e-6, "999992.38556461"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double count = cotel_sampling_adjusted_count(cotel_sampling_threshold(rows[i].ratio));
        assert_true(count == strtod(rows[i].count, NULL));
    }
    assert_true(cotel_sampling_adjusted_count(COTEL_THRESHOLD_NONE) == 0);
    assert_true(cotel_sampling_adjusted_count(COTEL_THRESHOLD_NONE - 1) == 0x1p56);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_are_those_of_the_specification_at_each_precision),
        cmocka_unit_test(the_least_ratio_takes_one_trace_of_all),
        cmocka_unit_test(an_odd_share_at_full_precision_is_exact),
        cmocka_unit_test(every_valid_ratio_has_a_threshold_close_to_it),
        cmocka_unit_test(text_and_threshold_are_each_others_reverse),
        cmocka_unit_test(what_is_missing_at_the_end_reads_as_zeros),
        cmocka_unit_test(a_threshold_has_one_to_fourteen_lower_case_digits),
        cmocka_unit_test(a_randomness_has_exactly_fourteen_lower_case_digits),
        cmocka_unit_test(the_public_threshold_has_four_digits_or_is_none),
        cmocka_unit_test(adjusted_counts_are_those_of_the_specification),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
