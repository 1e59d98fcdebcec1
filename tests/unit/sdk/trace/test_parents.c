/* SPDX-License-Identifier: Apache-2.0 */
/* What a span inherits: trace, flags, tracestate; from the current span, a given one, a message. */
#include "../../../support/sdk_fixture.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    assert_ptr_equal(cotel_context_current(), cotel_context_empty());
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static cotel_span child_of(const cotel_context *context, const char *name)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = context;
    return cotel_span_start(fixture.tracer, name, &options);
}

static void a_root_has_no_parent_a_random_trace_and_the_random_flag(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "root", NULL);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "root");
    assert_true(cotel_trace_id_is_valid(&view.trace_id));
    assert_true(cotel_span_id_is_valid(&view.span_id));
    assert_false(cotel_span_id_is_valid(&view.parent_span_id));
    assert_int_equal(span.trace_flags, COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM);
    assert_int_equal(view.flags, 0x103);
    assert_memory_equal(&view.span_id, &span.span_id, sizeof span.span_id);
    assert_memory_equal(&view.trace_id, &span.trace_id, sizeof span.trace_id);
}

static void a_child_of_the_current_span_is_in_its_trace(void **state)
{
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span child = cotel_span_start(fixture.tracer, "child", NULL);
    cotel_context_detach(token);
    cotel_span_end(&child);
    cotel_span_end(&parent);
    cotel_span_view view = sdk_fixture_span(&fixture, "child");
    assert_memory_equal(&view.parent_span_id, &parent.span_id, sizeof parent.span_id);
    assert_memory_equal(&view.trace_id, &parent.trace_id, sizeof parent.trace_id);
    assert_int_equal(view.flags, 0x103);
}

static void an_ended_span_can_still_be_a_parent(void **state)
{
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    cotel_span_end(&parent);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span child = cotel_span_start(fixture.tracer, "child", NULL);
    cotel_context_detach(token);
    cotel_span_end(&child);
    cotel_span_view view = sdk_fixture_span(&fixture, "child");
    assert_memory_equal(&view.parent_span_id, &parent.span_id, sizeof parent.span_id);
}

static void the_root_option_beats_whatever_is_current_or_given(void **state)
{
    cotel_span parent = cotel_span_start(fixture.tracer, "parent", NULL);
    cotel_token token = cotel_span_activate(&parent);
    cotel_context *context = cotel_context_capture();
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.parent = context;
    cotel_span root = cotel_span_start(fixture.tracer, "root", &options);
    cotel_context_detach(token);
    cotel_context_unref(context);
    cotel_span_end(&root);
    cotel_span_end(&parent);
    cotel_span_view view = sdk_fixture_span(&fixture, "root");
    assert_false(cotel_span_id_is_valid(&view.parent_span_id));
    assert_memory_not_equal(&view.trace_id, &parent.trace_id, sizeof parent.trace_id);
}

static void a_message_makes_a_remote_parent(void **state)
{
    char hex[COTEL_TRACE_ID_HEX_SIZE];
    cotel_context *remote = remote_parent("00-" TRACE "-" PARENT "-03", "vendor=value,other=1");
    cotel_span child = child_of(remote, "child");
    cotel_context *local = cotel_context_with_span(NULL, &child);
    cotel_span grandchild = child_of(local, "grandchild");
    cotel_span_end(&grandchild);
    cotel_span_end(&child);
    cotel_context_unref(local);
    cotel_context_unref(remote);
    cotel_span_view view = sdk_fixture_span(&fixture, "child");
    cotel_trace_id_to_hex(&view.trace_id, hex);
    assert_string_equal(hex, TRACE);
    cotel_span_id_to_hex(&view.parent_span_id, hex);
    assert_string_equal(hex, PARENT);
    assert_int_equal(view.flags, 0x303);
    assert_text(view.tracestate, "vendor=value,other=1");
    view = sdk_fixture_span(&fixture, "grandchild");
    assert_int_equal(view.flags, 0x103);
    assert_text(view.tracestate, "vendor=value,other=1");
}

static void a_trace_that_is_not_random_stays_so(void **state)
{
    cotel_context *remote = remote_parent("00-" TRACE "-" PARENT "-01", NULL);
    cotel_span child = child_of(remote, "child");
    cotel_span_end(&child);
    cotel_context_unref(remote);
    assert_int_equal(sdk_fixture_span(&fixture, "child").flags, 0x301);
}

