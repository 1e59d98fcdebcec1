/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/value_equal.h"

#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"
#include "wire/value_items.h"

/* The type of a value at a depth (of the attributes: 1), with what can't be kept as EMPTY. */
static cotel_value_type kept_type(const cotel_value *value, unsigned depth)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
    case COTEL_VALUE_BOOL:
    case COTEL_VALUE_INT:
    case COTEL_VALUE_DOUBLE:
    case COTEL_VALUE_BYTES:
        return value->type;
    case COTEL_VALUE_ARRAY:
    case COTEL_VALUE_MAP:
    case COTEL_VALUE_STRING_ARRAY:
    case COTEL_VALUE_BOOL_ARRAY:
    case COTEL_VALUE_INT_ARRAY:
    case COTEL_VALUE_DOUBLE_ARRAY:
        return depth > CT_VALUE_MAX_DEPTH ? COTEL_VALUE_EMPTY : value->type;
    case COTEL_VALUE_EMPTY:
        break;
    }
    return COTEL_VALUE_EMPTY;
}

/* Of values, where the data may be missing. */
static bool texts_equal(cotel_str a, cotel_str b)
{
    return ct_str_equal(ct_str(a.data, a.size), ct_str(b.data, b.size));
}

static bool maps_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                       size_t b_count, unsigned depth);
static bool values_equal(const cotel_value *a, const cotel_value *b, unsigned depth);

/* Both have as many elements. */
static bool arrays_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    for (size_t i = 0; i < ct_value_item_count(a); i++) {
        if (!values_equal(&a->as.array.items[i], &b->as.array.items[i], depth + 1))
            return false;
    }
    return true;
}

static bool string_arrays_equal(const cotel_value *a, const cotel_value *b)
{
    for (size_t i = 0; i < ct_value_item_count(a); i++) {
        if (!texts_equal(a->as.strings.items[i], b->as.strings.items[i]))
            return false;
    }
    return true;
}

static bool plain_equal(const cotel_value *a, const cotel_value *b, size_t element_size)
{
    size_t size = ct_value_item_count(a) * element_size;
    return size == 0 || memcmp(a->as.array.items, b->as.array.items, size) == 0;
}

static bool elements_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    if (ct_value_item_count(a) != ct_value_item_count(b))
        return false;
    switch (a->type) {
    case COTEL_VALUE_STRING_ARRAY:
        return string_arrays_equal(a, b);
    case COTEL_VALUE_BOOL_ARRAY:
        return plain_equal(a, b, sizeof(bool));
    case COTEL_VALUE_INT_ARRAY:
        return plain_equal(a, b, sizeof(int64_t));
    case COTEL_VALUE_DOUBLE_ARRAY:
        return plain_equal(a, b, sizeof(double));
    default:
        return arrays_equal(a, b, depth);
    }
}

/* Doubles by their bits: a NaN equals itself here. */
static bool values_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    cotel_value_type type = kept_type(a, depth);
    if (type != kept_type(b, depth))
        return false;

    switch (type) {
    case COTEL_VALUE_EMPTY:
        return true;
    case COTEL_VALUE_STRING:
        return texts_equal(a->as.string, b->as.string);
    case COTEL_VALUE_BYTES:
        return texts_equal(a->as.bytes, b->as.bytes);
    case COTEL_VALUE_BOOL:
        return a->as.boolean == b->as.boolean;
    case COTEL_VALUE_INT:
        return a->as.integer == b->as.integer;
    case COTEL_VALUE_DOUBLE:
        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-*): the bits are what is meant
        return memcmp(&a->as.floating, &b->as.floating, sizeof a->as.floating) == 0;
    case COTEL_VALUE_MAP:
        return maps_equal(a->as.map.items, a->as.map.count, b->as.map.items, b->as.map.count,
                          depth + 1);
    default:
        return elements_equal(a, b, depth);
    }
}

/* The value that counts for a key: the last one. */
static const cotel_value *map_get(const cotel_attribute *map, size_t count, cotel_str key)
{
    for (size_t i = map ? count : 0; i > 0; i--) {
        if (texts_equal(map[i - 1].key, key))
            return &map[i - 1].value;
    }
    return NULL;
}

static size_t count_keys(const cotel_attribute *map, size_t count)
{
    struct ct_unique_keys unique;
    size_t keys = 0;
    ct_unique_keys_begin(&unique, map, count);
    while (ct_unique_keys_next(&unique))
        keys++;
    ct_unique_keys_end(&unique);
    return keys;
}

/* Whether all that the one says the other says too. */
static bool map_covers(const cotel_attribute *map, size_t count, const cotel_attribute *other,
                       size_t other_count, unsigned depth)
{
    struct ct_unique_keys unique;
    const cotel_attribute *item;
    const cotel_value *value;
    ct_unique_keys_begin(&unique, other, other_count);
    do
        item = ct_unique_keys_next(&unique);
    while (item && (value = map_get(map, count, item->key)) &&
           values_equal(value, &item->value, depth));
    ct_unique_keys_end(&unique);
    return !item;
}

static bool maps_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                       size_t b_count, unsigned depth)
{
    return count_keys(a, a_count) == count_keys(b, b_count) &&
           map_covers(a, a_count, b, b_count, depth);
}

bool ct_attributes_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                         size_t b_count)
{
    return maps_equal(a, a_count, b, b_count, 1);
}
