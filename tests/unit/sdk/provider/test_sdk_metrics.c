/* SPDX-License-Identifier: Apache-2.0 */
/* The one-line set-up with metrics: two providers of one resource, flushed and ended together. */
#include "../../../support/sdk_fixture.h"

#include <cotel/metrics.h>

#include <sys/wait.h>
#include <unistd.h>

/* Takes batches and never answers. */
struct silent {
    cotel_exporter base;
    size_t begun;
    size_t destroyed;
};

static void silent_begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                         uint64_t deadline_ns)
{
    (void)operation;
    (void)batch;
    (void)deadline_ns;
    ((struct silent *)self)->begun++;
}

static void silent_cancel(cotel_exporter *self, cotel_export *operation)
{
    (void)self;
    const cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    cotel_export_done(operation, &result);
}

static void silent_destroy(cotel_exporter *self)
{
    ((struct silent *)self)->destroyed++;
}

static const cotel_exporter_ops silent_ops = {.size = sizeof silent_ops,
                                              .type = "silent",
                                              .begin = silent_begin,
                                              .cancel = silent_cancel,
                                              .destroy = silent_destroy};

static void record(void)
{
    cotel_counter *counter = cotel_counter_get(cotel_meter_get("sdk", NULL), "requests", NULL);
    cotel_counter_add(counter, 3, NULL, 0);
    cotel_span span = cotel_span_start(cotel_tracer_get("sdk", NULL), "span", NULL);
    cotel_span_end(&span);
}

static cotel_memory_exporter *memory_exporter(void)
{
    cotel_memory_exporter *memory = NULL;
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    return memory;
}

static void assert_same_instance(cotel_memory_exporter *memory)
{
    cotel_span_view span;
    cotel_metric_data metric;
    cotel_resource *of_span = NULL, *of_metric = NULL;
    assert_true(cotel_memory_exporter_get(memory, 0, &span, NULL, &of_span));
    assert_true(cotel_memory_exporter_get_metric(memory, 0, &metric, NULL, &of_metric));
    assert_int_equal(metric.name.size, strlen("requests"));
    assert_ptr_equal(of_span, of_metric);
}

static void init_with(cotel_memory_exporter *memory)
{
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    options.service_name = "both";
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    options.metric_exporter = cotel_memory_exporter_as_exporter(memory);
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
}

static void one_call_sets_up_spans_and_metrics_of_one_resource(void **state)
{
    cotel_memory_exporter *memory = memory_exporter();
    init_with(memory);
    assert_non_null(cotel_meter_provider_global());
    record();
    assert_int_equal(cotel_sdk_flush(FLUSH_MS), COTEL_STATUS_OK);
    assert_same_instance(memory);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    assert_null(cotel_meter_provider_global());
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 2); /* the last collection */
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static int in_child(cotel_memory_exporter *memory)
{
    record();
    if (cotel_sdk_flush(FLUSH_MS) != COTEL_STATUS_OK)
        return 1;
    assert_same_instance(memory);
    return 0;
}

static void providers_of_a_child_are_one_instance_too(void **state)
{
    cotel_memory_exporter *memory = memory_exporter();
    init_with(memory);
    record();
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(memory));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void without_a_reader_nothing_is_measured(void **state)
{
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    cotel_meter_provider_options meters = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.meter_provider = &meters;
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    assert_null(cotel_meter_provider_global());
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    (void)state;
}

