/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "MeterProvider", and metrics/api.md "Instrument" end to end: which kinds there
 * are, and what of a meter and a provider stands with their metrics. */
#include "../support/metric_fixture.h"

/* ---- providers ---- */

static void providers_of_metrics_side_by_side_do_not_mix(void **state)
{
    struct metric_fixture one, other;
    (void)state;
    metric_fixture_start(&one, NULL, NULL);
    metric_fixture_start(&other, NULL, NULL);
    cotel_counter_add(cotel_counter_get(one.meter, "c", NULL), 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(other.meter, "c", NULL), 2, NULL, 0);
    assert_collected(&one, "scope library\n sum c cumulative monotonic\n  {} 1\n");
    assert_collected(&other, "scope library\n sum c cumulative monotonic\n  {} 2\n");
    metric_fixture_stop(&one);
    cotel_counter_add(cotel_counter_get(other.meter, "c", NULL), 2, NULL, 0);
    assert_collected(&other, "scope library\n sum c cumulative monotonic\n  {} 4\n");
    metric_fixture_stop(&other);
}

static void all_metrics_are_of_the_providers_resource(void **state)
{
    struct metric_fixture fixture;
    cotel_resource *resource = NULL;
    const cotel_attribute name = cotel_attribute_string("service.name", "shop");
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    (void)state;
    assert_int_equal(cotel_resource_create(&name, 1, NULL, &resource), COTEL_STATUS_OK);
    options.resource = resource;
    metric_fixture_start(&fixture, &options, NULL);
    cotel_meter *other = cotel_meter_provider_get_meter(fixture.provider, "other", NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "c", NULL), 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(other, "c", NULL), 1, NULL, 0);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    size_t groups = 0;
    (void)cotel_batch_groups(batch, &groups);
    assert_int_equal(groups, 2);
    assert_ptr_equal(cotel_batch_resource(batch), resource);
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
    cotel_resource_unref(resource);
}

/* ---- meters ---- */

static void assert_text(cotel_str text, const char *expected)
{
    assert_int_equal(text.size, strlen(expected));
    assert_memory_equal(text.data != NULL ? text.data : "", expected, text.size);
}

