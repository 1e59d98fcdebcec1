/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "MetricReader", "Periodic exporting MetricReader", "MetricProducer",
 * "MetricFilter", and what "MeterProvider" says of ForceFlush and Shutdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/sdk/meter_provider.h>
#include <cotel/sdk/testing.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MS 10000

struct fixture {
    cotel_meter_provider *provider;
    cotel_counter *counter;
};

static void start(struct fixture *f, cotel_metric_reader *const *readers, size_t count)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.readers = readers;
    options.reader_count = count;
    assert_int_equal(cotel_meter_provider_create(&options, &f->provider), COTEL_STATUS_OK);
    f->counter = cotel_counter_get(cotel_meter_provider_get_meter(f->provider, "library", NULL),
                                   "requests", NULL);
    cotel_counter_add(f->counter, 1, NULL, 0);
}

static void stop(struct fixture *f)
{
    cotel_meter_provider_destroy(f->provider);
}

static cotel_metric_reader *reader_of(const cotel_metric_reader_options *options)
{
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_metric_reader_create(options, NULL, NULL, &reader), COTEL_STATUS_OK);
    return reader;
}

static cotel_metric_reader *periodic_with(cotel_exporter *exporter,
                                          const cotel_periodic_reader_options *options)
{
    cotel_metric_reader *reader = NULL;
    assert_int_equal(cotel_periodic_reader_create(exporter, options, &reader), COTEL_STATUS_OK);
    return reader;
}

static cotel_memory_exporter *memory_exporter(void)
{
    cotel_memory_exporter *memory = NULL;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    return memory;
}

/* The value of the one point of the one metric of a batch. */
static int64_t value_of(const cotel_batch *batch)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    cotel_point_data point;
    assert_true(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    cotel_iterator points = cotel_metric_data_points(&metric);
    assert_true(cotel_iterator_next_point(&points, &metric, &point));
    return point.value.integer;
}

static int64_t collected_value(cotel_metric_reader *reader)
{
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(reader, WAIT_MS, &batch), COTEL_STATUS_OK);
    int64_t value = batch != NULL ? value_of(batch) : -1;
    cotel_batch_unref(batch);
    return value;
}

/* ---- MetricReader ---- */

static void readers_of_a_provider_are_independent(void **state)
{
    struct fixture f;
    cotel_metric_reader_options delta = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_reader_prefer(&delta, COTEL_TEMPORALITY_PREFER_DELTA);
    cotel_metric_reader *readers[] = {reader_of(NULL), reader_of(&delta)};
    start(&f, readers, 2);
    assert_int_equal(collected_value(readers[1]), 1);
    assert_int_equal(collected_value(readers[1]), -1);
    cotel_counter_add(f.counter, 4, NULL, 0);
    assert_int_equal(collected_value(readers[0]), 5);
    assert_int_equal(collected_value(readers[1]), 4);
    stop(&f);
    (void)state;
}

static void a_reader_can_not_have_a_second_provider(void **state)
{
    struct fixture f;
    cotel_meter_provider *second = NULL;
    cotel_metric_reader *reader = reader_of(NULL);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    start(&f, &reader, 1);
    options.readers = &reader;
    options.reader_count = 1;
    assert_int_equal(cotel_meter_provider_create(&options, &second), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(second);
    assert_int_equal(collected_value(reader), 1);
    stop(&f);
    (void)state;
}

static void collect_says_whether_it_succeeded_failed_or_timed_out(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    cotel_metric_reader *reader = reader_of(NULL);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    start(&f, &reader, 1);
    assert_int_equal(cotel_metric_reader_collect(reader, WAIT_MS, &batch), COTEL_STATUS_OK);
    cotel_batch_unref(batch);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_TIMEOUT);
    cotel_batch_unref(batch);
    stop(&f);
    (void)state;
}

