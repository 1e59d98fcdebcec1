/* SPDX-License-Identifier: Apache-2.0 */
/* The hash is the text as a polynomial, at a random place, modulo a prime: two texts have the same
 * for hardly any place, however they were chosen. */
#include "metrics/keys.h"

#include "metrics/exposition.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>

enum { FIRST_CAPACITY = 64 };

#define PRIME ((UINT64_C(1) << 61) - 1)

__extension__ typedef unsigned __int128 wide;

struct ct_key {
    struct ct_text text; /* without data: nothing is here */
    uint64_t hash;
    size_t number;
};

static uint64_t times(uint64_t left, uint64_t right)
{
    wide product = (wide)left * right;
    uint64_t folded = (uint64_t)(product & PRIME) + (uint64_t)(product >> 61);

    return folded >= PRIME ? folded - PRIME : folded;
}

static uint64_t hash_of(const struct ct_keys *keys, struct ct_text text)
{
    uint64_t hash = text.size + 1;

    for (size_t i = 0; i < text.size; i++)
        hash = times(hash, keys->secret) + (unsigned char)text.data[i] + 1;
    return times(hash, keys->secret);
}

/* Where the text is, or would be. There is always a free place. */
static struct ct_key *slot_of(const struct ct_keys *keys, struct ct_text text, uint64_t hash)
{
    size_t at = hash & (keys->capacity - 1);

    while (keys->slots[at].text.data &&
           (keys->slots[at].hash != hash || !ct_text_is_same(keys->slots[at].text, text)))
        at = (at + 1) & (keys->capacity - 1);
    return &keys->slots[at];
}

/* Without random numbers it is a table like any other. */
static void choose_secret(struct ct_keys *keys)
{
    if (getrandom(&keys->secret, sizeof(keys->secret), GRND_NONBLOCK) != sizeof(keys->secret))
        keys->secret = UINT64_C(0x9E3779B97F4A7C15);
    keys->secret = keys->secret % (PRIME - 1) + 1;
}

static bool grow(struct ct_keys *keys)
{
    struct ct_keys grown = *keys;

    if (!keys->capacity)
        choose_secret(&grown);
    grown.capacity = keys->capacity ? 2 * keys->capacity : FIRST_CAPACITY;
    grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < keys->capacity; i++)
        if (keys->slots[i].text.data)
            *slot_of(&grown, keys->slots[i].text, keys->slots[i].hash) = keys->slots[i];
    free(keys->slots);
    *keys = grown;
    return true;
}

size_t *ct_keys_put(struct ct_keys *keys, struct ct_text text, size_t fresh)
{
    if (2 * (keys->count + 1) > keys->capacity && !grow(keys))
        return NULL;
    if (!text.data)
        text.data = "";
    uint64_t hash = hash_of(keys, text);
    struct ct_key *slot = slot_of(keys, text, hash);
    if (!slot->text.data) {
        *slot = (struct ct_key){text, hash, fresh};
        keys->count++;
    }
    return &slot->number;
}

const size_t *ct_keys_find(const struct ct_keys *keys, struct ct_text text)
{
    if (!keys->capacity)
        return NULL;
    const struct ct_key *slot = slot_of(keys, text, hash_of(keys, text));
    return slot->text.data ? &slot->number : NULL;
}

void ct_keys_fini(struct ct_keys *keys)
{
    free(keys->slots);
    *keys = (struct ct_keys){0};
}
