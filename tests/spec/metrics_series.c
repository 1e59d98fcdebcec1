/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "Cardinality limits", "Start timestamps", "Observations inside asynchronous
 * callbacks" and "MetricReader": which points there are, and which time they are of. */
#include "../support/metric_fixture.h"

static void start_with(struct metric_fixture *fixture, cotel_temporality temporality,
                       uint32_t cardinality_limit)
{
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++) {
        reader.temporality[kind] = temporality;
        reader.cardinality_limit[kind] = cardinality_limit;
    }
    metric_fixture_start(fixture, NULL, &reader);
}

static void add(cotel_counter *counter, int64_t value, int64_t attribute)
{
    cotel_counter_add(counter, value, WITH(cotel_attribute_int("a", attribute)));
}

/* ---- cardinality limits ---- */

static void as_many_sets_as_the_limit_do_not_overflow(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 2);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    for (int i = 0; i < 4; i++)
        add(counter, 1, i % 2);
    assert_collected(&fixture,
                     "scope library\n sum c cumulative monotonic\n  {a=0} 2\n  {a=1} 2\n");
    assert_int_equal(metric_counts(&fixture).overflowed, 0);
    metric_fixture_stop(&fixture);
}

static void cumulative_sets_from_before_the_overflow_go_on(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 2);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    for (int i = 0; i < 4; i++)
        add(counter, 1, i);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {a=0} 1\n"
                               "  {a=1} 1\n  {otel.metric.overflow=true} 2\n");
    for (int i = 0; i < 4; i++)
        add(counter, 10, i);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {a=0} 11\n"
                               "  {a=1} 11\n  {otel.metric.overflow=true} 22\n");
    assert_int_equal(metric_counts(&fixture).overflowed, 4);
    metric_fixture_stop(&fixture);
}

static void a_reader_without_a_limit_has_one_of_2000(void **state)
{
    struct metric_fixture fixture;
    cotel_metric_data metric;
    cotel_point_data point;
    cotel_batch_cursor cursor = {0, 0};
    size_t points = 0;
    int64_t sum = 0;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    for (int i = 0; i < 2500; i++)
        add(counter, 1, i);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    for (cotel_iterator at = cotel_metric_data_points(&metric);
         cotel_iterator_next_point(&at, &metric, &point); points++)
        sum += point.value.integer;
    assert_int_equal(points, 2001);
    assert_int_equal(sum, 2500);
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

static void a_bound_instrument_keeps_the_series_that_it_was_bound_to(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 1);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_bound_counter *first = cotel_counter_bind(counter, WITH(cotel_attribute_int("a", 0)));
    cotel_bound_counter *beyond = cotel_counter_bind(counter, WITH(cotel_attribute_int("a", 1)));
    cotel_bound_counter_add(first, 1);
    cotel_bound_counter_add(beyond, 2);
    add(counter, 4, 0);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {a=0} 5\n"
                               "  {otel.metric.overflow=true} 2\n");
    cotel_bound_counter_unbind(first);
    cotel_bound_counter_unbind(beyond);
    metric_fixture_stop(&fixture);
}

static void the_overflows_own_attribute_makes_no_second_point(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 1);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_counter_add(counter, 1, WITH(cotel_attribute_bool("otel.metric.overflow", true)));
    add(counter, 2, 0);
    add(counter, 4, 1);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n"
                               "  {otel.metric.overflow=true} 5\n  {a=0} 2\n");
    metric_fixture_stop(&fixture);
}

/* ---- temporality ---- */

static void cumulative_series_are_collected_for_ever(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 0);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    add(counter, 1, 0);
    for (int i = 0; i < 3; i++)
        assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {a=0} 1\n");
    metric_fixture_stop(&fixture);
}

static void delta_series_are_collected_when_they_have_something_new(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_DELTA, 0);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    add(counter, 1, 0);
    add(counter, 2, 1);
    assert_collected(&fixture, "scope library\n sum c delta monotonic\n  {a=0} 1\n  {a=1} 2\n");
    assert_collected(&fixture, "");
    add(counter, 4, 1);
    assert_collected(&fixture, "scope library\n sum c delta monotonic\n  {a=1} 4\n");
    metric_fixture_stop(&fixture);
}

