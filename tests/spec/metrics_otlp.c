/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk_exporters/otlp.md: what a collector may prefer, and what an exporter of metrics is by
 * default. How the environment says it is in otlp_environment.c. */
#include "../support/metric_fixture.h"

#include <stdio.h>

static cotel_observable *observables[2];

static void observe(cotel_observer *observer, void *user)
{
    for (size_t i = 0; i < COUNT_OF(observables); i++)
        cotel_observe(observer, observables[i], 1, NULL, 0);
}

/* One instrument of each kind that sums; a gauge has no temporality. */
static void use_instruments(cotel_meter *meter)
{
    cotel_counter_add(cotel_counter_get(meter, "counter", NULL), 1, NULL, 0);
    cotel_up_down_counter_add(cotel_up_down_counter_get(meter, "up_down", NULL), 1, NULL, 0);
    cotel_histogram_record(cotel_histogram_get(meter, "histogram", NULL), 1, NULL, 0);
    observables[0] = cotel_observable_counter_get(meter, "observed", NULL, NULL, NULL);
    observables[1] =
        cotel_observable_up_down_counter_get(meter, "observed_up_down", NULL, NULL, NULL);
}

static void print_temporalities(cotel_batch *batch, char *out, size_t size)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    size_t used = 0;
    while (cotel_batch_next_metric(batch, &cursor, &metric, NULL) && used < size)
        used += (size_t)snprintf(
            out + used, size - used, "%.*s %s\n", (int)metric.name.size, metric.name.data,
            metric.temporality == COTEL_TEMPORALITY_DELTA ? "delta" : "cumulative");
}

static void assert_temporalities(cotel_temporality_preference preference, const char *expected)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    struct metric_fixture fixture;
    char text[512] = "";
    cotel_metric_reader_prefer(&options, preference);
    metric_fixture_start(&fixture, NULL, &options);
    use_instruments(fixture.meter);
    cotel_callback *callback =
        cotel_observable_add_callback(observables, COUNT_OF(observables), observe, NULL);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    print_temporalities(batch, text, sizeof text);
    assert_string_equal(text, expected);
    cotel_batch_unref(batch);
    cotel_callback_remove(callback);
    metric_fixture_stop(&fixture);
}

static void cumulative_is_preferred_for_all_kinds_alike(void **state)
{
    assert_temporalities(COTEL_TEMPORALITY_PREFER_CUMULATIVE, "counter cumulative\n"
                                                              "up_down cumulative\n"
                                                              "histogram cumulative\n"
                                                              "observed cumulative\n"
                                                              "observed_up_down cumulative\n");
}

static void delta_is_preferred_but_for_what_goes_up_and_down(void **state)
{
    assert_temporalities(COTEL_TEMPORALITY_PREFER_DELTA, "counter delta\n"
                                                         "up_down cumulative\n"
                                                         "histogram delta\n"
                                                         "observed delta\n"
                                                         "observed_up_down cumulative\n");
}

static void low_memory_is_delta_for_what_is_recorded_and_only_grows(void **state)
{
    assert_temporalities(COTEL_TEMPORALITY_PREFER_LOW_MEMORY, "counter delta\n"
                                                              "up_down cumulative\n"
                                                              "histogram delta\n"
                                                              "observed cumulative\n"
                                                              "observed_up_down cumulative\n");
}

static void the_default_aggregation_of_histograms_can_be_chosen(void **state)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    struct metric_fixture fixture;
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    options.aggregation[COTEL_INSTRUMENT_HISTOGRAM] =
        AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM, .max_buckets = 160,
                    .max_scale = 20);
    metric_fixture_start(&fixture, NULL, &options);
    cotel_histogram_record(cotel_histogram_get(fixture.meter, "histogram", NULL), 1, NULL, 0);
    cotel_batch *batch = metric_fixture_collect(&fixture);
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    assert_int_equal(metric.type, COTEL_METRIC_EXPONENTIAL_HISTOGRAM);
    cotel_batch_unref(batch);
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cumulative_is_preferred_for_all_kinds_alike),
        cmocka_unit_test(delta_is_preferred_but_for_what_goes_up_and_down),
        cmocka_unit_test(low_memory_is_delta_for_what_is_recorded_and_only_grows),
        cmocka_unit_test(the_default_aggregation_of_histograms_can_be_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
