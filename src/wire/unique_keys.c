/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/unique_keys.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdlib.h>

/* The highest bit of a table's entry. */
#define HAS_COME (1u << 31)
/* Of keys that are repaired for their hash. */
#define HASHED_CHARACTERS 32

static bool has_key(const cotel_attribute *item)
{
    return item->key.data != NULL && item->key.size != 0;
}

/* `a` has a key. */
static bool same_key(const struct ct_unique_keys *unique, const cotel_attribute *a,
                     const cotel_attribute *b)
{
    if (b->key.data == NULL)
        return false;
    if (unique->has_broken_keys)
        return ct_utf8_same_repaired(a->key.data, a->key.size, b->key.data, b->key.size);
    return a->key.size == b->key.size && memcmp(a->key.data, b->key.data, a->key.size) == 0;
}

static bool has_broken_keys(const cotel_attribute *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (has_key(&items[i]) && !ct_utf8_is_valid(items[i].key.data, items[i].key.size))
            return true;
    }
    return false;
}

/* The same for keys that are the same. */
static uint32_t hash_of(const struct ct_unique_keys *unique, const cotel_attribute *item)
{
    uint8_t head[4 * HASHED_CHARACTERS];
    if (!unique->has_broken_keys)
        return ct_hash(item->key.data, item->key.size);
    return ct_hash(head, ct_utf8_repair(head, item->key.data, item->key.size, HASHED_CHARACTERS));
}

/* Of an entry that is not empty. */
static const cotel_attribute *item_of(const struct ct_unique_keys *unique, uint32_t entry)
{
    return &unique->items[(entry & ~HAS_COME) - 1];
}

/* Where the table has, or would have, the key of an item. */
static size_t table_place(const struct ct_unique_keys *unique, const cotel_attribute *item)
{
    size_t place = hash_of(unique, item) & unique->mask;
    while (unique->last[place] != 0 &&
           !same_key(unique, item, item_of(unique, unique->last[place])))
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
    if (count >= HAS_COME)
        count = HAS_COME - 1;
    *unique = (struct ct_unique_keys){
        .items = items, .count = count, .has_broken_keys = has_broken_keys(items, count)};
    if (count > CT_UNIQUE_KEYS_COMPARED)
        table_build(unique);
}

static const cotel_attribute *compared(const struct ct_unique_keys *unique, size_t index)
{
    const cotel_attribute *item = &unique->items[index], *last = item;
    for (size_t i = 0; i < index; i++) {
        if (same_key(unique, item, &unique->items[i]))
            return NULL;
    }
    for (size_t i = index + 1; i < unique->count; i++) {
        if (same_key(unique, item, &unique->items[i]))
            last = &unique->items[i];
    }
    return last;
}

static const cotel_attribute *looked_up(struct ct_unique_keys *unique, size_t index)
{
    uint32_t *entry = &unique->last[table_place(unique, &unique->items[index])];
    if (*entry & HAS_COME)
        return NULL;
    *entry |= HAS_COME;
    return item_of(unique, *entry);
}

const cotel_attribute *ct_unique_keys_next(struct ct_unique_keys *unique)
{
    while (unique->at < unique->count) {
        size_t index = unique->at++;
        const cotel_attribute *last = NULL;
        if (!has_key(&unique->items[index]))
            unique->empty_keys++;
        else
            last = unique->last != NULL ? looked_up(unique, index) : compared(unique, index);
        if (last != NULL)
            return last;
    }
    return NULL;
}

void ct_unique_keys_end(struct ct_unique_keys *unique)
{
    free(unique->last);
    unique->last = NULL;
}
