/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/check.h"
#include "proto/common.pb-c.h"
#include "proto/status.pb-c.h"
#include "proto/trace.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANY_VALUE (&ct_opentelemetry__proto__common__v1__any_value__descriptor)
#define SPAN (&ct_opentelemetry__proto__trace__v1__span__descriptor)
#define STATUS (&ct_google__rpc__status__descriptor)

static struct ct_proto_fault fault;

/* A copy of exactly the size, so that a sanitizer build sees a read past the end. */
static enum ct_proto_verdict check(const ProtobufCMessageDescriptor *type, const void *bytes,
                                   size_t size)
{
    void *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    memset(&fault, 0, sizeof(fault));

    enum ct_proto_verdict verdict = ct_proto_check(type, copy, size, &fault);
    if (verdict == CT_PROTO_OK) {
        ProtobufCMessage *message = protobuf_c_message_unpack(type, NULL, size, copy);
        assert_non_null(message);
        protobuf_c_message_free_unpacked(message, NULL);
    }
    free(copy);
    return verdict;
}

#define CHECK(type, literal) check((type), (literal), sizeof(literal) - 1)

static void an_empty_message_is_well_formed(void **state)
{
    assert_int_equal(CHECK(SPAN, ""), CT_PROTO_OK);
}

static void a_whole_span_is_well_formed(void **state)
{
    assert_int_equal(CHECK(SPAN, "\x0A\x10"
                                 "\xFF\xFE\xFD\xFC\xFF\xFE\xFD\xFC\xFF\xFE\xFD\xFC\xFF\xFE\xFD\xFC"
                                 "\x2A\x02ok\x30\x03"
                                 "\x39\x01\x02\x03\x04\x05\x06\x07\x08"
                                 "\x4A\x08\x0A\x01k\x12\x03\x0A\x01v"
                                 "\x85\x01\x01\x00\x00\x00"),
                     CT_PROTO_OK);
}

static void unknown_fields_of_every_wire_type_are_skipped(void **state)
{
    assert_int_equal(CHECK(STATUS, "\xA0\x06\x96\x01"
                                   "\xA1\x06"
                                   "12345678"
                                   "\xA2\x06\x03\xFF\xFF\xFF"
                                   "\xA5\x06"
                                   "1234"),
                     CT_PROTO_OK);
}

static void a_message_cut_anywhere_within_a_field_is_malformed(void **state)
{
    static const char whole[] = "\x4A\x08\x0A\x01k\x12\x03\x0A\x01v";

    for (size_t size = 1; size < sizeof(whole) - 1; size++)
        assert_int_equal(check(SPAN, whole, size), CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(SPAN, "\x39\x01\x02\x03"), CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(SPAN, "\x85\x01\x01\x00"), CT_PROTO_MALFORMED);
}

static void a_length_past_the_end_of_the_inner_message_is_malformed(void **state)
{
    /* The attribute ends after three bytes; its key claims nine, which the span would have. */
    assert_int_equal(CHECK(SPAN, "\x4A\x03\x0A\x09k\x2A\x08morebytes"), CT_PROTO_MALFORMED);
    assert_int_equal(fault.offset, 4);
    assert_non_null(strstr(fault.reason, "9 bytes"));
}

static void a_length_of_four_gibibytes_is_malformed(void **state)
{
    assert_int_equal(CHECK(SPAN, "\x2A\xFF\xFF\xFF\xFF\x0F"), CT_PROTO_MALFORMED);
}

static void a_number_in_more_bytes_than_needed_is_well_formed(void **state)
{
    assert_int_equal(CHECK(STATUS, "\x08\x83\x80\x80\x80\x80\x80\x80\x80\x80\x00"), CT_PROTO_OK);
}

static void a_number_in_more_bytes_than_its_type_has_is_malformed(void **state)
{
    assert_int_equal(CHECK(STATUS, "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"),
                     CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(STATUS, "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"),
                     CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(STATUS, "\x88\x80\x80\x80\x80\x00\x01"), CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(STATUS, "\x12\x81\x80\x80\x80\x80\x00x"), CT_PROTO_MALFORMED);
}

static void a_field_number_of_zero_is_malformed(void **state)
{
    assert_int_equal(CHECK(STATUS, "\x00\x00"), CT_PROTO_MALFORMED);
}

static void groups_and_unused_wire_types_are_malformed(void **state)
{
    assert_int_equal(CHECK(STATUS, "\xA3\x06\xA4\x06"), CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(STATUS, "\xA6\x06"), CT_PROTO_MALFORMED);
    assert_int_equal(CHECK(STATUS, "\xA7\x06"), CT_PROTO_MALFORMED);
}

