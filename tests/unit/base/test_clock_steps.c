/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* Added to the clocks, as if the counter or the wall clock had been stepped the other way. */
static int64_t monotonic_step_s;
static int64_t wall_step_s;
/* How much slower than real time CLOCK_MONOTONIC runs from a time on, in parts per million. */
static int64_t slowed_ppm;
static int64_t slowed_at_ns;

int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);

static int64_t as_ns(const struct timespec *time)
{
    return (int64_t)time->tv_sec * (int64_t)CT_NS_PER_SECOND + time->tv_nsec;
}

static struct timespec distorted(const struct timespec *real)
{
    int64_t ns = as_ns(real);
    ns -= (ns - slowed_at_ns) * slowed_ppm / 1000000;
    return (struct timespec){
        .tv_sec = (time_t)(ns / (int64_t)CT_NS_PER_SECOND + monotonic_step_s),
        .tv_nsec = (long)(ns % (int64_t)CT_NS_PER_SECOND),
    };
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    int result = __real_clock_gettime(clock, out);
    if (clock == CLOCK_MONOTONIC)
        *out = distorted(out);
    if (clock == CLOCK_REALTIME)
        out->tv_sec += wall_step_s;
    return result;
}

static void slow_down(int64_t ppm)
{
    struct timespec now;
    (void)__real_clock_gettime(CLOCK_MONOTONIC, &now);
    slowed_at_ns = as_ns(&now);
    slowed_ppm = ppm;
}

static bool fast_is_near_the_clock(void)
{
    uint64_t before = ct_clock_monotonic_ns();
    uint64_t fast = ct_clock_fast_ns();
    uint64_t after = ct_clock_monotonic_ns();
    return (int64_t)(before - fast) < 50000 && (int64_t)(fast - after) < 50000;
}

/* Uses the clock for longer than the longest line lasts. */
static void use_for(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        (void)ct_clock_fast_ns();
        (void)usleep(1000);
    }
}

/* The clock undistorted, and a line that was measured on it. */
static int settled(void **state)
{
    monotonic_step_s = 0;
    wall_step_s = 0;
    slowed_ppm = 0;
    use_for(1500);
    return fast_is_near_the_clock() ? 0 : -1;
}

static void assert_near_for(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        assert_true(fast_is_near_the_clock());
        (void)usleep(1000);
    }
}

static void a_clock_that_leapt_ahead_is_found_again(void **state)
{
    monotonic_step_s += 10;
    use_for(1300);
    assert_near_for(300);
}

static void a_clock_that_fell_back_is_found_again(void **state)
{
    monotonic_step_s -= 10;
    use_for(1300);
    assert_near_for(300);
}

/* As after a suspend during which the counter went on and the clock did not. */
static void a_step_in_a_long_pause_is_found(void **state)
{
    (void)usleep(2200 * 1000);
    monotonic_step_s -= 2;
    assert_near_for(300);
}

/* Readings run ahead of it until the line is renewed, and must then wait rather than go back. */
static void a_clock_that_slows_down_is_met_without_a_step_back(void **state)
{
    uint64_t last = 0;
    slow_down(100);
    uint64_t end = ct_clock_monotonic_ns() + 3 * CT_NS_PER_SECOND;
    while (ct_clock_monotonic_ns() < end) {
        for (int i = 0; i < 1000; i++) {
            uint64_t now = ct_clock_fast_ns();
            assert_true(now >= last);
            last = now;
        }
    }
    assert_near_for(200);
}

static void a_step_of_the_wall_clock_is_followed(void **state)
{
    (void)ct_clock_fast_to_unix_ns(ct_clock_fast_ns());
    wall_step_s += 3600;
    (void)usleep(1100 * 1000);
    uint64_t wall = ct_clock_fast_to_unix_ns(ct_clock_fast_ns());
    int64_t off = (int64_t)(wall - ct_clock_unix_ns());
    assert_true(off > -(int64_t)CT_NS_PER_SECOND && off < (int64_t)CT_NS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_clock_that_leapt_ahead_is_found_again, settled),
        cmocka_unit_test_setup(a_clock_that_fell_back_is_found_again, settled),
        cmocka_unit_test_setup(a_step_in_a_long_pause_is_found, settled),
        cmocka_unit_test_setup(a_clock_that_slows_down_is_met_without_a_step_back, settled),
        cmocka_unit_test_setup(a_step_of_the_wall_clock_is_followed, settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
