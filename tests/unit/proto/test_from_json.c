/* SPDX-License-Identifier: Apache-2.0 */
/* What a JSON comes to is shown as the JSON that proto/json.h makes of the bytes, which has tests
 * of its own. */
#include "proto/common.pb-c.h"
#include "proto/from_json.h"
#include "proto/json.h"
#include "proto/json_reader.h"
#include "proto/trace.pb-c.h"
#include "proto/trace_service.pb-c.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANY_VALUE (&ct_opentelemetry__proto__common__v1__any_value__descriptor)
#define KEY_VALUE (&ct_opentelemetry__proto__common__v1__key_value__descriptor)
#define SPAN (&ct_opentelemetry__proto__trace__v1__span__descriptor)
#define LINK (&ct_opentelemetry__proto__trace__v1__span__link__descriptor)
#define RESPONSE \
    (&ct_opentelemetry__proto__collector__trace__v1__export_trace_service_response__descriptor)

static struct ct_proto_fault fault;

/* From a copy of exactly the size, so that a sanitizer build sees a read past the end. */
static enum ct_from_json transcode(const ProtobufCMessageDescriptor *type, const char *text,
                                   size_t size, struct ct_proto_buffer *out)
{
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    enum ct_from_json result = ct_proto_from_json(type, copy, size, out, &fault);
    free(copy);
    return result;
}

static void check_same(const ProtobufCMessageDescriptor *type, const char *text, const char *wanted)
{
    struct ct_proto_buffer bytes = {0};
    struct ct_proto_fault unwell;
    struct ct_json json = {0};

    enum ct_from_json result = transcode(type, text, strlen(text), &bytes);
    if (result != CT_FROM_JSON_OK)
        fail_msg("%s: at %zu: %s", text, fault.offset, fault.reason);
    assert_int_equal(ct_proto_check(type, bytes.data, bytes.size, &unwell), CT_PROTO_OK);
    assert_true(ct_proto_json_append(&json, type, bytes.data, bytes.size));
    ct_json_put_char(&json, '\0');
    assert_string_equal(json.data, wanted);
    free(json.data);
    ct_proto_buffer_fini(&bytes);
}

/* Why, and at which byte. */
static void check_refused(const ProtobufCMessageDescriptor *type, const char *text, size_t offset,
                          const char *reason)
{
    struct ct_proto_buffer bytes = {0};

    if (transcode(type, text, strlen(text), &bytes) != CT_FROM_JSON_MALFORMED)
        fail_msg("taken: %s", text);
    if (!strstr(fault.reason, reason))
        fail_msg("%s: %s", text, fault.reason);
    assert_int_equal(fault.offset, offset);
    ct_proto_buffer_fini(&bytes);
}

static void check_value(const char *text, const char *wanted)
{
    check_same(ANY_VALUE, text, wanted);
}

static void ids_are_hexadecimal_of_either_case(void **state)
{
    check_same(SPAN, "{\"traceId\":\"0AF7651916cd43dd8448eb211C80319C\",\"spanId\":\"b7\"}",
               "{\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"b7\"}");
    check_same(SPAN, "{\"parentSpanId\":\"\"}", "{\"parentSpanId\":\"\"}");
    check_same(LINK, "{\"spanId\":\"00fF\"}", "{\"spanId\":\"00ff\"}");
    check_refused(SPAN, "{\"traceId\":\"0af\"}", 11, "Span.trace_id is not hexadecimal");
    check_refused(SPAN, "{\"spanId\": \"0g\"}", 11, "hexadecimal");
    check_refused(SPAN, "{\"spanId\":7}", 10, "a string is expected");
}

