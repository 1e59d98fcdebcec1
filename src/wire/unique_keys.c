/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/unique_keys.h"

#include "base/hash.h"

#include <stdlib.h>

static bool same_key(const cotel_attribute *a, const cotel_attribute *b)
{
    return a->key.size == b->key.size && memcmp(a->key.data, b->key.data, a->key.size) == 0;
}

static bool has_key(const cotel_attribute *item)
{
    return item->key.data != NULL && item->key.size != 0;
}

/* Where the table has, or would have, the key of an item. */
static size_t table_place(const struct ct_unique_keys *unique, const cotel_attribute *item)
{
    size_t place = ct_hash(item->key.data, item->key.size) & unique->mask;
    while (unique->last[place] != 0 && !same_key(item, &unique->items[unique->last[place] - 1]))
        place = (place + 1) & unique->mask;
    return place;
}

static void table_build(struct ct_unique_keys *unique)
{
    size_t places = (size_t)2 * CT_UNIQUE_KEYS_COMPARED;
    while (places < 2 * unique->count)
        places *= 2;
    unique->last = calloc(places, sizeof *unique->last);
    if (unique->last == NULL)
        return;
    unique->mask = places - 1;
    for (size_t i = 0; i < unique->count; i++) {
        if (has_key(&unique->items[i]))
            unique->last[table_place(unique, &unique->items[i])] = (uint32_t)i + 1;
    }
}

void ct_unique_keys_begin(struct ct_unique_keys *unique, const cotel_attribute *items, size_t count)
{
    if (items == NULL)
        count = 0;
    if (count >= UINT32_MAX)
        count = UINT32_MAX - 1;
    *unique = (struct ct_unique_keys){.items = items, .count = count};
    if (count > CT_UNIQUE_KEYS_COMPARED)
        table_build(unique);
}

static bool is_last(const struct ct_unique_keys *unique, size_t index)
{
    if (unique->last != NULL)
        return unique->last[table_place(unique, &unique->items[index])] == index + 1;
    for (size_t later = index + 1; later < unique->count; later++) {
        if (same_key(&unique->items[index], &unique->items[later]))
            return false;
    }
    return true;
}

const cotel_attribute *ct_unique_keys_next(struct ct_unique_keys *unique)
{
    while (unique->at < unique->count) {
        size_t index = unique->at++;
        if (!has_key(&unique->items[index]))
            unique->empty_keys++;
        else if (is_last(unique, index))
            return &unique->items[index];
    }
    return NULL;
}

void ct_unique_keys_end(struct ct_unique_keys *unique)
{
    free(unique->last);
    unique->last = NULL;
}
