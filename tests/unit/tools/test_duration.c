/* SPDX-License-Identifier: Apache-2.0 */
#include "view/duration.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint64_t us = 1000, ms = 1000000, second = 1000000000;

static void check(uint64_t ns, const char *expected)
{
    char text[CT_DURATION_SIZE];

    ct_duration_format(text, 5, 5 + ns);
    assert_string_equal(text, expected);
}

static void each_size_has_its_unit(void **state)
{
    check(0, "0ns");
    check(999, "999ns");
    check(1 * us, "1.0\xC2\xB5s");
    check(850 * us, "850\xC2\xB5s");
    check(1 * ms, "1.0ms");
    check(99 * ms, "99ms");
    check(100 * ms, "0.1s");
    check(10 * second + 500 * ms, "10.5s");
    check(60 * second, "1m00s");
    check(3599 * second, "59m59s");
    check(3600 * second, "1h00m");
}

static void the_longest_fits(void **state)
{
    char text[CT_DURATION_SIZE];

    ct_duration_format(text, 0, UINT64_MAX);
    assert_string_equal(text, "5124095h34m");
}

static void rounding_does_not_reach_the_next_unit(void **state)
{
    check(9999, "9.9\xC2\xB5s");
    check(60 * second - 1, "59.9s");
}

static void an_end_before_the_start_is_said(void **state)
{
    char text[CT_DURATION_SIZE];

    ct_duration_format(text, 2, 1);
    assert_string_equal(text, "ends before it starts");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_size_has_its_unit),
        cmocka_unit_test(the_longest_fits),
        cmocka_unit_test(rounding_does_not_reach_the_next_unit),
        cmocka_unit_test(an_end_before_the_start_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