static void a_stuck_peer_of_metrics_costs_no_spans(void **state)
{
    cotel_memory_exporter *memory = memory_exporter();
    struct silent silent = {{&silent_ops}, 0, 0};
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    uint64_t abandoned = 0;
    options.exporter = cotel_memory_exporter_as_exporter(memory);
    options.metric_exporter = &silent.base;
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    record();
    assert_int_equal(cotel_sdk_flush(50), COTEL_STATUS_TIMEOUT);
    assert_int_equal(cotel_memory_exporter_count(memory), 1);
    record();
    assert_int_equal(cotel_sdk_shutdown(50, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_int_equal(cotel_memory_exporter_count(memory), 2);
    assert_int_equal(abandoned, 1); /* the point */
    assert_int_equal(silent.destroyed, 1);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void a_stuck_peer_of_spans_costs_no_metrics(void **state)
{
    cotel_memory_exporter *memory = memory_exporter();
    struct silent silent = {{&silent_ops}, 0, 0};
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    uint64_t abandoned = 0;
    options.exporter = &silent.base;
    options.metric_exporter = cotel_memory_exporter_as_exporter(memory);
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    record();
    assert_int_equal(cotel_sdk_shutdown(200, &abandoned), COTEL_STATUS_TIMEOUT);
    assert_int_equal(cotel_memory_exporter_metric_count(memory), 1);
    assert_int_equal(abandoned, 1); /* the span */
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

static void on_failure_only_the_exporters_have_passed(void **state)
{
    struct silent spans = {{&silent_ops}, 0, 0}, metrics = {{&silent_ops}, 0, 0};
    cotel_metric_reader *reader = NULL;
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    cotel_meter_provider_options meters = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_periodic_reader_options periodic = COTEL_PERIODIC_READER_OPTIONS_INIT;
    assert_int_equal(cotel_metric_reader_create(NULL, NULL, NULL, &reader), COTEL_STATUS_OK);
    meters.readers = &reader;
    meters.reader_count = 1;
    options.exporter = &spans.base;
    options.metric_exporter = &metrics.base;
    options.meter_provider = &meters;
    options.periodic = &periodic;
    options.batch.max_queue_size = 0; /* the tracers can't be */
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(spans.destroyed, 1);
    assert_int_equal(metrics.destroyed, 1);
    options.batch.max_queue_size = 2048;
    periodic.interval_ms = 0; /* the reader can't be */
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(spans.destroyed, 2);
    assert_int_equal(metrics.destroyed, 2);
    periodic.interval_ms = 60000;
    meters.reader_count = COTEL_PROVIDER_MAX_READERS; /* and one more */
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(spans.destroyed, 3);
    assert_int_equal(metrics.destroyed, 3);
    assert_null(cotel_meter_provider_global());
    assert_null(cotel_tracer_provider_global());
    meters.reader_count = 1; /* it is still the caller's */
    assert_int_equal(cotel_sdk_init(&options), COTEL_STATUS_OK);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    assert_int_equal(metrics.destroyed, 4);
    (void)state;
}

static void wait_inside(cotel_observer *observer, void *user)
{
    (void)observer;
    ++*(size_t *)user;
    assert_int_equal(cotel_sdk_flush(100), COTEL_STATUS_WOULD_DEADLOCK);
    assert_int_equal(cotel_sdk_shutdown(100, NULL), COTEL_STATUS_WOULD_DEADLOCK);
}

static void a_callback_can_not_wait_for_itself(void **state)
{
    cotel_memory_exporter *memory = memory_exporter();
    size_t calls = 0;
    init_with(memory);
    cotel_observable *gauge =
        cotel_observable_gauge_get(cotel_meter_get("sdk", NULL), "inside", NULL, NULL, NULL);
    cotel_callback *callback = cotel_observable_add_callback(&gauge, 1, wait_inside, &calls);
    assert_non_null(callback);
    assert_int_equal(cotel_sdk_flush(FLUSH_MS), COTEL_STATUS_OK);
    assert_int_equal(calls, 1);
    cotel_callback_remove(callback);
    assert_int_equal(cotel_sdk_shutdown(FLUSH_MS, NULL), COTEL_STATUS_OK);
    cotel_memory_exporter_destroy(memory);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_sets_up_spans_and_metrics_of_one_resource),
        cmocka_unit_test(providers_of_a_child_are_one_instance_too),
        cmocka_unit_test(without_a_reader_nothing_is_measured),
        cmocka_unit_test(a_stuck_peer_of_metrics_costs_no_spans),
        cmocka_unit_test(a_stuck_peer_of_spans_costs_no_metrics),
        cmocka_unit_test(a_callback_can_not_wait_for_itself),
        cmocka_unit_test(on_failure_only_the_exporters_have_passed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
