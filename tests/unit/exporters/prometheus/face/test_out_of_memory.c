/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of a registry, its metrics and children fails once, one after the other: what
 * could not be is NULL, told and counted, and what could be works. The second time all is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/prom.h>
#include <cotel/sdk/meter_provider.h>

#include <stdio.h>

#include "tests/support/allocator.h"

static cotel_prom_registry *registry;

static const cotel_prom_objective median[] = {{.5, .01}};

/* The metrics, in a registry that may be missing. @return whether all children are there. */
static bool use(void)
{
    const char *const labels[] = {"a"};
    cotel_prom_summary_options options = COTEL_PROM_SUMMARY_OPTIONS_INIT;
    options.objectives = median;
    options.objective_count = 1;
    cotel_prom_counter *counter = cotel_prom_counter_with(
        cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1), COTEL_PROM_VALUES("1"));
    cotel_prom_counter *beyond = cotel_prom_counter_with(
        cotel_prom_counter_vec_get(registry, "c_total", "C.", labels, 1), COTEL_PROM_VALUES("2"));
    cotel_prom_gauge *gauge = cotel_prom_gauge_get(registry, "g", "G.");
    cotel_prom_histogram *histogram = cotel_prom_histogram_get(registry, "h", "H.", NULL);
    cotel_prom_summary *summary = cotel_prom_summary_get(registry, "s", "S.", &options);
    cotel_prom_counter_inc(counter);
    cotel_prom_counter_inc(beyond);
    cotel_prom_gauge_inc(gauge);
    cotel_prom_histogram_observe(histogram, 1);
    for (int i = 0; i < 1000; i++)
        cotel_prom_summary_observe(summary, i);
    return counter && beyond && gauge && histogram && summary;
}

static void create(void)
{
    static const cotel_prom_label label = {"zone", "a"};
    cotel_prom_options options = COTEL_PROM_OPTIONS_INIT;
    options.name_prefix = "shop";
    options.labels = &label;
    options.label_count = 1;
    options.max_children = 1;
    if (cotel_prom_registry_create(&options, &registry) != COTEL_STATUS_OK)
        assert_null(registry);
}

/* @return whether an allocation failed. */
static bool use_failing_at(long number)
{
    registry = NULL;
    allocations_fail(number, false);
    create();
    bool whole = use();
    bool failed = allocations_succeed();
    assert_true(failed || whole);
    if (!registry)
        create();
    assert_true(use());
    cotel_prom_registry_destroy(registry);
    return failed;
}

static void whatever_allocation_fails_the_rest_works(void **state)
{
    (void)state;
    long number = 0;
    while (use_failing_at(number))
        number++;
    assert_true(number > 20);
}

static cotel_meter_provider *provider;

static int start(void **state)
{
    (void)state;
    cotel_metric_producer *producer = cotel_prom_producer_create(NULL);
    cotel_metric_reader_options reader_options = COTEL_METRIC_READER_OPTIONS_INIT;
    reader_options.producers = &producer;
    reader_options.producer_count = 1;
    cotel_metric_reader *reader = NULL;
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    assert_int_equal(cotel_metric_reader_create(&reader_options, NULL, NULL, &reader),
                     COTEL_STATUS_OK);
    options.readers = &reader;
    options.reader_count = 1;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    cotel_meter_provider_set_global(provider);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    cotel_meter_provider_set_global(NULL);
    cotel_meter_provider_destroy(provider);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whatever_allocation_fails_the_rest_works, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
