/* SPDX-License-Identifier: Apache-2.0 */
/* The exported functions, not the inline ones: that is what other languages call. */
#define COTEL_NO_INLINE
#include "suite.h"

#include "fake_sdk.h"

static struct fake_provider provider = FAKE_PROVIDER_INIT;
static cotel_span span;

static int start_span(void **state)
{
    fake_reset();
    cotel_tracer_provider_set_global(&provider.base);
    span = cotel_span_start(cotel_tracer_get("test", NULL), "work", NULL);
    return 0;
}

static void assert_call(const char *call, const char *key)
{
    assert_string_equal(fake_calls.last_call, call);
    assert_string_equal(fake_calls.last_key, key);
}

static void setters_reach_the_sdk(void **state)
{
    cotel_span_set_string(&span, "s", "text");
    assert_call("set_string", "s");
    assert_string_equal(fake_calls.last_text, "text");
    cotel_span_set_bool(&span, "b", true);
    assert_call("set_bool", "b");
    assert_int_equal(fake_calls.last_int, 1);
    cotel_span_set_int(&span, "i", INT64_MIN);
    assert_call("set_int", "i");
    assert_int_equal(fake_calls.last_int, INT64_MIN);
    cotel_span_set_double(&span, "d", 0.25);
    assert_call("set_double", "d");
    assert_true(fake_calls.last_double == 0.25);
}

static void setters_with_lengths_do_not_read_further(void **state)
{
    cotel_span_set_string_n(&span, "key!", 3, "text!", 4);
    assert_call("set_string", "key");
    assert_string_equal(fake_calls.last_text, "text");
    cotel_span_set_bool_n(&span, "key!", 3, false);
    assert_call("set_bool", "key");
    cotel_span_set_int_n(&span, "key!", 3, 1);
    assert_call("set_int", "key");
    cotel_span_set_double_n(&span, "key!", 3, 1);
    assert_call("set_double", "key");
    cotel_span_set_status_n(&span, COTEL_STATUS_CODE_ERROR, "text!", 4);
    assert_string_equal(fake_calls.last_text, "text");
    cotel_span_update_name_n(&span, "name!", 4);
    assert_call("update_name", "name");
}

static void null_texts_are_empty_whatever_their_length(void **state)
{
    cotel_span_set_string_n(&span, NULL, 3, NULL, 4);
    assert_call("set_string", "");
    assert_string_equal(fake_calls.last_text, "");
    cotel_span_set_string(&span, NULL, NULL);
    assert_call("set_string", "");
    cotel_span_add_event_at(&span, NULL, 4, 5, NULL, 6);
    assert_call("add_event", "");
    assert_int_equal(fake_calls.last_count, 0);
}

static void attributes_events_and_links_reach_the_sdk(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_link link = {
        .context = sample_context(), .attributes = attributes, .attribute_count = 2};
    cotel_span_set_attribute(&span, attributes);
    assert_call("set_attributes", "a");
    assert_int_equal(fake_calls.last_count, 1);
    cotel_span_set_attributes(&span, attributes, 2);
    assert_int_equal(fake_calls.last_count, 2);
    cotel_span_add_event(&span, "event", attributes, 1);
    assert_call("add_event", "event");
    assert_int_equal(fake_calls.last_time, 0);
    cotel_span_add_event_at(&span, "event", 5, 77, attributes, 1);
    assert_int_equal(fake_calls.last_time, 77);
    cotel_span_add_link(&span, &link);
    assert_call("add_link", "");
    assert_int_equal(fake_calls.last_count, 2);
}

static void status_and_name_reach_the_sdk(void **state)
{
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "why");
    assert_call("set_status", "");
    assert_int_equal(fake_calls.last_int, COTEL_STATUS_CODE_ERROR);
    assert_string_equal(fake_calls.last_text, "why");
    cotel_span_update_name(&span, "better");
    assert_call("update_name", "better");
}

