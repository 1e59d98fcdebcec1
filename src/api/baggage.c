/* SPDX-License-Identifier: Apache-2.0 */
/* A finished baggage: one block that never changes, the entries and behind them the bytes that they
 * point to. To change an entry is to copy the block; baggage is short, and read far more often. */
#include "api/baggage.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "wire/str.h"
#include "wire/value.h"

struct cotel_baggage {
    _Atomic uint32_t refs;
    uint32_t count;
    uint32_t size; /* of the bytes */
    cotel_baggage_entry entries[];
};

static size_t stored_size(cotel_str text)
{
    return ct_text_size(text, UINT32_MAX);
}

static size_t entry_size(const cotel_baggage_entry *entry)
{
    return stored_size(entry->name) + stored_size(entry->value) + stored_size(entry->metadata);
}

/* Moves `*at` behind what it wrote. */
static cotel_str store(cotel_str text, uint8_t **at)
{
    uint8_t *start = *at;
    *at = ct_text_write(start, text, UINT32_MAX);
    return cotel_str_n((const char *)start, (size_t)(*at - start));
}

/* NULL when memory is out. */
static cotel_baggage *create(const cotel_baggage_entry *entries, size_t count, size_t size)
{
    cotel_baggage *baggage = malloc(sizeof *baggage + count * sizeof *entries + size);
    if (!baggage)
        return NULL;
    atomic_init(&baggage->refs, 1);
    baggage->count = (uint32_t)count;
    baggage->size = (uint32_t)size;
    uint8_t *at = (uint8_t *)&baggage->entries[count];
    for (size_t i = 0; i < count; i++) {
        baggage->entries[i].name = store(entries[i].name, &at);
        baggage->entries[i].value = store(entries[i].value, &at);
        baggage->entries[i].metadata = store(entries[i].metadata, &at);
    }
    return baggage;
}

/* The index of a name, or the number of entries. */
static size_t find(const cotel_baggage_entry *entries, size_t count, cotel_str name)
{
    size_t i = 0;
    while (i < count && !ct_str_equal(entries[i].name, name))
        i++;
    return i;
}

void ct_baggage_list_init(struct ct_baggage_list *list, cotel_baggage_entry *room, size_t max_count,
                          const cotel_baggage *from)
{
    list->entries = room;
    list->count = cotel_baggage_count(from);
    list->max_count = max_count;
    list->size = from ? from->size : 0;
    assert(list->count <= max_count);
    if (from)
        memcpy(room, from->entries, list->count * sizeof *room);
}

bool ct_baggage_list_put(struct ct_baggage_list *list, const cotel_baggage_entry *entry)
{
    size_t at = find(list->entries, list->count, entry->name);
    size_t others = at < list->count ? list->size - entry_size(&list->entries[at]) : list->size;
    size_t size = entry_size(entry);
    if (at >= list->max_count || size > COTEL_BAGGAGE_MAX_SIZE - others)
        return false;
    list->entries[at] = *entry;
    list->size = others + size;
    if (at == list->count)
        list->count++;
    return true;
}

cotel_baggage *ct_baggage_list_build(const struct ct_baggage_list *list)
{
    return list->count > 0 ? create(list->entries, list->count, list->size) : NULL;
}

static cotel_baggage *set_valid(const cotel_baggage *baggage, const cotel_baggage_entry *entry)
{
    cotel_baggage_entry room[COTEL_BAGGAGE_MAX_ENTRIES];
    struct ct_baggage_list list;
    ct_baggage_list_init(&list, room, COTEL_BAGGAGE_MAX_ENTRIES, baggage);
    cotel_baggage *changed =
        ct_baggage_list_put(&list, entry) ? ct_baggage_list_build(&list) : NULL;
    return changed ? changed : cotel_baggage_ref(baggage);
}

