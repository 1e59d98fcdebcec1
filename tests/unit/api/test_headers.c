/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

static bool set(cotel_headers *headers, const char *key, const char *value)
{
    return cotel_headers_set(headers, cotel_str_of(key), cotel_str_of(value));
}

static void a_header_is_kept_as_a_c_string(void **state)
{
    cotel_headers headers = {.count = 0};
    assert_true(cotel_headers_set(&headers, cotel_str_n("keyXX", 3), cotel_str_n("valueXX", 5)));
    assert_int_equal(headers.count, 1);
    assert_string_equal(headers.items[0].key, "key");
    assert_string_equal(headers.items[0].value, "value");
}

static void names_compare_without_regard_to_case(void **state)
{
    cotel_headers headers = {.count = 0};
    assert_true(set(&headers, "TraceParent", "1"));
    assert_string_equal(cotel_headers_get(&headers, "traceparent"), "1");
    assert_string_equal(cotel_headers_get(&headers, "TRACEPARENT"), "1");
    assert_null(cotel_headers_get(&headers, "trace-parent"));
    assert_null(cotel_headers_get(&headers, NULL));
    assert_null(cotel_headers_get(NULL, "traceparent"));
}

static void setting_again_replaces(void **state)
{
    cotel_headers headers = {.count = 0};
    assert_true(set(&headers, "a", "first"));
    assert_true(set(&headers, "b", "other"));
    assert_true(set(&headers, "c", "third"));
    assert_true(set(&headers, "A", "a much longer value"));
    assert_int_equal(headers.count, 3);
    assert_string_equal(cotel_headers_get(&headers, "a"), "a much longer value");
    assert_string_equal(cotel_headers_get(&headers, "b"), "other");
    assert_string_equal(cotel_headers_get(&headers, "c"), "third");
}

static void replacing_over_and_over_does_not_use_up_the_room(void **state)
{
    cotel_headers headers = {.count = 0};
    char value[COTEL_HEADERS_BYTES / 2];
    memset(value, 'v', sizeof value);
    for (int i = 0; i < 100; i++)
        assert_true(
            cotel_headers_set(&headers, cotel_str_of("key"), cotel_str_n(value, sizeof value)));
    assert_int_equal(headers.dropped, 0);
}

static void one_header_more_than_fit_is_dropped_and_counted(void **state)
{
    cotel_headers headers = {.count = 0};
    char key[16];
    for (int i = 0; i < COTEL_HEADERS_MAX; i++) {
        snprintf(key, sizeof key, "key%d", i);
        assert_true(set(&headers, key, "value"));
    }
    assert_false(set(&headers, "one more", "value"));
    assert_int_equal(headers.dropped, 1);
    assert_true(set(&headers, "key3", "replaced"));
    assert_string_equal(cotel_headers_get(&headers, "key3"), "replaced");
}

static void bytes_fit_to_the_last_and_not_beyond(void **state)
{
    cotel_headers headers = {.count = 0};
    static char value[COTEL_HEADERS_BYTES];
    memset(value, 'v', sizeof value);
    const cotel_str key = cotel_str_of("k");
    const size_t most = COTEL_HEADERS_BYTES - 1 - 2;
    assert_false(cotel_headers_set(&headers, key, cotel_str_n(value, most + 1)));
    assert_true(cotel_headers_set(&headers, key, cotel_str_n(value, most)));
    assert_int_equal(headers.used, COTEL_HEADERS_BYTES);
    assert_int_equal(strlen(cotel_headers_get(&headers, "k")), most);
    assert_false(set(&headers, "x", ""));
    assert_false(cotel_headers_set(&headers, key, cotel_str_n(value, SIZE_MAX)));
    assert_int_equal(strlen(cotel_headers_get(&headers, "k")), most); /* the old one stayed */
    assert_int_equal(headers.dropped, 3);
}

static void what_is_no_c_string_is_dropped(void **state)
{
    cotel_headers headers = {.count = 0};
    assert_false(set(&headers, "", "value"));
    assert_false(set(&headers, NULL, "value"));
    assert_false(cotel_headers_set(&headers, cotel_str_n("a\0b", 3), cotel_str_of("value")));
    assert_false(cotel_headers_set(&headers, cotel_str_of("key"), cotel_str_n("a\0b", 3)));
    assert_int_equal(headers.dropped, 4);
    assert_int_equal(headers.count, 0);
    assert_true(set(&headers, "key", NULL));
    assert_string_equal(cotel_headers_get(&headers, "key"), "");
    assert_false(set(NULL, "key", "value"));
}

static void the_carrier_functions_do_the_same(void **state)
{
    cotel_headers headers = {.count = 0};
    cotel_headers_setter.set(&headers, cotel_str_of("key"), cotel_str_of("value"));
    assert_str_is(cotel_headers_getter.get(&headers, cotel_str_of("KEY"), 0), "value");
    assert_null(cotel_headers_getter.get(&headers, cotel_str_of("key"), 1).data);
    assert_null(cotel_headers_getter.get(&headers, cotel_str_of("other"), 0).data);
    assert_str_is(cotel_headers_getter.key(&headers, 0), "key");
    assert_null(cotel_headers_getter.key(&headers, 1).data);
    assert_null(cotel_headers_getter.get(NULL, cotel_str_of("key"), 0).data);
    assert_null(cotel_headers_getter.key(NULL, 0).data);
    cotel_headers_setter.set(NULL, cotel_str_of("key"), cotel_str_of("value"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_kept_as_a_c_string),
        cmocka_unit_test(names_compare_without_regard_to_case),
        cmocka_unit_test(setting_again_replaces),
        cmocka_unit_test(replacing_over_and_over_does_not_use_up_the_room),
        cmocka_unit_test(one_header_more_than_fit_is_dropped_and_counted),
        cmocka_unit_test(bytes_fit_to_the_last_and_not_beyond),
        cmocka_unit_test(what_is_no_c_string_is_dropped),
        cmocka_unit_test(the_carrier_functions_do_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