static void errors_reach_the_sdk_in_one_form(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("a", 1);
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    options.type = "type";
    cotel_span_record_error(&span, "type", "message", &attribute, 1);
    assert_call("record_error", "type");
    assert_string_equal(fake_calls.last_text, "message");
    assert_int_equal(fake_calls.last_count, 1);
    assert_int_equal(fake_calls.last_int, 0);
    cotel_span_record_errno(&span, 5, "what");
    assert_call("record_error", "");
    assert_string_equal(fake_calls.last_text, "what");
    assert_int_equal(fake_calls.last_int, 5);
    cotel_span_record_error_with(&span, &options);
    assert_call("record_error", "type");
    cotel_span_update_name(&span, "between");
    cotel_span_record_error_with(&span, NULL);
    assert_call("update_name", "between");
}

static void nothing_to_add_does_not_reach_the_sdk(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("a", 1);
    cotel_span_set_attribute(&span, NULL);
    cotel_span_set_attributes(&span, &attribute, 0);
    cotel_span_add_link(&span, NULL);
    assert_string_equal(fake_calls.last_call, "");
}

static void a_span_records_until_it_ends(void **state)
{
    cotel_span copy = span;
    assert_true(cotel_span_is_recording(&span));
    cotel_span_end(&span);
    assert_false(cotel_span_is_recording(&span));
    assert_false(cotel_span_is_recording(&copy));
    assert_int_equal(fake_calls.ended, 1);
    cotel_span_end(&copy);
    assert_int_equal(fake_calls.ended, 1);
    assert_int_equal(fake_calls.stale_ends, 1);
}

static void an_end_time_is_handed_on(void **state)
{
    cotel_span_end_at(&span, 123);
    assert_int_equal(fake_calls.last_time, 123);
}

static void the_ids_stay_after_the_end(void **state)
{
    cotel_span_context before = cotel_span_get_context(&span);
    cotel_span_end(&span);
    cotel_span_context after = cotel_span_get_context(&span);
    assert_memory_equal(&before.trace_id, &after.trace_id, sizeof before.trace_id);
    assert_memory_equal(&before.span_id, &after.span_id, sizeof before.span_id);
    assert_false(after.is_remote);
}

static void a_sampled_out_span_takes_nothing_but_its_end(void **state)
{
    fake_sampled_out = true;
    cotel_span out = cotel_span_start(cotel_tracer_get("test", NULL), "work", NULL);
    assert_false(cotel_span_is_recording(&out));
    cotel_span_set_int(&out, "key", 1);
    assert_string_equal(fake_calls.last_call, "");
    cotel_span_end(&out);
    assert_int_equal(fake_calls.ended, 1);
}

static cotel_span start_with_tracestate(const char *header)
{
    fake_tracestate = tracestate_of(header);
    cotel_span started = cotel_span_start(cotel_tracer_get("test", NULL), "work", NULL);
    cotel_tracestate_unref(fake_tracestate);
    fake_tracestate = NULL;
    return started;
}

static void the_tracestate_is_borrowed_until_the_end(void **state)
{
    cotel_span with = start_with_tracestate("foo=1");
    assert_str_is(cotel_tracestate_header(cotel_span_get_context(&with).tracestate), "foo=1");
    cotel_span_end(&with);
    assert_null(cotel_span_get_context(&with).tracestate);
    assert_null(cotel_span_get_context(&span).tracestate);
}

static void a_context_keeps_the_tracestate_beyond_the_end(void **state)
{
    cotel_span with = start_with_tracestate("foo=1");
    cotel_context *context = cotel_context_with_span(NULL, &with);
    cotel_token token = cotel_span_activate(&with);
    cotel_span_end(&with);

    cotel_tracestate *kept = cotel_context_tracestate(context);
    cotel_tracestate *current = cotel_context_tracestate(NULL);
    assert_str_is(cotel_tracestate_header(kept), "foo=1");
    assert_ptr_equal(kept, current);
    cotel_tracestate_unref(kept);
    cotel_tracestate_unref(current);
    cotel_context_detach(token);
    cotel_context_unref(context);
}

