/* SPDX-License-Identifier: Apache-2.0 */
/* What is done to a span between its start and its end: each call takes the slot, changes the body,
 * and lets the slot go. */
#include "base/compiler.h"
#include "base/sized.h"
#include "sdk/trace/body_short.h"
#include "sdk/trace/error_event.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/span_end.h"
#include "sdk/trace/tracer.h"

#include "sdk/thread.h"

static void count_stale(void)
{
    struct ct_thread *thread = ct_thread_self();
    if (thread != NULL)
        ct_count(&thread->counters[CT_COUNTERS_OF_NOBODY].stale_handles);
}

/* The slot of a live, recording span, locked; NULL, counted, when the handle is stale. */
CT_ALWAYS_INLINE struct ct_span_slot *begin(const cotel_span *span)
{
    struct ct_span_slot *slot = span->slot;
    if (CT_LIKELY(ct_slot_lock(slot, span->generation)))
        return slot;
    count_stale();
    return NULL;
}

CT_ALWAYS_INLINE void finish(const cotel_span *span, struct ct_span_slot *slot)
{
    ct_slot_unlock(slot, span->generation);
}

static bool is_recording(const cotel_span *span)
{
    return ct_slot_is_live(span->slot, span->generation);
}

/* The tracestate does not change while the span lives; the lock keeps it from ending meanwhile. */
static cotel_tracestate *tracestate(const cotel_span *span)
{
    struct ct_span_slot *slot = span->slot;
    if (!ct_slot_lock(slot, span->generation))
        return NULL;
    cotel_tracestate *state = cotel_tracestate_ref(slot->tracestate);
    ct_slot_unlock(slot, span->generation);
    return state;
}

static const cotel_tracestate *tracestate_borrowed(const cotel_span *span)
{
    struct ct_span_slot *slot = span->slot;
    if (!ct_slot_lock(slot, span->generation))
        return NULL;
    const cotel_tracestate *state = slot->tracestate;
    ct_slot_unlock(slot, span->generation);
    return state;
}

static void set_string(const cotel_span *span, cotel_str key, cotel_str value)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_set_string(&slot->body, key, value);
    finish(span, slot);
}

static void set_bool(const cotel_span *span, cotel_str key, bool value)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_set_bool(&slot->body, key, value);
    finish(span, slot);
}

static void set_int(const cotel_span *span, cotel_str key, int64_t value)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_set_int(&slot->body, key, value);
    finish(span, slot);
}

static void set_double(const cotel_span *span, cotel_str key, double value)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_set_double(&slot->body, key, value);
    finish(span, slot);
}

static void set_attributes(const cotel_span *span, const cotel_attribute *attributes, size_t count)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        ct_body_set(&slot->body, &attributes[i]);
    finish(span, slot);
}

static void add_event(const cotel_span *span, cotel_str name, uint64_t time_unix_ns,
                      const cotel_attribute *attributes, size_t count)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_add_event(&slot->body, name,
                      time_unix_ns != 0 ? time_unix_ns : ct_slot_now_unix_ns(slot), NULL, 0,
                      attributes, count);
    finish(span, slot);
}

/* What there is to say is found out before the slot is locked: others need not wait for it. */
static void record_error(const cotel_span *span, const cotel_error_options *given,
                         const void *caller)
{
    cotel_error_options options = COTEL_ERROR_OPTIONS_INIT;
    struct ct_error_event event;
    if (!is_recording(span)) {
        count_stale();
        return;
    }
    if (!ct_sized_read(&options, sizeof options, given))
        return;
    ct_error_event_fill(&event, &options, caller);
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_add_event(&slot->body, cotel_str_of("exception"), ct_slot_now_unix_ns(slot),
                      event.attributes, event.count, options.attributes, options.attribute_count);
    finish(span, slot);
}

static void add_link(const cotel_span *span, const cotel_link *link)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_add_link(&slot->body, link);
    finish(span, slot);
}

static void set_status(const cotel_span *span, cotel_status_code code, cotel_str description)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    if (CT_LIKELY(code == COTEL_STATUS_CODE_OK))
        ct_body_set_ok(&slot->body);
    else
        ct_body_set_status(&slot->body, code, description);
    finish(span, slot);
}

static void update_name(const cotel_span *span, cotel_str name)
{
    struct ct_span_slot *slot = begin(span);
    if (slot == NULL)
        return;
    ct_body_set_name(&slot->body, name);
    finish(span, slot);
}

const struct ct_span_ops ct_sdk_span_ops = {.size = sizeof ct_sdk_span_ops,
                                            .is_recording = is_recording,
                                            .tracestate = tracestate,
                                            .tracestate_borrowed = tracestate_borrowed,
                                            .set_string = set_string,
                                            .set_bool = set_bool,
                                            .set_int = set_int,
                                            .set_double = set_double,
                                            .set_attributes = set_attributes,
                                            .add_event = add_event,
                                            .add_link = add_link,
                                            .set_status = set_status,
                                            .update_name = update_name,
                                            .record_error = record_error,
                                            .end = ct_span_end};
