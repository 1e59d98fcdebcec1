/* SPDX-License-Identifier: Apache-2.0 */
/* What instrumented code does in a program that has no SDK: nothing, and it hands traces on. */
#include "suite.h"

static void use_everything(const cotel_span *span)
{
    const cotel_attribute attribute = cotel_attribute_int("n", 1);
    const cotel_link link = {.context = sample_context()};
    cotel_span_set_string(span, "key", "value");
    cotel_span_set_string(span, NULL, NULL);
    cotel_span_set_bool(span, "key", true);
    cotel_span_set_int(span, "key", 1);
    cotel_span_set_double(span, "key", 1.5);
    cotel_span_set_attribute(span, &attribute);
    cotel_span_set_attribute(span, NULL);
    cotel_span_set_attributes(span, &attribute, 1);
    cotel_span_set_attributes(span, NULL, 3);
    cotel_span_add_event(span, "event", &attribute, 1);
    cotel_span_add_event_at(span, NULL, 4, 1, NULL, 2);
    cotel_span_add_link(span, &link);
    cotel_span_add_link(span, NULL);
    cotel_span_set_status(span, COTEL_STATUS_CODE_ERROR, "no");
    cotel_span_update_name(span, "name");
    cotel_span_record_error(span, "type", "message", NULL, 0);
    cotel_span_record_errno(span, 1, "what");
    cotel_span_end(span);
    cotel_span_end_at(span, 1);
}

static void every_call_does_nothing_safely(void **state)
{
    cotel_tracer *tracer = cotel_tracer_get("test", NULL);
    cotel_span span = cotel_span_start(tracer, "work", NULL);
    assert_false(cotel_span_is_recording(&span));
    use_everything(&span);
    use_everything(NULL);
    assert_false(cotel_span_is_recording(NULL));
}

static void no_tracer_at_all_is_fine(void **state)
{
    cotel_span span = cotel_span_start(NULL, NULL, NULL);
    assert_false(cotel_trace_id_is_valid(&span.trace_id));
    assert_false(cotel_tracer_enabled(NULL));
    use_everything(&span);
}

static void nothing_is_enabled_and_there_is_no_provider(void **state)
{
    assert_false(cotel_tracer_enabled(cotel_tracer_get("test", NULL)));
    assert_null(cotel_tracer_provider_global());
}

static void a_span_without_a_parent_has_no_ids(void **state)
{
    cotel_span span = cotel_span_start(cotel_tracer_get("test", NULL), "work", NULL);
    cotel_span_context context = cotel_span_get_context(&span);
    assert_false(cotel_span_context_is_valid(&context));
    context = cotel_span_get_context(NULL);
    assert_false(cotel_span_context_is_valid(&context));
}

static void a_span_carries_the_ids_of_its_parent_on(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_context *parent = cotel_context_with_span_context(NULL, &remote);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = parent;
    cotel_span span = cotel_span_start(cotel_tracer_get("test", NULL), "work", &options);
    cotel_span_context got = cotel_span_get_context(&span);
    assert_memory_equal(&got.trace_id, &remote.trace_id, sizeof got.trace_id);
    assert_memory_equal(&got.span_id, &remote.span_id, sizeof got.span_id);
    assert_int_equal(got.trace_flags, remote.trace_flags);
    assert_true(got.is_remote);
    cotel_context_unref(parent);
}

static void a_root_span_carries_nothing_on(void **state)
{
    cotel_span parent = sample_span(1);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span_options options;
    cotel_span_options_init(&options);
    options.root = true;
    cotel_span span = cotel_span_start(cotel_tracer_get("test", NULL), "work", &options);
    assert_false(cotel_trace_id_is_valid(&span.trace_id));
    cotel_context_detach(token);
}

static void options_that_are_cut_short_take_defaults(void **state)
{
    cotel_span parent = sample_span(1);
    cotel_token token = cotel_span_activate(&parent);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.size = offsetof(cotel_span_options, root);
    cotel_span span = cotel_span_start(cotel_tracer_get("test", NULL), "work", &options);
    assert_true(same_span_id(&span, &parent));
    cotel_context_detach(token);
}

