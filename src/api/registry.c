/* SPDX-License-Identifier: Apache-2.0 */
#include "api/registry.h"

#include <stdalign.h>
#include <stdlib.h>

#include "api/provider_slot.h"
#include "wire/scope.h"

void ct_registry_lock(struct ct_registry *registry)
{
    if (ct_fork_lock(&registry->lock))
        ct_provider_slot_mend(registry);
}

void ct_registry_unlock(struct ct_registry *registry)
{
    ct_fork_unlock(&registry->lock);
}

static struct ct_registered *find(const struct ct_registry *registry, const void *provider,
                                  const struct ct_scope *scope, uint32_t hash)
{
    struct ct_chain_link *link = ct_chains_first(&registry->chains, hash);
    for (; link; link = link->next) {
        struct ct_registered *one = (struct ct_registered *)link;
        if (link->hash == hash &&
            atomic_load_explicit(&one->provider, memory_order_relaxed) == provider &&
            ct_scope_equal(&one->scope, scope))
            return one;
    }
    return NULL;
}

static struct ct_registered *create(size_t size, void *provider, const struct ct_scope *scope)
{
    const size_t align = alignof(max_align_t);
    const size_t head = (size + align - 1) / align * align;
    char *block = calloc(1, head + ct_scope_copy_size(scope));
    if (!block)
        return NULL;

    struct ct_registered *one = (struct ct_registered *)(void *)block;
    atomic_init(&one->impl, NULL);
    atomic_init(&one->provider, provider);
    ct_scope_copy(scope, block + head, &one->scope);
    return one;
}

/* Under the lock. */
static struct ct_registered *add(struct ct_registry *registry, void *provider,
                                 const struct ct_scope *scope, uint32_t hash)
{
    if (registry->count >= CT_REGISTRY_MAX)
        return registry->shared;
    struct ct_registered *one = create(registry->kind->size, provider, scope);
    if (!one)
        return registry->shared;

    ct_provider_slot_bind(registry, one);
    ct_chains_add(&registry->chains, &one->link, hash);
    registry->count++;
    return one;
}

struct ct_registered *ct_registry_get(struct ct_registry *registry, void *provider,
                                      const struct ct_scope *scope)
{
    uint32_t hash = ct_scope_hash(scope);
    struct ct_registered *one = find(registry, provider, scope, hash);
    if (one)
        return one;

    ct_registry_lock(registry);
    one = find(registry, provider, scope, hash);
    if (!one)
        one = add(registry, provider, scope, hash);
    ct_registry_unlock(registry);
    return one;
}

void ct_registry_for_each(struct ct_registry *registry,
                          void (*each)(struct ct_registry *registry, struct ct_registered *one,
                                       void *user),
                          void *user)
{
    for (uint32_t i = 0; i < CT_CHAINS; i++) {
        struct ct_chain_link *link = ct_chains_first(&registry->chains, i);
        for (; link; link = link->next)
            each(registry, (struct ct_registered *)link, user);
    }
}