static void a_field_of_another_wire_type_than_the_schemas_is_malformed(void **state)
{
    assert_int_equal(CHECK(SPAN, "\x28\x05"), CT_PROTO_MALFORMED);
    assert_string_equal(fault.reason, "Span.name has wire type 0 instead of 2");
}

static void text_that_is_not_utf8_is_refused_where_it_stands(void **state)
{
    assert_int_equal(CHECK(SPAN, "\x30\x01\x2A\x03"
                                 "a\xFF"
                                 "b"),
                     CT_PROTO_BAD_TEXT);
    assert_int_equal(fault.offset, 5);
    assert_string_equal(fault.reason, "Span.name is not valid UTF-8");
    assert_int_equal(CHECK(ANY_VALUE, "\x0A\x01\x80"), CT_PROTO_BAD_TEXT);
}

static void bytes_need_not_be_utf8(void **state)
{
    assert_int_equal(CHECK(ANY_VALUE, "\x3A\x01\x80"), CT_PROTO_OK);
    assert_int_equal(CHECK(SPAN, "\x12\x02\xFF\xFE\x22\x02\xFF\xFE"), CT_PROTO_OK);
    assert_int_equal(CHECK(SPAN, "\x6A\x08\x0A\x02\xFF\xFE\x12\x02\xFF\xFE"), CT_PROTO_OK);
}

/* Values within lists, as many as asked for: written from the innermost, at the end of the buffer.
 */
static enum ct_proto_verdict check_nested_to(unsigned depth)
{
    uint8_t bytes[8 * CT_PROTO_MAX_DEPTH];
    size_t start = sizeof(bytes);

    for (unsigned level = depth; level > 1; level--) {
        size_t size = sizeof(bytes) - start;
        bytes[--start] = (uint8_t)(size >> 7);
        bytes[--start] = (uint8_t)(size | 0x80);
        bytes[--start] = level % 2 == 0 ? 0x2A : 0x0A; /* AnyValue.array_value, ArrayValue.values */
    }
    return check(ANY_VALUE, bytes + start, sizeof(bytes) - start);
}

static void messages_nest_to_the_limit_and_no_deeper(void **state)
{
    assert_int_equal(check_nested_to(2), CT_PROTO_OK);
    assert_int_equal(check_nested_to(CT_PROTO_MAX_DEPTH), CT_PROTO_OK);
    assert_int_equal(check_nested_to(CT_PROTO_MAX_DEPTH + 1), CT_PROTO_TOO_DEEP);
    assert_non_null(strstr(fault.reason, "100 levels"));
}

static enum ct_proto_verdict check_repeated(size_t fields)
{
    uint8_t *bytes = calloc(fields, 2);
    assert_non_null(bytes);
    for (size_t i = 0; i < fields; i++)
        bytes[2 * i] = 0x08; /* Status.code = 0, again and again */

    enum ct_proto_verdict verdict = ct_proto_check(STATUS, bytes, 2 * fields, &fault);
    free(bytes);
    return verdict;
}

static void fields_are_counted_to_the_limit(void **state)
{
    assert_int_equal(check_repeated(CT_PROTO_MAX_FIELDS), CT_PROTO_OK);
    assert_int_equal(check_repeated(CT_PROTO_MAX_FIELDS + 1), CT_PROTO_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_message_is_well_formed),
        cmocka_unit_test(a_whole_span_is_well_formed),
        cmocka_unit_test(unknown_fields_of_every_wire_type_are_skipped),
        cmocka_unit_test(a_message_cut_anywhere_within_a_field_is_malformed),
        cmocka_unit_test(a_length_past_the_end_of_the_inner_message_is_malformed),
        cmocka_unit_test(a_length_of_four_gibibytes_is_malformed),
        cmocka_unit_test(a_number_in_more_bytes_than_needed_is_well_formed),
        cmocka_unit_test(a_number_in_more_bytes_than_its_type_has_is_malformed),
        cmocka_unit_test(a_field_number_of_zero_is_malformed),
        cmocka_unit_test(groups_and_unused_wire_types_are_malformed),
        cmocka_unit_test(a_field_of_another_wire_type_than_the_schemas_is_malformed),
        cmocka_unit_test(text_that_is_not_utf8_is_refused_where_it_stands),
        cmocka_unit_test(bytes_need_not_be_utf8),
        cmocka_unit_test(messages_nest_to_the_limit_and_no_deeper),
        cmocka_unit_test(fields_are_counted_to_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
