/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "wire/reader.h"

/* The bytes of a string literal, which may contain NULs. */
#define MESSAGE(literal) ct_wire_reader_of(literal, sizeof(literal) - 1)

static void an_empty_message_has_no_fields(void **state)
{
    struct ct_wire_reader reader = ct_wire_reader_of(NULL, 0);
    struct ct_wire_field field;
    assert_false(ct_wire_next(&reader, &field));
    assert_false(reader.malformed);
}

static void every_type_is_read(void **state)
{
    struct ct_wire_reader reader =
        MESSAGE("\x08\x96\x01"                         /* 1: varint 150 */
                "\x11\x00\x00\x00\x00\x00\x00\xf8\x3f" /* 2: fixed64, 1.5 as a double */
                "\x1a\x03\x61\x00\x63"                 /* 3: bytes "a\0c" */
                "\x25\x78\x56\x34\x12"                 /* 4: fixed32 */
                "\x2a\x00");                           /* 5: no bytes */
    struct ct_wire_field field;

    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, 1);
    assert_int_equal(field.type, CT_WIRE_VARINT);
    assert_int_equal(field.value, 150);
    assert_null(field.bytes);

    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, 2);
    assert_int_equal(field.type, CT_WIRE_FIXED64);
    assert_true(ct_wire_field_double(&field) == 1.5);

    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, 3);
    assert_int_equal(field.type, CT_WIRE_BYTES);
    assert_int_equal(field.size, 3);
    assert_memory_equal(field.bytes, "a\0c", 3);
    assert_int_equal(field.value, 0);

    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, 4);
    assert_int_equal(field.type, CT_WIRE_FIXED32);
    assert_int_equal(field.value, 0x12345678);

    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, 5);
    assert_int_equal(field.size, 0);

    assert_false(ct_wire_next(&reader, &field));
    assert_false(reader.malformed);
}

static void messages_nest(void **state)
{
    struct ct_wire_reader reader = MESSAGE("\x0a\x04\x12\x02\x18\x07\x20\x09");
    struct ct_wire_field field;
    assert_true(ct_wire_next(&reader, &field));
    struct ct_wire_reader inner = ct_wire_field_message(&field);
    assert_true(ct_wire_next(&inner, &field));
    assert_int_equal(field.number, 2);
    struct ct_wire_reader innermost = ct_wire_field_message(&field);
    assert_true(ct_wire_next(&innermost, &field));
    assert_int_equal(field.number, 3);
    assert_int_equal(field.value, 7);
    assert_false(ct_wire_next(&innermost, &field));
    assert_false(ct_wire_next(&inner, &field));
    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.value, 9);
}

static void the_message_of_a_number_is_empty(void **state)
{
    struct ct_wire_reader reader = MESSAGE("\x08\x05");
    struct ct_wire_field field;
    assert_true(ct_wire_next(&reader, &field));
    struct ct_wire_reader inner = ct_wire_field_message(&field);
    assert_false(ct_wire_next(&inner, &field));
    assert_false(inner.malformed);
}

static void the_largest_numbers_are_read(void **state)
{
    struct ct_wire_field field;
    struct ct_wire_reader reader = MESSAGE("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                           "\xf8\xff\xff\xff\x0f\x00");
    assert_true(ct_wire_next(&reader, &field));
    assert_true(field.value == UINT64_MAX);
    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.number, CT_WIRE_FIELD_NUMBER_MAX);
}

/* Other writers pad varints so that they can be filled in later. */
static void a_padded_varint_is_read(void **state)
{
    struct ct_wire_field field;
    struct ct_wire_reader reader = MESSAGE("\x08\x85\x80\x80\x80\x80\x80\x80\x80\x80\x00");
    assert_true(ct_wire_next(&reader, &field));
    assert_int_equal(field.value, 5);
}

