/* SPDX-License-Identifier: Apache-2.0 */
/* Windows, by a clock that the test sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exporters/prometheus/face/window.h"

#define SECOND UINT64_C(1000000000)
#define BEGIN (UINT64_C(77) * SECOND)

/* The median of the last 100 to 80 seconds, exactly. */
static struct ct_window_settings settings = {.step_ns = 20 * SECOND, .steps = 5};
static struct ct_window window;

static int start(void **state)
{
    (void)state;
    const cotel_prom_objective median = {.5, COTEL_PROM_MIN_ERROR};
    ct_face_watch_forks();
    ct_targets_init(&settings.targets, &median, 1);
    assert_true(ct_window_init(&window, &settings, BEGIN));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    ct_window_fini(&window, &settings);
    return 0;
}

static void add(uint64_t second, double value)
{
    ct_window_add(&window, &settings, value, BEGIN + second * SECOND);
}

static struct ct_window_view look(uint64_t second)
{
    struct ct_window_view view;
    ct_window_look(&window, &settings, BEGIN + second * SECOND, &view);
    return view;
}

static void assert_median(uint64_t second, double median)
{
    assert_true(look(second).values[0] == median);
}

static void assert_empty(uint64_t second)
{
    assert_true(isnan(look(second).values[0]));
}

static void an_empty_window_has_no_quantiles(void **state)
{
    (void)state;
    struct ct_window_view view = look(0);
    assert_true(isnan(view.values[0]));
    assert_int_equal(view.count, 0);
    assert_true(view.sum == 0);
}

static void what_was_just_added_is_seen(void **state)
{
    (void)state;
    add(1, 5);
    assert_median(1, 5);
    add(1, 1);
    add(1, 9);
    assert_median(2, 5);
}

static void a_value_counts_for_its_age(void **state)
{
    (void)state;
    add(0, 5);
    assert_median(79, 5);
    assert_median(99, 5);
    assert_empty(100);
}

static void a_value_late_in_a_step_counts_for_the_rest_of_it_less(void **state)
{
    (void)state;
    add(19, 5);
    assert_median(99, 5);
    assert_empty(100);
}

static void old_values_go_and_new_ones_stay(void **state)
{
    (void)state;
    add(1, 5);
    add(50, 7);
    assert_median(98, 5); /* of two, the lower one */
    assert_median(100, 7);
    assert_median(139, 7);
    assert_empty(140);
}

static void a_value_belongs_to_the_step_in_which_it_came(void **state)
{
    (void)state;
    add(1, 5);  /* still in the buffer when ... */
    add(99, 7); /* ... this one ends four steps */
    assert_median(99, 5);
    assert_median(101, 7);
}

static void a_long_silence_empties_everything(void **state)
{
    (void)state;
    add(1, 5);
    assert_empty(1000000);
    add(1000001, 3);
    assert_median(1000001, 3);
    assert_median(1000070, 3);
}

static void sum_and_count_are_of_all_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < 1000; i++)
        add(i, 2);
    struct ct_window_view view = look(100000);
    assert_int_equal(view.count, 1000);
    assert_true(view.sum == 2000);
    assert_true(isnan(view.values[0]));
}

static void a_clock_that_stands_still_does_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < 10 * CT_WINDOW_BUFFER + 1; i++)
        add(10, (double)i);
    assert_median(10, 5 * CT_WINDOW_BUFFER); /* of 0 to ten times as much */
    add(5, 0);                               /* read before, by a thread that was slow */
    assert_int_equal(look(10).count, 10 * CT_WINDOW_BUFFER + 2);
}

static void without_objectives_only_the_sum_is_kept(void **state)
{
    (void)state;
    const struct ct_window_settings none = {.step_ns = SECOND, .steps = 5};
    struct ct_window plain;
    struct ct_window_view view;
    assert_true(ct_window_init(&plain, &none, BEGIN));
    for (size_t i = 0; i < 1000; i++)
        ct_window_add(&plain, &none, 3, BEGIN + i * SECOND);
    ct_window_look(&plain, &none, BEGIN, &view);
    assert_int_equal(view.count, 1000);
    assert_true(view.sum == 3000);
    assert_null(plain.buffers);
    ct_window_fini(&plain, &none);
}

/* ---- threads and processes ---- */

#define THREADS 8
#define EACH 20000

static _Atomic bool ended;

static void *add_many(void *from)
{
    for (size_t i = 0; i < EACH; i++)
        ct_window_add(&window, &settings, (double)((size_t)from + i), BEGIN + i * SECOND / 100);
    return NULL;
}

static void *look_often(void *none)
{
    while (!atomic_load(&ended))
        (void)look(150);
    return none;
}

static void threads_lose_nothing(void **state)
{
    (void)state;
    pthread_t threads[THREADS], looker;
    atomic_store(&ended, false);
    assert_int_equal(pthread_create(&looker, NULL, look_often, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_many, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    atomic_store(&ended, true);
    assert_int_equal(pthread_join(looker, NULL), 0);
    struct ct_window_view view = look(200);
    assert_int_equal(view.count, THREADS * EACH);
    double each = (double)EACH * (EACH - 1) / 2;
    assert_true(view.sum == THREADS * each + EACH * (THREADS * (THREADS - 1) / 2));
}

static int in_child(void)
{
    struct ct_window_view view = look(1);
    if (view.count != 0 || view.sum != 0 || !isnan(view.values[0]))
        return 1;
    add(2, 4);
    view = look(3);
    return view.count == 1 && view.values[0] == 4 ? 0 : 2;
}

static void a_child_starts_over_though_locks_were_held(void **state)
{
    (void)state;
    add(0, 5);
    add(1, 6);
    ct_face_lock(&window.lock); /* by what the child takes for another thread */
    ct_face_lock(&window.streams_lock);
    pid_t child = fork();
    if (child == 0)
        _exit(in_child());
    ct_face_unlock(&window.streams_lock);
    ct_face_unlock(&window.lock);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(look(1).count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_window_has_no_quantiles),
        TEST(what_was_just_added_is_seen),
        TEST(a_value_counts_for_its_age),
        TEST(a_value_late_in_a_step_counts_for_the_rest_of_it_less),
        TEST(old_values_go_and_new_ones_stay),
        TEST(a_value_belongs_to_the_step_in_which_it_came),
        TEST(a_long_silence_empties_everything),
        TEST(sum_and_count_are_of_all_values),
        TEST(a_clock_that_stands_still_does_no_harm),
        TEST(without_objectives_only_the_sum_is_kept),
        TEST(threads_lose_nothing),
        TEST(a_child_starts_over_though_locks_were_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
