/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "api/context_values.h"

static _Atomic uint32_t keys_made;

/* Relaxed, both: only the number matters. */
static bool reserve(void)
{
    if (atomic_fetch_add_explicit(&keys_made, 1, memory_order_relaxed) < COTEL_CONTEXT_MAX_KEYS)
        return true;
    atomic_fetch_sub_explicit(&keys_made, 1, memory_order_relaxed);
    return false;
}

const cotel_context_key *cotel_context_key_create(const char *name)
{
    struct named_key {
        cotel_context_key key;
        char name[];
    };

    if (!reserve())
        return NULL;
    size_t size = name ? strlen(name) : 0;
    struct named_key *named = malloc(sizeof *named + size + 1);
    if (!named) {
        atomic_fetch_sub_explicit(&keys_made, 1, memory_order_relaxed);
        return NULL;
    }
    if (size > 0)
        memcpy(named->name, name, size);
    named->name[size] = '\0';
    named->key.name = named->name;
    return &named->key;
}

const char *cotel_context_key_name(const cotel_context_key *key)
{
    return key ? key->name : "";
}