static void what_identifies_a_meter_is_the_scope_of_its_metrics(void **state)
{
    struct metric_fixture fixture;
    const cotel_attribute attribute = cotel_attribute_string("team", "red");
    cotel_meter_options options = COTEL_METER_OPTIONS_INIT;
    (void)state;
    options.version = "1.2";
    options.schema_url = "https://schema.example/1";
    options.attributes = &attribute;
    options.attribute_count = 1;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_meter *meter = cotel_meter_provider_get_meter(fixture.provider, "shop", &options);
    cotel_counter_add(cotel_counter_get(meter, "c", NULL), 1, NULL, 0);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    size_t groups = 0;
    const cotel_scope_view *scope = cotel_batch_groups(batch, &groups)[0].scope;
    assert_int_equal(groups, 1);
    assert_text(scope->name, "shop");
    assert_text(scope->version, "1.2");
    assert_text(scope->schema_url, "https://schema.example/1");
    assert_int_equal(scope->attribute_count, 1);
    assert_text(scope->attributes[0].key, "team");
    assert_text(scope->attributes[0].value.as.string, "red");
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

static void an_invalid_name_of_a_meter_is_kept_as_it_is_and_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    size_t before = told_count();
    cotel_meter *meter = cotel_meter_provider_get_meter(fixture.provider, "", NULL);
    assert_told(before, COTEL_LOG_WARNING, "without a name");
    cotel_counter_add(cotel_counter_get(meter, "c", NULL), 1, NULL, 0);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    size_t groups = 0;
    assert_text(cotel_batch_groups(batch, &groups)[0].scope->name, "");
    assert_int_equal(groups, 1);
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

/* ---- kinds ---- */

static void counters_of_both_types_of_numbers_add_up(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *ints = cotel_counter_get(fixture.meter, "i", NULL);
    cotel_double_counter *doubles = cotel_double_counter_get(fixture.meter, "d", NULL);
    for (int i = 0; i < 3; i++) {
        cotel_counter_add(ints, 2, NULL, 0);
        cotel_double_counter_add(doubles, 0.25, NULL, 0);
    }
    assert_collected(&fixture, "scope library\n sum i cumulative monotonic\n  {} 6\n"
                               " sum d cumulative monotonic\n  {} 0.75\n");
    metric_fixture_stop(&fixture);
}

static void up_down_counters_of_both_types_go_up_and_down(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_up_down_counter *ints = cotel_up_down_counter_get(fixture.meter, "i", NULL);
    cotel_double_up_down_counter *doubles =
        cotel_double_up_down_counter_get(fixture.meter, "d", NULL);
    cotel_up_down_counter_add(ints, 2, NULL, 0);
    cotel_up_down_counter_add(ints, -5, NULL, 0);
    cotel_double_up_down_counter_add(doubles, 0.5, NULL, 0);
    cotel_double_up_down_counter_add(doubles, -2, NULL, 0);
    assert_collected(&fixture, "scope library\n sum i cumulative\n  {} -3\n"
                               " sum d cumulative\n  {} -1.5\n");
    metric_fixture_stop(&fixture);
}

static void gauges_of_both_types_say_what_was_recorded_last(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_gauge *ints = cotel_gauge_get(fixture.meter, "i", NULL);
    cotel_double_gauge *doubles = cotel_double_gauge_get(fixture.meter, "d", NULL);
    for (int i = 3; i > 0; i--) {
        cotel_gauge_record(ints, i, NULL, 0);
        cotel_double_gauge_record(doubles, i / 2.0, NULL, 0);
    }
    assert_collected(&fixture, "scope library\n gauge i\n  {} 1\n gauge d\n  {} 0.5\n");
    metric_fixture_stop(&fixture);
}

static void histograms_of_both_types_count_and_add_up(void **state)
{
    struct metric_fixture fixture;
    static const double boundaries[] = {1, 2};
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    const cotel_instrument_options *options =
        INSTRUMENT(.boundaries = boundaries, .boundary_count = 2);
    cotel_histogram *ints = cotel_histogram_get(fixture.meter, "i", options);
    cotel_double_histogram *doubles = cotel_double_histogram_get(fixture.meter, "d", options);
    for (int i = 1; i <= 3; i++) {
        cotel_histogram_record(ints, i, NULL, 0);
        cotel_double_histogram_record(doubles, i + 0.5, NULL, 0);
    }
    cotel_batch *batch = metric_fixture_collect(&fixture);
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    static const double sums[] = {6, 7.5};
    static const uint64_t counts[2][3] = {{1, 1, 1}, {0, 1, 2}};
    for (size_t i = 0; i < 2; i++) {
        cotel_point_data point;
        uint64_t count = 0;
        assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
        assert_int_equal(metric.type, COTEL_METRIC_HISTOGRAM);
        cotel_iterator points = cotel_metric_data_points(&metric);
        assert_true(cotel_iterator_next_point(&points, &metric, &point));
        assert_int_equal(point.count, 3);
        assert_true(point.sum == sums[i]);
        size_t bucket = 0;
        for (size_t at = 0; cotel_buckets_next(&point.buckets, &at, &count); bucket++)
            assert_int_equal(count, counts[i][bucket]);
        assert_int_equal(bucket, 3);
    }
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

static void observe_seven(cotel_observer *observer, void *user)
{
    cotel_observable **instruments = user;
    cotel_observe(observer, instruments[0], 7, NULL, 0);
    cotel_observe_double(observer, instruments[1], 7.5, NULL, 0);
}

static void assert_observed(cotel_observable *(*ints)(cotel_meter *, const char *,
                                                      const cotel_instrument_options *,
                                                      cotel_observable_callback, void *),
                            cotel_observable *(*doubles)(cotel_meter *, const char *,
                                                         const cotel_instrument_options *,
                                                         cotel_observable_callback, void *),
                            const char *expected)
{
    struct metric_fixture fixture;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_observable *instruments[] = {ints(fixture.meter, "i", NULL, NULL, NULL),
                                       doubles(fixture.meter, "d", NULL, NULL, NULL)};
    cotel_callback *callback =
        cotel_observable_add_callback(instruments, 2, observe_seven, instruments);
    assert_collected(&fixture, expected);
    assert_collected(&fixture, expected); /* totals, not increments */
    cotel_callback_remove(callback);
    metric_fixture_stop(&fixture);
}

static void observable_counters_of_both_types_say_their_totals(void **state)
{
    (void)state;
    assert_observed(cotel_observable_counter_get, cotel_observable_double_counter_get,
                    "scope library\n sum i cumulative monotonic\n  {} 7\n"
                    " sum d cumulative monotonic\n  {} 7.5\n");
}

static void observable_up_down_counters_of_both_types_say_their_totals(void **state)
{
    (void)state;
    assert_observed(cotel_observable_up_down_counter_get,
                    cotel_observable_double_up_down_counter_get,
                    "scope library\n sum i cumulative\n  {} 7\n sum d cumulative\n  {} 7.5\n");
}

static void observable_gauges_of_both_types_say_their_values(void **state)
{
    (void)state;
    assert_observed(cotel_observable_gauge_get, cotel_observable_double_gauge_get,
                    "scope library\n gauge i\n  {} 7\n gauge d\n  {} 7.5\n");
}

static void a_bound_instrument_counts_as_recording_with_its_attributes_does(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_bound_counter *bound = cotel_counter_bind(counter, WITH(cotel_attribute_int("a", 1)));
    cotel_bound_counter_add(bound, 2);
    cotel_counter_add(counter, 3, WITH(cotel_attribute_int("a", 1)));
    cotel_counter_add(counter, 4, WITH(cotel_attribute_int("a", 2)));
    cotel_bound_counter_add(bound, -1); /* refused, as of the counter */
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {a=1} 5\n"
                               "  {a=2} 4\n");
    assert_int_equal(metric_counts(&fixture).refused, 1);
    cotel_bound_counter_unbind(bound);
    metric_fixture_stop(&fixture);
}

static void a_bound_instrument_that_was_idle_for_long_goes_on(void **state)
{
    struct metric_fixture fixture;
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    (void)state;
    cotel_metric_reader_prefer(&reader, COTEL_TEMPORALITY_PREFER_DELTA);
    metric_fixture_start(&fixture, NULL, &reader);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_bound_counter *bound = cotel_counter_bind(counter, WITH(cotel_attribute_int("a", 1)));
    for (int period = 0; period < 3; period++)
        assert_null(metric_fixture_collect(&fixture));
    cotel_bound_counter_add(bound, 2);
    assert_collected(&fixture, "scope library\n sum c delta monotonic\n  {a=1} 2\n");
    cotel_bound_counter_unbind(bound);
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(providers_of_metrics_side_by_side_do_not_mix),
        cmocka_unit_test(all_metrics_are_of_the_providers_resource),
        cmocka_unit_test(what_identifies_a_meter_is_the_scope_of_its_metrics),
        cmocka_unit_test(an_invalid_name_of_a_meter_is_kept_as_it_is_and_told),
        cmocka_unit_test(counters_of_both_types_of_numbers_add_up),
        cmocka_unit_test(up_down_counters_of_both_types_go_up_and_down),
        cmocka_unit_test(gauges_of_both_types_say_what_was_recorded_last),
        cmocka_unit_test(histograms_of_both_types_count_and_add_up),
        cmocka_unit_test(observable_counters_of_both_types_say_their_totals),
        cmocka_unit_test(observable_up_down_counters_of_both_types_say_their_totals),
        cmocka_unit_test(observable_gauges_of_both_types_say_their_values),
        cmocka_unit_test(a_bound_instrument_counts_as_recording_with_its_attributes_does),
        cmocka_unit_test(a_bound_instrument_that_was_idle_for_long_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
