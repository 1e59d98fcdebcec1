/* SPDX-License-Identifier: Apache-2.0 */
/* An attack on cardinality: a million sets of attributes that all differ. */
#include "totals.h"

#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>

#define SETS SANITIZED_SHARE(1000000)
#define LIMIT 2000

/* 2,000 series with their sets, the table, and what the C library takes for them. */
#define MOST_BYTES (4u << 20)

static void attack(cotel_counter *counter, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "user-%08u", i);
        const cotel_attribute attributes[] = {cotel_attribute_string("user", name),
                                              cotel_attribute_int("number", i)};
        cotel_counter_add(counter, 1, attributes, 2);
    }
}

static cotel_metric_counts stats(cotel_meter_provider *provider)
{
    cotel_metric_counts counts = {.size = sizeof counts};
    cotel_metric_stats(provider, &counts);
    return counts;
}

static void a_million_sets_cost_bounded_memory_and_keep_the_total(void **state)
{
    (void)state;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0);
    cotel_meter_provider *provider = provider_with(&reader, 1, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "attack", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "count", NULL);
    size_t before = mallinfo2().uordblks;
    attack(counter, 0, SETS);
    assert_true(mallinfo2().uordblks - before < MOST_BYTES);

    cotel_batch *batch = collect_now(reader);
    struct totals totals = totals_of(batch, "count");
    assert_int_equal(totals.points, LIMIT + 1);
    assert_int_equal(totals.overflow_points, 1);
    assert_int_equal(totals.sum, SETS);
    assert_int_equal(totals.overflowed, SETS - LIMIT);
    assert_int_equal(stats(provider).overflowed, SETS - LIMIT);
    cotel_batch_unref(batch);
    cotel_meter_provider_destroy(provider);
}

/* What is idle for a collection makes room for the next period's sets. */
static void a_delta_stream_forgets_what_is_idle(void **state)
{
    (void)state;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_DELTA, 0);
    cotel_meter_provider *provider = provider_with(&reader, 1, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "attack", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "count", NULL);
    for (unsigned round = 0; round < 10; round++) {
        attack(counter, round * LIMIT, LIMIT);
        cotel_batch *batch = collect_now(reader);
        struct totals totals = totals_of(batch, "count");
        assert_int_equal(totals.points, LIMIT);
        assert_int_equal(totals.overflow_points, 0);
        assert_int_equal(totals.sum, LIMIT);
        cotel_batch_unref(batch);
        assert_null(collect_now(reader)); /* an idle one */
        assert_int_equal(stats(provider).series, 0);
    }
    cotel_meter_provider_destroy(provider);
}

/* ---- a thread that does not come back from recording ---- */

static sem_t stuck, may_go;

static cotel_exemplar_reservoir *get_stuck(void *user, size_t *places)
{
    (void)user;
    (void)places;
    sem_post(&stuck);
    sem_wait(&may_go);
    return NULL;
}

static void *record_stuck(void *counter)
{
    cotel_counter_add(counter, 1, NULL, 0);
    return NULL;
}

static cotel_meter_provider *provider_that_gets_stuck(cotel_metric_reader **reader)
{
    static const cotel_exemplar_reservoir_factory factory = {.size = sizeof factory,
                                                             .create = get_stuck};
    cotel_view view = COTEL_VIEW_INIT;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_meter_provider *provider = NULL;
    view.instrument_name = "stuck";
    view.exemplar_reservoir = &factory;
    options.readers = reader;
    options.reader_count = 1;
    options.views = &view;
    options.view_count = 1;
    options.exemplar_filter = COTEL_EXEMPLAR_FILTER_ALWAYS_ON;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    sem_init(&stuck, 0, 0);
    sem_init(&may_go, 0, 0);
    return provider;
}

/* So many new sets in each of some periods, with an idle one behind each.
 * @return how many went into the overflow's point. */
static uint64_t periods(cotel_meter_provider *provider, cotel_metric_reader *reader,
                        cotel_counter *counter, unsigned count)
{
    static unsigned set;
    uint64_t before = stats(provider).overflowed;
    for (unsigned i = 0; i < count; i++, set += 10) {
        attack(counter, set, 10);
        cotel_batch_unref(collect_now(reader));
        cotel_batch_unref(collect_now(reader));
    }
    return stats(provider).overflowed - before;
}

