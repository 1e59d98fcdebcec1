/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api/context_values.h"

struct named_key {
    cotel_context_key key;
    struct named_key *older;
    char name[];
};

static _Atomic uint32_t keys_made;

/* Nobody walks this list. It shows leak checkers that keys are meant to stay, also those of a
 * plug-in that was unloaded together with the static that it kept one in. */
static _Atomic(struct named_key *) newest;

/* Relaxed, both: only the number matters. */
static void give_back(void)
{
    atomic_fetch_sub_explicit(&keys_made, 1, memory_order_relaxed);
}

static bool reserve(void)
{
    if (atomic_fetch_add_explicit(&keys_made, 1, memory_order_relaxed) < COTEL_CONTEXT_MAX_KEYS)
        return true;
    give_back();
    return false;
}

static struct named_key *create(const char *name)
{
    size_t size = name ? strlen(name) : 0;
    struct named_key *named = malloc(sizeof *named + size + 1);
    if (!named)
        return NULL;
    if (size > 0)
        memcpy(named->name, name, size);
    named->name[size] = '\0';
    named->key.name = named->name;
    return named;
}

const cotel_context_key *cotel_context_key_create(const char *name)
{
    if (!reserve())
        return NULL;
    struct named_key *named = create(name);
    if (!named) {
        give_back();
        return NULL;
    }
    /* Relaxed: nobody reads what it points to. */
    named->older = atomic_exchange_explicit(&newest, named, memory_order_relaxed);
    return &named->key;
}

const char *cotel_context_key_name(const cotel_context_key *key)
{
    return key ? key->name : "";
}
