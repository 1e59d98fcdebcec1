/* SPDX-License-Identifier: Apache-2.0 */
#include "api/provider_slot.h"

#include "api/registry.h"
#include "base/sized.h"

static _Atomic(cotel_tracer_provider *) global_provider;

/* Under the registry's lock: whether tracers are being bound anew. */
static bool rebinding;

/* Stands in tracers for a provider that is gone: a later one at the same address is another. */
static cotel_tracer_provider forgotten;

cotel_tracer_provider *cotel_tracer_provider_global(void)
{
    /* Acquire pairs with the release in cotel_tracer_provider_set_global(). */
    return atomic_load_explicit(&global_provider, memory_order_acquire);
}

/* Asks a provider, unless it was the last one to be asked. */
static struct ct_tracer_impl *ask(cotel_tracer *tracer, cotel_tracer_provider *provider)
{
    if (!provider || !CT_REACHES(provider->ops, get_tracer))
        return NULL;
    if (tracer->asked != provider) {
        tracer->answer = provider->ops->get_tracer(provider, &tracer->scope);
        tracer->asked = provider;
    }
    return tracer->answer;
}

static void bind_to(cotel_tracer *tracer, cotel_tracer_provider *provider)
{
    /* Release pairs with ct_tracer_impl(): the SDK's tracer is complete for those who find it. */
    atomic_store_explicit(&tracer->impl, ask(tracer, provider), memory_order_release);
}

static cotel_tracer_provider *own_provider(const cotel_tracer *tracer)
{
    /* Relaxed: written under the lock that is held. */
    return atomic_load_explicit(&tracer->provider, memory_order_relaxed);
}

void ct_provider_slot_bind(cotel_tracer *tracer)
{
    cotel_tracer_provider *own = own_provider(tracer);
    bind_to(tracer, own ? own : cotel_tracer_provider_global());
}

static void follow_global(cotel_tracer *tracer, void *provider)
{
    if (!own_provider(tracer))
        bind_to(tracer, provider);
}

static void rebind_all(void)
{
    rebinding = true;
    ct_registry_for_each(follow_global, cotel_tracer_provider_global());
    rebinding = false;
}

void ct_provider_slot_mend(void)
{
    if (rebinding)
        rebind_all();
}

void cotel_tracer_provider_set_global(cotel_tracer_provider *provider)
{
    ct_registry_lock();
    rebinding = true; /* from here on, a child has to finish it */
    /* Release: whoever reads the pointer finds the provider complete. */
    atomic_store_explicit(&global_provider, provider, memory_order_release);
    rebind_all();
    ct_registry_unlock();
}

static void forget(cotel_tracer *tracer, void *provider)
{
    if (tracer->asked == provider) {
        tracer->asked = NULL;
        tracer->answer = NULL;
    }
    if (own_provider(tracer) != provider)
        return;
    /* Relaxed, both: they take away, and publish nothing. */
    atomic_store_explicit(&tracer->provider, &forgotten, memory_order_relaxed);
    atomic_store_explicit(&tracer->impl, NULL, memory_order_relaxed);
}

void cotel_tracer_provider_forget(cotel_tracer_provider *provider)
{
    if (!provider)
        return;
    ct_registry_lock();
    ct_registry_for_each(forget, provider);
    if (cotel_tracer_provider_global() == provider) {
        rebinding = true;
        atomic_store_explicit(&global_provider, NULL, memory_order_release);
        rebind_all();
    }
    ct_registry_unlock();
}
