/* SPDX-License-Identifier: Apache-2.0 */
/* What a provider does not take: plug-ins that lack what it would call. Nothing of them passes. */
#include "../../../support/sdk_fixture.h"

static unsigned destroyed;

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    result->decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

static void destroy_sampler(cotel_sampler *self)
{
    destroyed++;
}

static void trace_id(cotel_id_generator *self, cotel_trace_id *out)
{
    memset(out, 1, sizeof *out);
}

static void span_id(cotel_id_generator *self, cotel_span_id *out)
{
    memset(out, 2, sizeof *out);
}

static void destroy_generator(cotel_id_generator *self)
{
    destroyed++;
}

static void destroy_processor(cotel_span_processor *self)
{
    destroyed++;
}

static const cotel_span_processor_ops processor_ops = {.size = sizeof processor_ops,
                                                       .destroy = destroy_processor};

static void assert_refused(const cotel_tracer_provider_options *options)
{
    cotel_tracer_provider *provider = NULL;
    assert_int_equal(cotel_tracer_provider_create(options, &provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(provider);
    assert_int_equal(destroyed, 0);
}

static void a_sampler_that_cannot_be_asked_is_refused(void **state)
{
    const cotel_sampler_ops lacking = {.size = sizeof lacking, .destroy = destroy_sampler};
    const cotel_sampler_ops older = {.size = sizeof older.size, .should_sample = should_sample};
    cotel_sampler samplers[] = {{NULL}, {&lacking}, {&older}};
    for (size_t i = 0; i < COUNT_OF(samplers); i++) {
        cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
        options.sampler = &samplers[i];
        assert_refused(&options);
    }
}

static void an_id_generator_without_both_functions_is_refused(void **state)
{
    const cotel_id_generator_ops traces = {
        .size = sizeof traces, .trace_id = trace_id, .destroy = destroy_generator};
    const cotel_id_generator_ops spans = {
        .size = sizeof spans, .span_id = span_id, .destroy = destroy_generator};
    const cotel_id_generator_ops older = {.size = offsetof(cotel_id_generator_ops, span_id),
                                          .trace_id = trace_id,
                                          .span_id = span_id};
    cotel_id_generator generators[] = {{NULL}, {&traces}, {&spans}, {&older}};
    for (size_t i = 0; i < COUNT_OF(generators); i++) {
        cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
        options.id_generator = &generators[i];
        assert_refused(&options);
    }
}

/* What a table does not reach counts as not there, whatever stands behind it. */
static void an_id_generator_that_ends_behind_them_works(void **state)
{
    const cotel_id_generator_ops ops = {.size = offsetof(cotel_id_generator_ops, random),
                                        .trace_id = trace_id,
                                        .span_id = span_id,
                                        .random = true,
                                        .destroy = destroy_generator};
    cotel_id_generator generator = {&ops};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    struct sdk_fixture fixture;
    options.id_generator = &generator;
    sdk_fixture_start(&fixture, &options);
    cotel_span span = cotel_span_start(fixture.tracer, "first", NULL);
    assert_int_equal(span.trace_id.bytes[15], 1);
    assert_int_equal(span.span_id.bytes[7], 2);
    assert_int_equal(span.trace_flags, COTEL_TRACE_FLAG_SAMPLED);
    cotel_span_end(&span);
    sdk_fixture_stop(&fixture);
    assert_int_equal(destroyed, 0);
}

static void processors_without_a_table_and_twice_the_same_are_refused(void **state)
{
    cotel_span_processor good = {&processor_ops}, bare = {NULL};
    cotel_span_processor *lists[][2] = {{&good, NULL}, {&good, &bare}, {&good, &good}};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
        options.processors = lists[i];
        options.processor_count = 2;
        assert_refused(&options);
    }
}

static void a_processor_that_is_there_cannot_be_added_again(void **state)
{
    cotel_span_processor processor = {&processor_ops};
    struct sdk_fixture fixture;
    sdk_fixture_start(&fixture, NULL);
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &processor),
                     COTEL_STATUS_OK);
    assert_int_equal(cotel_tracer_provider_add_processor(fixture.provider, &processor),
                     COTEL_STATUS_INVALID_ARGUMENT);
    sdk_fixture_stop(&fixture);
    assert_int_equal(destroyed, 1);
}

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    unsigned *heard = user;
    *heard += strstr(message, "without a name") != NULL;
    /* No lock is held: a tracer may be taken in here. */
    assert_non_null(cotel_tracer_get("from the callback", NULL));
}

static void a_tracer_without_a_name_works_and_is_told_of(void **state)
{
    unsigned heard = 0;
    struct sdk_fixture fixture;
    sdk_fixture_start(&fixture, NULL);
    cotel_diagnostics_set(hear, &heard, COTEL_LOG_WARNING);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(fixture.provider, "", NULL);
    cotel_span span = cotel_span_start(tracer, "work", NULL);
    assert_true(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_ptr_equal(cotel_tracer_provider_get_tracer(fixture.provider, NULL, NULL), tracer);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
    assert_int_equal(heard, 1); /* for ten seconds */
    sdk_fixture_stop(&fixture);
}

static void a_destroyed_provider_has_counted_nothing(void **state)
{
    struct sdk_fixture fixture;
    sdk_fixture_start(&fixture, NULL);
    cotel_tracer_provider *provider = fixture.provider;
    sdk_fixture_stop(&fixture);
    cotel_sdk_counts counts = sdk_counts(provider);
    assert_int_equal(counts.started, 0);
    assert_int_equal(counts.pipeline_count, 0);
    assert_int_equal(cotel_tracer_provider_flush(provider, 0), COTEL_STATUS_INVALID_ARGUMENT);
}

static int start_afresh(void **state)
{
    destroyed = 0;
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sampler_that_cannot_be_asked_is_refused),
        TEST(an_id_generator_without_both_functions_is_refused),
        TEST(an_id_generator_that_ends_behind_them_works),
        TEST(processors_without_a_table_and_twice_the_same_are_refused),
        TEST(a_processor_that_is_there_cannot_be_added_again),
        TEST(a_tracer_without_a_name_works_and_is_told_of),
        TEST(a_destroyed_provider_has_counted_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
