/* SPDX-License-Identifier: Apache-2.0 */
/* A table with open addressing, at most a quarter full, and the text of the keys behind it. What is
 * looked up comes from strangers, what is in it from the program's owner: no key of a stranger's
 * makes the rows of the others longer. */
#include "sdk/metrics/view/key_filter.h"

#include <stdlib.h>

#include "base/hash.h"
#include "wire/str.h"

struct entry {
    const char *data; /* NULL: free */
    uint32_t size;
    uint32_t hash;
};

struct ct_key_filter {
    enum ct_key_filter_mode mode;
    size_t mask;  /* entries, a power of two, less one */
    size_t count; /* different keys */
    struct entry entries[];
};

static size_t entries_for(size_t count)
{
    size_t entries = 2;
    while (entries < 4 * count)
        entries *= 2;
    return entries;
}

static inline bool is_key(const struct entry *entry, uint32_t hash, cotel_str key)
{
    return entry->hash == hash && entry->size == key.size &&
           (key.size == 0 || memcmp(entry->data, key.data, key.size) == 0);
}

/* The place of a key that is in the table, or else the free one that it would have. */
static inline size_t place_of(const struct ct_key_filter *filter, uint32_t hash, cotel_str key)
{
    size_t at = hash & filter->mask;
    while (filter->entries[at].data && !is_key(&filter->entries[at], hash, key))
        at = (at + 1) & filter->mask;
    return at;
}

static inline bool is_listed(const struct ct_key_filter *filter, cotel_str key)
{
    return filter->entries[place_of(filter, ct_hash(key.data, key.size), key)].data;
}

bool ct_key_filter_keeps(const struct ct_key_filter *filter, cotel_str key)
{
    return !filter || is_listed(filter, key) == (filter->mode == CT_KEYS_ONLY_LISTED);
}

/* Returns where the next key's text goes. */
static char *add(struct ct_key_filter *filter, cotel_str key, char *text)
{
    uint32_t hash = ct_hash(key.data, key.size);
    struct entry *entry = &filter->entries[place_of(filter, hash, key)];
    if (entry->data)
        return text;
    if (key.size > 0)
        memcpy(text, key.data, key.size);
    *entry = (struct entry){text, (uint32_t)key.size, hash};
    filter->count++;
    return text + key.size;
}

static size_t size_of_text(const cotel_str *keys, size_t count)
{
    size_t size = 1; /* so that the text of an empty key is somewhere too */
    for (size_t i = 0; i < count; i++)
        size += keys[i].size;
    return size;
}

struct ct_key_filter *ct_key_filter_create(enum ct_key_filter_mode mode, const cotel_str *keys,
                                           size_t count)
{
    size_t entries = entries_for(count);
    size_t text_size = size_of_text(keys, count);
    struct ct_key_filter *filter =
        calloc(1, sizeof *filter + entries * sizeof filter->entries[0] + text_size);
    if (!filter)
        return NULL;
    filter->mode = mode;
    filter->mask = entries - 1;
    char *text = (char *)&filter->entries[entries];
    for (size_t i = 0; i < count; i++)
        text = add(filter, keys[i], text);
    return filter;
}

void ct_key_filter_destroy(struct ct_key_filter *filter)
{
    free(filter);
}

/* Appends the keys of a filter that all of `others` keep. */
static size_t append_kept(const struct ct_key_filter *filter,
                          const struct ct_key_filter *const *others, size_t count, cotel_str *keys)
{
    size_t appended = 0;
    for (size_t at = 0; at <= filter->mask; at++) {
        cotel_str key = {filter->entries[at].data, filter->entries[at].size};
        bool kept = key.data != NULL;
        for (size_t i = 0; kept && i < count; i++)
            kept = ct_key_filter_keeps(others[i], key);
        if (kept)
            keys[appended++] = key;
    }
    return appended;
}

static const struct ct_key_filter *first_allow_list(const struct ct_key_filter *const *filters,
                                                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (filters[i]->mode == CT_KEYS_ONLY_LISTED)
            return filters[i];
    }
    return NULL;
}

/* The keys that the filter of all lists: of an allow-list what the others leave of it, or else all
 * that any one excludes. */
static size_t collect_keys(const struct ct_key_filter *const *filters, size_t count,
                           const struct ct_key_filter *allowed, cotel_str *keys)
{
    size_t collected = 0;
    if (allowed)
        return append_kept(allowed, filters, count, keys);
    for (size_t i = 0; i < count; i++)
        collected += append_kept(filters[i], NULL, 0, keys + collected);
    return collected;
}

struct ct_key_filter *ct_key_filter_all_of(const struct ct_key_filter *const *filters, size_t count)
{
    const struct ct_key_filter *allowed = first_allow_list(filters, count);
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most += filters[i]->count;
    cotel_str *keys = malloc(most * sizeof *keys);
    if (!keys)
        return NULL;
    size_t key_count = collect_keys(filters, count, allowed, keys);
    struct ct_key_filter *all = ct_key_filter_create(
        allowed ? CT_KEYS_ONLY_LISTED : CT_KEYS_ALL_BUT_LISTED, keys, key_count);
    free(keys);
    return all;
}

bool ct_key_filter_equal(const struct ct_key_filter *a, const struct ct_key_filter *b)
{
    if (a->mode != b->mode || a->count != b->count)
        return false;
    for (size_t at = 0; at <= a->mask; at++) {
        const struct entry *entry = &a->entries[at];
        if (entry->data && !is_listed(b, cotel_str_n(entry->data, entry->size)))
            return false;
    }
    return true;
}
