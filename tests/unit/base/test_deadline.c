/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <unistd.h>

#include "base/deadline.h"

static void a_deadline_lies_its_timeout_ahead(void **state)
{
    uint64_t before = ct_clock_monotonic_ns();
    uint64_t deadline = ct_deadline_after_ms(250);
    uint64_t after = ct_clock_monotonic_ns();
    assert_true(deadline >= before + 250 * CT_NS_PER_MS);
    assert_true(deadline <= after + 250 * CT_NS_PER_MS);
}

static void a_timeout_beyond_time_never_comes(void **state)
{
    assert_true(ct_deadline_after_ms(UINT64_MAX) == CT_DEADLINE_NEVER);
    assert_true(ct_deadline_after_ms(UINT64_MAX / CT_NS_PER_MS) == CT_DEADLINE_NEVER);
    assert_true(ct_deadline_after_ns(UINT64_MAX) == CT_DEADLINE_NEVER);
}

static void nothing_remains_of_a_passed_deadline(void **state)
{
    uint64_t deadline = ct_clock_monotonic_ns() - 1;
    assert_int_equal(ct_deadline_remaining_ns(deadline), 0);
    assert_int_equal(ct_deadline_remaining_ms(deadline), 0);
    assert_int_equal(ct_deadline_poll_timeout(deadline), 0);
    assert_true(ct_deadline_passed(deadline));
    assert_true(ct_deadline_passed(ct_deadline_after_ms(0)));
    assert_true(ct_deadline_passed(0));
}

static void never_remains_for_ever(void **state)
{
    assert_true(ct_deadline_remaining_ns(CT_DEADLINE_NEVER) == UINT64_MAX);
    assert_true(ct_deadline_remaining_ms(CT_DEADLINE_NEVER) == UINT64_MAX);
    assert_int_equal(ct_deadline_poll_timeout(CT_DEADLINE_NEVER), -1);
    assert_false(ct_deadline_passed(CT_DEADLINE_NEVER));
}

static void a_part_of_a_millisecond_counts_as_one(void **state)
{
    /* Whatever of the 1000.5 ms passes meanwhile, the answer is the ceiling of a rest. */
    uint64_t deadline = ct_clock_monotonic_ns() + 1000 * CT_NS_PER_MS + CT_NS_PER_MS / 2;
    uint64_t ms = ct_deadline_remaining_ms(deadline);
    uint64_t rest_ns = ct_deadline_remaining_ns(deadline);
    assert_true(ms >= 1 && ms <= 1001);
    assert_true(ms * CT_NS_PER_MS >= rest_ns);
}

static void sleeping_what_remains_reaches_the_deadline(void **state)
{
    uint64_t deadline = ct_deadline_after_ns(3 * CT_NS_PER_MS + 1);
    (void)usleep((useconds_t)ct_deadline_remaining_ms(deadline) * 1000);
    assert_true(ct_deadline_passed(deadline));
}

static void a_wait_longer_than_an_int_is_cut(void **state)
{
    uint64_t deadline = ct_deadline_after_ms((uint64_t)INT_MAX + 1000000);
    assert_int_equal(ct_deadline_poll_timeout(deadline), INT_MAX);
}

static void a_deadline_converts_to_a_timespec(void **state)
{
    struct timespec at = ct_deadline_timespec(5 * CT_NS_PER_SECOND + 7);
    assert_int_equal(at.tv_sec, 5);
    assert_int_equal(at.tv_nsec, 7);
    at = ct_deadline_timespec(CT_DEADLINE_NEVER);
    assert_true(at.tv_sec > 0);
    assert_in_range(at.tv_nsec, 0, CT_NS_PER_SECOND - 1);
}

static void the_earlier_of_two_wins(void **state)
{
    assert_int_equal(ct_deadline_earlier(1, CT_DEADLINE_NEVER), 1);
    assert_int_equal(ct_deadline_earlier(3, 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deadline_lies_its_timeout_ahead),
        cmocka_unit_test(a_timeout_beyond_time_never_comes),
        cmocka_unit_test(nothing_remains_of_a_passed_deadline),
        cmocka_unit_test(never_remains_for_ever),
        cmocka_unit_test(a_part_of_a_millisecond_counts_as_one),
        cmocka_unit_test(sleeping_what_remains_reaches_the_deadline),
        cmocka_unit_test(a_wait_longer_than_an_int_is_cut),
        cmocka_unit_test(a_deadline_converts_to_a_timespec),
        cmocka_unit_test(the_earlier_of_two_wins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
