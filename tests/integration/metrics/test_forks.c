/* SPDX-License-Identifier: Apache-2.0 */
/* A forked child counts from zero, on the instruments and bound ones that it has inherited, while
 * the parent's other threads were recording when it was made. */
#include "totals.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 60
#define LOAD_THREADS 4
#define CHILD_ADDS 1000

static cotel_meter_provider *provider;
static cotel_metric_reader *readers[2]; /* cumulative, delta */
static cotel_counter *counter;
static cotel_double_histogram *histogram;
static cotel_bound_counter *bound;
static atomic_bool done;

static void add_one(unsigned series)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("series", series)};
    cotel_counter_add(counter, 1, attributes, 1);
    cotel_double_histogram_record(histogram, series, attributes, 1);
    cotel_bound_counter_add(bound, 1);
}

static void *load(void *unused)
{
    (void)unused;
    for (unsigned i = 0; !atomic_load(&done); i++)
        add_one(i % 5000); /* new series, and beyond the limit */
    return NULL;
}

/* In the child; no cmocka, which would end the parent's tests. */
static int count_in_child(cotel_metric_reader *reader)
{
    cotel_batch *batch = NULL;
    if (cotel_metric_reader_collect(reader, FLUSH_MS, &batch) != COTEL_STATUS_OK)
        return 2;
    struct totals counts = totals_of(batch, "count");
    struct totals measured = totals_of(batch, "histogram");
    cotel_batch_unref(batch);
    if (counts.sum != 2 * CHILD_ADDS)
        return 3;
    return measured.measurements == CHILD_ADDS && measured.bucketed == CHILD_ADDS ? 0 : 4;
}

static int be_a_child(void)
{
    cotel_bound_counter_add(bound, 1); /* the first call of all is through a bound one */
    for (unsigned i = 1; i < CHILD_ADDS; i++)
        add_one(i);
    const cotel_attribute attributes[] = {cotel_attribute_int("series", 0)};
    cotel_counter_add(counter, 1, attributes, 1);
    cotel_double_histogram_record(histogram, 0, attributes, 1);
    cotel_metric_counts counts = {.size = sizeof counts};
    cotel_metric_stats(provider, &counts);
    if (counts.overflowed != 0 || counts.refused != 0)
        return 5;
    int result = count_in_child(readers[0]);
    return result != 0 ? result : count_in_child(readers[1]);
}

static void start_all(pthread_t threads[LOAD_THREADS])
{
    readers[0] = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0);
    readers[1] = reader_with(COTEL_TEMPORALITY_DELTA, 0);
    provider = provider_with(readers, 2, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "forks", NULL);
    counter = cotel_counter_get(meter, "count", NULL);
    histogram = cotel_double_histogram_get(meter, "histogram", NULL);
    bound = cotel_counter_bind(counter, NULL, 0);
    for (int i = 0; i < LOAD_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, NULL), 0);
}

static void end_all(const pthread_t threads[LOAD_THREADS])
{
    atomic_store(&done, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        pthread_join(threads[i], NULL);
    cotel_bound_counter_unbind(bound);
    cotel_meter_provider_destroy(provider);
}

static void each_child_counts_from_zero(void **state)
{
    pthread_t threads[LOAD_THREADS];
    (void)state;
    start_all(threads);
    for (int i = 0; i < FORKS; i++) {
        cotel_batch_unref(collect_now(readers[i % 2]));
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            _exit(be_a_child());
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    end_all(threads);
}

/* ---- a fork in the middle of a collection ---- */

static cotel_observable *observed[2];
static pid_t callbacks_child; /* -1: no more are wanted */

static void fork_inside(cotel_observer *observer, void *user)
{
    (void)user;
    if (callbacks_child != -1)
        callbacks_child = fork();
    cotel_observe(observer, observed[0], 1, NULL, 0);
}

static void observe_one(cotel_observer *observer, void *user)
{
    (void)user;
    cotel_observe(observer, observed[1], 1, NULL, 0);
}

/* What it has collected is the parent's; what it records from now on is its own. */
static int be_a_callbacks_child(const cotel_batch *batch, cotel_status status)
{
    if (status != COTEL_STATUS_TIMEOUT || batch != NULL)
        return 6;
    callbacks_child = -1;
    return be_a_child();
}

static void a_child_of_a_callback_does_not_finish_its_parents_collection(void **state)
{
    (void)state;
    pthread_t threads[LOAD_THREADS];
    atomic_store(&done, false);
    start_all(threads);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "forks", NULL);
    observed[0] = cotel_observable_gauge_get(meter, "forking", NULL, fork_inside, NULL);
    observed[1] = cotel_observable_gauge_get(meter, "after it", NULL, observe_one, NULL);
    for (int i = 0; i < FORKS; i++) {
        cotel_batch *batch = NULL;
        int result = 0;
        cotel_status status = cotel_metric_reader_collect(readers[i % 2], FLUSH_MS, &batch);
        if (callbacks_child == 0)
            _exit(be_a_callbacks_child(batch, status));
        assert_int_equal(status, COTEL_STATUS_OK);
        cotel_batch_unref(batch);
        assert_int_equal(waitpid(callbacks_child, &result, 0), callbacks_child);
        assert_true(WIFEXITED(result));
        assert_int_equal(WEXITSTATUS(result), 0);
    }
    end_all(threads);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_child_counts_from_zero),
        cmocka_unit_test(a_child_of_a_callback_does_not_finish_its_parents_collection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
