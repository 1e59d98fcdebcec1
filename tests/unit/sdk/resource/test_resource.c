/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#define DEEPER_THAN_ALLOWED 200

static void it_holds_what_it_was_given(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("service.name", "writer"),
                                          cotel_attribute_int("process.pid", 42)};
    cotel_resource *resource = a_resource(attributes, 2, "https://example.com/schema");
    assert_int_equal(count_of(resource), 2);
    assert_text(resource, "service.name", "writer");
    assert_int_equal(value_of(resource, "process.pid").as.integer, 42);
    cotel_str url = cotel_resource_schema_url(resource);
    assert_int_equal(url.size, strlen("https://example.com/schema"));
    assert_memory_equal(url.data, "https://example.com/schema", url.size);
    cotel_resource_unref(resource);
}

static void an_empty_one_is_fine(void **state)
{
    cotel_resource *resource = a_resource(NULL, 0, NULL);
    assert_int_equal(count_of(resource), 0);
    assert_int_equal(cotel_resource_encoded(resource).size, 0);
    assert_int_equal(cotel_resource_schema_url(resource).size, 0);
    assert_false(has(resource, "service.name"));
    cotel_resource_unref(resource);
}

static void it_copies_what_it_was_given(void **state)
{
    char key[] = "key", text[] = "text", element[] = "element";
    cotel_str elements[] = {cotel_str_of(element)};
    cotel_attribute attributes[] = {
        cotel_attribute_string(key, text),
        cotel_attribute_of("list", cotel_value_string_array(elements, 1)),
    };
    cotel_resource *resource = a_resource(attributes, 2, NULL);
    memset(key, 'x', sizeof key);
    memset(text, 'x', sizeof text);
    memset(element, 'x', sizeof element);
    memset(elements, 0, sizeof elements);
    assert_text(resource, "key", "text");
    cotel_value list = value_of(resource, "list");
    assert_int_equal(list.as.strings.count, 1);
    assert_memory_equal(list.as.strings.items[0].data, "element", 7);
    cotel_resource_unref(resource);
}

static void every_kind_of_value_is_kept(void **state)
{
    const bool booleans[] = {true, false};
    const int64_t integers[] = {INT64_MIN, 7};
    const double floatings[] = {0.5, -1};
    const cotel_value values[] = {cotel_value_int(1), cotel_value_empty()};
    const cotel_attribute entries[] = {cotel_attribute_bool("inner", true)};
    const cotel_attribute attributes[] = {
        cotel_attribute_double("double", 0.25),
        cotel_attribute_bool("bool", true),
        cotel_attribute_of("empty", cotel_value_empty()),
        cotel_attribute_of("bytes", cotel_value_bytes("\0\1\xff", 3)),
        cotel_attribute_of("bools", cotel_value_bool_array(booleans, 2)),
        cotel_attribute_of("ints", cotel_value_int_array(integers, 2)),
        cotel_attribute_of("doubles", cotel_value_double_array(floatings, 2)),
        cotel_attribute_of("array", cotel_value_array(values, 2)),
        cotel_attribute_of("map", cotel_value_map(entries, 1)),
        cotel_attribute_of("nothing", cotel_value_array(NULL, 0)),
    };
    cotel_resource *resource = a_resource(attributes, 10, NULL);
    assert_int_equal(count_of(resource), 10);
    assert_true(value_of(resource, "double").as.floating == 0.25);
    assert_true(value_of(resource, "bool").as.boolean);
    assert_int_equal(value_of(resource, "empty").type, COTEL_VALUE_EMPTY);
    assert_memory_equal(value_of(resource, "bytes").as.bytes.data, "\0\1\xff", 3);
    assert_memory_equal(value_of(resource, "bools").as.booleans.items, booleans, sizeof booleans);
    assert_memory_equal(value_of(resource, "ints").as.integers.items, integers, sizeof integers);
    assert_memory_equal(value_of(resource, "doubles").as.floatings.items, floatings,
                        sizeof floatings);
    assert_int_equal(value_of(resource, "array").as.array.items[1].type, COTEL_VALUE_EMPTY);
    assert_true(value_of(resource, "map").as.map.items[0].value.as.boolean);
    assert_int_equal(value_of(resource, "nothing").as.array.count, 0);
    cotel_resource_unref(resource);
}

