/* SPDX-License-Identifier: Apache-2.0 */
/* The provider from inside. Providers stand in a fixed table, so that a tracer or a span that is
 * older than its provider's end still points to one; a place is used by one provider after another,
 * and `serial` tells them apart. */
#ifndef COTEL_SRC_SDK_PROVIDER_PROVIDER_H
#define COTEL_SRC_SDK_PROVIDER_PROVIDER_H

#include <cotel/sdk/provider.h>
#include <cotel/sdk/stats.h>

#include "api/provider.h"
#include "sdk/thread.h"
#include "sdk/trace/live_memory.h"

#define CT_ASK_SAMPLER (-1)

struct ct_provider {
    struct cotel_tracer_provider base;
    uint32_t index;
    _Atomic uint64_t serial; /* of the provider that has the place; 0: nobody. Never comes back */
    _Atomic bool shut_down;
    cotel_worker_mode worker;
    cotel_resource *resource; /* replaced in a forked child, before anybody uses it there */
    cotel_sampler *sampler;
    /* By cotel_parent_state: what the sampler always says then, or CT_ASK_SAMPLER. */
    int8_t fixed_decision[COTEL_PARENT_STATES];
    /* The empty context and its span: a root span's. */
    const cotel_context *no_context;
    const cotel_span *no_parent;
    cotel_id_generator *id_generator; /* NULL: random */
    cotel_span_limits limits;
    struct ct_live_memory memory;
    cotel_runtime *runtime;
    /* Only ever appended to, so readers need no lock: the count is released behind the entry. */
    _Atomic size_t processor_count;
    _Atomic bool has_on_start; /* some processor does; likewise */
    _Atomic bool has_on_ending;
    cotel_span_processor *processors[COTEL_PROVIDER_MAX_PROCESSORS];
};

/* Whether a span or tracer with this serial may still give anything to the provider. */
static inline bool ct_provider_is_up(const struct ct_provider *provider, uint64_t serial)
{
    /* In this order: who reads that a later provider of the place is up reads its serial too. */
    return !atomic_load_explicit(&provider->shut_down, memory_order_acquire) &&
           atomic_load_explicit(&provider->serial, memory_order_relaxed) == serial;
}

static inline size_t ct_provider_processor_count(const struct ct_provider *provider)
{
    return atomic_load_explicit(&provider->processor_count, memory_order_acquire);
}

static inline struct ct_provider *ct_provider_of(cotel_tracer_provider *provider)
{
    return (struct ct_provider *)provider;
}

/* Calls `function` for each provider that there is, under the table's lock. */
void ct_provider_for_each(void (*function)(struct ct_provider *provider));

/* Lets all that exports begin to flush, and waits for nobody. @return as
 * cotel_tracer_provider_flush(), but for what only waiting can tell. */
cotel_status ct_provider_start_flush(cotel_tracer_provider *provider);

/* In a forked child, once for each provider. */
void ct_provider_forked(struct ct_provider *provider);

/* ---- who is inside (the argument is in quiesce.c) ---- */

/* Around everything that uses a provider's sampler, id generator or processors. May be nested. */
static inline void ct_provider_enter(struct ct_thread *thread)
{
    uint32_t inside = atomic_load_explicit(&thread->inside, memory_order_relaxed);
    atomic_store_explicit(&thread->inside, inside + 1, memory_order_relaxed);
    /* The other half is the membarrier of ct_provider_quiesce(). */
    atomic_signal_fence(memory_order_seq_cst);
}

static inline void ct_provider_leave(struct ct_thread *thread)
{
    uint32_t inside = atomic_load_explicit(&thread->inside, memory_order_relaxed);
    atomic_store_explicit(&thread->inside, inside - 1, memory_order_release);
}

/* After `shut_down` was set: waits until no thread is inside a call that may not have seen it, for
 * a bounded time. @return false when one may be: then nothing it could use must be freed. */
bool ct_provider_quiesce(void);
bool ct_provider_quiesce_until(uint64_t deadline_ns);

#endif
