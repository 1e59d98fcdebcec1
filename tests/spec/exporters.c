/* SPDX-License-Identifier: Apache-2.0 */
/* trace/sdk.md "Span Exporter", protocol/otlp.md "Multi-Destination Exporting". */
#include "../support/sdk_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_destination_that_is_stuck_does_not_hold_up_another),
        cmocka_unit_test(a_partial_success_is_told_with_its_number_and_reason),
        cmocka_unit_test(a_remark_with_a_whole_success_is_told_as_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
