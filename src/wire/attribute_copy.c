/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/attribute_copy.h"

#include <assert.h>
#include <stdlib.h>

#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"

void *ct_copy_take(struct ct_copy *copy, size_t size, size_t alignment)
{
    size_t start = (copy->used + alignment - 1) & ~(alignment - 1);
    copy->used = start + size;
    return copy->block ? copy->block + start : NULL;
}

void *ct_copy_items(struct ct_copy *copy, const void *items, size_t size, size_t alignment)
{
    void *to = ct_copy_take(copy, size, alignment);
    if (to && size != 0)
        memcpy(to, items, size);
    return to;
}

static cotel_str copy_bytes(struct ct_copy *copy, cotel_str bytes)
{
    size_t size = bytes.data ? bytes.size : 0;
    return cotel_str_n(ct_copy_items(copy, bytes.data, size, 1), size);
}

cotel_str ct_copy_str(struct ct_copy *copy, cotel_str text)
{
    if (!copy->mends)
        return copy_bytes(copy, text);
    size_t size = ct_text_size(text, UINT32_MAX);
    char *to = ct_copy_take(copy, size, 1);
    if (to)
        (void)ct_text_write((uint8_t *)to, text, UINT32_MAX);
    return cotel_str_n(to, size);
}

static cotel_value bytes_value(cotel_str bytes)
{
    return cotel_value_bytes(bytes.data, bytes.size);
}

static cotel_value copy_value(struct ct_copy *copy, const cotel_value *value, unsigned depth);

/* `depth` is that of the values. */
static cotel_attribute *copy_attributes(struct ct_copy *copy, const cotel_attribute *attributes,
                                        size_t count, size_t *kept, unsigned depth)
{
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, attributes, count);
    cotel_attribute *items =
        ct_copy_take(copy, unique.count * sizeof *items, _Alignof(cotel_attribute));
    *kept = 0;
    for (const cotel_attribute *from; (from = ct_unique_keys_next(&unique)) != NULL; ++*kept) {
        cotel_attribute item = {.key = ct_copy_str(copy, from->key)};
        item.value = copy_value(copy, &from->value, depth);
        if (items)
            items[*kept] = item;
    }
    ct_unique_keys_end(&unique);
    return items;
}

static cotel_value copy_array(struct ct_copy *copy, const cotel_value *array, unsigned depth)
{
    size_t count = array->as.array.items ? array->as.array.count : 0;
    cotel_value *items = ct_copy_take(copy, count * sizeof *items, _Alignof(cotel_value));
    for (size_t i = 0; i < count; i++) {
        cotel_value item = copy_value(copy, &array->as.array.items[i], depth + 1);
        if (items)
            items[i] = item;
    }
    return cotel_value_array(items, count);
}

static cotel_value copy_map(struct ct_copy *copy, const cotel_value *map, unsigned depth)
{
    size_t kept;
    const cotel_attribute *items =
        copy_attributes(copy, map->as.map.items, map->as.map.count, &kept, depth + 1);
    return cotel_value_map(items, kept);
}

static cotel_value copy_strings(struct ct_copy *copy, const cotel_value *strings)
{
    size_t count = strings->as.strings.items ? strings->as.strings.count : 0;
    cotel_str *items = ct_copy_take(copy, count * sizeof *items, _Alignof(cotel_str));
    for (size_t i = 0; i < count; i++) {
        cotel_str item = ct_copy_str(copy, strings->as.strings.items[i]);
        if (items)
            items[i] = item;
    }
    return cotel_value_string_array(items, count);
}

/* Arrays whose elements point nowhere. */
static cotel_value copy_numbers(struct ct_copy *copy, const cotel_value *array, size_t element_size)
{
    cotel_value to = *array;
    /* All arrays begin with the same two members. */
    to.as.array.count = array->as.array.items ? array->as.array.count : 0;
    to.as.array.items =
        ct_copy_items(copy, array->as.array.items, to.as.array.count * element_size, element_size);
    return to;
}

static cotel_value copy_nested(struct ct_copy *copy, const cotel_value *value, unsigned depth)
{
    if (depth > CT_VALUE_MAX_DEPTH)
        return cotel_value_empty();
    switch (value->type) {
    case COTEL_VALUE_ARRAY:
        return copy_array(copy, value, depth);
    case COTEL_VALUE_MAP:
        return copy_map(copy, value, depth);
    case COTEL_VALUE_STRING_ARRAY:
        return copy_strings(copy, value);
    case COTEL_VALUE_BOOL_ARRAY:
        return copy_numbers(copy, value, sizeof(bool));
    case COTEL_VALUE_INT_ARRAY:
        return copy_numbers(copy, value, sizeof(int64_t));
    case COTEL_VALUE_DOUBLE_ARRAY:
        return copy_numbers(copy, value, sizeof(double));
    default:
        return cotel_value_empty();
    }
}

static cotel_value copy_value(struct ct_copy *copy, const cotel_value *value, unsigned depth)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
        return cotel_value_string(ct_copy_str(copy, value->as.string));
    case COTEL_VALUE_BYTES:
        return bytes_value(copy_bytes(copy, value->as.bytes));
    case COTEL_VALUE_BOOL:
        return cotel_value_bool(value->as.boolean);
    case COTEL_VALUE_INT:
        return cotel_value_int(value->as.integer);
    case COTEL_VALUE_DOUBLE:
        return cotel_value_double(value->as.floating);
    default:
        return copy_nested(copy, value, depth);
    }
}

cotel_attribute *ct_copy_attributes(struct ct_copy *copy, const cotel_attribute *attributes,
                                    size_t count, size_t *kept)
{
    return copy_attributes(copy, attributes, count, kept, 1);
}

cotel_attribute *ct_attributes_copy(const cotel_attribute *attributes, size_t count, size_t *kept)
{
    struct ct_copy copy = {.mends = true};
    (void)ct_copy_attributes(&copy, attributes, count, kept);
    size_t measured = copy.used;
    /* One more, since malloc(0) may answer NULL. */
    copy = (struct ct_copy){.block = malloc(measured + 1), .mends = true};
    if (!copy.block)
        return NULL;
    cotel_attribute *copies = ct_copy_attributes(&copy, attributes, count, kept);
    assert(copy.used == measured);
    return copies;
}
