/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/diagnostics.h>

#include "look.h"

static cotel_resource *merged(cotel_resource *old, cotel_resource *updating)
{
    cotel_resource *result = NULL;
    assert_int_equal(cotel_resource_merge(old, updating, &result), COTEL_STATUS_OK);
    cotel_resource_unref(old);
    cotel_resource_unref(updating);
    return result;
}

static void the_result_has_the_attributes_of_both(void **state)
{
    const cotel_attribute a = cotel_attribute_string("a", "1"), b = cotel_attribute_int("b", 2);
    cotel_resource *result = merged(a_resource(&a, 1, NULL), a_resource(&b, 1, NULL));
    assert_int_equal(count_of(result), 2);
    assert_text(result, "a", "1");
    assert_int_equal(value_of(result, "b").as.integer, 2);
    cotel_resource_unref(result);
}

static void the_updating_one_wins_even_with_an_empty_value(void **state)
{
    const cotel_attribute old[] = {cotel_attribute_string("a", "old"),
                                   cotel_attribute_string("b", "old")};
    const cotel_attribute updating[] = {cotel_attribute_int("a", 1),
                                        cotel_attribute_string("b", "")};
    cotel_resource *result = merged(a_resource(old, 2, NULL), a_resource(updating, 2, NULL));
    assert_int_equal(count_of(result), 2);
    assert_int_equal(value_of(result, "a").as.integer, 1);
    assert_text(result, "b", "");
    cotel_resource_unref(result);
}

static void count_message(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    ++*(int *)user;
}

static void schema_urls_merge_as_the_table_says(void **state)
{
    const struct {
        const char *old, *updating, *result;
        int told;
    } rows[] = {
        {NULL, NULL, "", 0}, {"u", NULL, "u", 0}, {NULL, "u", "u", 0},
        {"", "u", "u", 0},   {"u", "u", "u", 0},  {"u", "v", "", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int told = 0;
        cotel_diagnostics_set(count_message, &told, COTEL_LOG_WARNING);
        cotel_resource *result =
            merged(a_resource(NULL, 0, rows[i].old), a_resource(NULL, 0, rows[i].updating));
        cotel_str url = cotel_resource_schema_url(result);
        assert_int_equal(url.size, strlen(rows[i].result));
        assert_memory_equal(url.data, rows[i].result, url.size);
        assert_int_equal(told, rows[i].told);
        cotel_resource_unref(result);
    }
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_ERROR);
}

static void bad_arguments_are_refused(void **state)
{
    cotel_resource *resource = a_resource(NULL, 0, NULL), *untouched = NULL;
    assert_int_equal(cotel_resource_merge(NULL, resource, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_merge(resource, NULL, &untouched),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_resource_merge(resource, resource, NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(untouched);
    cotel_resource_unref(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_result_has_the_attributes_of_both),
        cmocka_unit_test(the_updating_one_wins_even_with_an_empty_value),
        cmocka_unit_test(schema_urls_merge_as_the_table_says),
        cmocka_unit_test(bad_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