static void readers_do_not_take_from_each_other(void **state)
{
    cotel_metric_reader_options delta = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_metric_reader *readers[2] = {NULL, NULL};
    struct metric_fixture first = {NULL, NULL, NULL}, second;
    (void)state;
    cotel_metric_reader_prefer(&delta, COTEL_TEMPORALITY_PREFER_DELTA);
    assert_int_equal(cotel_metric_reader_create(&delta, NULL, NULL, &readers[0]), COTEL_STATUS_OK);
    assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &readers[1]), COTEL_STATUS_OK);
    options.readers = readers;
    options.reader_count = 2;
    assert_int_equal(cotel_meter_provider_create(&options, &first.provider), COTEL_STATUS_OK);
    second = first;
    first.reader = readers[0];
    second.reader = readers[1];
    cotel_counter *counter = cotel_counter_get(
        cotel_meter_provider_get_meter(first.provider, "library", NULL), "c", NULL);
    add(counter, 1, 0);
    assert_collected(&first, "scope library\n sum c delta monotonic\n  {a=0} 1\n");
    add(counter, 2, 0);
    assert_collected(&first, "scope library\n sum c delta monotonic\n  {a=0} 2\n");
    assert_collected(&second, "scope library\n sum c cumulative monotonic\n  {a=0} 3\n");
    metric_fixture_stop(&first);
}

/* ---- times ---- */

struct times {
    uint64_t start, end;
};

/* Those of the only point there is. */
static struct times collect_times(struct metric_fixture *fixture)
{
    cotel_metric_data metric;
    cotel_point_data point;
    cotel_batch_cursor cursor = {0, 0};
    cotel_batch *batch = metric_fixture_collect(fixture);
    assert_non_null(batch);
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    cotel_iterator at = cotel_metric_data_points(&metric);
    assert_true(cotel_iterator_next_point(&at, &metric, &point));
    struct times times = {point.start_unix_ns, point.time_unix_ns};
    assert_true(times.start <= times.end);
    cotel_batch_unref(batch);
    return times;
}

static void a_delta_begins_where_the_collection_before_ended(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_DELTA, 0);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    add(counter, 1, 0);
    struct times first = collect_times(&fixture);
    assert_collected(&fixture, "");
    add(counter, 1, 1);
    struct times third = collect_times(&fixture);
    assert_true(third.start > first.end); /* the empty one lies between */
    add(counter, 1, 0);
    assert_true(collect_times(&fixture).start == third.end);
    metric_fixture_stop(&fixture);
}

static void a_cumulative_series_keeps_its_start(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 0);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    add(counter, 1, 0);
    struct times first = collect_times(&fixture);
    add(counter, 1, 0);
    struct times second = collect_times(&fixture);
    assert_true(second.start == first.start);
    assert_true(second.end > first.end);
    metric_fixture_stop(&fixture);
}

/* ---- observables ---- */

struct observed {
    cotel_observable *instrument;
    int64_t values[3]; /* of the attribute a = 0, 1, 2; below 0: not observed */
    int calls;
};

static void observe(cotel_observer *observer, void *user)
{
    struct observed *observed = user;
    observed->calls++;
    for (int64_t i = 0; i < 3; i++) {
        if (observed->values[i] >= 0)
            cotel_observe(observer, observed->instrument, observed->values[i],
                          WITH(cotel_attribute_int("a", i)));
    }
}

static void start_observed(struct metric_fixture *fixture, struct observed *observed,
                           cotel_temporality temporality, uint32_t limit)
{
    start_with(fixture, temporality, limit);
    observed->instrument =
        cotel_observable_counter_get(fixture->meter, "o", NULL, observe, observed);
}

