/* SPDX-License-Identifier: Apache-2.0 */
/* common/README.md "Attribute Limits", trace/sdk.md "Span Limits". */
#include "../support/sdk_fixture.h"

#include <stdio.h>

static struct sdk_fixture fixture;

static void begin(const cotel_span_limits *limits)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    options.limits = *limits;
    sdk_fixture_start(&fixture, &options);
}

static int stop(void **state)
{
    assert_identities(fixture.provider);
    sdk_fixture_stop(&fixture);
    return 0;
}

static cotel_attribute_view only_attribute(cotel_iterator attributes)
{
    cotel_attribute_view attribute, second;
    assert_true(cotel_iterator_next_attribute(&attributes, &attribute));
    assert_false(cotel_iterator_next_attribute(&attributes, &second));
    return attribute;
}

/* The one attribute of a span, of its event and of its link, which all were given the same. */
struct everywhere {
    cotel_value_view of_span, of_event, of_link;
};

static struct everywhere exported_everywhere(const cotel_attribute *attribute)
{
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    const cotel_link link = {cotel_span_get_context(&span), attribute, 1};
    cotel_span_set_attribute(&span, attribute);
    cotel_span_add_event(&span, "event", attribute, 1);
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view exported_event;
    cotel_link_view exported_link;
    assert_true(cotel_iterator_next_event(&events, &exported_event));
    assert_true(cotel_iterator_next_link(&links, &exported_link));
    return (struct everywhere){only_attribute(cotel_span_view_attributes(&view)).value,
                               only_attribute(cotel_event_view_attributes(&exported_event)).value,
                               only_attribute(cotel_link_view_attributes(&exported_link)).value};
}

static void the_defaults_are_those_of_the_specification(void **state)
{
    cotel_tracer_provider_options options;
    cotel_tracer_provider_options_init(&options);
    assert_int_equal(options.limits.attributes, 128);
    assert_int_equal(options.limits.events, 128);
    assert_int_equal(options.limits.links, 128);
    assert_int_equal(options.limits.attributes_per_event, 128);
    assert_int_equal(options.limits.attributes_per_link, 128);
    assert_int_equal(options.limits.value_length, COTEL_UNLIMITED);
    assert_int_equal(options.limits.value_depth, 64);
}

/* ---- the length of values ---- */

static void check_cut(cotel_value_view map)
{
    static const char *const expected[] = {"abc", "\xc3\xa4\xc3\xb6\xc3\xbc", "xyz"};
    cotel_iterator entries = cotel_value_view_items(&map);
    cotel_attribute_view entry = only_attribute(entries);
    assert_text(entry.key, "a key is never cut");
    cotel_iterator items = cotel_value_view_items(&entry.value);
    cotel_value_view item, number;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(cotel_iterator_next_value(&items, &item));
        assert_text(item.text, expected[i]);
    }
    assert_int_equal(item.type, COTEL_VALUE_BYTES);
    assert_true(cotel_iterator_next_value(&items, &number));
    assert_int_equal(number.integer, 123456789);
}

static void texts_count_characters_and_bytes_count_bytes_at_every_depth_everywhere(void **state)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.value_length = 3;
    begin(&limits);
    const cotel_value parts[] = {
        cotel_value_string(cotel_str_of("abcdef")),
        cotel_value_string(cotel_str_of("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f")),
        cotel_value_bytes("xyz12", 5), cotel_value_int(123456789)};
    const cotel_attribute entry =
        cotel_attribute_of("a key is never cut", cotel_value_array(parts, COUNT_OF(parts)));
    const cotel_attribute attribute = cotel_attribute_of("map", cotel_value_map(&entry, 1));
    struct everywhere values = exported_everywhere(&attribute);
    check_cut(values.of_span);
    check_cut(values.of_event);
    check_cut(values.of_link);
}

static void strings_of_an_array_are_cut_each_for_itself(void **state)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.value_length = 2;
    begin(&limits);
    const cotel_str texts[] = {cotel_str_of("one"), cotel_str_of("2"), cotel_str_of("three")};
    static const char *const expected[] = {"on", "2", "th"};
    const cotel_attribute attribute =
        cotel_attribute_of("strings", cotel_value_string_array(texts, COUNT_OF(texts)));
    cotel_value_view array = exported_everywhere(&attribute).of_span, item;
    cotel_iterator items = cotel_value_view_items(&array);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(cotel_iterator_next_value(&items, &item));
        assert_text(item.text, expected[i]);
    }
    assert_false(cotel_iterator_next_value(&items, &item));
}

static void a_length_of_zero_keeps_keys_and_leaves_texts_empty(void **state)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.value_length = 0;
    begin(&limits);
    const cotel_attribute attribute = cotel_attribute_string("key", "text");
    cotel_value_view value = exported_everywhere(&attribute).of_span;
    assert_int_equal(value.type, COTEL_VALUE_STRING);
    assert_text(value.text, "");
}

