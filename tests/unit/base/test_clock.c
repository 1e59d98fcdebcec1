/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define THREADS 4
#define RUN_NS (3 * CT_NS_PER_SECOND)
#define DEVIATION_MAX_NS INT64_C(50000)

struct reader {
    pthread_t thread;
    uint64_t steps_back;
    int64_t lag_ns;  /* most below the clock read just before */
    int64_t lead_ns; /* most above the clock read just after */
};

static void reader_compare(struct reader *reader, uint64_t *last)
{
    uint64_t before = ct_clock_monotonic_ns();
    uint64_t fast = ct_clock_fast_ns();
    uint64_t after = ct_clock_monotonic_ns();
    int64_t lag = (int64_t)(before - fast);
    int64_t lead = (int64_t)(fast - after);
    if (lag > reader->lag_ns)
        reader->lag_ns = lag;
    if (lead > reader->lead_ns)
        reader->lead_ns = lead;
    reader->steps_back += fast < *last;
    *last = fast;
}

static void *read_for_seconds(void *argument)
{
    struct reader *reader = argument;
    uint64_t end = ct_clock_monotonic_ns() + RUN_NS;
    uint64_t last = 0;
    while (ct_clock_monotonic_ns() < end) {
        for (int i = 0; i < 1000; i++)
            reader_compare(reader, &last);
        (void)usleep(500);
    }
    return NULL;
}

/* First of all tests: it is to see the change from the clock to the counter. */
static void the_fast_clock_keeps_to_the_clock_and_never_runs_back(void **state)
{
    struct reader readers[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_for_seconds, &readers[i]),
                         0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        print_message("lag %lld ns, lead %lld ns\n", (long long)readers[i].lag_ns,
                      (long long)readers[i].lead_ns);
        assert_int_equal(readers[i].steps_back, 0);
        assert_true(readers[i].lag_ns < DEVIATION_MAX_NS);
        assert_true(readers[i].lead_ns < DEVIATION_MAX_NS);
    }
}

static bool fast_is_near_the_clock(void)
{
    uint64_t before = ct_clock_monotonic_ns();
    uint64_t fast = ct_clock_fast_ns();
    uint64_t after = ct_clock_monotonic_ns();
    return (int64_t)(before - fast) < DEVIATION_MAX_NS &&
           (int64_t)(fast - after) < DEVIATION_MAX_NS;
}

static void the_fast_clock_is_right_after_a_pause(void **state)
{
    (void)ct_clock_fast_ns();
    (void)usleep(2500 * 1000); /* beyond twice a line's life */
    for (int i = 0; i < 100; i++)
        assert_true(fast_is_near_the_clock());
}

static void the_fast_clock_goes_on_in_a_forked_child(void **state)
{
    uint64_t parent = ct_clock_fast_ns();
    pid_t child = fork();
    if (child == 0) {
        bool good = ct_clock_fast_ns() >= parent;
        for (int i = 0; i < 120; i++) { /* past a renewal */
            good = good && fast_is_near_the_clock();
            (void)usleep(10000);
        }
        _exit(good ? 0 : 1);
    }
    assert_true(child > 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_fast_reading_becomes_wall_time(void **state)
{
    for (int i = 0; i < 100; i++) {
        uint64_t before = ct_clock_unix_ns();
        uint64_t wall = ct_clock_fast_to_unix_ns(ct_clock_fast_ns());
        uint64_t after = ct_clock_unix_ns();
        /* The comparison of the two clocks may have been interrupted: soft. */
        assert_true(wall > before - CT_NS_PER_MS * 100);
        assert_true(wall < after + CT_NS_PER_MS * 100);
    }
}

static void the_wall_offset_keeps_durations(void **state)
{
    uint64_t fast = ct_clock_fast_ns();
    uint64_t wall = ct_clock_fast_to_unix_ns(fast);
    assert_int_equal(ct_clock_fast_to_unix_ns(fast + 12345) - wall, 12345);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fast_clock_keeps_to_the_clock_and_never_runs_back),
        cmocka_unit_test(the_fast_clock_is_right_after_a_pause),
        cmocka_unit_test(the_fast_clock_goes_on_in_a_forked_child),
        cmocka_unit_test(a_fast_reading_becomes_wall_time),
        cmocka_unit_test(the_wall_offset_keeps_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
