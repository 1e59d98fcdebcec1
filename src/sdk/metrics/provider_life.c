/* SPDX-License-Identifier: Apache-2.0 */
/* A meter provider's later life: another configurator, flush, shutdown, a fork, the end. */
#include "base/deadline.h"
#include "sdk/metrics/callback.h"
#include "sdk/metrics/instrument.h"
#include "sdk/pipeline/runtime.h"
#include "sdk/provider/provider.h"
#include "sdk/resource/resource.h"

#include <stdlib.h>

/* Inside a callback of cotel's, where waiting would be waiting for oneself. Also notices a fork. */
static bool is_inside(const struct ct_meter_provider *provider)
{
    const struct ct_thread *thread = ct_thread_self();
    bool in_call =
        thread != NULL && atomic_load_explicit(&thread->inside, memory_order_relaxed) != 0;
    return in_call || ct_reader_is_collecting_here() || ct_runtime_is_inside(provider->runtime);
}

/* What speaks against an owner's call on a provider. */
static cotel_status objection(const struct ct_meter_provider *provider)
{
    if (!ct_meter_provider_is_there(provider))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (is_inside(provider))
        return COTEL_STATUS_WOULD_DEADLOCK;
    return atomic_load_explicit(&provider->shut_down, memory_order_acquire) ? COTEL_STATUS_SHUT_DOWN
                                                                            : COTEL_STATUS_OK;
}

void ct_meter_provider_tell(struct ct_meter_provider *provider)
{
    struct ct_held_messages messages = {NULL, NULL, 0};
    (void)ct_fork_lock(&provider->lock);
    ct_held_messages_move(&messages, &provider->untold);
    ct_fork_unlock(&provider->lock);
    ct_held_messages_tell(&messages);
}

/* ---- meters ---- */

/* The lock is held. */
static void configure_all(struct ct_meter_provider *provider)
{
    struct ct_sdk_meter *meter = atomic_load_explicit(&provider->first, memory_order_relaxed);
    for (; meter != NULL; meter = atomic_load_explicit(&meter->next, memory_order_relaxed))
        ct_sdk_meter_configure(meter);
}

cotel_status cotel_meter_provider_set_configurator(cotel_meter_provider *base,
                                                   cotel_meter_configurator configurator,
                                                   void *user)
{
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    if (!ct_meter_provider_is_there(provider))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (atomic_load_explicit(&provider->shut_down, memory_order_acquire))
        return COTEL_STATUS_SHUT_DOWN;
    (void)ct_fork_lock(&provider->lock);
    provider->configurator = configurator;
    provider->configurator_user = user;
    configure_all(provider);
    ct_fork_unlock(&provider->lock);
    return COTEL_STATUS_OK;
}

static void for_each_stream(struct ct_meter_provider *provider,
                            void (*function)(struct ct_stream *stream))
{
    struct ct_sdk_meter *meter = atomic_load_explicit(&provider->first, memory_order_acquire);
    for (; meter != NULL; meter = atomic_load_explicit(&meter->next, memory_order_acquire)) {
        struct ct_sdk_instrument *at = atomic_load_explicit(&meter->first, memory_order_acquire);
        for (; at != NULL; at = atomic_load_explicit(&at->next, memory_order_acquire)) {
            for (size_t i = 0; i < at->stream_count; i++)
                function(at->streams[i]);
        }
    }
}

/* ---- flush and shutdown ---- */

cotel_status cotel_meter_provider_flush(cotel_meter_provider *base, uint64_t timeout_ms)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms);
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    return ct_readers_flush(provider->readers, provider->reader_count, deadline_ns);
}

/* The readers have had their last collection: from here on nothing is recorded. */
static void switch_off(struct ct_meter_provider *provider)
{
    (void)ct_fork_lock(&provider->lock);
    configure_all(provider);
    ct_fork_unlock(&provider->lock);
}

