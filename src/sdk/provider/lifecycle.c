/* SPDX-License-Identifier: Apache-2.0 */
/* A provider's later life: more processors, flush, shutdown, a fork, the end. */
#include <cotel/sdk/exporter.h>

#include "base/deadline.h"
#include "base/sized.h"
#include "sdk/pipeline/runtime.h"
#include "sdk/provider/processors.h"
#include "sdk/provider/table.h"
#include "sdk/resource/resource.h"

/* Serialises what the program's owner does to providers; no callback of spans ever takes it. */
static struct ct_fork_lock owner_lock = CT_FORK_LOCK_INIT;

/* Inside a callback of cotel's, where waiting would be waiting for oneself. Also notices a fork. */
static bool is_inside(const struct ct_provider *provider)
{
    const struct ct_thread *thread = ct_thread_self();
    bool in_span_call =
        thread != NULL && atomic_load_explicit(&thread->inside, memory_order_relaxed) != 0;
    return in_span_call || ct_runtime_is_inside(provider->runtime);
}

static bool is_shut_down(const struct ct_provider *provider)
{
    return atomic_load_explicit(&provider->shut_down, memory_order_acquire);
}

/* What speaks against an owner's call on a provider. */
static cotel_status objection(const struct ct_provider *provider)
{
    if (!ct_provider_table_has(provider))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (is_inside(provider))
        return COTEL_STATUS_WOULD_DEADLOCK;
    return is_shut_down(provider) ? COTEL_STATUS_SHUT_DOWN : COTEL_STATUS_OK;
}

cotel_status cotel_tracer_provider_add_processor(cotel_tracer_provider *base,
                                                 cotel_span_processor *processor)
{
    struct ct_provider *provider = ct_provider_of(base);
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    struct ct_thread *thread = ct_thread_self();
    if (thread == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    (void)ct_fork_lock(&owner_lock);
    ct_provider_enter(thread); /* attach is a callback, too: it must not wait for itself */
    status =
        is_shut_down(provider) ? COTEL_STATUS_SHUT_DOWN : ct_processors_attach(provider, processor);
    ct_provider_leave(thread);
    ct_fork_unlock(&owner_lock);
    return status;
}

cotel_status ct_provider_start_flush(cotel_tracer_provider *base)
{
    struct ct_provider *provider = ct_provider_of(base);
    cotel_status status = objection(provider);
    if (status == COTEL_STATUS_OK)
        ct_runtime_start_flush(provider->runtime);
    return status;
}

cotel_status cotel_tracer_provider_flush(cotel_tracer_provider *base, uint64_t timeout_ms)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms);
    cotel_status status = ct_provider_start_flush(base);
    if (status != COTEL_STATUS_OK)
        return status;
    return ct_processors_flush(ct_provider_of(base), deadline_ns);
}

/* Under the lock, so that no processor is added behind the back of a shutdown.
 * @return false when it was done before. */
static bool begin_shutdown(struct ct_provider *provider)
{
    (void)ct_fork_lock(&owner_lock);
    bool before = atomic_exchange_explicit(&provider->shut_down, true, memory_order_acq_rel);
    ct_fork_unlock(&owner_lock);
    return !before;
}

cotel_status cotel_tracer_provider_shutdown(cotel_tracer_provider *base, uint64_t timeout_ms,
                                            uint64_t *abandoned)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms), given_up = 0;
    struct ct_provider *provider = ct_provider_of(base);
    if (abandoned != NULL)
        *abandoned = 0;
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    if (!begin_shutdown(provider))
        return COTEL_STATUS_SHUT_DOWN;
    ct_runtime_start_flush(provider->runtime);
    status = ct_processors_shutdown(provider, deadline_ns, &given_up);
    ct_runtime_stop(provider->runtime);
    if (abandoned != NULL)
        *abandoned = given_up;
    return status;
}

static void free_parts(struct ct_provider *provider)
{
    ct_processors_destroy(provider);
    ct_runtime_destroy(provider->runtime);
    cotel_sampler_destroy(provider->sampler);
    if (provider->id_generator != NULL && CT_HAS_OP(provider->id_generator->ops, destroy))
        provider->id_generator->ops->destroy(provider->id_generator);
    cotel_resource_unref(provider->resource);
    provider->runtime = NULL;
    provider->sampler = NULL;
    provider->id_generator = NULL;
    provider->resource = NULL;
}

void cotel_tracer_provider_destroy(cotel_tracer_provider *base)
{
    struct ct_provider *provider = ct_provider_of(base);
    if (provider == NULL || !ct_provider_table_has(provider) || is_inside(provider))
        return;
    (void)cotel_tracer_provider_shutdown(base, 0, NULL);
    cotel_tracer_provider_forget(base);
    /* Whoever gives memory back from now on sees that it is nobody's, or is waited for. */
    atomic_store_explicit(&provider->memory.serial, 0, memory_order_relaxed);
    /* If a callback does not come back, its provider's place and parts stay as they are. */
    if (!ct_provider_quiesce())
        return;
    free_parts(provider);
    ct_provider_table_give(provider);
}

void ct_provider_forked(struct ct_provider *provider)
{
    if (provider->runtime == NULL)
        return; /* a thread of the parent's was making it */
    cotel_resource *renewed = ct_resource_of_child(provider->resource);
    if (renewed != NULL)
        provider->resource = renewed; /* the old one may be in use by what was inherited */
    atomic_store_explicit(&provider->memory.used, 0, memory_order_relaxed);
    ct_runtime_forked(provider->runtime, provider->resource);
}

size_t cotel_tracer_provider_poll(cotel_tracer_provider *base, cotel_poll_item *items,
                                  size_t capacity, uint64_t *deadline_ns)
{
    struct ct_provider *provider = ct_provider_of(base);
    if (deadline_ns != NULL)
        *deadline_ns = COTEL_NEVER_NS;
    if (deadline_ns == NULL || objection(provider) != COTEL_STATUS_OK)
        return 0;
    return ct_runtime_poll(provider->runtime, items, capacity, deadline_ns);
}

cotel_status cotel_tracer_provider_drive(cotel_tracer_provider *base)
{
    struct ct_provider *provider = ct_provider_of(base);
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    if (provider->worker != COTEL_WORKER_CALLER)
        return COTEL_STATUS_NOT_SUPPORTED;
    return ct_runtime_drive(provider->runtime);
}
