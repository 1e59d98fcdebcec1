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
    if (counts.overflowed != 0 || counts.refused != 0 || counts.collections != 0)
        return 5;
    int result = count_in_child(readers[0]);
    return result != 0 ? result : count_in_child(readers[1]);
}

static void each_child_counts_from_zero(void **state)
{
    (void)state;
    pthread_t threads[LOAD_THREADS];
    readers[0] = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0);
    readers[1] = reader_with(COTEL_TEMPORALITY_DELTA, 0);
    provider = provider_with(readers, 2, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "forks", NULL);
    counter = cotel_counter_get(meter, "count", NULL);
    histogram = cotel_double_histogram_get(meter, "histogram", NULL);
    bound = cotel_counter_bind(counter, NULL, 0);
    for (int i = 0; i < LOAD_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, load, NULL), 0);
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
    atomic_store(&done, true);
    for (int i = 0; i < LOAD_THREADS; i++)
        pthread_join(threads[i], NULL);
    cotel_bound_counter_unbind(bound);
    cotel_meter_provider_destroy(provider);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_child_counts_from_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
