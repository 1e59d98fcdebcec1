/* SPDX-License-Identifier: Apache-2.0 */
/* One walk, done twice: at first without memory, to learn how much there has to be, then with it.
 */
#include "wire/attribute_copy.h"

#include <assert.h>
#include <stdlib.h>

#include "wire/value.h"

struct arena {
    char *memory; /* NULL: only measuring */
    size_t used;
};

/* NULL while measuring. */
static void *take(struct arena *arena, size_t size, size_t alignment)
{
    size_t start = (arena->used + alignment - 1) & ~(alignment - 1);
    arena->used = start + size;
    return arena->memory ? arena->memory + start : NULL;
}

static const void *copy_items(struct arena *arena, const void *items, size_t size, size_t alignment)
{
    void *to = take(arena, size, alignment);
    if (to && size != 0)
        memcpy(to, items, size);
    return to;
}

static cotel_value copy_bytes(struct arena *arena, cotel_str bytes)
{
    size_t size = bytes.data ? bytes.size : 0;
    return cotel_value_bytes(copy_items(arena, bytes.data, size, 1), size);
}

static cotel_str copy_text(struct arena *arena, cotel_str text)
{
    size_t size = ct_text_size(text, UINT32_MAX);
    char *to = take(arena, size, 1);
    if (to)
        (void)ct_text_write((uint8_t *)to, text, UINT32_MAX);
    return cotel_str_n(to, size);
}

static cotel_value copy_value(struct arena *arena, const cotel_value *value, unsigned depth);

static cotel_attribute copy_attribute(struct arena *arena, const cotel_attribute *attribute,
                                      unsigned depth)
{
    cotel_attribute copy = {.key = copy_text(arena, attribute->key)};
    copy.value = copy_value(arena, &attribute->value, depth);
    return copy;
}

static cotel_value copy_array(struct arena *arena, const cotel_value *array, unsigned depth)
{
    size_t count = array->as.array.items ? array->as.array.count : 0;
    cotel_value *items = take(arena, count * sizeof *items, _Alignof(cotel_value));
    for (size_t i = 0; i < count; i++) {
        cotel_value item = copy_value(arena, &array->as.array.items[i], depth + 1);
        if (items)
            items[i] = item;
    }
    return cotel_value_array(items, count);
}

static cotel_value copy_map(struct arena *arena, const cotel_value *map, unsigned depth)
{
    size_t count = map->as.map.items ? map->as.map.count : 0;
    cotel_attribute *items = take(arena, count * sizeof *items, _Alignof(cotel_attribute));
    for (size_t i = 0; i < count; i++) {
        cotel_attribute item = copy_attribute(arena, &map->as.map.items[i], depth + 1);
        if (items)
            items[i] = item;
    }
    return cotel_value_map(items, count);
}

static cotel_value copy_strings(struct arena *arena, const cotel_value *strings)
{
    size_t count = strings->as.strings.items ? strings->as.strings.count : 0;
    cotel_str *items = take(arena, count * sizeof *items, _Alignof(cotel_str));
    for (size_t i = 0; i < count; i++) {
        cotel_str item = copy_text(arena, strings->as.strings.items[i]);
        if (items)
            items[i] = item;
    }
    return cotel_value_string_array(items, count);
}

/* Arrays whose elements point nowhere. */
static cotel_value copy_numbers(struct arena *arena, const cotel_value *array, size_t element_size)
{
    cotel_value copy = *array;
    /* All arrays begin with the same two members. */
    copy.as.array.count = array->as.array.items ? array->as.array.count : 0;
    copy.as.array.items =
        copy_items(arena, array->as.array.items, copy.as.array.count * element_size, element_size);
    return copy;
}

static cotel_value copy_nested(struct arena *arena, const cotel_value *value, unsigned depth)
{
    if (depth > CT_VALUE_MAX_DEPTH)
        return cotel_value_empty();
    switch (value->type) {
    case COTEL_VALUE_ARRAY:
        return copy_array(arena, value, depth);
    case COTEL_VALUE_MAP:
        return copy_map(arena, value, depth);
    case COTEL_VALUE_STRING_ARRAY:
        return copy_strings(arena, value);
    case COTEL_VALUE_BOOL_ARRAY:
        return copy_numbers(arena, value, sizeof(bool));
    case COTEL_VALUE_INT_ARRAY:
        return copy_numbers(arena, value, sizeof(int64_t));
    case COTEL_VALUE_DOUBLE_ARRAY:
        return copy_numbers(arena, value, sizeof(double));
    default:
        return cotel_value_empty();
    }
}

static cotel_value copy_value(struct arena *arena, const cotel_value *value, unsigned depth)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
        return cotel_value_string(copy_text(arena, value->as.string));
    case COTEL_VALUE_BYTES:
        return copy_bytes(arena, value->as.bytes);
    case COTEL_VALUE_BOOL:
        return cotel_value_bool(value->as.boolean);
    case COTEL_VALUE_INT:
        return cotel_value_int(value->as.integer);
    case COTEL_VALUE_DOUBLE:
        return cotel_value_double(value->as.floating);
    default:
        return copy_nested(arena, value, depth);
    }
}

static cotel_attribute *copy_all(struct arena *arena, const cotel_attribute *attributes,
                                 size_t count)
{
    cotel_attribute *copies = take(arena, count * sizeof *copies, _Alignof(cotel_attribute));
    for (size_t i = 0; i < count; i++) {
        cotel_attribute copy = copy_attribute(arena, &attributes[i], 1);
        if (copies)
            copies[i] = copy;
    }
    return copies;
}

cotel_attribute *ct_attributes_copy(const cotel_attribute *attributes, size_t count)
{
    if (count == 0)
        return NULL;
    struct arena arena = {.memory = NULL, .used = 0};
    (void)copy_all(&arena, attributes, count);
    size_t measured = arena.used;
    arena = (struct arena){.memory = malloc(measured), .used = 0};
    if (!arena.memory)
        return NULL;
    cotel_attribute *copies = copy_all(&arena, attributes, count);
    assert(arena.used == measured);
    return copies;
}
