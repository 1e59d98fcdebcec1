/* SPDX-License-Identifier: Apache-2.0 */
#include "index.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

void ct_prom_index_fini(struct ct_prom_index *index)
{
    free(index->entries);
    *index = (struct ct_prom_index){NULL, 0, 0, 0};
}

static void make_free(struct ct_prom_index *index)
{
    if (index->used > 0)
        memset(index->entries, 0, index->used * sizeof *index->entries);
    index->count = 0;
}

/* The first power of two that has twice as many places. */
static size_t places_for(size_t expected)
{
    size_t places = FIRST_CAPACITY;
    while (places / 2 < expected)
        places *= 2;
    return places;
}

/* A family of one series does not pay for one of ten thousand that came before it: no more of the
 * memory is used, and cleared, than is expected to be needed. */
void ct_prom_index_clear(struct ct_prom_index *index, size_t expected)
{
    size_t places = places_for(expected);
    if (index->capacity < places) {
        free(index->entries);
        index->entries = malloc(places * sizeof *index->entries);
        index->capacity = index->entries ? places : 0; /* without memory, adding will fail */
    }
    index->used = index->capacity < places ? index->capacity : places;
    make_free(index);
}

__extension__ typedef unsigned __int128 wide;

#define WORD sizeof(uint64_t)

static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);

/* Mixes two words in: one multiplication for both, whose halves are folded. */
static uint64_t mixed(uint64_t hash, uint64_t one, uint64_t other)
{
    wide product = (wide)(hash ^ one) * (other ^ odd);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The length is mixed in, so that zeros at the end count. That two texts may have one hash does no
 * harm: they are compared. */
static uint32_t hash_of(cotel_str text)
{
    uint64_t hash = ~odd ^ text.size, words[2];
    const char *at = text.data;
    size_t left = text.size;
    for (; left >= 2 * WORD; at += 2 * WORD, left -= 2 * WORD) {
        memcpy(words, at, sizeof words);
        hash = mixed(hash, words[0], words[1]);
    }
    memset(words, 0, sizeof words);
    if (left > 0)
        memcpy(words, at, left);
    hash = mixed(hash, words[0], words[1]);
    return (uint32_t)(mixed(hash, 0, text.size) >> 32);
}

static bool equals(const struct ct_prom_index_entry *entry, const struct ct_prom_text *texts,
                   cotel_str text, uint32_t hash)
{
    return entry->hash == hash && entry->size == text.size &&
           memcmp(texts->data + entry->offset, text.data, text.size) == 0;
}

/* The entry of an equal text, or the free one where it belongs. */
static struct ct_prom_index_entry *entry_of(const struct ct_prom_index *index,
                                            const struct ct_prom_text *texts, cotel_str text,
                                            uint64_t hash)
{
    size_t mask = index->used - 1;
    size_t at = hash & mask;
    while (index->entries[at].number != 0 && !equals(&index->entries[at], texts, text, hash))
        at = (at + 1) & mask;
    return &index->entries[at];
}

uint32_t ct_prom_index_find(const struct ct_prom_index *index, const struct ct_prom_text *texts,
                            cotel_str text)
{
    return index->used == 0 ? CT_PROM_NOT_FOUND
                            : entry_of(index, texts, text, hash_of(text))->number - 1;
}

/* Puts entries where they belong among twice as many. */
static void move_over(struct ct_prom_index *index, const struct ct_prom_index_entry *from,
                      size_t count)
{
    size_t mask = index->used - 1;
    for (size_t i = 0; i < count; i++) {
        if (from[i].number == 0)
            continue;
        size_t at = from[i].hash & mask;
        while (index->entries[at].number != 0)
            at = (at + 1) & mask;
        index->entries[at] = from[i];
        index->count++;
    }
}

static bool grow(struct ct_prom_index *index)
{
    struct ct_prom_index grown = {NULL, 0, index->used ? index->used * 2 : FIRST_CAPACITY, 0};
    grown.capacity = grown.used > index->capacity ? grown.used : index->capacity;
    grown.entries = calloc(grown.capacity, sizeof *grown.entries);
    if (!grown.entries)
        return false;
    move_over(&grown, index->entries, index->used);
    free(index->entries);
    *index = grown;
    return true;
}

uint32_t ct_prom_index_add(struct ct_prom_index *index, const struct ct_prom_text *texts,
                           size_t offset, size_t size, uint32_t value)
{
    if (size > UINT32_MAX || offset > UINT32_MAX ||
        (index->count >= index->used / 2 && !grow(index)))
        return CT_PROM_NOT_FOUND;
    cotel_str text = cotel_str_n(texts->data + offset, size);
    uint32_t hash = hash_of(text);
    struct ct_prom_index_entry *entry = entry_of(index, texts, text, hash);
    if (entry->number != 0)
        return entry->number - 1;
    *entry = (struct ct_prom_index_entry){hash, (uint32_t)offset, (uint32_t)size, value + 1};
    index->count++;
    return value;
}
