/* SPDX-License-Identifier: Apache-2.0 */
/* Plug-ins that have a say when a span starts: samplers and id generators of the user's. */
#include "../../../support/sdk_fixture.h"

static struct sdk_fixture fixture;

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

/* ---- a sampler that answers what the test says ---- */

static cotel_sampling_result answer;
static cotel_sampling_parameters asked;
static const char *tracestate_answer;

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    asked = *parameters;
    assert_int_equal(result->decision, COTEL_SAMPLING_DROP);
    *result = answer;
    if (tracestate_answer != NULL)
        result->tracestate = cotel_tracestate_parse(tracestate_answer, strlen(tracestate_answer));
}

static const cotel_sampler_ops sampler_ops = {.size = sizeof sampler_ops,
                                              .should_sample = should_sample};
static cotel_sampler sampler = {&sampler_ops};

/* ---- a processor that counts what it sees ---- */

static unsigned on_start_calls, on_end_calls, sampled_seen;

static void on_start(cotel_span_processor *self, cotel_span_data *span, const cotel_context *parent)
{
    on_start_calls++;
}

static void on_end(cotel_span_processor *self, const cotel_span_data *span)
{
    on_end_calls++;
    sampled_seen += cotel_span_data_is_sampled(span);
}

static const cotel_span_processor_ops counting_ops = {
    .size = sizeof counting_ops, .on_start = on_start, .on_end = on_end};
static cotel_span_processor counting = {&counting_ops};

static void begin(cotel_sampling_decision decision)
{
    cotel_span_processor *processors[] = {&counting};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    on_start_calls = on_end_calls = sampled_seen = 0;
    tracestate_answer = NULL;
    answer = (cotel_sampling_result){.size = sizeof answer, .decision = decision};
    options.sampler = &sampler;
    options.processors = processors;
    options.processor_count = 1;
    sdk_fixture_start(&fixture, &options);
}

static void record_only_goes_to_processors_and_not_to_exporters(void **state)
{
    begin(COTEL_SAMPLING_RECORD_ONLY);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_true(cotel_span_is_recording(&span));
    assert_int_equal(span.trace_flags, COTEL_TRACE_FLAG_RANDOM);
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(on_start_calls, 1);
    assert_int_equal(on_end_calls, 1);
    assert_int_equal(sampled_seen, 0);
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.ended, 1);
    assert_int_equal(counts.pipelines[0].offered, 0);
}

static void a_dropped_span_reaches_nobody_but_has_an_id(void **state)
{
    begin(COTEL_SAMPLING_DROP);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_false(cotel_span_is_recording(&span));
    assert_true(cotel_span_id_is_valid(&span.span_id));
    assert_int_equal(span.trace_flags, COTEL_TRACE_FLAG_RANDOM);
    cotel_span_set_int(&span, "ignored", 1);
    cotel_span_end(&span);
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(on_start_calls + on_end_calls, 0);
    assert_int_equal(sdk_counts(fixture.provider).unsampled, 1);
}

static void the_sampler_is_asked_with_all_that_is_known(void **state)
{
    begin(COTEL_SAMPLING_RECORD_AND_SAMPLE);
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", NULL);
    const cotel_attribute attribute = cotel_attribute_int("n", 1);
    const cotel_link link = {.attributes = &attribute, .attribute_count = 1};
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    options.kind = COTEL_SPAN_KIND_CONSUMER;
    options.attributes = &attribute;
    options.attribute_count = 1;
    options.links = &link;
    options.link_count = 1;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_end(&span);
    assert_ptr_equal(asked.parent_context, remote);
    assert_true(asked.parent_is_remote);
    assert_true(asked.random);
    assert_memory_equal(&asked.trace_id, &span.trace_id, sizeof span.trace_id);
    assert_int_equal(asked.kind, COTEL_SPAN_KIND_CONSUMER);
    assert_text(asked.name, "span");
    assert_int_equal(asked.attribute_count, 1);
    assert_int_equal(asked.link_count, 1);
    cotel_context_unref(remote);
}

static void attributes_of_the_sampler_come_after_those_of_the_start(void **state)
{
    begin(COTEL_SAMPLING_RECORD_AND_SAMPLE);
    const cotel_attribute added[] = {cotel_attribute_int("both", 2),
                                     cotel_attribute_int("mine", 3)};
    const cotel_attribute given = cotel_attribute_int("both", 1);
    answer.attributes = added;
    answer.attribute_count = COUNT_OF(added);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.attributes = &given;
    options.attribute_count = 1;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(attribute_count(&view), 2);
    assert_int_equal(int_attribute(&view, "both"), 2);
    assert_int_equal(int_attribute(&view, "mine"), 3);
}

static void start_under_remote_parent(void)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", "old=1");
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_end(&span);
    cotel_context_unref(remote);
}

