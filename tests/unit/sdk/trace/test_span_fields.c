/* SPDX-License-Identifier: Apache-2.0 */
/* What is set on a span through the API is what an exporter gets. */
#include "../../../support/sdk_fixture.h"

static struct sdk_fixture fixture;

static int start(void **state)
{
    sdk_fixture_start(&fixture, NULL);
    return 0;
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static cotel_span_view ended(const cotel_span *span)
{
    cotel_span_end(span);
    return sdk_fixture_span(&fixture, "span");
}

static void ok_is_final(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_OK, "not kept");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "too late");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_UNSET, NULL);
    cotel_span_view view = ended(&span);
    assert_int_equal(view.status, COTEL_STATUS_CODE_OK);
    assert_text(view.status_description, "");
    assert_null(memmem(view.bytes.data, view.bytes.size, "too late", 8));
}

static void an_error_beats_unset_and_the_last_one_counts(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "first");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_UNSET, "nothing");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "second");
    cotel_span_view view = ended(&span);
    assert_int_equal(view.status, COTEL_STATUS_CODE_ERROR);
    assert_text(view.status_description, "second");
    assert_null(memmem(view.bytes.data, view.bytes.size, "first", 5));
}

static void ok_takes_the_description_of_an_error_away(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "was wrong");
    cotel_span_set_status(&span, COTEL_STATUS_CODE_OK, NULL);
    cotel_span_view view = ended(&span);
    assert_int_equal(view.status, COTEL_STATUS_CODE_OK);
    assert_text(view.status_description, "");
}

static void a_status_that_is_none_does_nothing(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_status(&span, (cotel_status_code)7, "what");
    assert_int_equal(ended(&span).status, COTEL_STATUS_CODE_UNSET);
}

static void a_new_name_replaces_the_old_one_whatever_came_between(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "working title", NULL);
    cotel_span_set_int(&span, "between", 7);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "why");
    cotel_span_update_name(&span, "another");
    cotel_span_set_int(&span, "behind", 8);
    cotel_span_update_name(&span, "span");
    cotel_span_view view = ended(&span);
    assert_int_equal(int_attribute(&view, "between"), 7);
    assert_int_equal(int_attribute(&view, "behind"), 8);
    assert_text(view.status_description, "why");
    assert_null(memmem(view.bytes.data, view.bytes.size, "title", 5));
}

static void given_times_are_kept_even_when_they_run_backwards(void **state)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.start_unix_ns = 2000;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_end_at(&span, 1000);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    assert_int_equal(view.start_unix_ns, 2000);
    assert_int_equal(view.end_unix_ns, 1000);
}

static void every_kind_is_kept_and_what_is_none_is_internal(void **state)
{
    static const char *const names[] = {"0", "1", "2", "3", "4", "5", "6"};
    for (int kind = 0; kind <= 6; kind++) {
        cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
        options.kind = (cotel_span_kind)kind;
        cotel_span span = cotel_span_start(fixture.tracer, names[kind], &options);
        cotel_span_end(&span);
        bool valid = kind >= 1 && kind <= 5;
        assert_int_equal(sdk_fixture_span(&fixture, names[kind]).kind,
                         valid ? kind : COTEL_SPAN_KIND_INTERNAL);
    }
}

static void the_users_attributes_win_over_those_of_a_recorded_error(void **state)
{
    const cotel_attribute own[] = {cotel_attribute_string("exception.message", "mine"),
                                   cotel_attribute_bool("extra", true)};
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_record_error(&span, "IOError", "yours", own, COUNT_OF(own));
    cotel_span_view view = ended(&span);
    cotel_iterator events = cotel_span_view_events(&view);
    cotel_event_view event;
    cotel_attribute_view attribute;
    assert_int_equal(view.status, COTEL_STATUS_CODE_UNSET);
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "exception");
    cotel_iterator attributes = cotel_event_view_attributes(&event);
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.key, "exception.type");
    assert_text(attribute.value.text, "IOError");
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.key, "exception.message");
    assert_text(attribute.value.text, "mine");
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.key, "extra");
    assert_false(cotel_iterator_next_attribute(&attributes, &attribute));
}

static void an_error_without_type_and_message_is_still_an_event(void **state)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_record_error(&span, NULL, NULL, NULL, 0);
    cotel_span_view view = ended(&span);
    cotel_iterator events = cotel_span_view_events(&view);
    cotel_event_view event;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "exception");
}

static void a_link_to_nowhere_is_kept_for_its_attributes_and_dropped_without(void **state)
{
    const cotel_attribute why = cotel_attribute_string("why", "because");
    const cotel_link with = {cotel_span_context_none(), &why, 1}, without = {.attributes = NULL};
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_add_link(&span, &without);
    cotel_span_add_link(&span, &with);
    cotel_span_view view = ended(&span);
    cotel_iterator links = cotel_span_view_links(&view);
    cotel_link_view link;
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_false(cotel_span_id_is_valid(&link.span_id));
    cotel_iterator attributes = cotel_link_view_attributes(&link);
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.value.text, "because");
    assert_false(cotel_iterator_next_link(&links, &link));
    assert_int_equal(view.dropped_links, 1);
}

static void links_given_at_the_start_stand_before_later_ones(void **state)
{
    cotel_context *remote =
        remote_parent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1");
    cotel_span far = cotel_context_span(remote);
    cotel_tracestate *tracestate = cotel_context_tracestate(remote);
    cotel_span near = cotel_span_start(fixture.tracer, "near", NULL);
    cotel_link first = {.context = cotel_span_get_context(&far)},
               second = {.context = cotel_span_get_context(&near)};
    first.context.tracestate = tracestate;
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.links = &first;
    options.link_count = 1;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_add_link(&span, &second);
    cotel_span_view view = ended(&span);
    cotel_iterator links = cotel_span_view_links(&view);
    cotel_link_view link;
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_memory_equal(&link.span_id, &far.span_id, sizeof link.span_id);
    assert_text(link.tracestate, "a=1");
    assert_int_equal(link.flags, 0x301);
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_memory_equal(&link.span_id, &near.span_id, sizeof link.span_id);
    assert_int_equal(link.flags, 0x103);
    cotel_span_end(&near);
    cotel_tracestate_unref(tracestate);
    cotel_context_unref(remote);
}

static void options_of_an_older_caller_take_the_defaults_of_the_rest(void **state)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.size = offsetof(cotel_span_options, kind);
    options.kind = COTEL_SPAN_KIND_SERVER;
    options.start_unix_ns = 7;
    options.link_count = 99;
    cotel_span span = cotel_span_start(fixture.tracer, "span", &options);
    cotel_span_view view = ended(&span);
    assert_int_equal(view.kind, COTEL_SPAN_KIND_INTERNAL);
    assert_int_not_equal(view.start_unix_ns, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ok_is_final),
        TEST(an_error_beats_unset_and_the_last_one_counts),
        TEST(ok_takes_the_description_of_an_error_away),
        TEST(a_status_that_is_none_does_nothing),
        TEST(a_new_name_replaces_the_old_one_whatever_came_between),
        TEST(given_times_are_kept_even_when_they_run_backwards),
        TEST(every_kind_is_kept_and_what_is_none_is_internal),
        TEST(the_users_attributes_win_over_those_of_a_recorded_error),
        TEST(an_error_without_type_and_message_is_still_an_event),
        TEST(a_link_to_nowhere_is_kept_for_its_attributes_and_dropped_without),
        TEST(links_given_at_the_start_stand_before_later_ones),
        TEST(options_of_an_older_caller_take_the_defaults_of_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