static void names_and_descriptions_are_not_values(void **state)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.value_length = 1;
    begin(&limits);
    cotel_span span = cotel_span_start(fixture.tracer, "the name of a span", NULL);
    cotel_span_add_event(&span, "the name of an event", NULL, 0);
    cotel_span_set_status(&span, COTEL_STATUS_CODE_ERROR, "why it failed");
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "the name of a span");
    cotel_iterator events = cotel_span_view_events(&view);
    cotel_event_view event;
    assert_true(cotel_iterator_next_event(&events, &event));
    assert_text(event.name, "the name of an event");
    assert_text(view.status_description, "why it failed");
}

static void without_a_limit_nothing_is_cut(void **state)
{
    static char text[100000];
    begin(&(cotel_span_limits)COTEL_SPAN_LIMITS_INIT);
    memset(text, 'x', sizeof text);
    const cotel_attribute attribute =
        cotel_attribute_of("long", cotel_value_string(cotel_str_n(text, sizeof text)));
    struct everywhere values = exported_everywhere(&attribute);
    assert_int_equal(values.of_span.text.size, sizeof text);
    assert_int_equal(values.of_event.text.size, sizeof text);
    assert_int_equal(values.of_link.text.size, sizeof text);
}

/* ---- the depth of values ---- */

/* A number inside of `depth` arrays and maps by turns: the deepest of them is at that depth. */
static cotel_value nest(size_t depth, cotel_value values[], cotel_attribute entries[])
{
    values[0] = cotel_value_int(42);
    for (size_t i = 1; i <= depth; i++) {
        entries[i] = cotel_attribute_of("in", values[i - 1]);
        values[i] =
            i % 2 == 0 ? cotel_value_map(&entries[i], 1) : cotel_value_array(&values[i - 1], 1);
    }
    return values[depth];
}

/* How many arrays and maps there are around what is no array and no map any more. */
static size_t depth_of(cotel_value_view value, cotel_value_type innermost)
{
    size_t depth = 0;
    for (; value.type == COTEL_VALUE_ARRAY || value.type == COTEL_VALUE_MAP; depth++) {
        cotel_iterator items = cotel_value_view_items(&value);
        if (value.type == COTEL_VALUE_MAP)
            value = only_attribute(items).value;
        else
            assert_true(cotel_iterator_next_value(&items, &value));
    }
    assert_int_equal(value.type, innermost);
    return depth;
}

static void check_depth(size_t depth, size_t kept, cotel_value_type innermost)
{
    cotel_value values[80];
    cotel_attribute entries[80];
    const cotel_attribute attribute = cotel_attribute_of("nested", nest(depth, values, entries));
    struct everywhere found = exported_everywhere(&attribute);
    assert_int_equal(depth_of(found.of_span, innermost), kept);
    assert_int_equal(depth_of(found.of_event, innermost), kept);
    assert_int_equal(depth_of(found.of_link, innermost), kept);
}

static void sixty_four_levels_are_kept_whole(void **state)
{
    begin(&(cotel_span_limits)COTEL_SPAN_LIMITS_INIT);
    check_depth(64, 64, COTEL_VALUE_INT);
}

static void the_sixty_fifth_level_is_an_empty_value(void **state)
{
    begin(&(cotel_span_limits)COTEL_SPAN_LIMITS_INIT);
    check_depth(65, 64, COTEL_VALUE_EMPTY);
}

static void a_smaller_limit_of_depth_holds(void **state)
{
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.value_depth = 2;
    begin(&limits);
    check_depth(3, 2, COTEL_VALUE_EMPTY);
}

static void more_than_sixty_four_levels_cannot_be_asked_for(void **state)
{
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_provider *provider = NULL;
    options.limits.value_depth = 65;
    assert_int_equal(cotel_tracer_provider_create(&options, &provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(provider);
}

/* ---- the number of attributes ---- */

static void only_keys_of_the_span_itself_count(void **state)
{
    enum { ENTRIES = 300 };
    static char keys[ENTRIES][8];
    static cotel_attribute entries[ENTRIES];
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.attributes = 1;
    begin(&limits);
    for (int i = 0; i < ENTRIES; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "%d", i);
        entries[i] = cotel_attribute_int(keys[i], i);
    }
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    const cotel_attribute attribute = cotel_attribute_of("map", cotel_value_map(entries, ENTRIES));
    cotel_span_set_attribute(&span, &attribute);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_value_view map = only_attribute(cotel_span_view_attributes(&view)).value;
    cotel_iterator items = cotel_value_view_items(&map);
    cotel_attribute_view entry;
    int64_t count = 0;
    for (; cotel_iterator_next_attribute(&items, &entry); count++)
        assert_int_equal(entry.value.integer, count);
    assert_int_equal(count, ENTRIES);
    assert_int_equal(view.dropped_attributes, 0);
}

static void check_first_key_with_last_value(cotel_iterator attributes, uint32_t dropped)
{
    cotel_attribute_view attribute = only_attribute(attributes);
    assert_text(attribute.key, "a");
    assert_int_equal(attribute.value.integer, 3);
    assert_int_equal(dropped, 1);
}

static void setting_a_key_again_is_not_an_addition_anywhere(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                          cotel_attribute_int("a", 3)};
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.attributes = limits.attributes_per_event = limits.attributes_per_link = 1;
    begin(&limits);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    const cotel_link link = {cotel_span_get_context(&span), attributes, COUNT_OF(attributes)};
    cotel_span_set_attributes(&span, attributes, COUNT_OF(attributes));
    cotel_span_add_event(&span, "event", attributes, COUNT_OF(attributes));
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view exported_event;
    cotel_link_view exported_link;
    assert_true(cotel_iterator_next_event(&events, &exported_event));
    assert_true(cotel_iterator_next_link(&links, &exported_link));
    check_first_key_with_last_value(cotel_span_view_attributes(&view), view.dropped_attributes);
    check_first_key_with_last_value(cotel_event_view_attributes(&exported_event),
                                    exported_event.dropped_attributes);
    check_first_key_with_last_value(cotel_link_view_attributes(&exported_link),
                                    exported_link.dropped_attributes);
}