static void the_sampler_may_replace_the_tracestate(void **state)
{
    begin(COTEL_SAMPLING_RECORD_AND_SAMPLE);
    answer.sets_tracestate = true;
    tracestate_answer = "new=2";
    start_under_remote_parent();
    assert_text(sdk_fixture_span(&fixture, "span").tracestate, "new=2");
}

static void the_sampler_may_clear_the_tracestate(void **state)
{
    begin(COTEL_SAMPLING_RECORD_AND_SAMPLE);
    answer.sets_tracestate = true;
    start_under_remote_parent();
    assert_text(sdk_fixture_span(&fixture, "span").tracestate, "");
}

static void the_tracestate_of_a_dropped_span_goes_on_too(void **state)
{
    begin(COTEL_SAMPLING_DROP);
    answer.sets_tracestate = true;
    tracestate_answer = "new=2";
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    assert_text(cotel_tracestate_header(cotel_span_get_context(&span).tracestate), "new=2");
    cotel_span_end(&span);
    assert_null(cotel_span_get_context(&span).tracestate);
    assert_int_equal(sdk_counts(fixture.provider).live, 0);
}

/* ---- ids ---- */

static uint8_t next_trace_byte, next_span_byte;

static void make_trace_id(cotel_id_generator *self, cotel_trace_id *out)
{
    memset(out, next_trace_byte, sizeof *out);
}

static void make_span_id(cotel_id_generator *self, cotel_span_id *out)
{
    memset(out, next_span_byte, sizeof *out);
}

static const cotel_id_generator_ops generator_ops = {
    .size = sizeof generator_ops, .trace_id = make_trace_id, .span_id = make_span_id};
static cotel_id_generator generator = {&generator_ops};

static cotel_span start_with_ids(uint8_t trace_byte, uint8_t span_byte)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.id_generator = &generator;
    sdk_fixture_start(&fixture, &options);
    next_trace_byte = trace_byte;
    next_span_byte = span_byte;
    return cotel_span_start(fixture.tracer, "span", NULL);
}

static void ids_of_a_generator_are_used_without_the_random_flag(void **state)
{
    cotel_span span = start_with_ids(0xaa, 0xbb);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(view.trace_id.bytes[15], 0xaa);
    assert_int_equal(view.span_id.bytes[0], 0xbb);
    assert_int_equal(view.flags, 0x101);
}

static void a_trace_id_of_zeros_makes_a_span_that_does_not_record(void **state)
{
    cotel_span span = start_with_ids(0, 0xbb);
    assert_false(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(sdk_counts(fixture.provider).unsampled, 1);
}

static void a_span_id_of_zeros_makes_a_span_that_does_not_record(void **state)
{
    cotel_span span = start_with_ids(0xaa, 0);
    assert_false(cotel_span_is_recording(&span));
    cotel_span_context context = cotel_span_get_context(&span);
    assert_false(cotel_span_context_is_valid(&context));
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(sdk_counts(fixture.provider).unsampled, 1);
}

static void without_processors_ids_still_propagate(void **state)
{
    cotel_tracer_provider *provider;
    assert_int_equal(cotel_tracer_provider_create(NULL, &provider), COTEL_STATUS_OK);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(provider, "bare", NULL);
    assert_false(cotel_tracer_enabled(tracer));
    cotel_span parent = cotel_span_start(tracer, "parent", NULL);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span child = cotel_span_start(tracer, "child", NULL);
    cotel_context_detach(token);
    assert_false(cotel_span_is_recording(&child));
    assert_true(cotel_span_id_is_valid(&child.span_id));
    assert_memory_equal(&child.trace_id, &parent.trace_id, sizeof child.trace_id);
    assert_memory_equal(&child.span_id, &parent.span_id, sizeof child.span_id);
    cotel_span_end(&child);
    cotel_span_end(&parent);
    assert_int_equal(sdk_counts(provider).unsampled, 2);
    assert_identities(provider);
    cotel_tracer_provider_destroy(provider);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(record_only_goes_to_processors_and_not_to_exporters),
        TEST(a_dropped_span_reaches_nobody_but_has_an_id),
        TEST(the_sampler_is_asked_with_all_that_is_known),
        TEST(attributes_of_the_sampler_come_after_those_of_the_start),
        TEST(the_sampler_may_replace_the_tracestate),
        TEST(the_sampler_may_clear_the_tracestate),
        TEST(the_tracestate_of_a_dropped_span_goes_on_too),
        TEST(ids_of_a_generator_are_used_without_the_random_flag),
        TEST(a_trace_id_of_zeros_makes_a_span_that_does_not_record),
        TEST(a_span_id_of_zeros_makes_a_span_that_does_not_record),
        cmocka_unit_test(without_processors_ids_still_propagate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
