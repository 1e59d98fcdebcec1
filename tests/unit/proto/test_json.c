/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/common.pb-c.h"
#include "proto/json.h"
#include "proto/trace.pb-c.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANY_VALUE (&ct_opentelemetry__proto__common__v1__any_value__descriptor)
#define SPAN (&ct_opentelemetry__proto__trace__v1__span__descriptor)
#define SCOPE_SPANS (&ct_opentelemetry__proto__trace__v1__scope_spans__descriptor)

/* The JSON of a message; NULL when there is none. To be freed. */
static char *json_of(const ProtobufCMessageDescriptor *type, const void *bytes, size_t size)
{
    struct ct_json json = {0};
    void *copy = malloc(size ? size : 1); /* of exactly the size, for sanitizers */
    memcpy(copy, bytes, size);
    bool done = ct_proto_json_append(&json, type, copy, size);
    free(copy);
    ct_json_put_char(&json, '\0');
    if (done)
        return json.data;
    free(json.data);
    return NULL;
}

#define assert_json(type, literal, wanted)                            \
    do {                                                              \
        char *got_ = json_of((type), (literal), sizeof(literal) - 1); \
        assert_non_null(got_);                                        \
        assert_string_equal(got_, wanted);                            \
        free(got_);                                                   \
    } while (0)

static void ids_are_hexadecimal_and_other_bytes_base64(void **state)
{
    assert_json(SPAN,
                "\x0A\x10\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"
                "\x12\x08\xb7\xad\x6b\x71\x69\x20\x33\x31",
                "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\","
                "\"spanId\":\"b7ad6b7169203331\"}");
    assert_json(ANY_VALUE, "\x3a\x01\xff", "{\"bytesValue\":\"/w==\"}");
    assert_json(ANY_VALUE, "\x3a\x02\xff\xee", "{\"bytesValue\":\"/+4=\"}");
    assert_json(ANY_VALUE, "\x3a\x03\xff\xee\xdd", "{\"bytesValue\":\"/+7d\"}");
    assert_json(ANY_VALUE, "\x3a\x00", "{\"bytesValue\":\"\"}");
}

static void numbers_of_64_bits_are_strings_and_enums_numbers(void **state)
{
    assert_json(SPAN, "\x30\x03\x39\xff\xff\xff\xff\xff\xff\xff\xff",
                "{\"kind\":3,\"startTimeUnixNano\":\"18446744073709551615\"}");
    assert_json(ANY_VALUE, "\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "{\"intValue\":\"-1\"}");
    assert_json(SPAN, "\x50\x07\x85\x01\x01\x03\x00\x00",
                "{\"droppedAttributesCount\":7,\"flags\":769}");
}

static void what_is_false_or_empty_is_written_where_it_was_set(void **state)
{
    assert_json(ANY_VALUE, "\x10\x00", "{\"boolValue\":false}");
    assert_json(ANY_VALUE, "\x0a\x00", "{\"stringValue\":\"\"}");
    assert_json(ANY_VALUE, "\x2a\x00", "{\"arrayValue\":{}}");
    assert_json(ANY_VALUE, "", "{}");
}

static void text_is_escaped(void **state)
{
    assert_json(ANY_VALUE, "\x0a\x0c\"\\\n\x00\x7f\xc3\xa9\xe2\x82\xac!x",
                "{\"stringValue\":\"\\\"\\\\\\u000a\\u0000\\u007f\xc3\xa9\xe2\x82\xac!x\"}");
}

static void double_is(double number, const char *wanted)
{
    struct ct_json json = {0};
    ct_json_put_double(&json, number);
    ct_json_put_char(&json, '\0');
    assert_false(json.failed);
    assert_string_equal(json.data, wanted);
    free(json.data);
}

static void doubles_are_short_and_exact(void **state)
{
    double_is(0.1, "0.1");
    double_is(0.1 + 0.2, "0.30000000000000004");
    double_is(1.0 / 3.0, "0.3333333333333333");
    double_is(5e-324, "4.94065645841247e-324");
    double_is(1.7976931348623157e308, "1.7976931348623157e+308");
    double_is(-0.0, "-0");
    double_is(NAN, "\"NaN\"");
    double_is(INFINITY, "\"Infinity\"");
    double_is(-INFINITY, "\"-Infinity\"");
}

/* Not every machine has such a locale; then this shows nothing. */
static void doubles_have_a_point_in_every_locale(void **state)
{
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "ps_AF.UTF-8"))
        double_is(1.5, "1.5");
    setlocale(LC_NUMERIC, "C");
}

static void repeated_fields_come_together_wherever_they_stood(void **state)
{
    assert_json(SPAN, "\x4a\x03\x0a\x01\x61\x2a\x01n\x4a\x03\x0a\x01\x62",
                "{\"name\":\"n\",\"attributes\":[{\"key\":\"a\"},{\"key\":\"b\"}]}");
}

static void of_a_field_that_is_set_twice_the_last_counts(void **state)
{
    assert_json(SPAN, "\x2a\x03old\x2a\x03new", "{\"name\":\"new\"}");
}

static void unknown_fields_are_left_out(void **state)
{
    assert_json(SPAN, "\xa0\x06\x01\x2a\x01n", "{\"name\":\"n\"}");
}

static void what_is_malformed_gives_nothing(void **state)
{
    static const char *const cases[] = {"\x2a\x05"
                                        "cut",
                                        "\x28\x01", "\x2a\x80", "\x0b\x01", "\x39\x01"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(json_of(SPAN, cases[i], strlen(cases[i])));
}

/* `levels` arrays of one value, each within the next. */
static size_t nest(uint8_t *out, size_t capacity, unsigned levels)
{
    size_t at = capacity;
    for (unsigned i = 0; i < levels; i++) {
        for (unsigned tag = 0; tag < 2; tag++) { /* ArrayValue.values, AnyValue.array_value */
            size_t size = capacity - at;
            if (size >= 0x80) {
                out[--at] = (uint8_t)(size >> 7);
                out[--at] = (uint8_t)(size | 0x80);
            } else {
                out[--at] = (uint8_t)size;
            }
            out[--at] = tag == 0 ? 0x0a : 0x2a;
        }
    }
    memmove(out, out + at, capacity - at);
    return capacity - at;
}

static void depth_has_an_end(void **state)
{
    uint8_t bytes[2048];
    char *json = json_of(ANY_VALUE, bytes, nest(bytes, sizeof bytes, 127));
    assert_non_null(json);
    free(json);
    assert_null(json_of(ANY_VALUE, bytes, nest(bytes, sizeof bytes, 128)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_hexadecimal_and_other_bytes_base64),
        cmocka_unit_test(numbers_of_64_bits_are_strings_and_enums_numbers),
        cmocka_unit_test(what_is_false_or_empty_is_written_where_it_was_set),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(doubles_are_short_and_exact),
        cmocka_unit_test(doubles_have_a_point_in_every_locale),
        cmocka_unit_test(repeated_fields_come_together_wherever_they_stood),
        cmocka_unit_test(of_a_field_that_is_set_twice_the_last_counts),
        cmocka_unit_test(unknown_fields_are_left_out),
        cmocka_unit_test(what_is_malformed_gives_nothing),
        cmocka_unit_test(depth_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
