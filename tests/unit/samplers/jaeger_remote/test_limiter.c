/* SPDX-License-Identifier: Apache-2.0 */
/* The leaky bucket, at times that the test makes. */
#include "samplers/jaeger_remote/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pthread.h>

#define SECOND UINT64_C(1000000000)
#define START (UINT64_C(12345) * SECOND)

static unsigned take_all(struct ct_jaeger_limiter *limiter, uint64_t now_ns)
{
    unsigned count = 0;
    while (count < 1000 && ct_jaeger_limiter_take(limiter, now_ns))
        count++;
    return count;
}

static void a_second_holds_as_many_as_it_says(void **state)
{
    static const double rates[] = {1, 2, 2.5, 3, 7, 100};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ct_jaeger_limiter limiter;
        ct_jaeger_limiter_init(&limiter, rates[i]);
        assert_int_equal(take_all(&limiter, START), (unsigned)rates[i]);
        assert_int_equal(take_all(&limiter, START), 0);
    }
}

static void credit_comes_back_evenly(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 4);
    assert_int_equal(take_all(&limiter, START), 4);
    assert_int_equal(take_all(&limiter, START + SECOND / 4 - 1), 0);
    assert_int_equal(take_all(&limiter, START + SECOND / 4), 1);
    assert_int_equal(take_all(&limiter, START + SECOND), 3);
}

static void no_more_than_a_second_is_saved_up(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 4);
    assert_int_equal(take_all(&limiter, START), 4);
    assert_int_equal(take_all(&limiter, START + 3600 * SECOND), 4);
}

static void less_than_one_a_second_still_saves_one(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 0.1);
    assert_int_equal(take_all(&limiter, START), 1);
    assert_int_equal(take_all(&limiter, START + 10 * SECOND - 1), 0);
    assert_int_equal(take_all(&limiter, START + 10 * SECOND), 1);
    assert_int_equal(take_all(&limiter, START + 1000 * SECOND), 1);
}

static void nothing_a_second_is_nothing(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 0);
    assert_int_equal(take_all(&limiter, START), 0);
    assert_int_equal(take_all(&limiter, START + 3600 * SECOND), 0);
}

static void the_smallest_and_the_largest_rate_do_not_wrap(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 1e-300);
    assert_int_equal(take_all(&limiter, START), 1);
    assert_int_equal(take_all(&limiter, START + 10 * 365 * 86400 * SECOND), 0);
    ct_jaeger_limiter_init(&limiter, 1e300);
    assert_int_equal(take_all(&limiter, START), 1000);
}

static void a_clock_that_lags_takes_no_more(void **state)
{
    struct ct_jaeger_limiter limiter;
    ct_jaeger_limiter_init(&limiter, 2);
    assert_int_equal(take_all(&limiter, START), 2);
    assert_int_equal(take_all(&limiter, START - SECOND), 0);
}

static void what_was_spent_stays_spent_under_another_rate(void **state)
{
    struct ct_jaeger_limiter slow, fast, none;
    ct_jaeger_limiter_init(&slow, 0.001);
    assert_int_equal(take_all(&slow, START), 1);
    ct_jaeger_limiter_init(&fast, 10);
    ct_jaeger_limiter_inherit(&fast, &slow, START);
    assert_int_equal(take_all(&fast, START), 9); /* one credit is missing, not a thousand seconds */

    ct_jaeger_limiter_init(&slow, 0.5);
    ct_jaeger_limiter_inherit(&slow, &fast, START);
    assert_int_equal(take_all(&slow, START), 0);
    assert_false(ct_jaeger_limiter_is_full(&slow, START + 2 * SECOND - 1));
    assert_int_equal(take_all(&slow, START + 2 * SECOND), 1);

    ct_jaeger_limiter_init(&none, 0);
    ct_jaeger_limiter_init(&fast, 3);
    ct_jaeger_limiter_inherit(&fast, &none, START);
    assert_true(ct_jaeger_limiter_is_full(&fast, START));
}

enum { THREADS = 4 };

struct share {
    struct ct_jaeger_limiter *limiter;
    unsigned taken;
};

static void *take_share(void *argument)
{
    struct share *share = argument;
    for (unsigned i = 0; i < 20000; i++)
        share->taken += ct_jaeger_limiter_take(share->limiter, START);
    return NULL;
}

static void threads_together_take_no_more_than_there_is(void **state)
{
    struct ct_jaeger_limiter limiter;
    struct share shares[THREADS];
    pthread_t threads[THREADS];
    ct_jaeger_limiter_init(&limiter, 5000);
    for (size_t i = 0; i < THREADS; i++) {
        shares[i] = (struct share){&limiter, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, take_share, &shares[i]), 0);
    }
    unsigned all = 0;
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        all += shares[i].taken;
    }
    assert_int_equal(all, 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_holds_as_many_as_it_says),
        cmocka_unit_test(credit_comes_back_evenly),
        cmocka_unit_test(no_more_than_a_second_is_saved_up),
        cmocka_unit_test(less_than_one_a_second_still_saves_one),
        cmocka_unit_test(nothing_a_second_is_nothing),
        cmocka_unit_test(the_smallest_and_the_largest_rate_do_not_wrap),
        cmocka_unit_test(a_clock_that_lags_takes_no_more),
        cmocka_unit_test(what_was_spent_stays_spent_under_another_rate),
        cmocka_unit_test(threads_together_take_no_more_than_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
