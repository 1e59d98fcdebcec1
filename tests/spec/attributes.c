/* SPDX-License-Identifier: Apache-2.0 */
/* common/README.md "AnyValue", "Attribute". */
#include "../support/sdk_fixture.h"

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

static cotel_value_view value_of(const cotel_span_view *span, const char *key)
{
    cotel_value_view value;
    assert_true(cotel_span_view_get(span, cotel_str_of(key), &value));
    return value;
}

static cotel_value_view item_of(cotel_value_view array, size_t index)
{
    cotel_iterator items = cotel_value_view_items(&array);
    cotel_value_view item;
    do
        assert_true(cotel_iterator_next_value(&items, &item));
    while (index-- > 0);
    return item;
}

/* The one entry of that key. */
static cotel_value_view entry_of(cotel_value_view map, const char *key)
{
    cotel_iterator entries = cotel_value_view_items(&map);
    cotel_attribute_view entry;
    cotel_value_view found = {.type = COTEL_VALUE_EMPTY};
    size_t matches = 0;
    while (cotel_iterator_next_attribute(&entries, &entry)) {
        if (!text_is(entry.key, key))
            continue;
        found = entry.value;
        matches++;
    }
    assert_int_equal(matches, 1);
    return found;
}

static cotel_span_view span_with(const cotel_attribute *attributes, size_t count)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    cotel_span_set_attributes(&span, attributes, count);
    cotel_span_end(&span);
    return sdk_fixture_span(&fixture, "span");
}

/* ---- values ---- */

static void values_that_say_little_are_kept(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("string", ""),
        cotel_attribute_int("int", 0),
        cotel_attribute_bool("bool", false),
        cotel_attribute_double("double", 0),
        cotel_attribute_of("bytes", cotel_value_bytes("", 0)),
        cotel_attribute_of("array", cotel_value_array(NULL, 0)),
        cotel_attribute_of("strings", cotel_value_string_array(NULL, 0)),
        cotel_attribute_of("map", cotel_value_map(NULL, 0)),
        cotel_attribute_of("empty", cotel_value_empty())};
    static const cotel_value_type types[] = {
        COTEL_VALUE_STRING, COTEL_VALUE_INT,   COTEL_VALUE_BOOL,
        COTEL_VALUE_DOUBLE, COTEL_VALUE_BYTES, COTEL_VALUE_ARRAY,
        COTEL_VALUE_ARRAY,  COTEL_VALUE_MAP,   COTEL_VALUE_EMPTY};
    cotel_span_view view = span_with(attributes, COUNT_OF(attributes));
    assert_int_equal(attribute_count(&view), COUNT_OF(attributes));
    assert_int_equal(view.dropped_attributes, 0);
    for (size_t i = 0; i < COUNT_OF(attributes); i++)
        assert_int_equal(value_of(&view, attributes[i].key.data).type, types[i]);
}

static void bytes_arrive_as_they_are(void **state)
{
    const cotel_attribute attribute =
        cotel_attribute_of("bytes", cotel_value_bytes("\0\xff\xc3z", 4));
    cotel_span_view view = span_with(&attribute, 1);
    cotel_value_view value = value_of(&view, "bytes");
    assert_int_equal(value.type, COTEL_VALUE_BYTES);
    assert_int_equal(value.text.size, 4);
    assert_memory_equal(value.text.data, "\0\xff\xc3z", 4);
}

static void values_of_all_kinds_nest(void **state)
{
    const cotel_value parts[] = {cotel_value_string(cotel_str_of("part")), cotel_value_int(7),
                                 cotel_value_bytes("\x01", 1)};
    const cotel_attribute inner[] = {
        cotel_attribute_of("parts", cotel_value_array(parts, COUNT_OF(parts))),
        cotel_attribute_double("half", 0.5)};
    const cotel_attribute outer[] = {
        cotel_attribute_of("inner", cotel_value_map(inner, COUNT_OF(inner))),
        cotel_attribute_bool("yes", true)};
    const cotel_attribute attribute =
        cotel_attribute_of("outer", cotel_value_map(outer, COUNT_OF(outer)));
    cotel_span_view view = span_with(&attribute, 1);
    cotel_value_view found = value_of(&view, "outer");
    assert_true(entry_of(found, "yes").boolean);
    found = entry_of(found, "inner");
    assert_true(entry_of(found, "half").floating == 0.5);
    found = entry_of(found, "parts");
    assert_text(item_of(found, 0).text, "part");
    assert_int_equal(item_of(found, 1).integer, 7);
    assert_int_equal(item_of(found, 2).type, COTEL_VALUE_BYTES);
}

static void what_is_null_in_an_array_keeps_its_place(void **state)
{
    const cotel_value parts[] = {cotel_value_int(1), cotel_value_empty(), cotel_value_int(3)};
    const cotel_attribute attribute =
        cotel_attribute_of("array", cotel_value_array(parts, COUNT_OF(parts)));
    cotel_span_view view = span_with(&attribute, 1);
    cotel_value_view array = value_of(&view, "array");
    assert_int_equal(item_of(array, 0).integer, 1);
    assert_int_equal(item_of(array, 1).type, COTEL_VALUE_EMPTY);
    assert_int_equal(item_of(array, 2).integer, 3);
}

/* ---- keys ---- */

