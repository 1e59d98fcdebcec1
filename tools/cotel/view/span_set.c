/* SPDX-License-Identifier: Apache-2.0 */
#include "view/span_set.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

/* Where the span of that id is, or would be. There is always a free slot to end at. */
static struct ct_span **slot_of(const struct ct_span_set *set, const uint8_t *id)
{
    uint64_t hash;

    memcpy(&hash, id, sizeof(hash));
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(hash >> 32) & (set->capacity - 1);
    while (set->slots[i] && memcmp(set->slots[i]->span_id, id, CT_SPAN_ID_SIZE) != 0)
        i = (i + 1) & (set->capacity - 1);
    return &set->slots[i];
}

/* At most three quarters are used. */
static bool make_room(struct ct_span_set *set)
{
    if (set->count < set->capacity / 4 * 3)
        return true;

    struct ct_span_set larger = {.capacity = set->capacity ? set->capacity * 2 : FIRST_CAPACITY};
    larger.slots = calloc(larger.capacity, sizeof(struct ct_span *));
    if (!larger.slots)
        return false;

    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i])
            *slot_of(&larger, set->slots[i]->span_id) = set->slots[i];
    larger.count = set->count;
    free(set->slots);
    *set = larger;
    return true;
}

enum ct_span_set_result ct_span_set_add(struct ct_span_set *set, struct ct_span *span)
{
    if (!make_room(set))
        return CT_SPAN_SET_OUT_OF_MEMORY;

    struct ct_span **slot = slot_of(set, span->span_id);
    if (*slot)
        return CT_SPAN_SET_PRESENT;
    *slot = span;
    set->count++;
    return CT_SPAN_SET_ADDED;
}

struct ct_span *ct_span_set_find(const struct ct_span_set *set, const uint8_t id[CT_SPAN_ID_SIZE])
{
    return set->capacity ? *slot_of(set, id) : NULL;
}

void ct_span_set_fini(struct ct_span_set *set)
{
    for (size_t i = 0; i < set->capacity; i++)
        ct_span_destroy(set->slots[i]);
    free(set->slots);
    *set = (struct ct_span_set){0};
}