static void only_what_is_observed_is_collected(void **state)
{
    struct observed observed = {.values = {1, 2, -1}};
    struct metric_fixture fixture;
    (void)state;
    start_observed(&fixture, &observed, COTEL_TEMPORALITY_CUMULATIVE, 0);
    assert_collected(&fixture,
                     "scope library\n sum o cumulative monotonic\n  {a=0} 1\n  {a=1} 2\n");
    observed.values[0] = -1;
    observed.values[1] = 5;
    assert_collected(&fixture, "scope library\n sum o cumulative monotonic\n  {a=1} 5\n");
    assert_int_equal(observed.calls, 2);
    metric_fixture_stop(&fixture);
}

static void observed_totals_become_deltas(void **state)
{
    struct observed observed = {.values = {10, -1, -1}};
    struct metric_fixture fixture;
    (void)state;
    start_observed(&fixture, &observed, COTEL_TEMPORALITY_DELTA, 0);
    assert_collected(&fixture, "scope library\n sum o delta monotonic\n  {a=0} 10\n");
    observed.values[0] = 14;
    assert_collected(&fixture, "scope library\n sum o delta monotonic\n  {a=0} 4\n");
    metric_fixture_stop(&fixture);
}

static void the_sets_observed_first_are_kept_under_the_limit(void **state)
{
    struct observed observed = {.values = {1, 2, 4}};
    struct metric_fixture fixture;
    (void)state;
    start_observed(&fixture, &observed, COTEL_TEMPORALITY_CUMULATIVE, 2);
    assert_collected(&fixture, "scope library\n sum o cumulative monotonic\n  {a=0} 1\n"
                               "  {a=1} 2\n  {otel.metric.overflow=true} 4\n");
    metric_fixture_stop(&fixture);
}

static void a_removed_callback_observes_nothing(void **state)
{
    struct observed observed = {.values = {1, -1, -1}};
    struct metric_fixture fixture;
    (void)state;
    start_with(&fixture, COTEL_TEMPORALITY_CUMULATIVE, 0);
    observed.instrument = cotel_observable_counter_get(fixture.meter, "o", NULL, NULL, NULL);
    cotel_callback *callback =
        cotel_observable_add_callback(&observed.instrument, 1, observe, &observed);
    assert_string_equal(collected_names(&fixture), "o");
    cotel_callback_remove(callback);
    assert_string_equal(collected_names(&fixture), "");
    assert_int_equal(observed.calls, 1);
    metric_fixture_stop(&fixture);
}

static void an_observed_series_begins_with_the_instrument_or_the_collection_before(void **state)
{
    struct observed observed = {.values = {1, -1, -1}};
    struct metric_fixture fixture;
    (void)state;
    start_observed(&fixture, &observed, COTEL_TEMPORALITY_CUMULATIVE, 0);
    struct times first = collect_times(&fixture);
    struct times second = collect_times(&fixture);
    assert_true(first.start == second.start);
    observed.values[0] = -1;
    observed.values[1] = 2;
    struct times other = collect_times(&fixture);
    assert_true(other.start == second.end);
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_many_sets_as_the_limit_do_not_overflow),
        cmocka_unit_test(cumulative_sets_from_before_the_overflow_go_on),
        cmocka_unit_test(a_reader_without_a_limit_has_one_of_2000),
        cmocka_unit_test(a_bound_instrument_keeps_the_series_that_it_was_bound_to),
        cmocka_unit_test(the_overflows_own_attribute_makes_no_second_point),
        cmocka_unit_test(cumulative_series_are_collected_for_ever),
        cmocka_unit_test(delta_series_are_collected_when_they_have_something_new),
        cmocka_unit_test(readers_do_not_take_from_each_other),
        cmocka_unit_test(a_delta_begins_where_the_collection_before_ended),
        cmocka_unit_test(a_cumulative_series_keeps_its_start),
        cmocka_unit_test(only_what_is_observed_is_collected),
        cmocka_unit_test(observed_totals_become_deltas),
        cmocka_unit_test(the_sets_observed_first_are_kept_under_the_limit),
        cmocka_unit_test(a_removed_callback_observes_nothing),
        cmocka_unit_test(an_observed_series_begins_with_the_instrument_or_the_collection_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
