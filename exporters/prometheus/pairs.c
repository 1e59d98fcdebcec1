/* SPDX-License-Identifier: Apache-2.0 */
#include "pairs.h"

#include <stdlib.h>

#include "value.h"

#define FIRST_CAPACITY 16

void ct_prom_pairs_fini(struct ct_prom_pairs *pairs)
{
    free(pairs->items);
    ct_prom_text_fini(&pairs->values);
    pairs->items = NULL;
    pairs->count = pairs->capacity = 0;
}

void ct_prom_pairs_clear(struct ct_prom_pairs *pairs)
{
    pairs->count = 0;
    pairs->failed = false;
    ct_prom_text_clear(&pairs->values);
}

static bool grow(struct ct_prom_pairs *pairs)
{
    size_t capacity = pairs->capacity ? pairs->capacity * 2 : FIRST_CAPACITY;
    struct ct_prom_pair *items = realloc(pairs->items, capacity * sizeof *items);
    if (!items) {
        pairs->failed = true;
        return false;
    }
    pairs->items = items;
    pairs->capacity = capacity;
    return true;
}

void ct_prom_pairs_add(struct ct_prom_pairs *pairs, cotel_str key, cotel_str value)
{
    if (key.size == 0 || (pairs->count == pairs->capacity && !grow(pairs)))
        return;
    pairs->items[pairs->count++] = (struct ct_prom_pair){key, value};
}

/* Adds one whose value is what `values` has got since `begin`; where it is stays open until all
 * are there, since they may move. */
static void add_made(struct ct_prom_pairs *pairs, cotel_str key, size_t begin)
{
    ct_prom_pairs_add(pairs, key, cotel_str_n(NULL, pairs->values.size - begin));
}

/* They stand in `values` in the order of the pairs. */
static void place_made(struct ct_prom_pairs *pairs)
{
    size_t at = 0;
    for (size_t i = 0; i < pairs->count && at < pairs->values.size; i++) {
        struct ct_prom_pair *pair = &pairs->items[i];
        if (pair->value.data || pair->value.size == 0)
            continue;
        pair->value.data = pairs->values.data + at;
        at += pair->value.size;
    }
    pairs->failed = pairs->failed || pairs->values.failed;
}

void ct_prom_pairs_read(struct ct_prom_pairs *pairs, cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    ct_prom_pairs_clear(pairs);
    while (cotel_iterator_next_attribute(&attributes, &attribute)) {
        if (attribute.value.type == COTEL_VALUE_STRING) {
            ct_prom_pairs_add(pairs, attribute.key, attribute.value.text);
        } else if (attribute.key.size > 0) {
            size_t begin = pairs->values.size;
            ct_prom_value_view_put(&pairs->values, &attribute.value);
            add_made(pairs, attribute.key, begin);
        }
    }
    place_made(pairs);
}

void ct_prom_pairs_read_plain(struct ct_prom_pairs *pairs, const cotel_attribute *attributes,
                              size_t count)
{
    ct_prom_pairs_clear(pairs);
    for (size_t i = 0; i < count; i++) {
        const cotel_attribute *attribute = &attributes[i];
        if (attribute->key.size == 0)
            continue;
        size_t begin = pairs->values.size;
        ct_prom_value_put(&pairs->values, &attribute->value);
        add_made(pairs, attribute->key, begin);
    }
    place_made(pairs);
}
