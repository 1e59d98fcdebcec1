/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "capture.h"
#include "exporters/console/print.h"
#include "sdk/view/read.h"
#include "wire/field_numbers.h"
#include "wire/value.h"

static void assert_printed(cotel_value value, const char *expected)
{
    uint8_t bytes[4096];
    cotel_attribute attribute = cotel_attribute_of("key", value);
    size_t size = ct_attribute_size(CT_SPAN_ATTRIBUTES, &attribute, &ct_value_unlimited);
    assert_true(size <= sizeof bytes);
    ct_attribute_write(bytes, CT_SPAN_ATTRIBUTES, &attribute, &ct_value_unlimited);
    cotel_span_view span;
    assert_true(cotel_span_view_decode(cotel_str_n((const char *)bytes, size), &span));
    cotel_value_view view;
    assert_true(cotel_span_view_get(&span, attribute.key, &view));
    struct ct_output output;
    capture_begin(&output);
    ct_print_value(&output, &view);
    assert_captured(&output, expected);
}

static void plain_values_look_as_in_json(void **state)
{
    assert_printed(cotel_value_string(cotel_str_of("a \"b\"\n")), "\"a \\\"b\\\"\\n\"");
    assert_printed(cotel_value_bool(true), "true");
    assert_printed(cotel_value_bool(false), "false");
    assert_printed(cotel_value_int(INT64_MIN), "-9223372036854775808");
    assert_printed(cotel_value_empty(), "null");
    assert_printed(cotel_value_bytes("\0\xfe", 2), "0x00fe");
}

static void doubles_take_as_few_digits_as_tell_them_apart(void **state)
{
    assert_printed(cotel_value_double(0.1), "0.1");
    assert_printed(cotel_value_double(0.0123), "0.0123");
    assert_printed(cotel_value_double(1e300), "1e+300");
    assert_printed(cotel_value_double(1.0 / 3), "0.3333333333333333");
    assert_printed(cotel_value_double(0.1 + 0.2), "0.30000000000000004");
    assert_printed(cotel_value_double(INFINITY), "inf");
}

static void arrays_and_maps_are_walked(void **state)
{
    const cotel_value items[] = {cotel_value_int(1), cotel_value_array(NULL, 0),
                                 cotel_value_string(cotel_str_of("x"))};
    const cotel_attribute entries[] = {cotel_attribute_bool("yes", true),
                                       cotel_attribute_of("list", cotel_value_array(items, 3))};
    assert_printed(cotel_value_map(entries, 2), "{\"yes\": true, \"list\": [1, [], \"x\"]}");
    assert_printed(cotel_value_map(NULL, 0), "{}");
}

static void what_nests_too_deep_is_cut(void **state)
{
    /* Deeper than the SDK would store: by hand, from the inside out. */
    uint8_t bytes[2 * 4 * 80];
    size_t at = sizeof bytes;
    for (int level = 0; level < 80; level++) {
        for (int part = 0; part < 2; part++) {
            size_t size = sizeof bytes - at;
            if (size >= 0x80)
                bytes[--at] = (uint8_t)(size >> 7);
            bytes[--at] = (uint8_t)(size >= 0x80 ? (size & 0x7f) | 0x80 : size);
            bytes[--at] = part == 0 ? 0x0a : 0x2a;
        }
    }
    cotel_value_view view;
    assert_true(ct_read_value(cotel_str_n((const char *)bytes + at, sizeof bytes - at), &view));
    char expected[65 + 3 + 65 + 1];
    memset(expected, '[', 65);
    memcpy(expected + 65, "...", 3);
    memset(expected + 68, ']', 65);
    expected[sizeof expected - 1] = '\0';
    struct ct_output output;
    capture_begin(&output);
    ct_print_value(&output, &view);
    assert_captured(&output, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_values_look_as_in_json),
        cmocka_unit_test(doubles_take_as_few_digits_as_tell_them_apart),
        cmocka_unit_test(arrays_and_maps_are_walked),
        cmocka_unit_test(what_nests_too_deep_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
