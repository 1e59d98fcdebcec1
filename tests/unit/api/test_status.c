/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

static void a_status_has_its_name_and_text(void **state)
{
    assert_string_equal(cotel_status_name(COTEL_STATUS_TIMEOUT), "TIMEOUT");
    assert_string_equal(cotel_status_text(COTEL_STATUS_TIMEOUT), "the deadline passed first");
    assert_string_equal(cotel_status_name(COTEL_STATUS_OK), "OK");
}

static void every_status_is_named_as_in_the_map(void **state)
{
#define CHECK(name, value, text)                                          \
    assert_int_equal(COTEL_STATUS_##name, value);                         \
    assert_string_equal(cotel_status_name((cotel_status)(value)), #name); \
    assert_string_equal(cotel_status_text((cotel_status)(value)), text);
    COTEL_STATUS_MAP(CHECK)
#undef CHECK
}

static void a_number_that_is_no_status_is_unknown(void **state)
{
    assert_string_equal(cotel_status_name((cotel_status)999), "UNKNOWN");
    assert_non_null(cotel_status_text((cotel_status)999));
}

static void the_library_has_the_version_of_its_header(void **state)
{
    assert_string_equal(cotel_version(), COTEL_VERSION);
    assert_int_equal(cotel_version_number(), COTEL_VERSION_NUMBER);
}

static void the_version_text_matches_its_numbers(void **state)
{
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", COTEL_VERSION_MAJOR, COTEL_VERSION_MINOR,
             COTEL_VERSION_PATCH);
    assert_string_equal(text, COTEL_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_has_its_name_and_text),
        cmocka_unit_test(every_status_is_named_as_in_the_map),
        cmocka_unit_test(a_number_that_is_no_status_is_unknown),
        cmocka_unit_test(the_library_has_the_version_of_its_header),
        cmocka_unit_test(the_version_text_matches_its_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
