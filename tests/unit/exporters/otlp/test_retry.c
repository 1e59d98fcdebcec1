/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint64_t ms = 1000 * 1000;
static const struct ct_otlp_backoff usual = {UINT64_C(1000) * 1000 * 1000,
                                             UINT64_C(5000) * 1000 * 1000};

static uint64_t wait_ms(unsigned attempts, uint64_t random)
{
    return ct_otlp_backoff_wait_ns(&usual, attempts, CT_OTLP_NOT_SAID, random) / ms;
}

static void waits_double_up_to_the_limit(void **state)
{
    assert_int_equal(wait_ms(1, 0), 1000);
    assert_int_equal(wait_ms(2, 0), 2000);
    assert_int_equal(wait_ms(3, 0), 4000);
    assert_int_equal(wait_ms(4, 0), 5000);
    assert_int_equal(wait_ms(4000000000u, 0), 5000);
}

static void jitter_takes_off_at_most_half(void **state)
{
    for (uint64_t random = 1; random != 0; random <<= 1) {
        uint64_t wait = wait_ms(1, random - 1);
        assert_in_range(wait, 500, 1000);
    }
    assert_int_not_equal(wait_ms(1, 12345678), wait_ms(1, 400 * ms));
}

static void what_the_peer_asks_for_goes_first(void **state)
{
    assert_int_equal(ct_otlp_backoff_wait_ns(&usual, 1, 7000 * ms, 99), 7000 * ms);
}

static void there_is_always_a_little_rest(void **state)
{
    const struct ct_otlp_backoff none = {0, 0};
    assert_int_equal(ct_otlp_backoff_wait_ns(&none, 5, CT_OTLP_NOT_SAID, 3), CT_OTLP_RETRY_MIN_NS);
    assert_int_equal(ct_otlp_backoff_wait_ns(&usual, 1, 0, 3), CT_OTLP_RETRY_MIN_NS);
}

static void no_setting_overflows(void **state)
{
    const struct ct_otlp_backoff forever = {UINT64_MAX - 1, UINT64_MAX};
    assert_true(ct_otlp_backoff_wait_ns(&forever, 9, CT_OTLP_NOT_SAID, UINT64_MAX) >=
                UINT64_MAX / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_the_limit),
        cmocka_unit_test(jitter_takes_off_at_most_half),
        cmocka_unit_test(what_the_peer_asks_for_goes_first),
        cmocka_unit_test(there_is_always_a_little_rest),
        cmocka_unit_test(no_setting_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
