/* SPDX-License-Identifier: Apache-2.0 */
/* Each limit of a set-up of metrics, at its edge: as many as it says, and not one more. */
#include "../../support/metric_fixture.h"

#include <stdio.h>

/* A provider with these, and as few other things as there can be. */
static cotel_status try_provider(cotel_metric_reader *const *readers, size_t reader_count,
                                 const cotel_view *views, size_t view_count)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_meter_provider *provider = NULL;
    options.readers = readers;
    options.reader_count = reader_count;
    options.views = views;
    options.view_count = view_count;
    cotel_status status = cotel_meter_provider_create(&options, &provider);
    cotel_meter_provider_destroy(provider);
    return status;
}

static void there_can_be_so_many_providers(void **state)
{
    cotel_meter_provider *providers[COTEL_MAX_METER_PROVIDERS], *another = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(providers); i++)
        assert_int_equal(cotel_meter_provider_create(NULL, &providers[i]), COTEL_STATUS_OK);
    assert_int_equal(cotel_meter_provider_create(NULL, &another), COTEL_STATUS_LIMIT_REACHED);
    assert_null(another);
    cotel_meter_provider_destroy(providers[7]);
    assert_int_equal(cotel_meter_provider_create(NULL, &providers[7]), COTEL_STATUS_OK);
    for (size_t i = 0; i < COUNT_OF(providers); i++)
        cotel_meter_provider_destroy(providers[i]);
}

static void a_provider_has_so_many_readers(void **state)
{
    cotel_metric_reader *readers[COTEL_PROVIDER_MAX_READERS + 1];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(readers); i++)
        assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &readers[i]),
                         COTEL_STATUS_OK);
    assert_int_equal(try_provider(readers, COUNT_OF(readers), NULL, 0),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(try_provider(readers, COTEL_PROVIDER_MAX_READERS, NULL, 0), COTEL_STATUS_OK);
    cotel_metric_reader_destroy(readers[COTEL_PROVIDER_MAX_READERS]);
}

static void a_provider_has_so_many_views(void **state)
{
    cotel_view views[COTEL_MAX_VIEWS + 1];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(views); i++)
        views[i] = VIEW(.instrument_name = "*");
    assert_int_equal(try_provider(NULL, 0, views, COTEL_MAX_VIEWS), COTEL_STATUS_OK);
    assert_int_equal(try_provider(NULL, 0, views, COUNT_OF(views)), COTEL_STATUS_INVALID_ARGUMENT);
}

static cotel_status produce_nothing(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    (void)self;
    (void)writer;
    return COTEL_STATUS_OK;
}

static void a_reader_has_so_many_producers(void **state)
{
    static const cotel_metric_producer_ops ops = {.size = sizeof ops, .produce = produce_nothing};
    cotel_metric_producer producers[COTEL_READER_MAX_PRODUCERS + 1], *all[COUNT_OF(producers)];
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_reader *reader = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(producers); i++) {
        producers[i].ops = &ops;
        all[i] = &producers[i];
    }
    options.producers = all;
    options.producer_count = COUNT_OF(all);
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.producer_count--;
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader), COTEL_STATUS_OK);
    cotel_metric_reader_destroy(reader);
}

/* All are collected, and the one beyond them records nothing. */
static void a_meter_has_so_many_instruments(void **state)
{
    struct metric_fixture fixture;
    char name[32];
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    for (int i = 0; i <= COTEL_METER_MAX_INSTRUMENTS; i++) {
        (void)snprintf(name, sizeof name, "c%d", i);
        cotel_counter *counter = cotel_counter_get(fixture.meter, name, NULL);
        assert_int_equal(cotel_counter_enabled(counter), i < COTEL_METER_MAX_INSTRUMENTS);
        cotel_counter_add(counter, 1, NULL, 0);
    }
    assert_int_equal(metric_counts(&fixture).instruments, COTEL_METER_MAX_INSTRUMENTS);
    assert_int_equal(metric_counts(&fixture).series, COTEL_METER_MAX_INSTRUMENTS);
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_can_be_so_many_providers),
        cmocka_unit_test(a_provider_has_so_many_readers),
        cmocka_unit_test(a_provider_has_so_many_views),
        cmocka_unit_test(a_reader_has_so_many_producers),
        cmocka_unit_test(a_meter_has_so_many_instruments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