static void after_shutdown_collect_is_refused_and_a_second_shutdown_too(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    cotel_metric_reader *reader = reader_of(NULL);
    start(&f, &reader, 1);
    assert_int_equal(cotel_meter_provider_shutdown(f.provider, WAIT_MS, NULL), COTEL_STATUS_OK);
    assert_int_equal(cotel_metric_reader_collect(reader, 0, &batch), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(cotel_meter_provider_shutdown(f.provider, 0, NULL), COTEL_STATUS_SHUT_DOWN);
    assert_int_equal(cotel_meter_provider_flush(f.provider, 0), COTEL_STATUS_SHUT_DOWN);
    stop(&f);
    (void)state;
}

static void a_reader_sets_aggregations_by_kind(void **state)
{
    struct fixture f;
    cotel_aggregation drop = COTEL_AGGREGATION_INIT;
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    drop.type = COTEL_AGGREGATION_DROP;
    options.aggregation[COTEL_INSTRUMENT_COUNTER] = &drop;
    cotel_metric_reader *readers[] = {reader_of(&options), reader_of(NULL)};
    start(&f, readers, 2);
    assert_int_equal(collected_value(readers[0]), -1);
    assert_int_equal(collected_value(readers[1]), 1);
    stop(&f);
    (void)state;
}

static void a_reader_sets_cardinality_limits_by_kind(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    options.cardinality_limit[COTEL_INSTRUMENT_COUNTER] = 3;
    cotel_metric_reader *reader = reader_of(&options);
    start(&f, &reader, 1);
    for (int64_t i = 0; i < 10; i++) {
        cotel_attribute number = cotel_attribute_int("number", i);
        cotel_counter_add(f.counter, 1, &number, 1);
    }
    assert_int_equal(cotel_metric_reader_collect(reader, WAIT_MS, &batch), COTEL_STATUS_OK);
    assert_in_range(cotel_batch_items(batch), 3, 4); /* with the overflow's */
    cotel_batch_unref(batch);
    stop(&f);
    (void)state;
}

/* ---- periodic ---- */

static void it_collects_at_its_interval(void **state)
{
    struct fixture f;
    cotel_memory_exporter *memory = memory_exporter();
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    options.interval_ms = 10;
    cotel_metric_reader *reader =
        periodic_with(cotel_memory_exporter_as_exporter(memory), &options);
    start(&f, &reader, 1);
    for (int i = 0; i < 1000 && cotel_memory_exporter_metric_count(memory) < 3; i++)
        usleep(10000);
    assert_true(cotel_memory_exporter_metric_count(memory) >= 3);
    stop(&f);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void force_flush_collects_exports_and_waits(void **state)
{
    struct fixture f;
    cotel_memory_exporter *memory = memory_exporter();
    cotel_metric_reader *reader = periodic_with(cotel_memory_exporter_as_exporter(memory), NULL);
    start(&f, &reader, 1);
    for (int64_t i = 1; i <= 20; i++) {
        assert_int_equal(cotel_meter_provider_flush(f.provider, WAIT_MS), COTEL_STATUS_OK);
        cotel_batch *batch = cotel_memory_exporter_get_batch(memory, (size_t)i - 1);
        assert_int_equal(value_of(batch), i); /* all that was recorded before */
        cotel_batch_unref(batch);
        cotel_counter_add(f.counter, 1, NULL, 0);
    }
    stop(&f);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void shutdown_collects_for_the_last_time(void **state)
{
    struct fixture f;
    uint64_t abandoned = 7;
    cotel_memory_exporter *memory = memory_exporter();
    cotel_metric_reader *reader = periodic_with(cotel_memory_exporter_as_exporter(memory), NULL);
    start(&f, &reader, 1);
    assert_int_equal(cotel_meter_provider_shutdown(f.provider, WAIT_MS, &abandoned),
                     COTEL_STATUS_OK);
    assert_int_equal(abandoned, 0);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 1);
    stop(&f);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 1);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void batches_are_full_but_the_last_and_of_one_collection(void **state)
{
    struct fixture f;
    static const size_t items[] = {4, 4, 2};
    cotel_memory_exporter *memory = memory_exporter();
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    options.max_export_batch_size = 4;
    cotel_metric_reader *reader =
        periodic_with(cotel_memory_exporter_as_exporter(memory), &options);
    start(&f, &reader, 1);
    for (int64_t i = 0; i < 9; i++) {
        cotel_attribute number = cotel_attribute_int("number", i);
        cotel_counter_add(f.counter, 1, &number, 1);
    }
    assert_int_equal(cotel_meter_provider_flush(f.provider, WAIT_MS), COTEL_STATUS_OK);
    assert_int_equal(cotel_meter_provider_flush(f.provider, WAIT_MS), COTEL_STATUS_OK);
    assert_int_equal(cotel_memory_exporter_batch_count(memory), 6);
    for (size_t i = 0; i < 6; i++) {
        cotel_batch *batch = cotel_memory_exporter_get_batch(memory, i);
        assert_int_equal(cotel_batch_items(batch), items[i % 3]);
        cotel_batch_unref(batch);
    }
    stop(&f);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

/* ---- export ---- */

struct slow {
    cotel_blocking_exporter base;
    _Atomic int inside;
    _Atomic int most_inside;
    _Atomic size_t batches;
    _Atomic bool destroyed;
};

static void export_slowly(cotel_blocking_exporter *self, const cotel_batch *batch,
                          uint64_t deadline_ns, cotel_export_result *result)
{
    struct slow *slow = (struct slow *)self;
    (void)batch;
    (void)deadline_ns;
    (void)result;
    int inside = atomic_fetch_add(&slow->inside, 1) + 1;
    if (inside > slow->most_inside)
        slow->most_inside = inside;
    usleep(2000);
    atomic_fetch_sub(&slow->inside, 1);
    slow->batches++;
}

static const cotel_blocking_exporter_ops slow_ops = {
    .size = sizeof slow_ops, .type = "slow", .export_batch = export_slowly};

static void *flush_often(void *provider)
{
    for (int i = 0; i < 10; i++)
        assert_int_equal(cotel_meter_provider_flush(provider, WAIT_MS), COTEL_STATUS_OK);
    return NULL;
}

static void export_is_never_called_concurrently(void **state)
{
    struct fixture f;
    struct slow slow = {.base = {&slow_ops}};
    cotel_exporter *exporter = NULL;
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    pthread_t threads[3];
    options.interval_ms = 1;
    assert_int_equal(cotel_exporter_from_blocking(&slow.base, &exporter), COTEL_STATUS_OK);
    cotel_metric_reader *reader = periodic_with(exporter, &options);
    start(&f, &reader, 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, flush_often, f.provider), 0);
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(cotel_meter_provider_shutdown(f.provider, WAIT_MS, NULL), COTEL_STATUS_OK);
    assert_true(slow.batches >= 10);
    assert_int_equal(slow.most_inside, 1);
    stop(&f);
    (void)state;
}

static void hang(cotel_blocking_exporter *self, const cotel_batch *batch, uint64_t deadline_ns,
                 cotel_export_result *result)
{
    (void)batch;
    (void)deadline_ns;
    (void)result;
    while (((struct slow *)self)->inside == 0)
        usleep(1000);
}

static void note_destruction(cotel_blocking_exporter *self)
{
    ((struct slow *)self)->destroyed = true;
}

static const cotel_blocking_exporter_ops hanging_ops = {.size = sizeof hanging_ops,
                                                        .type = "hanging",
                                                        .export_batch = hang,
                                                        .destroy = note_destruction};

/* Its thread was left behind, and uses what is on the test's stack until it ends. */
static void let_go_and_stop(struct slow *hanging, struct fixture *f)
{
    hanging->inside = 1;
    stop(f);
    while (!hanging->destroyed)
        usleep(1000);
}

static void no_call_waits_longer_than_its_timeout(void **state)
{
    struct fixture f;
    struct slow hanging = {.base = {&hanging_ops}};
    cotel_exporter *exporter = NULL;
    uint64_t abandoned = 0;
    assert_int_equal(cotel_exporter_from_blocking(&hanging.base, &exporter), COTEL_STATUS_OK);
    cotel_metric_reader *reader = periodic_with(exporter, NULL);
    start(&f, &reader, 1);
    assert_int_equal(cotel_meter_provider_flush(f.provider, 50), COTEL_STATUS_TIMEOUT);
    assert_int_equal(cotel_meter_provider_shutdown(f.provider, 50, &abandoned),
                     COTEL_STATUS_TIMEOUT);
    assert_int_equal(abandoned, 1);
    let_go_and_stop(&hanging, &f);
    (void)state;
}

static void a_collection_is_given_up_at_the_export_timeout(void **state)
{
    struct fixture f;
    struct slow hanging = {.base = {&hanging_ops}};
    cotel_exporter *exporter = NULL;
    cotel_metric_counts counts = {.size = sizeof counts};
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    options.timeout_ms = 30;
    assert_int_equal(cotel_exporter_from_blocking(&hanging.base, &exporter), COTEL_STATUS_OK);
    cotel_metric_reader *reader = periodic_with(exporter, &options);
    start(&f, &reader, 1);
    assert_int_equal(cotel_meter_provider_flush(f.provider, WAIT_MS), COTEL_STATUS_EXPORT_FAILED);
    cotel_metric_stats(f.provider, &counts);
    assert_int_equal(counts.pipeline_count, 1);
    assert_int_equal(counts.pipelines[0].dropped[COTEL_DROP_TIMEOUT], 1);
    let_go_and_stop(&hanging, &f);
    (void)state;
}

/* ---- MetricProducer and MetricFilter ---- */

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    (void)self;
    const cotel_metric_head head = {
        .size = sizeof head, .name = {"bridged", 7}, .type = COTEL_METRIC_GAUGE};
    cotel_point point = {.size = sizeof point, .value = {.type = COTEL_NUMBER_INT, .integer = 9}};
    cotel_metric_writer_scope(writer, "elsewhere", NULL, NULL, NULL, 0);
    (void)cotel_metric_writer_metric(writer, &head);
    for (int64_t i = 0; i < 2; i++) {
        cotel_attribute number = cotel_attribute_int("number", i);
        point.attributes = &number;
        point.attribute_count = 1;
        cotel_metric_writer_point(writer, &point);
    }
    return COTEL_STATUS_OK;
}

static const cotel_metric_producer_ops producer_ops = {.size = sizeof producer_ops,
                                                       .produce = produce};

static cotel_metric_filter_result drop_requests(void *user, const cotel_scope_view *scope,
                                                const cotel_metric_data *metric)
{
    (void)user;
    (void)scope;
    return metric->name.size == strlen("requests") ? COTEL_METRIC_DROP
                                                   : COTEL_METRIC_ACCEPT_PARTIAL;
}

static cotel_metric_filter_result drop_one(void *user, const cotel_scope_view *scope,
                                           const cotel_metric_data *metric,
                                           cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    (void)user;
    (void)scope;
    (void)metric;
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    return attribute.value.integer == 1 ? COTEL_METRIC_DROP : COTEL_METRIC_ACCEPT;
}

static void producers_add_their_metrics_under_the_same_resource(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    cotel_metric_producer producer = {&producer_ops}, *producers[] = {&producer};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    options.producers = producers;
    options.producer_count = 1;
    cotel_metric_reader *reader = reader_of(&options);
    start(&f, &reader, 1);
    assert_int_equal(cotel_metric_reader_collect(reader, WAIT_MS, &batch), COTEL_STATUS_OK);
    assert_int_equal(cotel_batch_count(batch), 2);
    assert_int_equal(cotel_batch_items(batch), 3);
    assert_non_null(cotel_batch_resource(batch));
    cotel_batch_unref(batch);
    stop(&f);
    (void)state;
}

static void a_filter_drops_metrics_and_points_of_the_sdk_and_of_producers(void **state)
{
    struct fixture f;
    cotel_batch *batch = NULL;
    cotel_metric_producer producer = {&producer_ops}, *producers[] = {&producer};
    cotel_metric_filter filter = {
        .size = sizeof filter, .test_metric = drop_requests, .test_attributes = drop_one};
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    options.producers = producers;
    options.producer_count = 1;
    options.filter = &filter;
    cotel_metric_reader *reader = reader_of(&options);
    start(&f, &reader, 1);
    assert_int_equal(cotel_metric_reader_collect(reader, WAIT_MS, &batch), COTEL_STATUS_OK);
    assert_int_equal(cotel_batch_items(batch), 1);
    assert_int_equal(value_of(batch), 9);
    cotel_batch_unref(batch);
    stop(&f);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_of_a_provider_are_independent),
        cmocka_unit_test(a_reader_can_not_have_a_second_provider),
        cmocka_unit_test(collect_says_whether_it_succeeded_failed_or_timed_out),
        cmocka_unit_test(after_shutdown_collect_is_refused_and_a_second_shutdown_too),
        cmocka_unit_test(a_reader_sets_aggregations_by_kind),
        cmocka_unit_test(a_reader_sets_cardinality_limits_by_kind),
        cmocka_unit_test(it_collects_at_its_interval),
        cmocka_unit_test(force_flush_collects_exports_and_waits),
        cmocka_unit_test(shutdown_collects_for_the_last_time),
        cmocka_unit_test(batches_are_full_but_the_last_and_of_one_collection),
        cmocka_unit_test(export_is_never_called_concurrently),
        cmocka_unit_test(no_call_waits_longer_than_its_timeout),
        cmocka_unit_test(a_collection_is_given_up_at_the_export_timeout),
        cmocka_unit_test(producers_add_their_metrics_under_the_same_resource),
        cmocka_unit_test(a_filter_drops_metrics_and_points_of_the_sdk_and_of_producers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
