/* SPDX-License-Identifier: Apache-2.0 */
#include "api/scope.h"

#include "base/hash.h"
#include "wire/str.h"

/* All kinds of arrays, and maps, are a pointer and a count. */
static bool lacks_items(const cotel_value *value)
{
    return !value->as.array.items && value->as.array.count > 0;
}

cotel_value_type ct_scope_value_type(const cotel_value *value, unsigned depth)
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
        return depth > CT_SCOPE_MAX_DEPTH || lacks_items(value) ? COTEL_VALUE_EMPTY : value->type;
    case COTEL_VALUE_EMPTY:
        break;
    }
    return COTEL_VALUE_EMPTY;
}

bool ct_scope_attribute_counts(const cotel_attribute *attributes, size_t count, size_t index)
{
    cotel_str key = attributes[index].key;
    if (!key.data || key.size == 0)
        return false;
    for (size_t i = index + 1; i < count; i++) {
        if (attributes[i].key.data && ct_str_equal(attributes[i].key, key))
            return false;
    }
    return true;
}

static uint32_t hash_str(cotel_str text)
{
    return ct_hash(text.data ? text.data : "", text.data ? text.size : 0);
}

/* Of values, where the data may be missing. */
static bool texts_equal(cotel_str a, cotel_str b)
{
    return ct_str_equal(ct_str(a.data, a.size), ct_str(b.data, b.size));
}

/* Values are left out, and keys are added up: the order must not matter. */
uint32_t ct_scope_hash(const struct ct_scope *scope)
{
    uint32_t parts[4] = {hash_str(scope->name), hash_str(scope->version),
                         hash_str(scope->schema_url), 0};
    for (size_t i = 0; i < scope->attribute_count; i++) {
        if (ct_scope_attribute_counts(scope->attributes, scope->attribute_count, i))
            parts[3] += hash_str(scope->attributes[i].key);
    }
    return ct_hash(parts, sizeof parts);
}

static bool maps_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                       size_t b_count, unsigned depth);
static bool values_equal(const cotel_value *a, const cotel_value *b, unsigned depth);

static bool arrays_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    if (a->as.array.count != b->as.array.count)
        return false;
    for (size_t i = 0; i < a->as.array.count; i++) {
        if (!values_equal(&a->as.array.items[i], &b->as.array.items[i], depth + 1))
            return false;
    }
    return true;
}

static bool string_arrays_equal(const cotel_value *a, const cotel_value *b)
{
    if (a->as.strings.count != b->as.strings.count)
        return false;
    for (size_t i = 0; i < a->as.strings.count; i++) {
        if (!texts_equal(a->as.strings.items[i], b->as.strings.items[i]))
            return false;
    }
    return true;
}

static bool plain_equal(const void *a, size_t a_count, const void *b, size_t b_count, size_t size)
{
    return a_count == b_count && (a_count == 0 || memcmp(a, b, a_count * size) == 0);
}

/* Doubles by their bits: a NaN equals itself here. */
static bool values_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    cotel_value_type type = ct_scope_value_type(a, depth);
    if (type != ct_scope_value_type(b, depth))
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
    case COTEL_VALUE_ARRAY:
        return arrays_equal(a, b, depth);
    case COTEL_VALUE_MAP:
        return maps_equal(a->as.map.items, a->as.map.count, b->as.map.items, b->as.map.count,
                          depth + 1);
    case COTEL_VALUE_STRING_ARRAY:
        return string_arrays_equal(a, b);
    case COTEL_VALUE_BOOL_ARRAY:
        return plain_equal(a->as.booleans.items, a->as.booleans.count, b->as.booleans.items,
                           b->as.booleans.count, sizeof(bool));
    case COTEL_VALUE_INT_ARRAY:
        return plain_equal(a->as.integers.items, a->as.integers.count, b->as.integers.items,
                           b->as.integers.count, sizeof(int64_t));
    case COTEL_VALUE_DOUBLE_ARRAY:
        return plain_equal(a->as.floatings.items, a->as.floatings.count, b->as.floatings.items,
                           b->as.floatings.count, sizeof(double));
    }
    return false;
}

static bool map_has(const cotel_attribute *map, size_t count, const cotel_attribute *attribute,
                    unsigned depth)
{
    for (size_t i = count; i > 0; i--) {
        if (texts_equal(map[i - 1].key, attribute->key))
            return values_equal(&map[i - 1].value, &attribute->value, depth);
    }
    return false;
}

static size_t counting(const cotel_attribute *map, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += ct_scope_attribute_counts(map, count, i);
    return n;
}

static bool maps_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                       size_t b_count, unsigned depth)
{
    if (counting(a, a_count) != counting(b, b_count))
        return false;
    for (size_t i = 0; i < a_count; i++) {
        if (ct_scope_attribute_counts(a, a_count, i) && !map_has(b, b_count, &a[i], depth))
            return false;
    }
    return true;
}

bool ct_scope_equal(const struct ct_scope *a, const struct ct_scope *b)
{
    return ct_str_equal(a->name, b->name) && ct_str_equal(a->version, b->version) &&
           ct_str_equal(a->schema_url, b->schema_url) &&
           maps_equal(a->attributes, a->attribute_count, b->attributes, b->attribute_count, 1);
}
