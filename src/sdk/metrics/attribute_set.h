/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes of a measurement as the key of a series.
 *
 * A set as it is recorded is mostly plain: a handful of attributes with different keys and scalar
 * values, in the order in which the same line of code gave them before. So hashing goes over the
 * caller's array as it is, adding up so that the order does not matter, and comparing tries the
 * stored order first. What is not plain (a key twice or empty, many of them, text that is not
 * UTF-8) does not match what is stored, and takes the long way in attribute_set.c. */
#ifndef COTEL_SRC_SDK_METRICS_ATTRIBUTE_SET_H
#define COTEL_SRC_SDK_METRICS_ATTRIBUTE_SET_H

#include <cotel/attribute.h>

#include "base/compiler.h"
#include "base/hash.h"
#include "sdk/metrics/view/key_filter.h"

/* Up to here a set is compared, filtered and hashed without allocating. */
#define CT_SET_PLAIN_MAX 32

struct ct_attribute_set {
    const cotel_attribute *items;
    size_t count;
};

/* As a caller gives it: NULL is none. */
static inline struct ct_attribute_set ct_set_of(const cotel_attribute *items, size_t count)
{
    return (struct ct_attribute_set){items, items != NULL ? count : 0};
}

/* Of a value that is no scalar. Equal values have equal hashes. */
uint32_t ct_value_hash(const cotel_value *value);

CT_ALWAYS_INLINE bool ct_bytes_equal(const char *a, const char *b, size_t size)
{
    if (size >= 8) {
        for (size_t at = 0; at + 8 < size; at += 8) {
            if (ct_hash_load(a + at, 8) != ct_hash_load(b + at, 8))
                return false;
        }
        return ct_hash_load(a + size - 8, 8) == ct_hash_load(b + size - 8, 8);
    }
    return ct_hash_tail(a, size) == ct_hash_tail(b, size);
}

/* `given` may have a size and no data; then it is not plain. */
static inline bool ct_texts_equal(cotel_str stored, cotel_str given)
{
    return stored.size == given.size && (given.data != NULL || given.size == 0) &&
           ct_bytes_equal(stored.data, given.data, given.size);
}

static inline uint32_t ct_text_hash(cotel_str text)
{
    return CT_LIKELY(text.data != NULL) ? ct_hash(text.data, text.size) : ct_hash("", 0);
}

static inline uint32_t ct_scalar_hash(const cotel_value *value)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
    case COTEL_VALUE_BYTES:
        return ct_text_hash(value->as.string);
    case COTEL_VALUE_BOOL:
        return value->as.boolean;
    case COTEL_VALUE_INT:
    case COTEL_VALUE_DOUBLE:
        return (uint32_t)((ct_hash_load(&value->as.integer, 8) * CT_HASH_FACTOR) >> 32);
    default:
        return ct_value_hash(value);
    }
}

static inline uint64_t ct_attribute_hash(const cotel_attribute *attribute)
{
    uint64_t key = ct_text_hash(attribute->key);
    return ct_hash_mix(CT_HASH_STATE, key << 32 | ct_scalar_hash(&attribute->value)) *
           CT_HASH_FACTOR;
}

/* The same for the same set in any order. Of a set that is not plain: of the array as it is. */
static inline uint32_t ct_set_hash(struct ct_attribute_set set)
{
    uint64_t sum = set.count;
    for (size_t i = 0; i < set.count; i++)
        sum += ct_attribute_hash(&set.items[i]);
    return (uint32_t)(sum ^ sum >> 32);
}

/* Of plain ones; false also says: not plain. */
static inline bool ct_attribute_equal(const cotel_attribute *a, const cotel_attribute *b)
{
    if (a->value.type != b->value.type || !ct_texts_equal(a->key, b->key))
        return false;
    switch (a->value.type) {
    case COTEL_VALUE_STRING:
    case COTEL_VALUE_BYTES:
        return ct_texts_equal(a->value.as.string, b->value.as.string);
    case COTEL_VALUE_BOOL:
        return a->value.as.boolean == b->value.as.boolean;
    case COTEL_VALUE_INT:
    case COTEL_VALUE_DOUBLE: /* by its bits: a NaN equals itself */
        return a->value.as.integer == b->value.as.integer;
    default:
        return false;
    }
}

/* The long way of the next one: another order, values that are no scalars. */
bool ct_set_equal_slow_path(struct ct_attribute_set stored, struct ct_attribute_set given);

/* Whether a stored set, which is normal, is the same as a given one. */
static inline bool ct_set_equal(struct ct_attribute_set stored, struct ct_attribute_set given)
{
    if (stored.count != given.count)
        return false;
    for (size_t i = 0; i < given.count; i++) {
        if (CT_UNLIKELY(!ct_attribute_equal(&stored.items[i], &given.items[i])))
            return ct_set_equal_slow_path(stored, given);
    }
    return true;
}

/* Whether it would be stored as it is given: few attributes with keys that are there, different and
 * UTF-8, and values that are scalars, text being UTF-8. */
bool ct_set_is_normal(struct ct_attribute_set set);

/* The attributes that a filter keeps, in `room` for as many as are given; returns how many. */
size_t ct_set_filter(struct ct_attribute_set given, const struct ct_key_filter *filter,
                     cotel_attribute *room);

#endif