static void of_equal_keys_the_last_one_is_kept(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("a", "first"),
                                          cotel_attribute_string("b", "b"),
                                          cotel_attribute_string("a", "last")};
    cotel_resource *resource = a_resource(attributes, 3, NULL);
    assert_int_equal(count_of(resource), 2);
    assert_text(resource, "a", "last");
    cotel_resource_unref(resource);
}

static void invalid_text_is_mended_before_keys_are_compared(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("k\xff", "first"),
                                          cotel_attribute_string("k\xfe", "se\xc3"
                                                                          "cond")};
    cotel_resource *resource = a_resource(attributes, 2, NULL);
    assert_int_equal(count_of(resource), 1);
    assert_text(resource, "k\xef\xbf\xbd",
                "se\xef\xbf\xbd"
                "cond");
    cotel_resource_unref(resource);
}

static void its_encoded_form_is_a_resource_message(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("k", "v"),
                                          cotel_attribute_int("n", 300)};
    cotel_resource *resource = a_resource(attributes, 2, "not part of it");
    /* attributes: { key, value: { string_value } }, { key, value: { int_value } } */
    const uint8_t expected[] = {0x0a, 8, 0x0a, 1, 'k', 0x12, 3, 0x0a, 1,    'v',
                                0x0a, 8, 0x0a, 1, 'n', 0x12, 3, 0x18, 0xac, 0x02};
    cotel_str encoded = cotel_resource_encoded(resource);
    assert_int_equal(encoded.size, sizeof expected);
    assert_memory_equal(encoded.data, expected, sizeof expected);
    cotel_resource_unref(resource);
}

static void values_nested_too_deep_become_empty(void **state)
{
    cotel_value levels[DEEPER_THAN_ALLOWED];
    levels[0] = cotel_value_int(1);
    for (size_t i = 1; i < DEEPER_THAN_ALLOWED; i++)
        levels[i] = cotel_value_array(&levels[i - 1], 1);
    cotel_attribute attribute = cotel_attribute_of("deep", levels[DEEPER_THAN_ALLOWED - 1]);
    cotel_resource *resource = a_resource(&attribute, 1, NULL);
    cotel_value value = value_of(resource, "deep");
    int depth = 0;
    for (; value.type == COTEL_VALUE_ARRAY; depth++)
        value = value.as.array.items[0];
    assert_int_equal(depth, 64);
    assert_int_equal(value.type, COTEL_VALUE_EMPTY);
    cotel_resource_unref(resource);
}

static void bad_arguments_are_refused(void **state)
{
    cotel_resource *untouched = NULL;
    const cotel_attribute nameless[] = {cotel_attribute_string("", "x")};
    const cotel_attribute null_key[] = {cotel_attribute_string(NULL, "x")};
    assert_int_equal(cotel_resource_create(nameless, 1, NULL, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create(null_key, 1, NULL, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create(NULL, 1, NULL, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_create(NULL, 0, NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
}

static void null_is_harmless(void **state)
{
    cotel_value value;
    size_t count = 1;
    assert_null(cotel_resource_ref(NULL));
    cotel_resource_unref(NULL);
    assert_null(cotel_resource_attributes(NULL, &count));
    assert_int_equal(count, 0);
    assert_int_equal(cotel_resource_encoded(NULL).size, 0);
    assert_int_equal(cotel_resource_schema_url(NULL).size, 0);
    assert_false(cotel_resource_get(NULL, cotel_str_of("k"), &value));
}

static void it_lives_until_the_last_reference_is_given_back(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("k", "v");
    cotel_resource *resource = a_resource(&attribute, 1, NULL);
    assert_ptr_equal(cotel_resource_ref(resource), resource);
    cotel_resource_unref(resource);
    assert_text(resource, "k", "v");
    cotel_resource_unref(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_what_it_was_given),
        cmocka_unit_test(an_empty_one_is_fine),
        cmocka_unit_test(it_copies_what_it_was_given),
        cmocka_unit_test(every_kind_of_value_is_kept),
        cmocka_unit_test(of_equal_keys_the_last_one_is_kept),
        cmocka_unit_test(invalid_text_is_mended_before_keys_are_compared),
        cmocka_unit_test(its_encoded_form_is_a_resource_message),
        cmocka_unit_test(values_nested_too_deep_become_empty),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(null_is_harmless),
        cmocka_unit_test(it_lives_until_the_last_reference_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
