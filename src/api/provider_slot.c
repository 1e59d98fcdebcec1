/* SPDX-License-Identifier: Apache-2.0 */
#include "api/provider_slot.h"

/* Stands for a provider that is gone: a later one at the same address is another. */
static char forgotten;

void *ct_provider_slot_global(const struct ct_registry *registry)
{
    /* Acquire pairs with the release in set_global(). */
    return atomic_load_explicit(&registry->global, memory_order_acquire);
}

/* Asks a provider, unless it was the last one to be asked. */
static void *ask(const struct ct_registry *registry, struct ct_registered *one, void *provider)
{
    if (!provider)
        return NULL;
    if (one->asked != provider) {
        one->answer = registry->kind->ask(provider, &one->scope);
        one->asked = provider;
    }
    return one->answer;
}

static void bind_to(const struct ct_registry *registry, struct ct_registered *one, void *provider)
{
    /* Release pairs with the acquire of who uses it: the SDK's object is complete. */
    atomic_store_explicit(&one->impl, ask(registry, one, provider), memory_order_release);
    if (registry->kind->bound)
        registry->kind->bound(one, provider);
}

static void *own_provider(const struct ct_registered *one)
{
    /* Relaxed: written under the lock that is held. */
    return atomic_load_explicit(&one->provider, memory_order_relaxed);
}

void *ct_provider_slot_of(const struct ct_registry *registry, const struct ct_registered *one)
{
    void *own = own_provider(one);
    if (own == &forgotten)
        return NULL;
    return own ? own : ct_provider_slot_global(registry);
}

void ct_provider_slot_bind(struct ct_registry *registry, struct ct_registered *one)
{
    bind_to(registry, one, ct_provider_slot_of(registry, one));
}

static void follow_global(struct ct_registry *registry, struct ct_registered *one, void *provider)
{
    if (!own_provider(one))
        bind_to(registry, one, provider);
}

static void rebind_all(struct ct_registry *registry)
{
    registry->rebinding = true;
    ct_registry_for_each(registry, follow_global, ct_provider_slot_global(registry));
    registry->rebinding = false;
}

static void mend_one(struct ct_registry *registry, struct ct_registered *one, void *unused)
{
    (void)unused;
    registry->kind->mend(one);
}

void ct_provider_slot_mend(struct ct_registry *registry)
{
    if (registry->kind->mend)
        ct_registry_for_each(registry, mend_one, NULL);
    if (registry->rebinding)
        rebind_all(registry);
}

/* Under the lock. */
static void change_global(struct ct_registry *registry, void *provider)
{
    registry->rebinding = true; /* from here on, a child has to finish it */
    /* Release: whoever reads the pointer finds the provider complete. */
    atomic_store_explicit(&registry->global, provider, memory_order_release);
    rebind_all(registry);
}

void ct_provider_slot_set_global(struct ct_registry *registry, void *provider)
{
    ct_registry_lock(registry);
    change_global(registry, provider);
    ct_registry_unlock(registry);
}

static void forget(struct ct_registry *registry, struct ct_registered *one, void *provider)
{
    if (one->asked == provider) {
        one->asked = NULL;
        one->answer = NULL;
    }
    if (registry->kind->forget)
        registry->kind->forget(one, provider);
    if (own_provider(one) != provider)
        return;
    /* Relaxed: it takes away, and publishes nothing. */
    atomic_store_explicit(&one->provider, &forgotten, memory_order_relaxed);
    bind_to(registry, one, NULL);
}

void ct_provider_slot_forget(struct ct_registry *registry, void *provider)
{
    if (!provider)
        return;
    ct_registry_lock(registry);
    ct_registry_for_each(registry, forget, provider);
    if (ct_provider_slot_global(registry) == provider)
        change_global(registry, NULL);
    ct_registry_unlock(registry);
}