cotel_status cotel_meter_provider_shutdown(cotel_meter_provider *base, uint64_t timeout_ms,
                                           uint64_t *abandoned)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms), given_up = 0;
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    if (abandoned != NULL)
        *abandoned = 0;
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    if (atomic_exchange_explicit(&provider->shut_down, true, memory_order_acq_rel))
        return COTEL_STATUS_SHUT_DOWN;
    status = ct_readers_shutdown(provider->readers, provider->reader_count, deadline_ns, &given_up);
    switch_off(provider);
    ct_runtime_stop(provider->runtime);
    if (abandoned != NULL)
        *abandoned = given_up;
    return status;
}

/* ---- the end ---- */

static void free_streams(struct ct_meter_provider *provider)
{
    for_each_stream(provider, ct_stream_close);
    for_each_stream(provider, ct_stream_unref);
    struct ct_sdk_meter *meter = atomic_load_explicit(&provider->first, memory_order_relaxed);
    for (; meter != NULL; meter = atomic_load_explicit(&meter->next, memory_order_relaxed)) {
        struct ct_sdk_instrument *at = atomic_load_explicit(&meter->first, memory_order_relaxed);
        for (; at != NULL; at = atomic_load_explicit(&at->next, memory_order_relaxed)) {
            at->stream_count = 0;
            free(at->streams);
            at->streams = NULL;
        }
    }
}

/* @return false when one does not come back. */
static bool destroy_readers(struct ct_meter_provider *provider)
{
    bool all = true;
    for (size_t i = 0; i < provider->reader_count; i++) {
        bool gone = ct_reader_destroy(provider->readers[i]);
        if (gone) /* and so nobody collects for it */
            ct_retired_free(&provider->collectors[i].retired);
        all = all && gone;
    }
    return all;
}

void cotel_meter_provider_destroy(cotel_meter_provider *base)
{
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    if (provider == NULL || !ct_meter_provider_is_there(provider) || is_inside(provider))
        return;
    (void)cotel_meter_provider_shutdown(base, 0, NULL);
    cotel_meter_provider_forget(base);
    ct_meter_provider_set_whole(provider, false);
    /* If somebody does not come back, its provider's place and parts stay as they are. */
    if (!ct_provider_quiesce() || !destroy_readers(provider))
        return;
    ct_meter_provider_tell(provider);
    free_streams(provider);
    ct_views_destroy(provider->views);
    ct_runtime_destroy(provider->runtime);
    cotel_resource_unref(provider->resource);
    ct_meter_provider_give(provider);
}

/* ---- a forked child ---- */

static void start_over(struct ct_meter_provider *provider)
{
    cotel_resource *renewed = ct_resource_of_child(provider->resource);
    if (renewed != NULL)
        provider->resource = renewed; /* the old one may be in use by what was inherited */
    for (size_t i = 0; i < provider->reader_count; i++)
        provider->collectors[i].retired = (struct ct_retired){NULL, NULL};
    provider->untold = (struct ct_held_messages){NULL, NULL, 0}; /* the parent tells it */
    atomic_init(&provider->counters.overflowed, 0);
    atomic_init(&provider->counters.refused, 0);
    atomic_init(&provider->counters.out_of_memory, 0);
    ct_callbacks_forked(provider);
    for_each_stream(provider, ct_stream_forked);
    ct_runtime_forked(provider->runtime, provider->resource);
    ct_readers_forked(provider->readers, provider->reader_count, provider->runtime,
                      provider->resource);
}

void ct_meter_providers_forked(void)
{
    ct_meter_provider_for_each(start_over);
}

/* ---- in a caller's event loop ---- */

size_t cotel_meter_provider_poll(cotel_meter_provider *base, cotel_poll_item *items,
                                 size_t capacity, uint64_t *deadline_ns)
{
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    if (deadline_ns != NULL)
        *deadline_ns = COTEL_NEVER_NS;
    if (deadline_ns == NULL || objection(provider) != COTEL_STATUS_OK)
        return 0;
    return ct_runtime_poll(provider->runtime, items, capacity, deadline_ns);
}

cotel_status cotel_meter_provider_drive(cotel_meter_provider *base)
{
    struct ct_meter_provider *provider = ct_meter_provider_of(base);
    cotel_status status = objection(provider);
    if (status != COTEL_STATUS_OK)
        return status;
    if (provider->worker != COTEL_WORKER_CALLER)
        return COTEL_STATUS_NOT_SUPPORTED;
    return ct_runtime_drive(provider->runtime);
}