static void assert_header(const cotel_headers *headers, const char *key, const char *expected)
{
    const char *value = cotel_headers_get(headers, key);
    assert_non_null(value);
    assert_string_equal(value, expected);
}

static void a_trace_passes_through_with_its_tracestate(void **state)
{
    cotel_headers in = {.count = 0}, out = {.count = 0};
    assert_true(cotel_headers_set(&in, cotel_str_of("traceparent"), cotel_str_of(TRACEPARENT)));
    assert_true(cotel_headers_set(&in, cotel_str_of("tracestate"), cotel_str_of("foo=1,bar=2")));

    cotel_context *extracted = cotel_extract(NULL, &cotel_headers_getter, &in);
    cotel_token attached = cotel_context_attach(extracted);
    cotel_span_scope scope = cotel_span_scope_start(cotel_tracer_get("test", NULL), "work", NULL);
    cotel_inject(NULL, &cotel_headers_setter, &out);
    cotel_span_scope_end(&scope);
    cotel_context_detach(attached);
    cotel_context_unref(extracted);

    assert_header(&out, "traceparent", TRACEPARENT);
    assert_header(&out, "tracestate", "foo=1,bar=2");
}

static void the_tracestate_of_one_trace_does_not_stick_to_another(void **state)
{
    cotel_span_context remote = sample_context();
    cotel_tracestate *tracestate = tracestate_of("foo=1");
    remote.tracestate = tracestate;
    cotel_context *context = cotel_context_with_span_context(NULL, &remote);
    cotel_token attached = cotel_context_attach(context);
    cotel_span other = sample_span(99);
    cotel_token token = cotel_span_activate(&other);

    cotel_headers out = {.count = 0};
    cotel_inject(NULL, &cotel_headers_setter, &out);
    assert_null(cotel_headers_get(&out, "tracestate"));

    cotel_context_detach(token);
    cotel_context_detach(attached);
    cotel_context_unref(context);
    cotel_tracestate_unref(tracestate);
}

static void every_default_is_written_both_ways(void **state)
{
    const cotel_span_options span_defaults = COTEL_SPAN_OPTIONS_INIT;
    const cotel_tracer_options tracer_defaults = COTEL_TRACER_OPTIONS_INIT;
    cotel_span_options span_options;
    cotel_tracer_options tracer_options;
    memset(&span_options, 0xee, sizeof span_options);
    memset(&tracer_options, 0xee, sizeof tracer_options);
    cotel_span_options_init(&span_options);
    cotel_tracer_options_init(&tracer_options);
    assert_int_equal(span_options.size, sizeof span_options);
    assert_int_equal(span_options.kind, span_defaults.kind);
    assert_int_equal(span_options.root, span_defaults.root);
    assert_null(span_options.parent);
    assert_int_equal(span_options.start_unix_ns, 0);
    assert_int_equal(span_options.attribute_count, 0);
    assert_int_equal(span_options.link_count, 0);
    assert_int_equal(tracer_options.size, tracer_defaults.size);
    assert_null(tracer_options.version);
    assert_null(tracer_options.schema_url);
    assert_int_equal(tracer_options.attribute_count, 0);
    cotel_span_options_init(NULL);
    cotel_tracer_options_init(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_does_nothing_safely),
        cmocka_unit_test(no_tracer_at_all_is_fine),
        cmocka_unit_test(nothing_is_enabled_and_there_is_no_provider),
        cmocka_unit_test(a_span_without_a_parent_has_no_ids),
        cmocka_unit_test(a_span_carries_the_ids_of_its_parent_on),
        cmocka_unit_test(a_root_span_carries_nothing_on),
        cmocka_unit_test(options_that_are_cut_short_take_defaults),
        cmocka_unit_test(a_trace_passes_through_with_its_tracestate),
        cmocka_unit_test(the_tracestate_of_one_trace_does_not_stick_to_another),
        cmocka_unit_test(every_default_is_written_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