static void a_copy_of_the_current_context_has_the_tracestate(void **state)
{
    cotel_span with = start_with_tracestate("foo=1");
    cotel_token token = cotel_span_activate(&with);
    cotel_context *captured = cotel_context_capture();
    cotel_context_detach(token);
    cotel_span_end(&with);
    cotel_tracestate *kept = cotel_context_tracestate(captured);
    assert_str_is(cotel_tracestate_header(kept), "foo=1");
    cotel_tracestate_unref(kept);
    cotel_context_unref(captured);
}

static void an_ended_span_that_is_still_current_can_be_activated_again(void **state)
{
    cotel_span with = start_with_tracestate("foo=1");
    cotel_token outer = cotel_span_activate(&with);
    cotel_span_end(&with);
    cotel_token inner = cotel_span_activate(&with); /* the SDK no longer knows its tracestate */
    cotel_tracestate *current = cotel_context_tracestate(NULL);
    assert_str_is(cotel_tracestate_header(current), "foo=1");
    cotel_tracestate_unref(current);
    cotel_context_detach(inner);
    cotel_context_detach(outer);
}

static void a_no_op_child_does_not_end_its_parent(void **state)
{
    cotel_token token = cotel_span_activate(&span);
    cotel_span child = cotel_span_start(NULL, "child", NULL);
    assert_true(same_span_id(&child, &span));
    cotel_span_set_int(&child, "key", 1);
    cotel_span_end(&child);
    cotel_context_detach(token);
    assert_int_equal(fake_calls.ended, 0);
    assert_string_equal(fake_calls.last_call, "");
}

static void functions_beyond_an_older_sdks_table_count_as_absent(void **state)
{
    fake_span_ops.size = offsetof(struct ct_span_ops, update_name);
    cotel_span_update_name(&span, "name");
    cotel_span_record_error(&span, "type", NULL, NULL, 0);
    cotel_span_end(&span);
    assert_string_equal(fake_calls.last_call, "");
    assert_int_equal(fake_calls.ended, 0);
    cotel_span_set_int(&span, "key", 1);
    assert_call("set_int", "key");

    fake_span_ops.size = sizeof(size_t);
    assert_false(cotel_span_is_recording(&span));
    cotel_span with = start_with_tracestate("foo=1");
    assert_null(cotel_span_get_context(&with).tracestate);
    cotel_token token = cotel_span_activate(&with);
    assert_null(cotel_context_tracestate(NULL));
    cotel_context_detach(token);
    fake_span_ops.size = sizeof fake_span_ops;
    cotel_span_end(&with);
}

#define SPAN_TEST(name) cmocka_unit_test_setup(name, start_span)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPAN_TEST(setters_reach_the_sdk),
        SPAN_TEST(setters_with_lengths_do_not_read_further),
        SPAN_TEST(null_texts_are_empty_whatever_their_length),
        SPAN_TEST(attributes_events_and_links_reach_the_sdk),
        SPAN_TEST(status_and_name_reach_the_sdk),
        SPAN_TEST(errors_reach_the_sdk_in_one_form),
        SPAN_TEST(nothing_to_add_does_not_reach_the_sdk),
        SPAN_TEST(a_span_records_until_it_ends),
        SPAN_TEST(an_end_time_is_handed_on),
        SPAN_TEST(the_ids_stay_after_the_end),
        SPAN_TEST(a_sampled_out_span_takes_nothing_but_its_end),
        SPAN_TEST(the_tracestate_is_borrowed_until_the_end),
        SPAN_TEST(a_context_keeps_the_tracestate_beyond_the_end),
        SPAN_TEST(a_copy_of_the_current_context_has_the_tracestate),
        SPAN_TEST(an_ended_span_that_is_still_current_can_be_activated_again),
        SPAN_TEST(a_no_op_child_does_not_end_its_parent),
        SPAN_TEST(functions_beyond_an_older_sdks_table_count_as_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
