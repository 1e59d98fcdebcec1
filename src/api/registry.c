/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table with a fixed number of chains. A tracer is complete before a release store puts it
 * at the head of its chain, so the table is consistent at every moment: for readers without a
 * lock, and for a child that was forked while another thread was adding. */
#include "api/registry.h"

#include <stdalign.h>
#include <stdlib.h>

#include "api/provider_slot.h"
#include "base/fork.h"
#include "wire/scope.h"

#define CHAINS 4096 /* a power of two */

static _Atomic(cotel_tracer *) chains[CHAINS];
static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static size_t tracer_count; /* under the lock */

/* Given out when there can be no other. */
static cotel_tracer shared_tracer;

void ct_registry_lock(void)
{
    if (ct_fork_lock(&lock))
        ct_provider_slot_mend();
}

void ct_registry_unlock(void)
{
    ct_fork_unlock(&lock);
}

static _Atomic(cotel_tracer *) *chain_of(uint32_t hash)
{
    return &chains[hash % CHAINS];
}

static cotel_tracer *find(const cotel_tracer_provider *provider, const struct ct_scope *scope,
                          uint32_t hash)
{
    /* Acquire pairs with the release in add(): the whole chain behind the head is complete. */
    cotel_tracer *tracer = atomic_load_explicit(chain_of(hash), memory_order_acquire);
    for (; tracer; tracer = tracer->next) {
        if (tracer->hash == hash &&
            atomic_load_explicit(&tracer->provider, memory_order_relaxed) == provider &&
            ct_scope_equal(&tracer->scope, scope))
            return tracer;
    }
    return NULL;
}

static cotel_tracer *tracer_create(cotel_tracer_provider *provider, const struct ct_scope *scope,
                                   uint32_t hash)
{
    const size_t align = alignof(max_align_t);
    const size_t head = (sizeof(cotel_tracer) + align - 1) / align * align;
    char *block = calloc(1, head + ct_scope_copy_size(scope));
    if (!block)
        return NULL;

    cotel_tracer *tracer = (cotel_tracer *)(void *)block;
    atomic_init(&tracer->impl, NULL);
    atomic_init(&tracer->provider, provider);
    tracer->hash = hash;
    ct_scope_copy(scope, block + head, &tracer->scope);
    return tracer;
}

/* Under the lock. */
static cotel_tracer *add(cotel_tracer_provider *provider, const struct ct_scope *scope,
                         uint32_t hash)
{
    if (tracer_count >= CT_REGISTRY_MAX_TRACERS)
        return &shared_tracer;
    cotel_tracer *tracer = tracer_create(provider, scope, hash);
    if (!tracer)
        return &shared_tracer;

    ct_provider_slot_bind(tracer);
    /* Relaxed: only holders of the lock write. Release: see find(). */
    tracer->next = atomic_load_explicit(chain_of(hash), memory_order_relaxed);
    atomic_store_explicit(chain_of(hash), tracer, memory_order_release);
    tracer_count++;
    return tracer;
}

cotel_tracer *ct_registry_get(cotel_tracer_provider *provider, const struct ct_scope *scope)
{
    uint32_t hash = ct_scope_hash(scope);
    cotel_tracer *tracer = find(provider, scope, hash);
    if (tracer)
        return tracer;

    ct_registry_lock();
    tracer = find(provider, scope, hash);
    if (!tracer)
        tracer = add(provider, scope, hash);
    ct_registry_unlock();
    return tracer;
}

void ct_registry_for_each(void (*each)(cotel_tracer *tracer, void *user), void *user)
{
    for (size_t i = 0; i < CHAINS; i++) {
        /* Relaxed: only holders of the lock write. */
        cotel_tracer *tracer = atomic_load_explicit(&chains[i], memory_order_relaxed);
        for (; tracer; tracer = tracer->next)
            each(tracer, user);
    }
}
