/* SPDX-License-Identifier: Apache-2.0 */
/* What a span may hold, and what the exported span and the counts say of the rest. */
#include "../../../support/sdk_fixture.h"

#include <stdio.h>

static struct sdk_fixture fixture;

static void begin(uint32_t attributes, uint32_t events, uint32_t links, uint32_t nested)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.limits.attributes = attributes;
    options.limits.events = events;
    options.limits.links = links;
    options.limits.attributes_per_event = nested;
    options.limits.attributes_per_link = nested;
    sdk_fixture_start(&fixture, &options);
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static void set_numbered(const cotel_span *span, int count)
{
    for (int i = 0; i < count; i++) {
        char key[16];
        (void)snprintf(key, sizeof key, "key.%d", i);
        cotel_span_set_int(span, key, i);
    }
}

static void the_newest_attributes_are_left_out(void **state)
{
    begin(3, 128, 128, 128);
    cotel_span span = cotel_span_start(fixture.tracer, "limited", NULL);
    set_numbered(&span, 5);
    cotel_span_set_int(&span, "key.1", 100);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "limited");
    assert_int_equal(attribute_count(&view), 3);
    assert_int_equal(int_attribute(&view, "key.0"), 0);
    assert_int_equal(int_attribute(&view, "key.1"), 100);
    assert_int_equal(int_attribute(&view, "key.2"), 2);
    assert_int_equal(view.dropped_attributes, 2);
    assert_int_equal(sdk_counts(fixture.provider).dropped_attributes, 2);
}

static void exactly_the_default_limits_fit(void **state)
{
    begin(128, 128, 128, 128);
    cotel_span span = cotel_span_start(fixture.tracer, "full", NULL);
    cotel_link link = {.context = cotel_span_get_context(&span)};
    set_numbered(&span, 129);
    for (int i = 0; i < 129; i++) {
        cotel_span_add_event(&span, "event", NULL, 0);
        cotel_span_add_link(&span, &link);
    }
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "full");
    assert_int_equal(attribute_count(&view), 128);
    assert_int_equal(view.dropped_attributes, 1);
    assert_int_equal(view.dropped_events, 1);
    assert_int_equal(view.dropped_links, 1);
    cotel_sdk_counts counts = sdk_counts(fixture.provider);
    assert_int_equal(counts.dropped_events, 1);
    assert_int_equal(counts.dropped_links, 1);
}

static void a_limit_of_zero_keeps_nothing(void **state)
{
    begin(0, 0, 0, 0);
    cotel_attribute attribute = cotel_attribute_int("at.start", 1);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.attributes = &attribute;
    options.attribute_count = 1;
    cotel_span span = cotel_span_start(fixture.tracer, "none", &options);
    cotel_link link = {.context = cotel_span_get_context(&span)};
    set_numbered(&span, 2);
    cotel_span_add_event(&span, "event", NULL, 0);
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "none");
    cotel_event_view event;
    cotel_iterator events = cotel_span_view_events(&view);
    assert_int_equal(attribute_count(&view), 0);
    assert_false(cotel_iterator_next_event(&events, &event));
    assert_int_equal(view.dropped_attributes, 3);
    assert_int_equal(view.dropped_events, 1);
    assert_int_equal(view.dropped_links, 1);
}

static void attributes_of_events_and_links_are_limited(void **state)
{
    begin(128, 128, 128, 2);
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                          cotel_attribute_int("c", 3)};
    cotel_span span = cotel_span_start(fixture.tracer, "nested", NULL);
    cotel_link link = {cotel_span_get_context(&span), attributes, COUNT_OF(attributes)};
    cotel_span_add_event(&span, "event", attributes, COUNT_OF(attributes));
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "nested");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view event;
    cotel_link_view exported;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_int_equal(event.dropped_attributes, 1);
    assert_true(cotel_iterator_next_link(&links, &exported));
    assert_int_equal(exported.dropped_attributes, 1);
}

static void an_empty_key_is_refused_and_counted(void **state)
{
    begin(128, 128, 128, 128);
    cotel_span span = cotel_span_start(fixture.tracer, "keys", NULL);
    cotel_span_set_int(&span, "", 1);
    cotel_span_set_int(&span, NULL, 1);
    cotel_span_set_string_n(&span, NULL, 4, "x", 1);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "keys");
    assert_int_equal(attribute_count(&view), 0);
    assert_int_equal(view.dropped_attributes, 3);
}

static void events_keep_their_order_and_times(void **state)
{
    begin(128, 128, 128, 128);
    cotel_span span = cotel_span_start(fixture.tracer, "events", NULL);
    cotel_span_add_event_at(&span, "first", 5, 300, NULL, 0);
    cotel_span_add_event_at(&span, "second", 6, 100, NULL, 0);
    cotel_span_add_event(&span, "third", NULL, 0);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "events");
    cotel_iterator events = cotel_span_view_events(&view);
    cotel_event_view event;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "first");
    assert_int_equal(event.time_unix_ns, 300);
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "second");
    assert_int_equal(event.time_unix_ns, 100);
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "third");
    assert_in_range(event.time_unix_ns, view.start_unix_ns, view.end_unix_ns);
    assert_false(cotel_iterator_next_event(&events, &event));
}

static void strings_are_cut_at_the_length_in_characters(void **state)
{
    char text[128];
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.limits.value_length = 3;
    sdk_fixture_start(&fixture, &options);
    cotel_span span = cotel_span_start(fixture.tracer, "a long name stays", NULL);
    cotel_span_set_string(&span, "ascii", "abcdef");
    cotel_span_set_string(&span, "fits", "abc");
    cotel_span_set_string(&span, "wide", "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f");
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "a long name stays");
    assert_string_equal(string_attribute(&view, "ascii", text), "abc");
    assert_string_equal(string_attribute(&view, "fits", text), "abc");
    assert_string_equal(string_attribute(&view, "wide", text), "\xc3\xa4\xc3\xb6\xc3\xbc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_newest_attributes_are_left_out, stop),
        cmocka_unit_test_teardown(exactly_the_default_limits_fit, stop),
        cmocka_unit_test_teardown(a_limit_of_zero_keeps_nothing, stop),
        cmocka_unit_test_teardown(attributes_of_events_and_links_are_limited, stop),
        cmocka_unit_test_teardown(an_empty_key_is_refused_and_counted, stop),
        cmocka_unit_test_teardown(events_keep_their_order_and_times, stop),
        cmocka_unit_test_teardown(strings_are_cut_at_the_length_in_characters, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
