/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/value.h"

#include "base/utf8.h"
#include "wire/field_numbers.h"
#include "wire/unique_keys.h"
#include "wire/value_items.h"
#include "wire/writer.h"

const struct ct_value_limits ct_value_unlimited = {.length = UINT32_MAX,
                                                   .depth = CT_VALUE_MAX_DEPTH};

static size_t characters(uint32_t length)
{
    return length == UINT32_MAX ? SIZE_MAX : length;
}

size_t ct_text_size(cotel_str text, uint32_t length)
{
    if (text.data == NULL)
        return 0;
    if (text.size <= length && ct_utf8_is_valid(text.data, text.size))
        return text.size;
    return ct_utf8_repaired_size(text.data, text.size, characters(length));
}

uint8_t *ct_text_write(uint8_t *at, cotel_str text, uint32_t length)
{
    if (text.data == NULL)
        return at;
    if (text.size <= length && ct_utf8_is_valid(text.data, text.size))
        return ct_put_bytes(at, text.data, text.size);
    return at + ct_utf8_repair(at, text.data, text.size, characters(length));
}

size_t ct_text_field_size(uint32_t field, cotel_str text)
{
    size_t size = ct_text_size(text, UINT32_MAX);
    return size == 0 ? 0 : ct_field_bytes_size(field, size);
}

uint8_t *ct_text_field_write(uint8_t *at, uint32_t field, cotel_str text)
{
    size_t size = ct_text_size(text, UINT32_MAX);
    return size == 0 ? at : ct_text_write(ct_put_length(at, field, size), text, UINT32_MAX);
}

static void note_cut(const struct ct_value_limits *limits)
{
    if (limits->cut != NULL)
        *limits->cut = true;
}

/* A text of no more bytes than characters are allowed is whole. */
static size_t string_size(cotel_str text, const struct ct_value_limits *limits)
{
    size_t size = ct_text_size(text, limits->length);
    if (text.size > limits->length && size != ct_text_size(text, UINT32_MAX))
        note_cut(limits);
    return size;
}

static size_t bytes_size(cotel_str bytes, const struct ct_value_limits *limits)
{
    if (bytes.data == NULL)
        return 0;
    if (limits->length == UINT32_MAX || bytes.size <= limits->length)
        return bytes.size;
    note_cut(limits);
    return limits->length;
}

static size_t value_size(const cotel_value *value, const struct ct_value_limits *limits,
                         uint32_t depth);
static uint8_t *value_write(uint8_t *at, const cotel_value *value,
                            const struct ct_value_limits *limits, uint32_t depth);

static size_t attribute_body_size(const cotel_attribute *attribute,
                                  const struct ct_value_limits *limits, uint32_t depth)
{
    return ct_field_bytes_size(CT_KEY_VALUE_KEY, ct_text_size(attribute->key, UINT32_MAX)) +
           ct_field_bytes_size(CT_KEY_VALUE_VALUE, value_size(&attribute->value, limits, depth));
}

static uint8_t *attribute_body_write(uint8_t *at, const cotel_attribute *attribute,
                                     const struct ct_value_limits *limits, uint32_t depth)
{
    at = ct_put_length(at, CT_KEY_VALUE_KEY, ct_text_size(attribute->key, UINT32_MAX));
    at = ct_text_write(at, attribute->key, UINT32_MAX);
    at = ct_put_length(at, CT_KEY_VALUE_VALUE, value_size(&attribute->value, limits, depth));
    return value_write(at, &attribute->value, limits, depth);
}

static size_t array_size(const cotel_value *value, const struct ct_value_limits *limits,
                         uint32_t depth)
{
    size_t size = 0, count = ct_value_item_count(value);
    for (size_t i = 0; i < count; i++) {
        cotel_value item = ct_value_item(value, i);
        size += ct_field_bytes_size(CT_VALUES, value_size(&item, limits, depth + 1));
    }
    return size;
}

static uint8_t *array_write(uint8_t *at, const cotel_value *value,
                            const struct ct_value_limits *limits, uint32_t depth)
{
    size_t count = ct_value_item_count(value);
    for (size_t i = 0; i < count; i++) {
        cotel_value item = ct_value_item(value, i);
        at = ct_put_length(at, CT_VALUES, value_size(&item, limits, depth + 1));
        at = value_write(at, &item, limits, depth + 1);
    }
    return at;
}

static size_t map_size(const cotel_value *value, const struct ct_value_limits *limits,
                       uint32_t depth)
{
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, value->as.map.items, value->as.map.count);
    size_t size = 0;
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;)
        size += ct_field_bytes_size(CT_VALUES, attribute_body_size(item, limits, depth + 1));
    ct_unique_keys_end(&unique);
    return size;
}

static uint8_t *map_write(uint8_t *at, const cotel_value *value,
                          const struct ct_value_limits *limits, uint32_t depth)
{
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, value->as.map.items, value->as.map.count);
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;) {
        at = ct_put_length(at, CT_VALUES, attribute_body_size(item, limits, depth + 1));
        at = attribute_body_write(at, item, limits, depth + 1);
    }
    ct_unique_keys_end(&unique);
    return at;
}