/* It may be looking at any series, so none can be freed: then two limits of them are held, and not
 * one more for each period. */
static void what_a_stuck_recorder_keeps_from_being_freed_is_bounded(void **state)
{
    (void)state;
    pthread_t thread;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_DELTA, 10);
    cotel_meter_provider *provider = provider_that_gets_stuck(&reader);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "attack", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "count", NULL);
    assert_int_equal(periods(provider, reader, counter, 3), 0);
    assert_int_equal(
        pthread_create(&thread, NULL, record_stuck, cotel_counter_get(meter, "stuck", NULL)), 0);
    sem_wait(&stuck);
    assert_in_range(periods(provider, reader, counter, 5), 30, 40);
    sem_post(&may_go);
    pthread_join(thread, NULL);
    (void)periods(provider, reader, counter, 1);
    assert_int_equal(periods(provider, reader, counter, 3), 0);
    cotel_meter_provider_destroy(provider);
}

static void no_overflow_at_the_limit_and_one_point_beyond(void **state)
{
    (void)state;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 3);
    cotel_meter_provider *provider = provider_with(&reader, 1, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "attack", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "count", NULL);
    attack(counter, 0, 3);
    attack(counter, 0, 3);
    cotel_batch *batch = collect_now(reader);
    assert_int_equal(totals_of(batch, "count").points, 3);
    assert_int_equal(totals_of(batch, "count").overflow_points, 0);
    cotel_batch_unref(batch);
    attack(counter, 3, 2);
    attack(counter, 0, 3); /* those seen before the overflow stay */
    batch = collect_now(reader);
    struct totals totals = totals_of(batch, "count");
    assert_int_equal(totals.points, 4);
    assert_int_equal(totals.overflowed, 2);
    assert_int_equal(totals.sum, 11);
    cotel_batch_unref(batch);
    cotel_meter_provider_destroy(provider);
}

/* ---- taken out at the very moment ---- */

#define RECORDERS 3
#define ADDS SANITIZED_SHARE(1500000)
#define SELDOM_SETS 4000 /* so many that each is idle for most collections */

static atomic_uint recording;

static void *record_seldom(void *argument)
{
    cotel_counter *counter = argument;
    static atomic_uint seeds;
    unsigned random = atomic_fetch_add(&seeds, 1) * 2654435761u + 1;
    for (unsigned i = 0; i < ADDS; i++) {
        random = random * 1664525u + 1013904223u;
        const cotel_attribute attribute = cotel_attribute_int("set", (random >> 8) % SELDOM_SETS);
        cotel_counter_add(counter, 1, &attribute, 1);
    }
    atomic_fetch_sub(&recording, 1);
    return NULL;
}

static void a_series_that_is_taken_out_while_it_is_recorded_loses_nothing(void **state)
{
    (void)state;
    pthread_t threads[RECORDERS];
    int64_t sum = 0;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_DELTA, 2 * SELDOM_SETS);
    cotel_meter_provider *provider = provider_with(&reader, 1, NULL, 0);
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, "seldom", NULL);
    cotel_counter *counter = cotel_counter_get(meter, "count", NULL);
    atomic_store(&recording, RECORDERS);
    for (size_t i = 0; i < RECORDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, record_seldom, counter), 0);
    for (bool last = false; !last;) {
        last = atomic_load(&recording) == 0;
        cotel_batch *batch = collect_now(reader);
        sum += totals_of(batch, "count").sum;
        cotel_batch_unref(batch);
    }
    for (size_t i = 0; i < RECORDERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(sum, (int64_t)RECORDERS * ADDS);
    cotel_meter_provider_destroy(provider);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_sets_cost_bounded_memory_and_keep_the_total),
        cmocka_unit_test(a_delta_stream_forgets_what_is_idle),
        cmocka_unit_test(what_a_stuck_recorder_keeps_from_being_freed_is_bounded),
        cmocka_unit_test(no_overflow_at_the_limit_and_one_point_beyond),
        cmocka_unit_test(a_series_that_is_taken_out_while_it_is_recorded_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