static void an_unsampled_child_still_carries_trace_and_tracestate(void **state)
{
    cotel_context *remote = remote_parent("00-" TRACE "-" PARENT "-02", "vendor=value");
    cotel_span child = child_of(remote, "child");
    assert_false(cotel_span_is_recording(&child));
    cotel_context *context = cotel_context_with_span(cotel_context_empty(), &child);
    cotel_headers headers = {.count = 0};
    cotel_inject(context, &cotel_headers_setter, &headers);
    char span_id[COTEL_SPAN_ID_HEX_SIZE], expected[64] = "00-" TRACE "-";
    cotel_span_id_to_hex(&child.span_id, span_id);
    strcat(strcat(expected, span_id), "-02");
    assert_string_equal(cotel_headers_get(&headers, "traceparent"), expected);
    assert_string_equal(cotel_headers_get(&headers, "tracestate"), "vendor=value");
    cotel_span_end(&child);
    cotel_context_unref(context);
    cotel_context_unref(remote);
    assert_int_equal(sdk_fixture_count(&fixture), 0);
    assert_int_equal(sdk_counts(fixture.provider).unsampled, 1);
}

static void the_tracestate_outlives_its_span_in_a_context(void **state)
{
    cotel_context *remote = remote_parent("00-" TRACE "-" PARENT "-03", "vendor=value");
    cotel_span child = child_of(remote, "child");
    assert_non_null(cotel_span_get_context(&child).tracestate);
    cotel_context *context = cotel_context_with_span(cotel_context_empty(), &child);
    cotel_span_end(&child);
    assert_null(cotel_span_get_context(&child).tracestate);
    cotel_tracestate *tracestate = cotel_context_tracestate(context);
    assert_text(cotel_tracestate_header(tracestate), "vendor=value");
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(context);
    cotel_context_unref(remote);
}

/* ---- a callback may use contexts of its own while the span starts ---- */

static void attach_and_detach(cotel_span_processor *self, cotel_span_data *span,
                              const cotel_context *parent)
{
    cotel_context_detach(cotel_context_attach(cotel_context_empty()));
}

static void sample_and_attach(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                              cotel_sampling_result *result)
{
    cotel_context_detach(cotel_context_attach(cotel_context_empty()));
    result->decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

/* At the depth at which the thread's stack of contexts has to move. */
static void callbacks_that_attach_do_not_lose_the_parent(void **state)
{
    static const cotel_span_processor_ops processor_ops = {.size = sizeof processor_ops,
                                                           .on_start = attach_and_detach};
    static const cotel_sampler_ops sampler_ops = {.size = sizeof sampler_ops,
                                                  .should_sample = sample_and_attach};
    cotel_span_processor processor = {&processor_ops}, *processors[] = {&processor};
    cotel_sampler sampler = {&sampler_ops};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    struct sdk_fixture attaching;
    options.sampler = &sampler;
    options.processors = processors;
    options.processor_count = 1;
    sdk_fixture_start(&attaching, &options);
    cotel_token tokens[128];
    cotel_span parent = cotel_span_none();
    for (size_t depth = 0; depth < COUNT_OF(tokens); depth++) {
        cotel_span span = cotel_span_start(attaching.tracer, "span", NULL);
        assert_memory_equal(&span.trace_id, depth > 0 ? &parent.trace_id : &span.trace_id, 16);
        tokens[depth] = cotel_span_activate(&span);
        cotel_span_end(&span);
        parent = span;
    }
    for (size_t depth = COUNT_OF(tokens); depth > 0; depth--)
        cotel_context_detach(tokens[depth - 1]);
    assert_int_equal(sdk_fixture_count(&attaching), COUNT_OF(tokens));
    sdk_fixture_stop(&attaching);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_root_has_no_parent_a_random_trace_and_the_random_flag),
        TEST(a_child_of_the_current_span_is_in_its_trace),
        TEST(an_ended_span_can_still_be_a_parent),
        TEST(the_root_option_beats_whatever_is_current_or_given),
        TEST(a_message_makes_a_remote_parent),
        TEST(a_trace_that_is_not_random_stays_so),
        TEST(an_unsampled_child_still_carries_trace_and_tracestate),
        TEST(the_tracestate_outlives_its_span_in_a_context),
        TEST(callbacks_that_attach_do_not_lose_the_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