/* Which member of AnyValue's oneof a value goes to; 0: none, it is the empty value. */
static uint32_t value_field(const cotel_value *value, const struct ct_value_limits *limits,
                            uint32_t depth)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
        return CT_ANY_VALUE_STRING;
    case COTEL_VALUE_BOOL:
        return CT_ANY_VALUE_BOOL;
    case COTEL_VALUE_INT:
        return CT_ANY_VALUE_INT;
    case COTEL_VALUE_DOUBLE:
        return CT_ANY_VALUE_DOUBLE;
    case COTEL_VALUE_BYTES:
        return CT_ANY_VALUE_BYTES;
    case COTEL_VALUE_ARRAY:
    case COTEL_VALUE_STRING_ARRAY:
    case COTEL_VALUE_BOOL_ARRAY:
    case COTEL_VALUE_INT_ARRAY:
    case COTEL_VALUE_DOUBLE_ARRAY:
        return depth > limits->depth ? 0 : CT_ANY_VALUE_ARRAY;
    case COTEL_VALUE_MAP:
        return depth > limits->depth ? 0 : CT_ANY_VALUE_MAP;
    case COTEL_VALUE_EMPTY:
        return 0;
    }
    return 0;
}

static size_t value_size(const cotel_value *value, const struct ct_value_limits *limits,
                         uint32_t depth)
{
    uint32_t field = value_field(value, limits, depth);
    switch (field) {
    case CT_ANY_VALUE_STRING:
        return ct_field_bytes_size(field, string_size(value->as.string, limits));
    case CT_ANY_VALUE_BOOL:
        return 2;
    case CT_ANY_VALUE_INT:
        return ct_field_varint_size(field, (uint64_t)value->as.integer);
    case CT_ANY_VALUE_DOUBLE:
        return 1 + sizeof(double);
    case CT_ANY_VALUE_BYTES:
        return ct_field_bytes_size(field, bytes_size(value->as.bytes, limits));
    case CT_ANY_VALUE_ARRAY:
        return ct_field_bytes_size(field, array_size(value, limits, depth));
    case CT_ANY_VALUE_MAP:
        return ct_field_bytes_size(field, map_size(value, limits, depth));
    default:
        if (value->type != COTEL_VALUE_EMPTY)
            note_cut(limits);
        return 0;
    }
}

static uint8_t *value_write(uint8_t *at, const cotel_value *value,
                            const struct ct_value_limits *limits, uint32_t depth)
{
    uint32_t field = value_field(value, limits, depth);
    switch (field) {
    case CT_ANY_VALUE_STRING:
        at = ct_put_length(at, field, ct_text_size(value->as.string, limits->length));
        return ct_text_write(at, value->as.string, limits->length);
    case CT_ANY_VALUE_BOOL:
        return ct_put_field_varint(at, field, value->as.boolean);
    case CT_ANY_VALUE_INT:
        return ct_put_field_varint(at, field, (uint64_t)value->as.integer);
    case CT_ANY_VALUE_DOUBLE:
        return ct_put_double(ct_put_varint(at, CT_TAG(field, CT_WIRE_FIXED64)), value->as.floating);
    case CT_ANY_VALUE_BYTES:
        return ct_put_field_bytes(at, field, value->as.bytes.data,
                                  bytes_size(value->as.bytes, limits));
    case CT_ANY_VALUE_ARRAY:
        at = ct_put_length(at, field, array_size(value, limits, depth));
        return array_write(at, value, limits, depth);
    case CT_ANY_VALUE_MAP:
        at = ct_put_length(at, field, map_size(value, limits, depth));
        return map_write(at, value, limits, depth);
    default:
        return at;
    }
}

size_t ct_attribute_size(uint32_t field, const cotel_attribute *attribute,
                         const struct ct_value_limits *limits)
{
    return ct_field_bytes_size(field, attribute_body_size(attribute, limits, 1));
}

uint8_t *ct_attribute_write(uint8_t *at, uint32_t field, const cotel_attribute *attribute,
                            const struct ct_value_limits *limits)
{
    at = ct_put_length(at, field, attribute_body_size(attribute, limits, 1));
    return attribute_body_write(at, attribute, limits, 1);
}

size_t ct_attributes_size(uint32_t field, const cotel_attribute *attributes, size_t count,
                          const struct ct_value_limits *limits, uint32_t most, uint32_t *left_out)
{
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, attributes, count);
    size_t size = 0;
    uint32_t refused = 0, written = 0;
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;) {
        if (written == most) {
            refused++;
            continue;
        }
        size += ct_attribute_size(field, item, limits);
        written++;
    }
    if (left_out != NULL)
        *left_out = refused + unique.empty_keys;
    ct_unique_keys_end(&unique);
    return size;
}

uint8_t *ct_attributes_write(uint8_t *at, uint32_t field, const cotel_attribute *attributes,
                             size_t count, const struct ct_value_limits *limits, uint32_t most)
{
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, attributes, count);
    for (const cotel_attribute *item; most > 0 && (item = ct_unique_keys_next(&unique)) != NULL;
         most--)
        at = ct_attribute_write(at, field, item, limits);
    ct_unique_keys_end(&unique);
    return at;
}
