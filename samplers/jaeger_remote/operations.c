/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/operations.h"

#include <assert.h>
#include <stdlib.h>

/* FNV-1a. Not seeded: the table is bounded, so names that were chosen to collide cost a bounded
 * time each. */
#define HASH_START UINT32_C(2166136261)
#define HASH_PRIME UINT32_C(16777619)

static uint32_t hash_of(cotel_str name)
{
    uint32_t hash = HASH_START;
    for (size_t i = 0; i < name.size; i++)
        hash = (hash ^ (unsigned char)name.data[i]) * HASH_PRIME;
    return hash;
}

static bool is_named(const struct ct_jaeger_rule *rule, uint32_t hash, cotel_str name)
{
    if (rule->hash != hash || rule->name_size != name.size)
        return false;
    return name.size == 0 || memcmp(rule->name, name.data, name.size) == 0;
}

bool ct_jaeger_operations_init(struct ct_jaeger_operations *operations, size_t most)
{
    size_t slot_count = 4;
    while (slot_count < 2 * most)
        slot_count *= 2;
    *operations = (struct ct_jaeger_operations){.most = most};
    operations->slots = calloc(slot_count, sizeof *operations->slots);
    if (operations->slots == NULL)
        return false;
    operations->slot_count = slot_count;
    return true;
}

void ct_jaeger_operations_fini(struct ct_jaeger_operations *operations)
{
    for (size_t i = 0; i < operations->slot_count; i++)
        free(atomic_load_explicit(&operations->slots[i], memory_order_relaxed));
    free(operations->slots);
    *operations = (struct ct_jaeger_operations){.most = 0};
}

/* The name's rule; NULL: it is not there, and *empty is where it would be. Acquire: pairs with the
 * release in add(), so that a rule that is seen is seen whole. */
static struct ct_jaeger_rule *look(const struct ct_jaeger_operations *operations, uint32_t hash,
                                   cotel_str name, _Atomic(struct ct_jaeger_rule *) **empty)
{
    for (size_t i = hash;; i++) {
        *empty = &operations->slots[i & (operations->slot_count - 1)];
        struct ct_jaeger_rule *rule = atomic_load_explicit(*empty, memory_order_acquire);
        if (rule == NULL || is_named(rule, hash, name))
            return rule;
    }
}

struct ct_jaeger_rule *ct_jaeger_operations_find(const struct ct_jaeger_operations *operations,
                                                 cotel_str name)
{
    _Atomic(struct ct_jaeger_rule *) *empty;
    return operations->slot_count > 0 ? look(operations, hash_of(name), name, &empty) : NULL;
}

struct ct_jaeger_rule *ct_jaeger_operations_at(const struct ct_jaeger_operations *operations,
                                               size_t slot)
{
    return atomic_load_explicit(&operations->slots[slot], memory_order_acquire);
}

struct ct_jaeger_rule *ct_jaeger_rule_create(cotel_str name)
{
    struct ct_jaeger_rule *rule = calloc(1, sizeof *rule + name.size);
    if (rule == NULL)
        return NULL;
    rule->hash = hash_of(name);
    rule->name_size = name.size;
    if (name.size > 0)
        memcpy(rule->name, name.data, name.size);
    return rule;
}

bool ct_jaeger_operations_are_full(const struct ct_jaeger_operations *operations)
{
    return atomic_load_explicit(&operations->count, memory_order_relaxed) >= operations->most;
}

/* A place for one more, so that no more slots are ever taken than the table was made for. */
static bool reserve(struct ct_jaeger_operations *operations)
{
    if (ct_jaeger_operations_are_full(operations))
        return false;
    if (atomic_fetch_add_explicit(&operations->count, 1, memory_order_relaxed) < operations->most)
        return true;
    atomic_fetch_sub_explicit(&operations->count, 1, memory_order_relaxed);
    return false;
}

struct ct_jaeger_rule *ct_jaeger_operations_add(struct ct_jaeger_operations *operations,
                                                struct ct_jaeger_rule *rule)
{
    const cotel_str name = {rule->name, rule->name_size};
    if (!reserve(operations)) {
        free(rule);
        return NULL;
    }
    for (;;) {
        _Atomic(struct ct_jaeger_rule *) *empty;
        struct ct_jaeger_rule *there = look(operations, rule->hash, name, &empty);
        if (there != NULL) {
            atomic_fetch_sub_explicit(&operations->count, 1, memory_order_relaxed);
            free(rule);
            return there;
        }
        /* If somebody was quicker, with this name or another: look again from there. */
        if (atomic_compare_exchange_strong_explicit(empty, &there, rule, memory_order_release,
                                                    memory_order_relaxed))
            return rule;
    }
}
