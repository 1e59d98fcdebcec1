/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Span Exporter", protocol/otlp.md "Multi-Destination Exporting". */
#include "../support/sdk_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* ---- an exporter whose peer never answers ---- */

static cotel_export *under_way;

static void keep(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                 uint64_t deadline_ns)
{
    under_way = operation;
}

static void give_up(cotel_exporter *self, cotel_export *operation)
{
    const cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    under_way = NULL;
    cotel_export_done(operation, &result);
}

static const cotel_exporter_ops stuck_ops = {
    .size = sizeof stuck_ops, .type = "stuck_span_exporter", .begin = keep, .cancel = give_up};
static cotel_exporter stuck = {&stuck_ops};

#define SPANS 600 /* more than a batch: that one is stuck, the others behind it wait */

static void wait_for_spans(cotel_memory_exporter *memory, size_t count)
{
    for (int waited_ms = 0; waited_ms < FLUSH_MS; waited_ms += 10) {
        if (cotel_memory_exporter_count(memory) >= count)
            return;
        (void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    fail_msg("only %zu spans came", cotel_memory_exporter_count(memory));
}

static void a_destination_that_is_stuck_does_not_hold_up_another(void **state)
{
    struct sdk_fixture fixture;
    cotel_span_processor *processor;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    batch.max_queue_size = 10;
    batch.max_export_batch_size = 5;
    assert_int_equal(cotel_batch_processor_create(&stuck, &batch, &processor), COTEL_STATUS_OK);
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors = &processor;
    options.processor_count = 1;
    sdk_fixture_start(&fixture, &options);
    for (size_t i = 0; i < SPANS; i++) {
        cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
        cotel_span_end(&span);
    }
    assert_int_equal(cotel_tracer_provider_flush(fixture.provider, 50), COTEL_STATUS_TIMEOUT);
    wait_for_spans(fixture.memory, SPANS);
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.pipeline_count, 2);
    assert_int_equal(counts.pipelines[0].accepted, 0);
    assert_int_equal(counts.pipelines[0].in_flight, 5);
    sdk_fixture_stop(&fixture);
    assert_null(under_way);
}

/* ---- an exporter whose peer takes everything but one, or everything with a remark ---- */

static uint64_t rejected;

static void answer(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                   uint64_t deadline_ns)
{
    const cotel_export_result result = {.size = sizeof result,
                                        .outcome = COTEL_EXPORT_ACCEPTED,
                                        .rejected = rejected,
                                        .message = "mind the quota"};
    cotel_export_done(operation, &result);
}

static const cotel_exporter_ops answering_ops = {.size = sizeof answering_ops,
                                                 .type = "answering_span_exporter",
                                                 .begin = answer,
                                                 .cancel = give_up};

static char told[512];
static cotel_log_level told_level;

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    if (strcmp(component, "answering_span_exporter") != 0)
        return;
    told_level = level;
    assert_true(strlen(message) < sizeof told);
    strcpy(told, message);
}

/* What is told of a batch of three of which so many are rejected. */
static void export_three(uint64_t rejected_of_three, cotel_status expected)
{
    cotel_exporter answering = {&answering_ops};
    cotel_span_processor *processor;
    struct sdk_fixture fixture;
    rejected = rejected_of_three;
    told[0] = '\0';
    assert_int_equal(cotel_batch_processor_create(&answering, NULL, &processor), COTEL_STATUS_OK);
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors = &processor;
    options.processor_count = 1;
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_WARNING);
    sdk_fixture_start(&fixture, &options);
    for (size_t i = 0; i < 3; i++) {
        cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
        cotel_span_end(&span);
    }
    assert_int_equal(cotel_tracer_provider_flush(fixture.provider, FLUSH_MS), expected);
    assert_int_equal(sdk_counts(fixture.provider).pipelines[0].accepted, 3 - rejected);
    sdk_fixture_stop(&fixture);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
}

static void a_partial_success_is_told_with_its_number_and_reason(void **state)
{
    export_three(2, COTEL_STATUS_EXPORT_FAILED);
    assert_int_equal(told_level, COTEL_LOG_ERROR);
    assert_non_null(strstr(told, "2 of 3 spans are lost"));
    assert_non_null(strstr(told, "mind the quota"));
}

static void a_remark_with_a_whole_success_is_told_as_a_warning(void **state)
{
    export_three(0, COTEL_STATUS_OK);
    assert_int_equal(told_level, COTEL_LOG_WARNING);
    assert_string_equal(told, "mind the quota");
}

