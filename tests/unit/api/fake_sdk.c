/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_sdk.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOTS 4096

struct slot {
    struct ct_slot_head head;
    _Atomic uint32_t generation;
    _Atomic(cotel_tracestate *) tracestate;
};

struct fake_calls fake_calls;
cotel_tracestate *fake_tracestate;
bool fake_sampled_out;
bool fake_enabled = true;

static struct slot slots[SLOTS];
static _Atomic uint32_t next_slot;

void fake_reset(void)
{
    memset(&fake_calls, 0, sizeof fake_calls);
    fake_tracestate = NULL;
    fake_sampled_out = false;
    fake_span_ops.size = sizeof fake_span_ops;
    fake_tracer_ops.size = sizeof fake_tracer_ops;
    fake_provider_ops.size = sizeof fake_provider_ops;
}

static struct slot *slot_of(const cotel_span *span)
{
    return span->slot;
}

static bool is_fresh(const cotel_span *span)
{
    return atomic_load(&slot_of(span)->generation) == span->generation;
}

static void note(const char *call, cotel_str key)
{
    snprintf(fake_calls.last_call, FAKE_TEXT_SIZE, "%s", call);
    snprintf(fake_calls.last_key, FAKE_TEXT_SIZE, "%.*s", (int)key.size, key.data ? key.data : "");
}

static void note_text(cotel_str text)
{
    snprintf(fake_calls.last_text, FAKE_TEXT_SIZE, "%.*s", (int)text.size,
             text.data ? text.data : "");
}

static cotel_tracestate *tracestate(const cotel_span *span)
{
    return is_fresh(span) ? cotel_tracestate_ref(slot_of(span)->tracestate) : NULL;
}

static const cotel_tracestate *tracestate_borrowed(const cotel_span *span)
{
    return is_fresh(span) ? slot_of(span)->tracestate : NULL;
}

static void set_string(const cotel_span *span, cotel_str key, cotel_str value)
{
    note("set_string", key);
    note_text(value);
}

static void set_bool(const cotel_span *span, cotel_str key, bool value)
{
    note("set_bool", key);
    fake_calls.last_int = value;
}

/* The one that the threads' test calls: it touches nothing but a counter. */
static void set_int(const cotel_span *span, cotel_str key, int64_t value)
{
    atomic_fetch_add(&fake_calls.set, 1);
    if (key.size > 0 && key.data[0] != '#') {
        note("set_int", key);
        fake_calls.last_int = value;
    }
}

static void set_double(const cotel_span *span, cotel_str key, double value)
{
    note("set_double", key);
    fake_calls.last_double = value;
}

static void set_attributes(const cotel_span *span, const cotel_attribute *attributes, size_t count)
{
    note("set_attributes", attributes[0].key);
    fake_calls.last_count = count;
}

static void add_event(const cotel_span *span, cotel_str name, uint64_t time_unix_ns,
                      const cotel_attribute *attributes, size_t count)
{
    note("add_event", name);
    fake_calls.last_time = time_unix_ns;
    fake_calls.last_count = count;
}

static void add_link(const cotel_span *span, const cotel_link *link)
{
    note("add_link", cotel_str_n(NULL, 0));
    fake_calls.last_count = link->attribute_count;
}

static void set_status(const cotel_span *span, cotel_status_code code, cotel_str description)
{
    note("set_status", cotel_str_n(NULL, 0));
    note_text(description);
    fake_calls.last_int = code;
}

static void update_name(const cotel_span *span, cotel_str name)
{
    note("update_name", name);
}

static void record_error(const cotel_span *span, const cotel_error_options *options,
                         const void *caller)
{
    note("record_error", cotel_str_of(options->type));
    note_text(cotel_str_of(options->message));
    fake_calls.last_count = options->attribute_count;
    fake_calls.last_int = options->errnum;
}

static void end(const cotel_span *span, uint64_t end_unix_ns)
{
    struct slot *slot = slot_of(span);
    uint32_t generation = span->generation;
    if (!atomic_compare_exchange_strong(&slot->generation, &generation, generation + 1)) {
        atomic_fetch_add(&fake_calls.stale_ends, 1);
        return;
    }
    atomic_fetch_add(&fake_calls.ended, 1);
    if (end_unix_ns)
        fake_calls.last_time = end_unix_ns;
    cotel_tracestate_unref(atomic_exchange(&slot->tracestate, NULL));
}

struct ct_span_ops fake_span_ops = {
    .size = sizeof fake_span_ops,
    .is_recording = is_fresh,
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
    .end = end,
};

static bool enabled(const struct ct_tracer_impl *tracer)
{
    return fake_enabled;
}

static void start(struct ct_tracer_impl *tracer, cotel_str name, const cotel_span_options *options,
                  cotel_span *out)
{
    uint32_t number = atomic_fetch_add(&next_slot, 1);
    struct slot *slot = &slots[number % SLOTS];
    slot->head.ops = &fake_span_ops;
    slot->tracestate = cotel_tracestate_ref(fake_tracestate);

    *out = cotel_span_none();
    memset(out->trace_id.bytes, 0xaa, sizeof out->trace_id);
    number++;
    memcpy(out->span_id.bytes, &number, sizeof number);
    out->slot = slot;
    out->generation = atomic_load(&slot->generation);
    out->state = (uint8_t)((fake_sampled_out ? 0 : COTEL_SPAN_STATE_RECORDING) |
                           (fake_tracestate ? COTEL_SPAN_STATE_TRACESTATE : 0));
    atomic_fetch_add(&fake_calls.started, 1);
}

struct ct_tracer_ops fake_tracer_ops = {
    .size = sizeof fake_tracer_ops,
    .enabled = enabled,
    .start = start,
};

static struct ct_tracer_impl *get_tracer(cotel_tracer_provider *provider,
                                         const struct ct_scope *scope)
{
    static struct ct_tracer_impl impl = {&fake_tracer_ops};
    struct fake_provider *self = (struct fake_provider *)provider;
    atomic_fetch_add(&self->tracers, 1);
    snprintf(self->last_scope, FAKE_TEXT_SIZE, "%.*s/%.*s/%.*s", (int)scope->name.size,
             scope->name.data, (int)scope->version.size, scope->version.data,
             (int)scope->schema_url.size, scope->schema_url.data);
    self->last_attribute_count = scope->attribute_count;
    return self->refuses ? NULL : &impl;
}

struct ct_provider_ops fake_provider_ops = {
    .size = sizeof fake_provider_ops,
    .get_tracer = get_tracer,
};
