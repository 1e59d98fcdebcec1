/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader may be told, and that it keeps what it was told. */
#include "reader_fixture.h"

static cotel_status create(const cotel_metric_reader_options *options)
{
    cotel_metric_reader *reader = NULL;
    cotel_status status = cotel_metric_reader_create(options, NULL, NULL, &reader);
    assert_int_equal(status == COTEL_STATUS_OK, reader != NULL);
    cotel_metric_reader_destroy(reader);
    return status;
}

static void every_default_is_written(void **state)
{
    cotel_metric_reader_options reader;
    cotel_periodic_reader_options periodic;
    cotel_metric_reader_options_init(&reader);
    cotel_periodic_reader_options_init(&periodic);
    assert_int_equal(reader.size, sizeof reader);
    assert_int_equal(periodic.interval_ms, 60000);
    assert_int_equal(periodic.timeout_ms, 30000);
    assert_int_equal(periodic.max_export_batch_size, 0);
    assert_int_equal(periodic.max_batch_bytes, 3584 << 10);
    for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
        assert_int_equal(reader.temporality[kind], COTEL_TEMPORALITY_CUMULATIVE);
    assert_int_equal(create(NULL), COTEL_STATUS_OK);
    assert_int_equal(create(&reader), COTEL_STATUS_OK);
    (void)state;
}

static void what_is_out_of_range_is_refused(void **state)
{
    const cotel_metric_reader_options good = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_reader_options options = good;
    options.temporality[3] = COTEL_TEMPORALITY_UNSPECIFIED;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options = good;
    options.cardinality_limit[6] = COTEL_MAX_CARDINALITY_LIMIT;
    assert_int_equal(create(&options), COTEL_STATUS_OK);
    options.cardinality_limit[6]++;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options = good;
    options.producer_count = 1;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options = good;
    cotel_metric_filter filter = {.size = sizeof filter};
    options.filter = &filter;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options = good;
    options.size = 0;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    (void)state;
}

static void an_aggregation_must_be_one_that_its_kind_can_have(void **state)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_aggregation last = COTEL_AGGREGATION_INIT, bad = COTEL_AGGREGATION_INIT;
    last.type = COTEL_AGGREGATION_LAST_VALUE;
    bad.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM;
    bad.max_buckets = 1;
    options.aggregation[COTEL_INSTRUMENT_GAUGE] = &last;
    assert_int_equal(create(&options), COTEL_STATUS_OK);
    options.aggregation[COTEL_INSTRUMENT_COUNTER] = &last;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options.aggregation[COTEL_INSTRUMENT_COUNTER] = NULL;
    options.aggregation[COTEL_INSTRUMENT_HISTOGRAM] = &bad;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    (void)state;
}

static void everything_is_copied(void **state)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_aggregation buckets = COTEL_AGGREGATION_INIT;
    double boundaries[] = {1, 2, 3};
    cotel_metric_reader *reader = NULL;
    buckets.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM;
    buckets.boundaries = boundaries;
    buckets.boundary_count = 3;
    options.aggregation[COTEL_INSTRUMENT_HISTOGRAM] = &buckets;
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader), COTEL_STATUS_OK);
    memset(boundaries, 0xff, sizeof boundaries);
    memset(&buckets, 0xff, sizeof buckets);
    const cotel_aggregation *copy = reader->options.aggregation[COTEL_INSTRUMENT_HISTOGRAM];
    assert_int_equal(copy->type, COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM);
    assert_int_equal(copy->boundary_count, 3);
    assert_true(copy->boundaries[2] == 3);
    cotel_metric_reader_destroy(reader);
    (void)state;
}

/* ---- producers ---- */

struct counted {
    cotel_metric_producer base;
    size_t destroyed;
};

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    (void)self;
    (void)writer;
    return COTEL_STATUS_OK;
}

static void destroy(cotel_metric_producer *self)
{
    ((struct counted *)self)->destroyed++;
}

static const cotel_metric_producer_ops counted_ops = {
    .size = sizeof counted_ops, .produce = produce, .destroy = destroy};

static void producers_pass_on_success_only(void **state)
{
    struct counted a = {{&counted_ops}, 0};
    cotel_metric_producer *twice[] = {&a.base, &a.base};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    options.producers = twice;
    options.producer_count = 2;
    assert_int_equal(create(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(a.destroyed, 0);
    options.producer_count = 1;
    assert_int_equal(create(&options), COTEL_STATUS_OK);
    assert_int_equal(a.destroyed, 1);
    (void)state;
}

static void an_exporter_passes_on_success_only(void **state)
{
    cotel_memory_exporter *memory = NULL;
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    cotel_exporter *exporter = cotel_memory_exporter_as_exporter(memory);
    options.interval_ms = 0;
    assert_int_equal(cotel_periodic_reader_create(exporter, &options, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.interval_ms = 1;
    options.reader.size = 0;
    assert_int_equal(cotel_periodic_reader_create(exporter, &options, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.reader.size = sizeof options.reader;
    assert_int_equal(cotel_periodic_reader_create(exporter, &options, &reader), COTEL_STATUS_OK);
    cotel_metric_reader_destroy(reader);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

/* ---- preferences ---- */

static void a_preference_is_what_the_specification_says(void **state)
{
    enum { C = COTEL_TEMPORALITY_CUMULATIVE, D = COTEL_TEMPORALITY_DELTA };
    /* Counter, up-down, histogram, gauge, observable counter, up-down, gauge. */
    static const int expected[][COTEL_INSTRUMENT_KINDS] = {
        {C, C, C, C, C, C, C},
        {D, C, D, C, D, C, C},
        {D, C, D, C, C, C, C},
    };
    for (int preference = 0; preference < 3; preference++) {
        cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
        cotel_metric_reader_prefer(&options, (cotel_temporality_preference)preference);
        for (size_t kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
            assert_int_equal(options.temporality[kind], expected[preference][kind]);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_written),
        cmocka_unit_test(what_is_out_of_range_is_refused),
        cmocka_unit_test(an_aggregation_must_be_one_that_its_kind_can_have),
        cmocka_unit_test(everything_is_copied),
        cmocka_unit_test(producers_pass_on_success_only),
        cmocka_unit_test(an_exporter_passes_on_success_only),
        cmocka_unit_test(a_preference_is_what_the_specification_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
