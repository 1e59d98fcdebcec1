/* SPDX-License-Identifier: Apache-2.0 */
#include "view/json_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *ct_json_text(struct ct_text text)
{
    return json_stringn(text.size ? text.data : "", text.size);
}

json_t *ct_json_hex(const uint8_t *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char text[2 * CT_TRACE_ID_SIZE];

    if (size > CT_TRACE_ID_SIZE)
        size = CT_TRACE_ID_SIZE;
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return json_stringn(text, 2 * size);
}

json_t *ct_json_unsigned(uint64_t number)
{
    char digits[24];

    if (number <= INT64_MAX)
        return json_integer((json_int_t)number);
    snprintf(digits, sizeof(digits), "%" PRIu64, number);
    return json_string(digits);
}

static void encode_three(char *to, const uint8_t *from, size_t size)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = (uint32_t)from[0] << 16;

    bits |= size > 1 ? (uint32_t)from[1] << 8 : 0;
    bits |= size > 2 ? from[2] : 0;
    to[0] = alphabet[bits >> 18];
    to[1] = alphabet[bits >> 12 & 63];
    to[2] = size > 1 ? alphabet[bits >> 6 & 63] : '=';
    to[3] = size > 2 ? alphabet[bits & 63] : '=';
}

static json_t *base64(struct ct_text bytes)
{
    size_t groups = bytes.size / 3 + (bytes.size % 3 != 0);

    char *text = malloc(groups ? groups * 4 : 1);
    if (!text)
        return NULL;
    for (size_t i = 0; i < groups; i++)
        encode_three(text + 4 * i, (const uint8_t *)bytes.data + 3 * i, bytes.size - 3 * i);
    json_t *json = json_stringn(text, groups * 4);
    free(text);
    return json;
}

static json_t *number(double value)
{
    if (isnan(value))
        return json_string("NaN");
    if (isinf(value))
        return json_string(value > 0 ? "Infinity" : "-Infinity");
    return json_real(value);
}

static json_t *value_json(const struct ct_value *value);

static json_t *array_json(const struct ct_value *items, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < count; i++)
        if (json_array_append_new(array, value_json(&items[i])) != 0) {
            json_decref(array);
            return NULL;
        }
    return array;
}

/* As deep as the decoder lets values nest. */
static json_t *value_json(const struct ct_value *value)
{
    switch (value->kind) {
    case CT_VALUE_NONE:
        return json_null();
    case CT_VALUE_TEXT:
        return ct_json_text(value->as.text);
    case CT_VALUE_BOOL:
        return json_boolean(value->as.boolean);
    case CT_VALUE_INT:
        return json_integer(value->as.integer);
    case CT_VALUE_DOUBLE:
        return number(value->as.number);
    case CT_VALUE_BYTES:
        return base64(value->as.text);
    case CT_VALUE_ARRAY:
        return array_json(value->as.array.items, value->as.array.count);
    case CT_VALUE_MAP:
        return ct_json_attributes(&value->as.map);
    }
    return NULL;
}

json_t *ct_json_attributes(const struct ct_attributes *attributes)
{
    json_t *object = json_object();

    for (size_t i = 0; object && i < attributes->count; i++) {
        const struct ct_attribute *attribute = &attributes->items[i];
        const char *key = attribute->key.size ? attribute->key.data : "";
        if (json_object_setn_new(object, key, attribute->key.size, value_json(&attribute->value))) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}
