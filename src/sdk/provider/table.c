/* SPDX-License-Identifier: Apache-2.0 */
/* The places of the process's providers. */
#include "sdk/provider/table.h"

static struct ct_provider places[COTEL_MAX_PROVIDERS];
static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static uint64_t last_serial;

/* Places are only ever taken and given back whole, so a fork finds them right at any moment. */
static void lock_places(void)
{
    (void)ct_fork_lock(&lock);
}

static uint64_t serial_of(const struct ct_provider *provider)
{
    return atomic_load_explicit(&provider->serial, memory_order_relaxed);
}

struct ct_provider *ct_provider_table_take(void)
{
    struct ct_provider *taken = NULL;
    lock_places();
    for (uint32_t i = 0; i < COTEL_MAX_PROVIDERS && taken == NULL; i++) {
        if (serial_of(&places[i]) != 0)
            continue;
        taken = &places[i];
        if (taken->index != i) /* written once: tracers of earlier providers may read it */
            taken->index = i;
        atomic_store_explicit(&taken->shut_down, true, memory_order_relaxed);
        atomic_store_explicit(&taken->serial, ++last_serial, memory_order_relaxed);
    }
    ct_fork_unlock(&lock);
    return taken;
}

void ct_provider_table_give(struct ct_provider *provider)
{
    lock_places();
    atomic_store_explicit(&provider->serial, 0, memory_order_relaxed);
    ct_fork_unlock(&lock);
}

bool ct_provider_table_has(const struct ct_provider *provider)
{
    return provider >= places && provider < places + COTEL_MAX_PROVIDERS &&
           serial_of(provider) != 0;
}

void ct_provider_for_each(void (*function)(struct ct_provider *provider))
{
    lock_places();
    for (size_t i = 0; i < COTEL_MAX_PROVIDERS; i++) {
        if (serial_of(&places[i]) != 0)
            function(&places[i]);
    }
    ct_fork_unlock(&lock);
}
