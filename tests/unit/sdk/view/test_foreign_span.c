/* SPDX-License-Identifier: Apache-2.0 */
/* The first argument is a file with the span of foreign_span.textproto, encoded by protoc. */
#include <stdio.h>

#include "text.h"

static char file_bytes[4096];
static cotel_str encoded;
static cotel_span_view span;

static int decode(void **state)
{
    return cotel_span_view_decode(encoded, &span) ? 0 : -1;
}

static cotel_value_view get(const char *key)
{
    cotel_value_view value;
    if (!cotel_span_view_get(&span, cotel_str_of(key), &value))
        fail_msg("no attribute %s", key);
    return value;
}

static void its_own_fields_are_read(void **state)
{
    for (int i = 0; i < 16; i++)
        assert_int_equal(span.trace_id.bytes[i], i + 1);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(span.span_id.bytes[i], i + 17);
        assert_int_equal(span.parent_span_id.bytes[i], i + 25);
    }
    assert_text(span.tracestate, "vendor=1");
    assert_text(span.name, "chat gpt-4o");
    assert_int_equal(span.kind, COTEL_SPAN_KIND_CLIENT);
    assert_int_equal(span.flags, 0x301);
    assert_true(span.start_unix_ns == UINT64_C(1700000000000000001));
    assert_true(span.end_unix_ns == UINT64_C(1700000000000000999));
    assert_int_equal(span.status, COTEL_STATUS_CODE_ERROR);
    assert_text(span.status_description, "too slow");
    assert_int_equal(span.dropped_attributes, 3);
    assert_int_equal(span.dropped_events, 4);
    assert_int_equal(span.dropped_links, 5);
}

static void attributes_of_every_kind_are_read(void **state)
{
    assert_text(get("text").text, "h\xc3\xa9llo");
    assert_true(get("flag").boolean);
    assert_int_equal(get("count").integer, -7);
    assert_true(get("share").floating == 0.125);
    assert_int_equal(get("raw").type, COTEL_VALUE_BYTES);
    assert_memory_equal(get("raw").text.data, "\0\xff", 2);
    assert_int_equal(get("empty").type, COTEL_VALUE_EMPTY);
}

static void nested_values_are_walked(void **state)
{
    cotel_value_view list = get("list"), item;
    cotel_iterator items = cotel_value_view_items(&list);
    assert_true(cotel_iterator_next_value(&items, &item));
    assert_int_equal(item.integer, 1);
    assert_true(cotel_iterator_next_value(&items, &item));
    assert_int_equal(item.type, COTEL_VALUE_EMPTY);
    assert_true(cotel_iterator_next_value(&items, &item));
    assert_text(item.text, "x");
    assert_false(cotel_iterator_next_value(&items, &item));

    cotel_value_view map = get("map");
    cotel_attribute_view entry;
    cotel_iterator entries = cotel_value_view_items(&map);
    assert_true(cotel_iterator_next_attribute(&entries, &entry));
    assert_text(entry.key, "inner");
    assert_int_equal(entry.value.type, COTEL_VALUE_BOOL);
    assert_false(entry.value.boolean);
    assert_false(cotel_iterator_next_attribute(&entries, &entry));
}

static void attributes_come_in_their_order(void **state)
{
    const char *keys[] = {"text", "flag", "count", "share", "raw", "empty", "list", "map"};
    cotel_iterator attributes = cotel_span_view_attributes(&span);
    cotel_attribute_view attribute;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
        assert_text(attribute.key, keys[i]);
    }
    assert_false(cotel_iterator_next_attribute(&attributes, &attribute));
}

static void events_are_read(void **state)
{
    cotel_iterator events = cotel_span_view_events(&span);
    cotel_event_view event;
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "first token");
    assert_true(event.time_unix_ns == UINT64_C(1700000000000000500));
    assert_int_equal(event.dropped_attributes, 1);
    cotel_iterator attributes = cotel_event_view_attributes(&event);
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.key, "index");
    assert_false(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "done");
    assert_false(cotel_iterator_next_event(&events, &event));
}

static void links_are_read(void **state)
{
    cotel_iterator links = cotel_span_view_links(&span);
    cotel_link_view link;
    cotel_attribute_view attribute;
    assert_true(cotel_iterator_next_link(&links, &link));
    assert_int_equal(link.trace_id.bytes[0], 32);
    assert_int_equal(link.span_id.bytes[7], 1);
    assert_text(link.tracestate, "other=2");
    assert_int_equal(link.flags, 0x101);
    assert_int_equal(link.dropped_attributes, 2);
    cotel_iterator attributes = cotel_link_view_attributes(&link);
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_text(attribute.value.text, "retry");
    assert_false(cotel_iterator_next_link(&links, &link));
}

static void every_shorter_part_of_it_is_safe_to_read(void **state)
{
    for (size_t size = 0; size < encoded.size; size++) {
        cotel_span_view part;
        cotel_attribute_view attribute;
        if (!cotel_span_view_decode(cotel_str_n(encoded.data, size), &part))
            continue;
        cotel_iterator attributes = cotel_span_view_attributes(&part);
        while (cotel_iterator_next_attribute(&attributes, &attribute))
            assert_in_range(attribute.key.size, 1, 5);
    }
}

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!file)
        return 99;
    encoded = cotel_str_n(file_bytes, fread(file_bytes, 1, sizeof file_bytes, file));
    (void)fclose(file);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_fields_are_read),
        cmocka_unit_test(attributes_of_every_kind_are_read),
        cmocka_unit_test(nested_values_are_walked),
        cmocka_unit_test(attributes_come_in_their_order),
        cmocka_unit_test(events_are_read),
        cmocka_unit_test(links_are_read),
        cmocka_unit_test(every_shorter_part_of_it_is_safe_to_read),
    };
    return cmocka_run_group_tests(tests, decode, NULL);
}
