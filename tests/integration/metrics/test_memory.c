/* SPDX-License-Identifier: Apache-2.0 */
/* What metrics take from the allocator: nothing for a measurement of a series that is there, and
 * nothing that they could not do without. */
#include "../../support/allocator.h"
#include "totals.h"

#include <stdio.h>

#define SERIES 100

struct instruments {
    cotel_counter *counter;
    cotel_double_histogram *histogram;
    cotel_double_histogram *exponential;
    cotel_gauge *gauge;
    cotel_bound_counter *bound;
};

static void record(const struct instruments *to, unsigned series)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_int("series", series),
        cotel_attribute_string("model", "gpt-4o"),
        cotel_attribute_string("dropped", series % 2 ? "odd" : "even"),
    };
    cotel_counter_add(to->counter, 1, attributes, 3);
    cotel_double_histogram_record(to->histogram, series, attributes, 3);
    cotel_double_histogram_record(to->exponential, series, attributes, 3);
    cotel_gauge_record(to->gauge, series, attributes, 3);
    cotel_bound_counter_add(to->bound, 1);
}

static cotel_meter_provider *create(cotel_metric_reader *reader)
{
    const char *const dropped[] = {"dropped"};
    cotel_aggregation base2 = COTEL_AGGREGATION_INIT;
    base2.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM;
    cotel_view views[] = {COTEL_VIEW_INIT, COTEL_VIEW_INIT};
    views[0].instrument_name = "exponential";
    views[0].aggregation = &base2;
    views[1].instrument_name = "gauge";
    views[1].excluded_attribute_keys = dropped;
    views[1].excluded_attribute_key_count = 1;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.readers = &reader;
    options.reader_count = 1;
    options.views = views;
    options.view_count = 2;
    cotel_meter_provider *provider = NULL;
    return cotel_meter_provider_create(&options, &provider) == COTEL_STATUS_OK ? provider : NULL;
}

static struct instruments instruments_of(cotel_meter_provider *provider, const char *name)
{
    cotel_meter *meter = cotel_meter_provider_get_meter(provider, name, NULL);
    struct instruments made = {
        .counter = cotel_counter_get(meter, "counter", NULL),
        .histogram = cotel_double_histogram_get(meter, "histogram", NULL),
        .exponential = cotel_double_histogram_get(meter, "exponential", NULL),
        .gauge = cotel_gauge_get(meter, "gauge", NULL),
    };
    made.bound = cotel_counter_bind(made.counter, NULL, 0);
    return made;
}

static void a_measurement_of_a_known_series_takes_nothing_from_the_allocator(void **state)
{
    (void)state;
    cotel_metric_reader *reader = reader_with(COTEL_TEMPORALITY_CUMULATIVE, 0);
    cotel_meter_provider *provider = create(reader);
    struct instruments to = instruments_of(provider, "memory");
    for (unsigned round = 0; round < 3; round++) {
        allocations = 0;
        for (unsigned i = 0; i < SERIES; i++)
            record(&to, i);
        assert_true(round == 0 ? allocations > SERIES : allocations == 0);
        cotel_batch_unref(collect_now(reader));
    }
    cotel_bound_counter_unbind(to.bound);
    cotel_meter_provider_destroy(provider);
}

/* ---- each allocation fails in its turn ---- */

/* Whatever is missing is counted, or was never there. */
static void whole_life(void)
{
    static unsigned lives;
    char name[32];
    (void)snprintf(name, sizeof name, "life.%u", lives++); /* a meter that is not there yet */
    cotel_metric_reader *reader = NULL;
    if (cotel_metric_reader_create(NULL, NULL, NULL, &reader) != COTEL_STATUS_OK)
        return;
    cotel_meter_provider *provider = create(reader);
    if (provider == NULL) {
        cotel_metric_reader_destroy(reader);
        return;
    }
    struct instruments to = instruments_of(provider, name);
    for (unsigned i = 0; i < 40; i++)
        record(&to, i % 20);
    cotel_batch *batch = NULL;
    cotel_status status = cotel_metric_reader_collect(reader, FLUSH_MS, &batch);
    assert_true(status == COTEL_STATUS_OK || status == COTEL_STATUS_OUT_OF_MEMORY);
    cotel_metric_counts counts = {.size = sizeof counts};
    cotel_metric_stats(provider, &counts);
    assert_true(totals_of(batch, "counter").sum <= 80);
    if (counts.out_of_memory == 0 && counts.instruments == 4 && to.bound != NULL && batch != NULL)
        assert_int_equal(totals_of(batch, "counter").sum, 80);
    cotel_batch_unref(batch);
    cotel_bound_counter_unbind(to.bound);
    cotel_meter_provider_destroy(provider);
}

#define ENOUGH 2000

static void each_allocation_may_fail_alone(void **state)
{
    (void)state;
    long number = 0;
    do {
        assert_true(number < ENOUGH);
        allocations_fail(number++, false);
        whole_life();
    } while (allocations_succeed());
    assert_true(number > 100);
}

static void all_allocations_may_fail_from_any_one_on(void **state)
{
    (void)state;
    for (long number = 0; number < 200; number++) {
        allocations_fail(number, true);
        whole_life();
        (void)allocations_succeed();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_measurement_of_a_known_series_takes_nothing_from_the_allocator),
        cmocka_unit_test(each_allocation_may_fail_alone),
        cmocka_unit_test(all_allocations_may_fail_from_any_one_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
