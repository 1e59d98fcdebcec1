/* SPDX-License-Identifier: Apache-2.0 */
/* One deep copy in one block. The same code runs twice: first without a block, to learn the size,
 * then to fill it. So the two can't disagree. */
#include "api/scope.h"

#include <stdalign.h>

struct block {
    char *base; /* NULL while measuring */
    size_t used;
};

/* The next `size` bytes, or NULL while measuring. */
static void *take(struct block *block, size_t size)
{
    const size_t align = alignof(max_align_t);
    void *at = block->base ? block->base + block->used : NULL;
    block->used += (size + align - 1) / align * align;
    return at;
}

static void *copy_bytes(struct block *block, const void *from, size_t size)
{
    void *to = take(block, size);
    if (to && size > 0)
        memcpy(to, from, size);
    return to;
}

static cotel_str copy_str(struct block *block, cotel_str from)
{
    size_t size = from.data ? from.size : 0;
    return cotel_str_n(copy_bytes(block, from.data, size), size);
}

static void copy_value(struct block *block, const cotel_value *from, cotel_value *to,
                       unsigned depth);

static void copy_array(struct block *block, const cotel_value *from, cotel_value *to,
                       unsigned depth)
{
    size_t count = from->as.array.count;
    cotel_value *items = take(block, count * sizeof *items);
    for (size_t i = 0; i < count; i++) {
        cotel_value measured;
        copy_value(block, &from->as.array.items[i], items ? &items[i] : &measured, depth + 1);
    }
    to->as.array.items = items;
    to->as.array.count = count;
}

static void copy_strings(struct block *block, const cotel_value *from, cotel_value *to)
{
    size_t count = from->as.strings.count;
    cotel_str *items = take(block, count * sizeof *items);
    for (size_t i = 0; i < count; i++) {
        cotel_str text = copy_str(block, from->as.strings.items[i]);
        if (items)
            items[i] = text;
    }
    to->as.strings.items = items;
    to->as.strings.count = count;
}

/* Returns how many were copied: those that count. */
static size_t copy_attributes(struct block *block, const cotel_attribute *from, size_t count,
                              const cotel_attribute **to, unsigned depth)
{
    cotel_attribute *items = take(block, count * sizeof *items);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!ct_scope_attribute_counts(from, count, i))
            continue;
        cotel_attribute attribute;
        attribute.key = copy_str(block, from[i].key);
        copy_value(block, &from[i].value, &attribute.value, depth);
        if (items)
            items[kept] = attribute;
        kept++;
    }
    *to = items;
    return kept;
}

static void copy_value(struct block *block, const cotel_value *from, cotel_value *to,
                       unsigned depth)
{
    *to = *from;
    to->type = ct_scope_value_type(from, depth);
    switch (to->type) {
    case COTEL_VALUE_EMPTY:
    case COTEL_VALUE_BOOL:
    case COTEL_VALUE_INT:
    case COTEL_VALUE_DOUBLE:
        break;
    case COTEL_VALUE_STRING:
        to->as.string = copy_str(block, from->as.string);
        break;
    case COTEL_VALUE_BYTES:
        to->as.bytes = copy_str(block, from->as.bytes);
        break;
    case COTEL_VALUE_ARRAY:
        copy_array(block, from, to, depth);
        break;
    case COTEL_VALUE_MAP:
        to->as.map.count = copy_attributes(block, from->as.map.items, from->as.map.count,
                                           &to->as.map.items, depth + 1);
        break;
    case COTEL_VALUE_STRING_ARRAY:
        copy_strings(block, from, to);
        break;
    case COTEL_VALUE_BOOL_ARRAY:
        to->as.booleans.items =
            copy_bytes(block, from->as.booleans.items, from->as.booleans.count * sizeof(bool));
        break;
    case COTEL_VALUE_INT_ARRAY:
        to->as.integers.items =
            copy_bytes(block, from->as.integers.items, from->as.integers.count * sizeof(int64_t));
        break;
    case COTEL_VALUE_DOUBLE_ARRAY:
        to->as.floatings.items =
            copy_bytes(block, from->as.floatings.items, from->as.floatings.count * sizeof(double));
        break;
    }
}

static size_t copy_scope(struct block *block, const struct ct_scope *from, struct ct_scope *to)
{
    to->name = copy_str(block, from->name);
    to->version = copy_str(block, from->version);
    to->schema_url = copy_str(block, from->schema_url);
    to->attribute_count =
        copy_attributes(block, from->attributes, from->attribute_count, &to->attributes, 1);
    return block->used;
}

size_t ct_scope_copy_size(const struct ct_scope *scope)
{
    struct block measure = {.base = NULL, .used = 0};
    struct ct_scope unused;
    return copy_scope(&measure, scope, &unused);
}

void ct_scope_copy(const struct ct_scope *from, void *block, struct ct_scope *to)
{
    struct block fill = {.base = block, .used = 0};
    (void)copy_scope(&fill, from, to);
}