static void other_bytes_are_base64_of_either_alphabet(void **state)
{
    check_value("{\"bytesValue\":\"/+7d\"}", "{\"bytesValue\":\"/+7d\"}");
    check_value("{\"bytesValue\":\"_-7d\"}", "{\"bytesValue\":\"/+7d\"}");
    check_value("{\"bytesValue\":\"/w==\"}", "{\"bytesValue\":\"/w==\"}");
    check_value("{\"bytesValue\":\"/w\"}", "{\"bytesValue\":\"/w==\"}");
    check_value("{\"bytesValue\":\"/+4=\"}", "{\"bytesValue\":\"/+4=\"}");
    check_value("{\"bytesValue\":\"\"}", "{\"bytesValue\":\"\"}");
    check_refused(ANY_VALUE, "{\"bytesValue\":\"/w=\"}", 14, "base64");
    check_refused(ANY_VALUE, "{\"bytesValue\":\"/\"}", 14, "base64");
    check_refused(ANY_VALUE, "{\"bytesValue\":\"====\"}", 14, "base64");
    check_refused(ANY_VALUE, "{\"bytesValue\":\"/ 7d\"}", 14, "base64");
    check_refused(ANY_VALUE, "{\"bytesValue\":\"ab\\u0000d\"}", 14, "base64");
}

static void integers_are_numbers_or_digits_in_quotes(void **state)
{
    check_value("{\"intValue\":\"-9223372036854775808\"}",
                "{\"intValue\":\"-9223372036854775808\"}");
    check_value("{\"intValue\":9223372036854775807}", "{\"intValue\":\"9223372036854775807\"}");
    check_value("{\"intValue\":-0}", "{\"intValue\":\"0\"}");
    check_value("{\"intValue\":1.5e1}", "{\"intValue\":\"15\"}");
    check_same(SPAN, "{\"startTimeUnixNano\":18446744073709551615}",
               "{\"startTimeUnixNano\":\"18446744073709551615\"}");
    check_same(SPAN, "{\"flags\":\"769\",\"droppedAttributesCount\":4294967295}",
               "{\"droppedAttributesCount\":4294967295,\"flags\":769}");
}

static void an_integer_that_does_not_fit_is_refused(void **state)
{
    check_refused(ANY_VALUE, "{\"intValue\":9223372036854775808}", 12, "does not fit");
    check_refused(ANY_VALUE, "{\"intValue\":-9223372036854775809}", 12, "does not fit");
    check_refused(ANY_VALUE, "{\"intValue\":1e300}", 12, "does not fit");
    check_refused(SPAN, "{\"startTimeUnixNano\":\"18446744073709551616\"}", 21, "does not fit");
    check_refused(SPAN, "{\"startTimeUnixNano\":-1}", 21, "does not fit");
    check_refused(SPAN, "{\"flags\":4294967296}", 9, "does not fit");
    check_refused(ANY_VALUE, "{\"intValue\":1.5}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\"\"}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\" 1\"}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\"1 \"}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\"+1\"}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\"0x10\"}", 12, "is no integer");
    check_refused(ANY_VALUE, "{\"intValue\":\"1\\u0000\"}", 12, "is no number");
    check_refused(ANY_VALUE, "{\"intValue\":true}", 12, "a number is expected");
}

static void enums_are_numbers_alone(void **state)
{
    check_same(SPAN, "{\"kind\":3}", "{\"kind\":3}");
    check_same(SPAN, "{\"kind\":77}", "{\"kind\":77}");
    check_refused(SPAN, "{\"kind\":\"SPAN_KIND_CLIENT\"}", 8, "Span.kind has to be a number");
    check_refused(SPAN, "{\"kind\":\"3\"}", 8, "has to be a number");
}

static void doubles_may_be_words(void **state)
{
    check_value("{\"doubleValue\":\"NaN\"}", "{\"doubleValue\":\"NaN\"}");
    check_value("{\"doubleValue\":\"-Infinity\"}", "{\"doubleValue\":\"-Infinity\"}");
    check_value("{\"doubleValue\":\"Infinity\"}", "{\"doubleValue\":\"Infinity\"}");
    check_value("{\"doubleValue\":100000000000000000000}", "{\"doubleValue\":1e+20}");
    check_value("{\"doubleValue\":\"-2.5E-1\"}", "{\"doubleValue\":-0.25}");
    check_refused(ANY_VALUE, "{\"doubleValue\":1e999}", 15, "too large");
    check_refused(ANY_VALUE, "{\"doubleValue\":\"inf\"}", 15, "is no number");
    check_refused(ANY_VALUE, "{\"doubleValue\":NaN}", 15, "a number is expected");
}