/* What a broken name is called is known once it is stored: two may become one. */
static cotel_baggage *set_repaired(const cotel_baggage *baggage, const cotel_baggage_entry *entry)
{
    size_t size = entry_size(entry);
    cotel_baggage *stored = size <= COTEL_BAGGAGE_MAX_SIZE ? create(entry, 1, size) : NULL;
    if (!stored)
        return cotel_baggage_ref(baggage);
    cotel_baggage *changed = set_valid(baggage, &stored->entries[0]);
    cotel_baggage_unref(stored);
    return changed;
}

cotel_baggage *cotel_baggage_set_entry(const cotel_baggage *baggage,
                                       const cotel_baggage_entry *entry)
{
    if (!entry)
        return cotel_baggage_ref(baggage);
    const cotel_baggage_entry given = {
        .name = ct_str(entry->name.data, entry->name.size),
        .value = ct_str(entry->value.data, entry->value.size),
        .metadata = ct_str(entry->metadata.data, entry->metadata.size),
    };
    if (given.name.size == 0)
        return cotel_baggage_ref(baggage);
    if (!ct_utf8_is_valid(given.name.data, given.name.size))
        return set_repaired(baggage, &given);
    return set_valid(baggage, &given);
}

cotel_baggage *cotel_baggage_set(const cotel_baggage *baggage, const char *name, const char *value)
{
    const cotel_baggage_entry entry = {
        .name = cotel_str_of(name),
        .value = cotel_str_of(value),
    };
    return cotel_baggage_set_entry(baggage, &entry);
}

cotel_baggage *cotel_baggage_remove(const cotel_baggage *baggage, cotel_str name)
{
    size_t count = cotel_baggage_count(baggage);
    name = ct_str(name.data, name.size);
    size_t at = count > 0 ? find(baggage->entries, count, name) : count;
    if (at == count)
        return cotel_baggage_ref(baggage);
    if (count == 1)
        return NULL;

    cotel_baggage_entry room[COTEL_BAGGAGE_MAX_ENTRIES];
    struct ct_baggage_list list;
    ct_baggage_list_init(&list, room, COTEL_BAGGAGE_MAX_ENTRIES, baggage);
    list.count--;
    list.size -= entry_size(&list.entries[at]);
    memmove(&list.entries[at], &list.entries[at + 1], (list.count - at) * sizeof list.entries[0]);
    cotel_baggage *changed = ct_baggage_list_build(&list);
    return changed ? changed : cotel_baggage_ref(baggage);
}

bool cotel_baggage_at(const cotel_baggage *baggage, size_t index, cotel_baggage_entry *out)
{
    if (index >= cotel_baggage_count(baggage))
        return false;
    if (out)
        *out = baggage->entries[index];
    return true;
}

bool cotel_baggage_get(const cotel_baggage *baggage, cotel_str name, cotel_baggage_entry *out)
{
    if (!baggage)
        return false;
    size_t at = find(baggage->entries, baggage->count, ct_str(name.data, name.size));
    return cotel_baggage_at(baggage, at, out);
}

size_t cotel_baggage_count(const cotel_baggage *baggage)
{
    return baggage ? baggage->count : 0;
}

cotel_baggage *cotel_baggage_ref(const cotel_baggage *baggage)
{
    /* Only the count is ever changed; all else is constant for whoever holds a reference. */
    cotel_baggage *counted = (cotel_baggage *)(uintptr_t)baggage;
    /* Relaxed: the caller has a reference, so nothing is to be ordered against. */
    if (counted)
        atomic_fetch_add_explicit(&counted->refs, 1, memory_order_relaxed);
    return counted;
}

void cotel_baggage_unref(const cotel_baggage *baggage)
{
    cotel_baggage *counted = (cotel_baggage *)(uintptr_t)baggage;
    /* Release, then acquire for the last one: every use by others is over before the free. */
    if (counted && atomic_fetch_sub_explicit(&counted->refs, 1, memory_order_acq_rel) == 1)
        free(counted);
}