/* ---- exports of one processor do not overlap ---- */

#define THREADS 4
#define SPANS_EACH 25

/* Takes a batch in one call and ends it in a later one. All calls come from the worker. */
static cotel_export *taken;
static unsigned overlaps;
static _Atomic unsigned exported;

static void take(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                 uint64_t deadline_ns)
{
    overlaps += taken != NULL;
    taken = operation;
    atomic_fetch_add(&exported, (unsigned)cotel_batch_count(batch));
}

static uint64_t soon(cotel_exporter *self)
{
    return taken != NULL ? 0 : COTEL_NEVER_NS;
}

static void finish(cotel_exporter *self)
{
    const cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_ACCEPTED};
    cotel_export *operation = taken;
    taken = NULL;
    if (operation != NULL)
        cotel_export_done(operation, &result);
}

static const cotel_exporter_ops taking_ops = {.size = sizeof taking_ops,
                                              .type = "taking_span_exporter",
                                              .begin = take,
                                              .next_deadline_ns = soon,
                                              .drive = finish,
                                              .cancel = give_up};
static cotel_exporter taking = {&taking_ops};

static void *end_spans_and_flush(void *of_fixture)
{
    struct sdk_fixture *fixture = of_fixture;
    for (size_t i = 0; i < SPANS_EACH; i++) {
        cotel_span span = cotel_span_start(fixture->tracer, "span", NULL);
        cotel_span_end(&span);
    }
    sdk_fixture_flush(fixture);
    return NULL;
}

static void export_from_many_threads(cotel_span_processor *processor)
{
    struct sdk_fixture fixture;
    pthread_t threads[THREADS];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.processors = &processor;
    options.processor_count = 1;
    overlaps = exported = 0;
    sdk_fixture_start(&fixture, &options);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, end_spans_and_flush, &fixture), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(exported, THREADS * SPANS_EACH);
    assert_int_equal(overlaps, 0);
    sdk_fixture_stop(&fixture);
}

static void a_simple_processor_never_exports_two_at_a_time(void **state)
{
    cotel_span_processor *processor;
    assert_int_equal(cotel_simple_processor_create(&taking, NULL, &processor), COTEL_STATUS_OK);
    export_from_many_threads(processor);
}

static void the_defaults_of_a_batch_processor_are_those_of_the_specification(void **state)
{
    cotel_batch_processor_options options;
    cotel_batch_processor_options_init(&options);
    assert_int_equal(options.max_queue_size, 2048);
    assert_int_equal(options.schedule_delay_ms, 5000);
    assert_int_equal(options.export_timeout_ms, 30000);
    assert_int_equal(options.max_export_batch_size, 512);
}

/* Were it to wait, it would wait for ever. */
static void the_end_of_a_span_never_waits_for_its_export(void **state)
{
    struct sdk_fixture fixture;
    cotel_span_processor *processor;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    assert_int_equal(cotel_simple_processor_create(&stuck, NULL, &processor), COTEL_STATUS_OK);
    options.processors = &processor;
    options.processor_count = 1;
    sdk_fixture_start(&fixture, &options);
    for (size_t i = 0; i < 3; i++) {
        cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
        cotel_span_end(&span);
    }
    assert_int_equal(cotel_tracer_provider_flush(fixture.provider, 50), COTEL_STATUS_TIMEOUT);
    sdk_fixture_stop(&fixture);
}

static void a_batch_processor_never_exports_two_at_a_time(void **state)
{
    cotel_span_processor *processor;
    cotel_batch_processor_options batch = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    batch.max_export_batch_size = 3;
    assert_int_equal(cotel_batch_processor_create(&taking, &batch, &processor), COTEL_STATUS_OK);
    export_from_many_threads(processor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_destination_that_is_stuck_does_not_hold_up_another),
        cmocka_unit_test(a_partial_success_is_told_with_its_number_and_reason),
        cmocka_unit_test(a_remark_with_a_whole_success_is_told_as_a_warning),
        cmocka_unit_test(the_defaults_of_a_batch_processor_are_those_of_the_specification),
        cmocka_unit_test(the_end_of_a_span_never_waits_for_its_export),
        cmocka_unit_test(a_simple_processor_never_exports_two_at_a_time),
        cmocka_unit_test(a_batch_processor_never_exports_two_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