static void spans_events_and_links_are_counted_each_for_themselves(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2),
                                          cotel_attribute_int("c", 3)};
    cotel_span_limits limits = COTEL_SPAN_LIMITS_INIT;
    limits.attributes = 1;
    limits.attributes_per_event = 2;
    limits.attributes_per_link = 3;
    begin(&limits);
    cotel_span span = cotel_span_start(fixture.tracer, "span", NULL);
    const cotel_link link = {cotel_span_get_context(&span), attributes, COUNT_OF(attributes)};
    cotel_span_set_attributes(&span, attributes, COUNT_OF(attributes));
    for (int i = 0; i < 2; i++)
        cotel_span_add_event(&span, "event", attributes, COUNT_OF(attributes));
    cotel_span_add_link(&span, &link);
    cotel_span_end(&span);
    cotel_span_view view = sdk_fixture_span(&fixture, "span");
    cotel_iterator events = cotel_span_view_events(&view), links = cotel_span_view_links(&view);
    cotel_event_view exported_event;
    cotel_link_view exported_link;
    assert_int_equal(view.dropped_attributes, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(cotel_iterator_next_event(&events, &exported_event));
        assert_int_equal(exported_event.dropped_attributes, 1);
    }
    assert_true(cotel_iterator_next_link(&links, &exported_link));
    assert_int_equal(exported_link.dropped_attributes, 0);
}

static void resources_and_scopes_are_exempt(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a", "a whole text"),
                                          cotel_attribute_string("b", "another one")};
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    cotel_tracer_options scope_options = COTEL_TRACER_OPTIONS_INIT;
    cotel_span_view span;
    const cotel_scope_view *scope;
    cotel_value value;
    options.limits.attributes = options.limits.value_length = 1;
    assert_int_equal(
        cotel_resource_create(attributes, COUNT_OF(attributes), NULL, &options.resource),
        COTEL_STATUS_OK);
    scope_options.attributes = attributes;
    scope_options.attribute_count = COUNT_OF(attributes);
    sdk_fixture_start(&fixture, &options);
    cotel_span of_scope = cotel_span_start(
        cotel_tracer_provider_get_tracer(fixture.provider, "exempt", &scope_options), "span", NULL);
    cotel_span_end(&of_scope);
    sdk_fixture_flush(&fixture);
    assert_true(cotel_memory_exporter_get(fixture.memory, 0, &span, &scope, NULL));
    assert_int_equal(scope->attribute_count, 2);
    assert_text(scope->attributes[1].value.as.string, "another one");
    assert_true(cotel_resource_get(options.resource, cotel_str_of("a"), &value));
    assert_text(value.as.string, "a whole text");
    cotel_resource_unref(options.resource);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_of_the_specification),
        TEST(texts_count_characters_and_bytes_count_bytes_at_every_depth_everywhere),
        TEST(strings_of_an_array_are_cut_each_for_itself),
        TEST(a_length_of_zero_keeps_keys_and_leaves_texts_empty),
        TEST(names_and_descriptions_are_not_values),
        TEST(without_a_limit_nothing_is_cut),
        TEST(sixty_four_levels_are_kept_whole),
        TEST(the_sixty_fifth_level_is_an_empty_value),
        TEST(a_smaller_limit_of_depth_holds),
        cmocka_unit_test(more_than_sixty_four_levels_cannot_be_asked_for),
        TEST(only_keys_of_the_span_itself_count),
        TEST(setting_a_key_again_is_not_an_addition_anywhere),
        TEST(spans_events_and_links_are_counted_each_for_themselves),
        TEST(resources_and_scopes_are_exempt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
