/* SPDX-License-Identifier: Apache-2.0 */
#include "view/span.h"

#include <string.h>

struct ct_origin *ct_origin_create(void)
{
    struct ct_arena arena = {0};

    struct ct_origin *origin = ct_arena_alloc(&arena, sizeof(*origin));
    if (!origin)
        return NULL;
    origin->arena = arena;
    origin->references = 1;
    return origin;
}

void ct_origin_unref(struct ct_origin *origin)
{
    if (origin && --origin->references == 0)
        ct_arena_fini(&origin->arena);
}

struct ct_span *ct_span_create(struct ct_origin *origin)
{
    struct ct_arena arena = {0};

    struct ct_span *span = ct_arena_alloc(&arena, sizeof(*span));
    if (!span)
        return NULL;
    span->arena = arena;
    span->origin = origin;
    origin->references++;
    return span;
}

void ct_span_destroy(struct ct_span *span)
{
    if (!span)
        return;
    ct_origin_unref(span->origin);
    ct_arena_fini(&span->arena);
}

void ct_span_destroy_list(struct ct_span *first)
{
    while (first) {
        struct ct_span *next = first->next;
        ct_span_destroy(first);
        first = next;
    }
}

bool ct_text_equals(struct ct_text text, const char *literal)
{
    return text.size == strlen(literal) && memcmp(text.data, literal, text.size) == 0;
}

const struct ct_value *ct_attributes_find(const struct ct_attributes *attributes, const char *key)
{
    for (size_t i = attributes->count; i > 0; i--)
        if (ct_text_equals(attributes->items[i - 1].key, key))
            return &attributes->items[i - 1].value;
    return NULL;
}
