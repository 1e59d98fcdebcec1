/* SPDX-License-Identifier: Apache-2.0 */
/** @file attribute.h
 *  Attributes: a key and a value of any kind that OpenTelemetry knows.
 *
 *  These are plain values that borrow what they point to. Whoever takes one copies what it
 *  needs before it returns, so string literals, stack buffers and temporaries are all fine.
 *
 *      const cotel_attribute attributes[] = {
 *          cotel_attribute_string("gen_ai.request.model", "gpt-4o"),
 *          cotel_attribute_int("gen_ai.usage.input_tokens", 1234),
 *      };
 *
 *  Implements: common/README.md "AnyValue" and "Attribute" of the specification.
 */
#ifndef COTEL_ATTRIBUTE_H
#define COTEL_ATTRIBUTE_H

#include <cotel/visibility.h>

#include <string.h>

COTEL_BEGIN_DECLS

/** Borrowed text or bytes with a length; not NUL-terminated. data may be NULL when size is 0. */
typedef struct cotel_str {
    const char *data;
    size_t size; /**< in bytes */
} cotel_str;

/** The kinds of a cotel_value. The numbers are fixed. */
typedef enum cotel_value_type {
    COTEL_VALUE_EMPTY = 0, /**< a value that is there and says nothing ("null" in an array) */
    COTEL_VALUE_STRING = 1,
    COTEL_VALUE_BOOL = 2,
    COTEL_VALUE_INT = 3,
    COTEL_VALUE_DOUBLE = 4,
    COTEL_VALUE_ARRAY = 5, /**< of values of any kind */
    COTEL_VALUE_MAP = 6,   /**< of attributes; of equal keys the last one is kept */
    COTEL_VALUE_BYTES = 7,
    COTEL_VALUE_STRING_ARRAY = 8, /**< homogeneous: an array of cotel_str */
    COTEL_VALUE_BOOL_ARRAY = 9,
    COTEL_VALUE_INT_ARRAY = 10,
    COTEL_VALUE_DOUBLE_ARRAY = 11
} cotel_value_type;

struct cotel_attribute;

/** A value. Which member of `as` counts is told by `type`; the arrays are borrowed. */
typedef struct cotel_value {
    cotel_value_type type;
    uint32_t reserved; /**< 0 */
    union {
        cotel_str string; /**< STRING; invalid UTF-8 is replaced by U+FFFD where it is stored */
        bool boolean;
        int64_t integer;
        double floating;
        struct {
            const struct cotel_value *items;
            size_t count;
        } array;
        struct {
            const struct cotel_attribute *items;
            size_t count;
        } map;
        cotel_str bytes;
        struct {
            const cotel_str *items;
            size_t count;
        } strings;
        struct {
            const bool *items;
            size_t count;
        } booleans;
        struct {
            const int64_t *items;
            size_t count;
        } integers;
        struct {
            const double *items;
            size_t count;
        } floatings;
    } as;
} cotel_value;

/** A key and its value. An empty key is refused (and counted) by whoever takes it. */
typedef struct cotel_attribute {
    cotel_str key;
    cotel_value value;
} cotel_attribute;

/** Text of known length. */
static inline cotel_str cotel_str_n(const char *data, size_t size)
{
    cotel_str text;
    text.data = data;
    text.size = size;
    return text;
}

/** A C string; NULL is the empty text. */
static inline cotel_str cotel_str_of(const char *text)
{
    return cotel_str_n(text, text ? strlen(text) : 0);
}

/** The empty value. */
static inline cotel_value cotel_value_empty(void)
{
    cotel_value value;
    memset(&value, 0, sizeof value);
    return value;
}

static inline cotel_value cotel_value_string(cotel_str text)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_STRING;
    value.as.string = text;
    return value;
}

static inline cotel_value cotel_value_bool(bool boolean)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_BOOL;
    value.as.boolean = boolean;
    return value;
}

static inline cotel_value cotel_value_int(int64_t integer)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_INT;
    value.as.integer = integer;
    return value;
}

static inline cotel_value cotel_value_double(double floating)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_DOUBLE;
    value.as.floating = floating;
    return value;
}

/** Borrows size bytes at data. */
static inline cotel_value cotel_value_bytes(const void *data, size_t size)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_BYTES;
    value.as.bytes = cotel_str_n((const char *)data, size);
    return value;
}

/** Borrows count values at items, of any kinds. */
static inline cotel_value cotel_value_array(const cotel_value *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_ARRAY;
    value.as.array.items = items;
    value.as.array.count = count;
    return value;
}

/** Borrows count attributes at items. */
static inline cotel_value cotel_value_map(const cotel_attribute *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_MAP;
    value.as.map.items = items;
    value.as.map.count = count;
    return value;
}

static inline cotel_value cotel_value_string_array(const cotel_str *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_STRING_ARRAY;
    value.as.strings.items = items;
    value.as.strings.count = count;
    return value;
}

static inline cotel_value cotel_value_bool_array(const bool *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_BOOL_ARRAY;
    value.as.booleans.items = items;
    value.as.booleans.count = count;
    return value;
}

static inline cotel_value cotel_value_int_array(const int64_t *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_INT_ARRAY;
    value.as.integers.items = items;
    value.as.integers.count = count;
    return value;
}

static inline cotel_value cotel_value_double_array(const double *items, size_t count)
{
    cotel_value value = cotel_value_empty();
    value.type = COTEL_VALUE_DOUBLE_ARRAY;
    value.as.floatings.items = items;
    value.as.floatings.count = count;
    return value;
}

/** An attribute of any value; the key is a C string. */
static inline cotel_attribute cotel_attribute_of(const char *key, cotel_value value)
{
    cotel_attribute attribute;
    attribute.key = cotel_str_of(key);
    attribute.value = value;
    return attribute;
}

static inline cotel_attribute cotel_attribute_string(const char *key, const char *text)
{
    return cotel_attribute_of(key, cotel_value_string(cotel_str_of(text)));
}

static inline cotel_attribute cotel_attribute_bool(const char *key, bool boolean)
{
    return cotel_attribute_of(key, cotel_value_bool(boolean));
}

static inline cotel_attribute cotel_attribute_int(const char *key, int64_t integer)
{
    return cotel_attribute_of(key, cotel_value_int(integer));
}

static inline cotel_attribute cotel_attribute_double(const char *key, double floating)
{
    return cotel_attribute_of(key, cotel_value_double(floating));
}

COTEL_END_DECLS

#endif
