/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "heard.h"

#define LONGEST 511
#define THREADS 4
#define CALLS 1000

static int back_to_silence(void **state)
{
    stop_listening();
    return 0;
}

/* Ten seconds go by. */
static void let_time_pass(cotel_diagnostics_limit *limit)
{
    limit->next_ns = 0;
}

static void the_first_is_told_and_its_repetitions_are_not(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit limit = {0, 0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    for (int i = 0; i < 5; i++)
        cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full (%d)", i);
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.message, "full (0)");
    assert_string_equal(heard.component, "queue");
}

static void it_waits_for_ten_seconds(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit limit = {0, 0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    uint64_t before = ct_clock_monotonic_ns();
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    uint64_t after = ct_clock_monotonic_ns();
    assert_in_range(limit.next_ns, before + 10 * CT_NS_PER_SECOND, after + 10 * CT_NS_PER_SECOND);
}

static void the_next_one_says_how_many_were_left_out(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit limit = {0, 0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    for (int i = 0; i < 4; i++)
        cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    let_time_pass(&limit);
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    assert_string_equal(heard.message, "full (3 more left out)");
    let_time_pass(&limit);
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    assert_string_equal(heard.message, "full");
}

static void a_long_message_keeps_the_number(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit limit = {0, 7};
    char text[LONGEST + 100];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "%s", text);
    assert_int_equal(strlen(heard.message), LONGEST);
    assert_non_null(strstr(heard.message, "x (7 more left out)"));
}

static void each_kind_has_a_limit_of_its_own(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit one = {0, 0}, other = {0, 0};
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_DEBUG);
    cotel_diagnostics_limited(&one, COTEL_LOG_WARNING, "queue", "full");
    cotel_diagnostics_limited(&other, COTEL_LOG_WARNING, "peer", "gone");
    assert_int_equal(heard.count, 2);
}

static void in_silence_nothing_is_used_up(void **state)
{
    struct heard heard = {0};
    cotel_diagnostics_limit limit = {0, 0};
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_ERROR);
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_WARNING);
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "queue", "full");
    assert_int_equal(heard.count, 1);
    assert_string_equal(heard.message, "full");
}

static cotel_diagnostics_limit shared_limit;

static void count_call(void *user, cotel_log_level level, const char *component,
                       const char *message)
{
    atomic_fetch_add((_Atomic int *)user, 1);
}

static void *complain_often(void *unused)
{
    for (int i = 0; i < CALLS; i++)
        cotel_diagnostics_limited(&shared_limit, COTEL_LOG_WARNING, "queue", "full");
    return NULL;
}

static void of_many_threads_one_tells_and_all_are_counted(void **state)
{
    _Atomic int told = 0;
    pthread_t threads[THREADS];
    cotel_diagnostics_set(count_call, &told, COTEL_LOG_WARNING);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, complain_often, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(told, 1);
    assert_int_equal(shared_limit.suppressed, THREADS * CALLS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_is_told_and_its_repetitions_are_not, back_to_silence),
        cmocka_unit_test_teardown(it_waits_for_ten_seconds, back_to_silence),
        cmocka_unit_test_teardown(the_next_one_says_how_many_were_left_out, back_to_silence),
        cmocka_unit_test_teardown(a_long_message_keeps_the_number, back_to_silence),
        cmocka_unit_test_teardown(each_kind_has_a_limit_of_its_own, back_to_silence),
        cmocka_unit_test_teardown(in_silence_nothing_is_used_up, back_to_silence),
        cmocka_unit_test_teardown(of_many_threads_one_tells_and_all_are_counted, back_to_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
