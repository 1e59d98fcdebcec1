/* SPDX-License-Identifier: Apache-2.0 */
/* An attack on cardinality: a million sets of attributes that all differ. */
#include "totals.h"

#include <malloc.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_million_sets_cost_bounded_memory_and_keep_the_total),
        cmocka_unit_test(a_delta_stream_forgets_what_is_idle),
        cmocka_unit_test(no_overflow_at_the_limit_and_one_point_beyond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
