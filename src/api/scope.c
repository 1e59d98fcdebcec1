/* SPDX-License-Identifier: Apache-2.0 */
#include "api/scope.h"

#include "base/hash.h"
#include "wire/attribute_copy.h"
#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"

/* The type of a value at a depth (a scope's attributes: 1), with what can't be kept as EMPTY. */
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
    struct ct_unique_keys unique;
    ct_unique_keys_begin(&unique, scope->attributes, scope->attribute_count);
    for (const cotel_attribute *item; (item = ct_unique_keys_next(&unique)) != NULL;)
        parts[3] += hash_str(item->key);
    ct_unique_keys_end(&unique);
    return ct_hash(parts, sizeof parts);
}

static bool maps_equal(const cotel_attribute *a, size_t a_count, const cotel_attribute *b,
                       size_t b_count, unsigned depth);
static bool values_equal(const cotel_value *a, const cotel_value *b, unsigned depth);

/* Every kind of array begins with the same two members, so one of them reads them all. */
static size_t element_count(const cotel_value *array)
{
    return array->as.array.items ? array->as.array.count : 0;
}

/* Both have as many elements. */
static bool arrays_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    for (size_t i = 0; i < element_count(a); i++) {
        if (!values_equal(&a->as.array.items[i], &b->as.array.items[i], depth + 1))
            return false;
    }
    return true;
}

static bool string_arrays_equal(const cotel_value *a, const cotel_value *b)
{
    for (size_t i = 0; i < element_count(a); i++) {
        if (!texts_equal(a->as.strings.items[i], b->as.strings.items[i]))
            return false;
    }
    return true;
}

static bool plain_equal(const cotel_value *a, const cotel_value *b, size_t element_size)
{
    size_t size = element_count(a) * element_size;
    return size == 0 || memcmp(a->as.array.items, b->as.array.items, size) == 0;
}

static bool elements_equal(const cotel_value *a, const cotel_value *b, unsigned depth)
{
    if (element_count(a) != element_count(b))
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

bool ct_scope_equal(const struct ct_scope *a, const struct ct_scope *b)
{
    return ct_str_equal(a->name, b->name) && ct_str_equal(a->version, b->version) &&
           ct_str_equal(a->schema_url, b->schema_url) &&
           maps_equal(a->attributes, a->attribute_count, b->attributes, b->attribute_count, 1);
}

/* Texts stay as they were given, so that the same scope, asked for again, is found. */
static size_t copy_scope(struct ct_copy *copy, const struct ct_scope *from, struct ct_scope *to)
{
    /* The attributes first, since a block is aligned at its start. */
    to->attributes =
        ct_copy_attributes(copy, from->attributes, from->attribute_count, &to->attribute_count);
    to->name = ct_copy_str(copy, from->name);
    to->version = ct_copy_str(copy, from->version);
    to->schema_url = ct_copy_str(copy, from->schema_url);
    return copy->used;
}

size_t ct_scope_copy_size(const struct ct_scope *scope)
{
    struct ct_copy measure = {.block = NULL};
    struct ct_scope unused;
    return copy_scope(&measure, scope, &unused);
}

void ct_scope_copy(const struct ct_scope *from, void *block, struct ct_scope *to)
{
    struct ct_copy fill = {.block = block};
    (void)copy_scope(&fill, from, to);
}