static void packed_varints_are_read_one_by_one(void **state)
{
    struct ct_wire_reader reader = MESSAGE("\x03\x8e\x02\x80");
    uint64_t value;
    assert_true(ct_wire_next_varint(&reader, &value));
    assert_int_equal(value, 3);
    assert_true(ct_wire_next_varint(&reader, &value));
    assert_int_equal(value, 270);
    assert_false(ct_wire_next_varint(&reader, &value));
    assert_true(reader.malformed);
}

struct bytes {
    const char *at;
    size_t size;
};

#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static void what_is_malformed_is_refused_for_good(void **state)
{
    static const struct bytes messages[] = {
        BYTES("\x00\x01"),                                             /* number 0 */
        BYTES("\x80\x80\x80\x80\x10\x01"),                             /* number 2^29 */
        BYTES("\x88\x80\x80\x80\x80\x80\x80\x80\x80\x01\x01"),         /* far above */
        BYTES("\x0b\x0c"),                                             /* a group */
        BYTES("\x0c"),                                                 /* its end */
        BYTES("\x0e\x01"),                                             /* type 6 */
        BYTES("\x0f\x01"),                                             /* type 7 */
        BYTES("\x88"),                                                 /* half a tag */
        BYTES("\x08"),                                                 /* no value */
        BYTES("\x08\xff"),                                             /* half a value */
        BYTES("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),         /* 65 bits */
        BYTES("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"),     /* eleven bytes */
        BYTES("\x09\x01\x02\x03\x04\x05\x06\x07"),                     /* seven of eight */
        BYTES("\x0d\x01\x02\x03"),                                     /* three of four */
        BYTES("\x0a"),                                                 /* no length */
        BYTES("\x0a\x01"),                                             /* a byte too long */
        BYTES("\x0a\xff\xff\xff\xff\x0f\x61"),                         /* 4 GiB too long */
        BYTES("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x61\x62"), /* wraps an address */
    };
    for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
        struct ct_wire_field field;
        struct ct_wire_reader reader = ct_wire_reader_of(messages[i].at, messages[i].size);
        assert_false(ct_wire_next(&reader, &field));
        assert_true(reader.malformed);
        assert_false(ct_wire_next(&reader, &field));
        assert_true(reader.malformed);
    }
}

static void a_good_field_before_a_bad_one_is_read(void **state)
{
    struct ct_wire_reader reader = MESSAGE("\x08\x01\x0b");
    struct ct_wire_field field;
    assert_true(ct_wire_next(&reader, &field));
    assert_false(ct_wire_next(&reader, &field));
    assert_true(reader.malformed);
}

/* Exact allocations: a sanitizer sees a read beyond the end. */
static void no_cut_reads_beyond_the_end(void **state)
{
    static const char whole[] = "\x08\x96\x01\x11\x00\x00\x00\x00\x00\x00\xf8\x3f"
                                "\x1a\x03\x61\x00\x63\x25\x78\x56\x34\x12";
    for (size_t size = 1; size < sizeof(whole); size++) {
        char *cut = malloc(size);
        assert_non_null(cut);
        memcpy(cut, whole, size);
        struct ct_wire_reader reader = ct_wire_reader_of(cut, size);
        struct ct_wire_field field;
        while (ct_wire_next(&reader, &field))
            continue;
        bool between_fields = size == 3 || size == 12 || size == 17 || size == 22;
        assert_int_equal(reader.malformed, !between_fields);
        free(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_message_has_no_fields),
        cmocka_unit_test(every_type_is_read),
        cmocka_unit_test(messages_nest),
        cmocka_unit_test(the_message_of_a_number_is_empty),
        cmocka_unit_test(the_largest_numbers_are_read),
        cmocka_unit_test(a_padded_varint_is_read),
        cmocka_unit_test(packed_varints_are_read_one_by_one),
        cmocka_unit_test(what_is_malformed_is_refused_for_good),
        cmocka_unit_test(a_good_field_before_a_bad_one_is_read),
        cmocka_unit_test(no_cut_reads_beyond_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