/* Not every machine has such a locale; then this shows nothing. */
static void doubles_have_a_point_in_every_locale(void **state)
{
    if (setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "ps_AF.UTF-8"))
        check_value("{\"doubleValue\":1.5}", "{\"doubleValue\":1.5}");
    setlocale(LC_NUMERIC, "C");
}

static void values_nest(void **state)
{
    check_value("{\"arrayValue\":{\"values\":[{\"boolValue\":true},{},{\"kvlistValue\":{\"values\":"
                "[{\"key\":\"k\",\"value\":{\"stringValue\":\"\"}}]}}]}}",
                "{\"arrayValue\":{\"values\":[{\"boolValue\":true},{},{\"kvlistValue\":{\"values\":"
                "[{\"key\":\"k\",\"value\":{\"stringValue\":\"\"}}]}}]}}");
    check_same(RESPONSE, "{\"partialSuccess\":{\"rejectedSpans\":\"3\"}}",
               "{\"partialSuccess\":{\"rejectedSpans\":\"3\"}}");
}

static void content_of_every_length_has_its_length_before_it(void **state)
{
    static const size_t sizes[] = {0, 1, 127, 128, 129, 16383, 16384, 70000};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char *text = malloc(sizes[i] + 32);
        assert_non_null(text);
        size_t head = (size_t)sprintf(text, "{\"value\":{\"stringValue\":\"");
        memset(text + head, 'x', sizes[i]);
        memcpy(text + head + sizes[i], "\"}}", 4);
        check_same(KEY_VALUE, text, text);
        free(text);
    }
}

static void text_is_unescaped(void **state)
{
    check_value("{\"stringValue\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\udCA9\"}",
                "{\"stringValue\":\"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009"
                "\xc3\xa9\xe2\x82\xac\xf0\x9f\x92\xa9\"}");
    check_value("{\"stringValue\":\"a\\u0000b\"}", "{\"stringValue\":\"a\\u0000b\"}");
    check_refused(ANY_VALUE, "{\"stringValue\":\"\\x\"}", 17, "escape");
    check_refused(ANY_VALUE, "{\"stringValue\":\"\\u12g4\"}", 20, "four hexadecimal");
    check_refused(ANY_VALUE, "{\"stringValue\":\"\\ud83d\"}", 22, "half of a surrogate");
    check_refused(ANY_VALUE, "{\"stringValue\":\"\\ud83d\\u0041\"}", 28, "half of a surrogate");
    check_refused(ANY_VALUE, "{\"stringValue\":\"\\udca9\"}", 22, "half of a surrogate");
    check_refused(ANY_VALUE, "{\"stringValue\":\"a\xff\"}", 17, "not valid UTF-8");
    check_refused(ANY_VALUE, "{\"stringValue\":\"a\nb\"}", 17, "control character");
    check_refused(ANY_VALUE, "{\"stringValue\":\"a", 17, "no end");
}

static void names_are_lower_camel_case_and_others_unknown(void **state)
{
    check_same(SPAN, "{\"trace_id\":\"00\",\"TraceId\":\"00\",\"traceIdx\":1,\"trace\":2,\"\":3}",
               "{}");
    check_same(SPAN, "{\"\\u006eame\":\"n\"}", "{\"name\":\"n\"}");
}

static void unknown_members_of_every_kind_are_left_out(void **state)
{
    check_same(SPAN,
               " {\"a\": [1,{\"b\":[]},[ ]] ,\"c\":{ }, \"d\":null,\"e\":false,\"f\":-1.5e+3,"
               "\"g\":\"\\u0000\",\"name\" : \"n\" , \"a\":1} \n",
               "{\"name\":\"n\"}");
    check_refused(SPAN, "{\"a\":[1,]}", 8, "a number is expected");
    check_refused(SPAN, "{\"a\":{1:2}}", 6, "a string is expected");
    check_refused(SPAN, "{\"a\":01}", 6, "a comma or the end");
    check_refused(SPAN, "{\"a\":tru}", 5, "true or false");
    check_refused(SPAN, "{\"a\":nul}", 5, "null is expected");
    check_refused(SPAN, "{\"a\":1.}", 7, "a number is expected");
}

