/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

static cotel_span_view span_of(cotel_str bytes)
{
    cotel_span_view span;
    assert_true(cotel_span_view_decode(bytes, &span));
    return span;
}

static void a_malformed_entry_ends_the_walk_for_good(void **state)
{
    /* attributes: { "a": 1 }, one with a cut-off key, { "b": 2 } */
    cotel_span_view span = span_of(LITERAL("\x4a\x07\x0a\x01"
                                           "a\x12\x02\x18\x01"
                                           "\x4a\x02\x0a\x05"
                                           "\x4a\x07\x0a\x01"
                                           "b\x12\x02\x18\x02"));
    cotel_iterator attributes = cotel_span_view_attributes(&span);
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_false(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_false(cotel_iterator_next_attribute(&attributes, &attribute));
}

static void events_and_links_with_malformed_fields_end_the_walk(void **state)
{
    /* events { name as varint }, links { trace_id of one byte } */
    cotel_span_view span = span_of(LITERAL("\x5a\x02\x10\x01\x6a\x03\x0a\x01x"));
    cotel_iterator events = cotel_span_view_events(&span);
    cotel_event_view event;
    assert_false(cotel_iterator_next_event(&events, &event));
    cotel_iterator links = cotel_span_view_links(&span);
    cotel_link_view link;
    assert_false(cotel_iterator_next_link(&links, &link));
}

static void only_fields_of_its_kind_are_walked(void **state)
{
    /* name, events {}, attributes { "k": true }, events { name: "e" } */
    cotel_span_view span = span_of(LITERAL("\x2a\x01n\x5a\x00\x4a\x07\x0a\x01k\x12\x02\x10\x01"
                                           "\x5a\x03\x12\x01"
                                           "e"));
    cotel_iterator events = cotel_span_view_events(&span);
    cotel_event_view event;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_int_equal(event.name.size, 0);
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "e");
    assert_false(cotel_iterator_next_event(&events, &event));
}

static void a_key_without_a_value_has_the_empty_value(void **state)
{
    cotel_span_view span = span_of(LITERAL("\x4a\x03\x0a\x01k"));
    cotel_value_view value;
    assert_true(cotel_span_view_get(&span, cotel_str_of("k"), &value));
    assert_int_equal(value.type, COTEL_VALUE_EMPTY);
}

static void an_iterator_of_zeros_is_at_its_end(void **state)
{
    cotel_iterator nothing = {NULL, NULL, 0, 0};
    cotel_attribute_view attribute;
    assert_false(cotel_iterator_next_attribute(&nothing, &attribute));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_malformed_entry_ends_the_walk_for_good),
        cmocka_unit_test(events_and_links_with_malformed_fields_end_the_walk),
        cmocka_unit_test(only_fields_of_its_kind_are_walked),
        cmocka_unit_test(a_key_without_a_value_has_the_empty_value),
        cmocka_unit_test(an_iterator_of_zeros_is_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
