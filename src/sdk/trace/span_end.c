/* SPDX-License-Identifier: Apache-2.0 */
/* How a span ends: its times and counts are fixed, the processors see it, and its slot is free. */
#include "sdk/trace/span_end.h"

#include "base/clock.h"
#include "base/compiler.h"
#include "sdk/provider/provider.h"
#include "sdk/trace/limit_message.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/span_processors.h"
#include "sdk/trace/tracer.h"

/* Seldom, so it is kept out of the way of the others. */
__attribute__((cold, noinline)) static void note_losses(struct ct_thread_counters *counters,
                                                        const struct ct_span_slot *slot)
{
    const struct ct_body *body = &slot->body;
    ct_count_more(&counters->dropped_attributes, body->dropped_attributes);
    ct_count_more(&counters->dropped_events, body->dropped_events);
    ct_count_more(&counters->dropped_links, body->dropped_links);
    ct_count_more(&counters->out_of_memory, body->out_of_memory);
    ct_limit_message(slot);
}

static void show_to_processors(const struct ct_provider *provider, struct ct_span_slot *slot)
{
    ct_processors_on_ending(provider, slot);
    ct_body_finish(&slot->body);
    ct_processors_on_end(provider, slot);
}

static void end_recording(struct ct_span_slot *slot, struct ct_thread *thread, uint64_t end_unix_ns)
{
    struct ct_provider *provider = slot->tracer->provider;
    ct_body_put_end_time(&slot->body, end_unix_ns != 0 ? end_unix_ns : ct_slot_now_unix_ns(slot));
    slot->ending = true;
    if (ct_provider_is_up(provider, slot->provider_serial)) {
        show_to_processors(provider, slot);
    } else {
        ct_count(&thread->counters[CT_COUNTERS_OF_NOBODY].after_shutdown);
    }
    /* In a child that a processor forked, the span is its parent's. */
    if (ct_slot_epoch(slot) == thread->epoch &&
        atomic_load_explicit(&provider->serial, memory_order_relaxed) == slot->provider_serial) {
        struct ct_thread_counters *counters = &thread->counters[provider->index];
        ct_count(&counters->ended);
        ct_count(&counters->slots_released);
        if (CT_UNLIKELY(!ct_body_is_whole(&slot->body)))
            note_losses(counters, slot);
    }
    ct_body_end(&slot->body);
}

static void release(struct ct_span_slot *slot, struct ct_thread *thread, uint32_t generation)
{
    struct ct_provider *provider = slot->tracer->provider;
    if (slot->tracestate != NULL)
        cotel_tracestate_unref(slot->tracestate);
    slot->tracestate = NULL;
    /* Release: what this span wrote comes before whatever the next one reads or writes. */
    atomic_store_explicit(&slot->state, ct_slot_state(generation + 1, 0), memory_order_release);
    ct_slot_cache_give(&thread->slots[provider->index], &provider->memory, slot->provider_serial,
                       slot);
}

void ct_span_end(const cotel_span *span, uint64_t end_unix_ns)
{
    struct ct_span_slot *slot = span->slot;
    struct ct_thread *thread = ct_thread_self();
    /* Without memory for a thread's things the span stays live, and is counted as such. */
    if (thread == NULL)
        return;
    if (!ct_slot_lock(slot, span->generation)) {
        ct_count(&thread->counters[CT_COUNTERS_OF_NOBODY].stale_handles);
        return;
    }
    ct_slot_close(slot, span->generation);
    if (ct_slot_epoch(slot) != thread->epoch) {
        /* The parent's span: the parent ends it. Its slot is left alone, for the parent's sake of
         * being copied on write as little as may be. */
        ct_count(&thread->counters[CT_COUNTERS_OF_NOBODY].inherited);
        return;
    }
    ct_provider_enter(thread);
    if (slot->recording)
        end_recording(slot, thread, end_unix_ns);
    release(slot, thread, span->generation);
    ct_provider_leave(thread);
}