static void null_is_what_is_not_there(void **state)
{
    check_same(SPAN, "{\"name\":null,\"attributes\":null,\"status\":null,\"kind\":null}", "{}");
    check_refused(SPAN, "{\"attributes\":[null]}", 15, "an object is expected");
}

static void what_is_there_twice_is_refused(void **state)
{
    check_refused(SPAN, "{\"name\":\"a\",\"name\":\"b\"}", 19, "Span.name is there twice");
    check_refused(SPAN, "{\"events\":[],\"events\":[]}", 22, "twice");
    check_refused(ANY_VALUE, "{\"intValue\":1,\"boolValue\":true}", 26, "another of its kind");
}

static void what_is_no_such_message_is_refused(void **state)
{
    check_refused(SPAN, "", 0, "an object is expected");
    check_refused(SPAN, "[]", 0, "an object is expected");
    check_refused(SPAN, "{", 1, "a string is expected");
    check_refused(SPAN, "{\"name\"}", 7, "a colon");
    check_refused(SPAN, "{\"name\":\"a\" \"kind\":1}", 12, "a comma");
    check_refused(SPAN, "{,}", 1, "a string is expected");
    check_refused(SPAN, "{} {}", 3, "behind the end");
    check_refused(SPAN, "{\"attributes\":{}}", 14, "an array is expected");
    check_refused(SPAN, "{\"status\":[]}", 10, "an object is expected");
    check_refused(ANY_VALUE, "{\"boolValue\":1}", 13, "true or false");
}

/* Of arrays, in a member that the schema knows or one that it does not. */
static enum ct_from_json nest(const char *head, size_t levels)
{
    struct ct_proto_buffer out = {0}, text = {0};

    ct_proto_buffer_put(&text, head, strlen(head));
    for (size_t i = 0; i < levels; i++)
        ct_proto_buffer_put_byte(&text, '[');
    for (size_t i = 0; i < levels; i++)
        ct_proto_buffer_put_byte(&text, ']');
    ct_proto_buffer_put_byte(&text, '}');
    enum ct_from_json result = transcode(SPAN, (const char *)text.data, text.size, &out);
    ct_proto_buffer_fini(&text);
    ct_proto_buffer_fini(&out);
    return result;
}

static void depth_has_an_end(void **state)
{
    assert_int_equal(nest("{\"unknown\":", CT_JSON_READER_MAX_DEPTH - 1), CT_FROM_JSON_OK);
    assert_int_equal(nest("{\"unknown\":", CT_JSON_READER_MAX_DEPTH), CT_FROM_JSON_MALFORMED);
    assert_string_equal(fault.reason, "values nest too deep");
    assert_int_equal(nest("{\"unknown\":", 1000000), CT_FROM_JSON_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_hexadecimal_of_either_case),
        cmocka_unit_test(other_bytes_are_base64_of_either_alphabet),
        cmocka_unit_test(integers_are_numbers_or_digits_in_quotes),
        cmocka_unit_test(an_integer_that_does_not_fit_is_refused),
        cmocka_unit_test(enums_are_numbers_alone),
        cmocka_unit_test(doubles_may_be_words),
        cmocka_unit_test(doubles_have_a_point_in_every_locale),
        cmocka_unit_test(values_nest),
        cmocka_unit_test(content_of_every_length_has_its_length_before_it),
        cmocka_unit_test(text_is_unescaped),
        cmocka_unit_test(names_are_lower_camel_case_and_others_unknown),
        cmocka_unit_test(unknown_members_of_every_kind_are_left_out),
        cmocka_unit_test(null_is_what_is_not_there),
        cmocka_unit_test(what_is_there_twice_is_refused),
        cmocka_unit_test(what_is_no_such_message_is_refused),
        cmocka_unit_test(depth_has_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