static void keys_differ_by_case(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("key", 1),
                                          cotel_attribute_int("Key", 2),
                                          cotel_attribute_int("KEY", 3)};
    cotel_span_view view = span_with(attributes, COUNT_OF(attributes));
    assert_int_equal(attribute_count(&view), 3);
    assert_int_equal(int_attribute(&view, "key"), 1);
    assert_int_equal(int_attribute(&view, "Key"), 2);
    assert_int_equal(int_attribute(&view, "KEY"), 3);
}

static void a_key_that_is_set_again_has_its_last_value_of_whatever_kind(void **state)
{
    char text[128];
    const cotel_attribute attributes[] = {cotel_attribute_int("key", 1),
                                          cotel_attribute_int("other", 2),
                                          cotel_attribute_of("key", cotel_value_array(NULL, 0)),
                                          cotel_attribute_string("key", "last")};
    cotel_span_view view = span_with(attributes, COUNT_OF(attributes));
    assert_int_equal(attribute_count(&view), 2);
    assert_string_equal(string_attribute(&view, "key", text), "last");
    assert_int_equal(int_attribute(&view, "other"), 2);
}

static void maps_have_unique_keys_at_every_depth(void **state)
{
    const cotel_attribute entries[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                       cotel_attribute_int("a", 3)};
    const cotel_value map = cotel_value_map(entries, COUNT_OF(entries));
    const cotel_attribute outer[] = {cotel_attribute_of("array", cotel_value_int(4)),
                                     cotel_attribute_of("array", cotel_value_array(&map, 1))};
    const cotel_attribute attribute =
        cotel_attribute_of("outer", cotel_value_map(outer, COUNT_OF(outer)));
    cotel_span_view view = span_with(&attribute, 1);
    cotel_value_view inner = item_of(entry_of(value_of(&view, "outer"), "array"), 0);
    assert_int_equal(entry_of(inner, "a").integer, 3);
    assert_int_equal(entry_of(inner, "b").integer, 2);
}

#define REPLACED "\xef\xbf\xbd"

/* All of them but the first ones are "key" followed by one byte or two that are not UTF-8. */
static void check_one_broken_key(cotel_attribute *entries, size_t count)
{
    for (size_t i = 0; i + 3 < count; i++)
        entries[i] = cotel_attribute_int("other", (int64_t)i);
    entries[count - 3] = cotel_attribute_int("key\xff", 1);
    entries[count - 2] = cotel_attribute_int("key\xe2\x82", 2);
    entries[count - 1] = cotel_attribute_int("key" REPLACED, 3);
    const cotel_attribute attribute = cotel_attribute_of("map", cotel_value_map(entries, count));
    cotel_span_view view = span_with(&attribute, 1);
    assert_int_equal(entry_of(value_of(&view, "map"), "key" REPLACED).integer, 3);
    cotel_memory_exporter_clear(fixture.memory);
}

static void keys_that_are_the_same_once_they_are_mended_are_one_key(void **state)
{
    static cotel_attribute entries[100];
    check_one_broken_key(entries, 3);
    check_one_broken_key(entries, COUNT_OF(entries));
}

static size_t check_entries(cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    size_t count = 0;
    for (; cotel_iterator_next_attribute(&attributes, &attribute); count++)
        assert_int_equal(attribute.value.integer, text_is(attribute.key, "a") ? 3 : 2);
    return count;
}

static void events_links_and_scopes_have_unique_keys(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                          cotel_attribute_int("a", 3)};
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.attributes = attributes;
    options.attribute_count = COUNT_OF(attributes);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(fixture.provider, "unique", &options);
    cotel_span span = cotel_span_start(tracer, "span", NULL);
    const cotel_link link = {cotel_span_get_context(&span), attributes, COUNT_OF(attributes)};
    cotel_span_add_event(&span, "event", attributes, COUNT_OF(attributes));
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view exported_event;
    cotel_link_view exported_link;
    const cotel_scope_view *scope;
    assert_true(cotel_iterator_next_event(&events, &exported_event));
    assert_int_equal(check_entries(cotel_event_view_attributes(&exported_event)), 2);
    assert_int_equal(exported_event.dropped_attributes, 0);
    assert_true(cotel_iterator_next_link(&links, &exported_link));
    assert_int_equal(check_entries(cotel_link_view_attributes(&exported_link)), 2);
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &view, &scope, NULL));
    assert_int_equal(scope->attribute_count, 2);
}

static void attributes_are_the_same_whatever_their_order(void **state)
{
    const cotel_attribute forth[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_attribute back[] = {cotel_attribute_int("b", 2), cotel_attribute_int("a", 1)};
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.attributes = forth;
    options.attribute_count = COUNT_OF(forth);
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(fixture.provider, "order", &options);
    options.attributes = back;
    assert_ptr_equal(cotel_tracer_provider_get_tracer(fixture.provider, "order", &options), tracer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_that_say_little_are_kept),
        TEST(bytes_arrive_as_they_are),
        TEST(values_of_all_kinds_nest),
        TEST(what_is_null_in_an_array_keeps_its_place),
        TEST(keys_differ_by_case),
        TEST(a_key_that_is_set_again_has_its_last_value_of_whatever_kind),
        TEST(maps_have_unique_keys_at_every_depth),
        TEST(keys_that_are_the_same_once_they_are_mended_are_one_key),
        TEST(events_links_and_scopes_have_unique_keys),
        TEST(attributes_are_the_same_whatever_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
