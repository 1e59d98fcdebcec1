/* SPDX-License-Identifier: Apache-2.0 */
/* Values and attributes. Nested values are not entered until somebody walks them, so no depth of
 * nesting in the bytes can exhaust the stack. */
#include "sdk/view/read.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

static bool read_bool(const struct ct_wire_field *field, cotel_value_view *out)
{
    out->type = COTEL_VALUE_BOOL;
    out->boolean = field->value != 0;
    return field->type == CT_WIRE_VARINT;
}

static bool read_int(const struct ct_wire_field *field, cotel_value_view *out)
{
    out->type = COTEL_VALUE_INT;
    out->integer = (int64_t)field->value;
    return field->type == CT_WIRE_VARINT;
}

static bool read_double(const struct ct_wire_field *field, cotel_value_view *out)
{
    out->type = COTEL_VALUE_DOUBLE;
    out->floating = ct_wire_field_double(field);
    return field->type == CT_WIRE_FIXED64;
}

static bool read_text_as(const struct ct_wire_field *field, cotel_value_type type,
                         cotel_value_view *out)
{
    out->type = type;
    return ct_read_text(field, &out->text);
}

/* A member of AnyValue's oneof; one that we do not know leaves the value empty. */
static bool read_member(const struct ct_wire_field *field, cotel_value_view *out)
{
    if (out->type != COTEL_VALUE_EMPTY) /* of several the last one counts */
        *out = (cotel_value_view){.type = COTEL_VALUE_EMPTY};
    switch (field->number) {
    case CT_ANY_VALUE_STRING:
        return read_text_as(field, COTEL_VALUE_STRING, out);
    case CT_ANY_VALUE_BOOL:
        return read_bool(field, out);
    case CT_ANY_VALUE_INT:
        return read_int(field, out);
    case CT_ANY_VALUE_DOUBLE:
        return read_double(field, out);
    case CT_ANY_VALUE_ARRAY:
        return read_text_as(field, COTEL_VALUE_ARRAY, out);
    case CT_ANY_VALUE_MAP:
        return read_text_as(field, COTEL_VALUE_MAP, out);
    case CT_ANY_VALUE_BYTES:
        return read_text_as(field, COTEL_VALUE_BYTES, out);
    default:
        return true;
    }
}

bool ct_read_value(cotel_str bytes, cotel_value_view *out)
{
    *out = (cotel_value_view){.type = COTEL_VALUE_EMPTY};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_member(&field, out))
            return false;
    }
    return !reader.malformed;
}

/* As nearly all are that we have written ourselves: a short key, and behind it a short value that
 * is text. @return false, with nothing said about it: it is for the general way. */
static bool read_plain_attribute(cotel_str bytes, cotel_attribute_view *out)
{
    enum { HEADS = 6, ONE_BYTE = 0x80 }; /* tag and length of key, value and text */
    const uint8_t *at = (const uint8_t *)bytes.data;
    if (bytes.size < HEADS || at[0] != CT_TAG(CT_KEY_VALUE_KEY, CT_WIRE_BYTES) ||
        at[1] >= ONE_BYTE || bytes.size - HEADS < at[1])
        return false;
    const uint8_t *value = at + 2 + at[1];
    size_t text = value[3];
    if (value[0] != CT_TAG(CT_KEY_VALUE_VALUE, CT_WIRE_BYTES) || value[1] != text + 2 ||
        value[2] != CT_TAG(CT_ANY_VALUE_STRING, CT_WIRE_BYTES) || text + 2 >= ONE_BYTE ||
        bytes.size - HEADS - at[1] != text)
        return false;
    out->key = cotel_str_n(bytes.data + 2, at[1]);
    out->value = (cotel_value_view){.type = COTEL_VALUE_STRING,
                                    .text = cotel_str_n((const char *)value + 4, text)};
    return true;
}

bool ct_read_attribute(cotel_str bytes, cotel_attribute_view *out)
{
    if (read_plain_attribute(bytes, out))
        return true;
    cotel_str value = cotel_str_n(NULL, 0);
    out->key = value;
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (field.number == CT_KEY_VALUE_KEY && !ct_read_text(&field, &out->key))
            return false;
        if (field.number == CT_KEY_VALUE_VALUE && !ct_read_text(&field, &value))
            return false;
    }
    return !reader.malformed && ct_read_value(value, &out->value);
}

cotel_iterator cotel_value_view_items(const cotel_value_view *value)
{
    if (!value || (value->type != COTEL_VALUE_ARRAY && value->type != COTEL_VALUE_MAP))
        return ct_iterator_of(cotel_str_n(NULL, 0), CT_VALUES);
    return ct_iterator_of(value->text, CT_VALUES);
}

bool cotel_iterator_next_value(cotel_iterator *iterator, cotel_value_view *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return ct_read_value(message, out) || ct_iterator_stop(iterator);
}

bool cotel_iterator_next_attribute(cotel_iterator *iterator, cotel_attribute_view *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return ct_read_attribute(message, out) || ct_iterator_stop(iterator);
}
