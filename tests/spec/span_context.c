/* SPDX-License-Identifier: Apache-2.0 */
/* trace/api.md "SpanContext". */
#include "../support/sdk_fixture.h"

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    sdk_fixture_stop(&fixture);
    return 0;
}

static void what_came_in_is_remote_and_its_child_is_not(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", NULL);
    cotel_span parent = cotel_context_span(remote);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = remote;
    cotel_span child = cotel_span_start(fixture.tracer, "child", &options);
    assert_true(cotel_span_get_context(&parent).is_remote);
    assert_false(cotel_span_get_context(&child).is_remote);
    cotel_span_end(&child);
    cotel_context_unref(remote);
}

static void a_started_span_is_valid_and_none_is_not(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span none = cotel_span_none();
    cotel_span_context of_span = cotel_span_get_context(&span);
    cotel_span_context of_none = cotel_span_get_context(&none);
    assert_true(cotel_span_context_is_valid(&of_span));
    assert_false(cotel_span_context_is_valid(&of_none));
    cotel_span_end(&span);
}

static void the_context_stays_the_same_after_the_end(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_context before = cotel_span_get_context(&span);
    cotel_span_end(&span);
    cotel_span_context after = cotel_span_get_context(&span);
    assert_memory_equal(&after.trace_id, &before.trace_id, sizeof before.trace_id);
    assert_memory_equal(&after.span_id, &before.span_id, sizeof before.span_id);
    assert_int_equal(after.trace_flags, before.trace_flags);
}

static void a_wrapped_context_is_a_span_that_does_not_record(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_context original = cotel_span_get_context(&span);
    original.is_remote = true;
    cotel_span wrapped = cotel_span_wrap(&original);
    cotel_span_context context = cotel_span_get_context(&wrapped);
    assert_false(cotel_span_is_recording(&wrapped));
    assert_memory_equal(&context.trace_id, &original.trace_id, sizeof context.trace_id);
    assert_memory_equal(&context.span_id, &original.span_id, sizeof context.span_id);
    assert_int_equal(context.trace_flags, original.trace_flags);
    assert_true(context.is_remote);
    cotel_span_set_int(&wrapped, "nowhere", 1);
    cotel_span_end(&wrapped);
    cotel_span_end(&span);
    assert_int_equal(sdk_fixture_count(&fixture), 1);
}

#define HAS_IS_REMOTE 0x100
#define IS_REMOTE 0x200
#define SAMPLED_AND_RANDOM 0x03

static void the_exported_flags_tell_whether_the_parent_is_remote(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", NULL);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    cotel_span root = cotel_span_start(fixture.tracer, "root", NULL);
    options.parent = remote;
    cotel_span entry = cotel_span_start(fixture.tracer, "entry", &options);
    cotel_token token = cotel_span_activate(&entry);
    cotel_span inner = cotel_span_start(fixture.tracer, "inner", NULL);
    cotel_context_detach(token);
    cotel_span_end(&inner);
    cotel_span_end(&entry);
    cotel_span_end(&root);
    assert_int_equal(sdk_fixture_span(&fixture, "root").flags, SAMPLED_AND_RANDOM | HAS_IS_REMOTE);
    assert_int_equal(sdk_fixture_span(&fixture, "entry").flags,
                     SAMPLED_AND_RANDOM | HAS_IS_REMOTE | IS_REMOTE);
    assert_int_equal(sdk_fixture_span(&fixture, "inner").flags, SAMPLED_AND_RANDOM | HAS_IS_REMOTE);
    cotel_context_unref(remote);
}

static uint32_t exported_link_flags(uint8_t trace_flags, bool is_remote)
{
    cotel_span span = cotel_span_start(fixture.tracer, is_remote ? "far" : "near", NULL);
    cotel_link link = {.context = cotel_span_get_context(&span)};
    link.context.trace_flags = trace_flags;
    link.context.is_remote = is_remote;
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, is_remote ? "far" : "near");
    cotel_iterator links = cotel_span_view_links(&view);
    cotel_link_view exported;
    assert_true(cotel_iterator_next_link(&links, &exported));
    return exported.flags;
}

static void the_exported_flags_tell_whether_a_linked_span_is_remote(void **state)
{
    assert_int_equal(exported_link_flags(0x01, true), 0x01 | HAS_IS_REMOTE | IS_REMOTE);
    assert_int_equal(exported_link_flags(0x02, false), 0x02 | HAS_IS_REMOTE);
}

static void a_child_inherits_trace_and_tracestate(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1,b=2");
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    cotel_span parent = cotel_context_span(remote);
    options.parent = remote;
    cotel_span child = cotel_span_start(fixture.tracer, "child", &options);
    cotel_span_end(&child);
    cotel_span_view view = sdk_fixture_span(&fixture, "child");
    assert_memory_equal(&view.trace_id, &parent.trace_id, sizeof view.trace_id);
    assert_memory_equal(&view.parent_span_id, &parent.span_id, sizeof view.parent_span_id);
    assert_text(view.tracestate, "a=1,b=2");
    cotel_context_unref(remote);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_came_in_is_remote_and_its_child_is_not),
        TEST(a_started_span_is_valid_and_none_is_not),
        TEST(the_context_stays_the_same_after_the_end),
        TEST(a_wrapped_context_is_a_span_that_does_not_record),
        TEST(the_exported_flags_tell_whether_the_parent_is_remote),
        TEST(the_exported_flags_tell_whether_a_linked_span_is_remote),
        TEST(a_child_inherits_trace_and_tracestate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
