/* SPDX-License-Identifier: Apache-2.0 */
/* The places of the process's meter providers. They are taken and given back whole. */
#include "sdk/metrics/meter.h"

#include <string.h>

static struct ct_meter_provider places[COTEL_MAX_METER_PROVIDERS];
static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;

/* Meters of providers that are gone: they stay mapped, and reachable for leak checkers. */
static struct ct_sdk_meter *former;

static bool is_taken(const struct ct_meter_provider *provider)
{
    return atomic_load_explicit(&provider->taken, memory_order_acquire);
}

static bool is_whole(const struct ct_meter_provider *provider)
{
    return atomic_load_explicit(&provider->whole, memory_order_acquire);
}

void ct_meter_provider_set_whole(struct ct_meter_provider *provider, bool whole)
{
    /* Sequentially consistent: what is freed afterwards is freed after it, for a child too. */
    atomic_store_explicit(&provider->whole, whole, memory_order_seq_cst);
}

struct ct_meter_provider *ct_meter_provider_take(void)
{
    struct ct_meter_provider *taken = NULL;
    (void)ct_fork_lock(&lock);
    for (size_t i = 0; i < COTEL_MAX_METER_PROVIDERS && taken == NULL; i++) {
        if (is_taken(&places[i]))
            continue;
        taken = &places[i];
        memset(taken, 0, sizeof *taken);
        ct_fork_lock_init(&taken->lock);
        atomic_store_explicit(&taken->shut_down, true, memory_order_relaxed);
        atomic_store_explicit(&taken->taken, true, memory_order_release);
    }
    ct_fork_unlock(&lock);
    return taken;
}

void ct_meter_provider_give(struct ct_meter_provider *provider)
{
    struct ct_sdk_meter *first = atomic_load_explicit(&provider->first, memory_order_relaxed);
    (void)ct_fork_lock(&lock);
    if (first != NULL) {
        atomic_store_explicit(&provider->last->next, former, memory_order_relaxed);
        former = first;
    }
    atomic_store_explicit(&provider->taken, false, memory_order_release);
    ct_fork_unlock(&lock);
}

bool ct_meter_provider_is_there(const struct ct_meter_provider *provider)
{
    return provider >= places && provider < places + COTEL_MAX_METER_PROVIDERS &&
           is_whole(provider);
}

void ct_meter_provider_for_each(void (*function)(struct ct_meter_provider *provider))
{
    (void)ct_fork_lock(&lock);
    for (size_t i = 0; i < COTEL_MAX_METER_PROVIDERS; i++) {
        if (is_whole(&places[i]))
            function(&places[i]);
    }
    ct_fork_unlock(&lock);
}
