/* SPDX-License-Identifier: Apache-2.0 */
/* The seam between the API and an SDK: tables of functions, size first.
 *
 * libcotel-api calls an SDK through these tables and nothing else; an SDK of another version than
 * the API's works as long as both only append. A function beyond the other side's `size` counts
 * as absent. Nothing here is installed: libcotel is the one implementation, but it reaches the
 * API through the same exported symbols that any other would.
 *
 * Lifetimes: every object an SDK gives to the API (provider, tracer, slot) stays mapped while the
 * process lives, so that a call that is under way on another thread during shutdown lands on
 * memory of the right type. */
#ifndef COTEL_SRC_API_PROVIDER_H
#define COTEL_SRC_API_PROVIDER_H

#include <cotel/trace.h>

#include "wire/scope.h"

/* What a recording span's slot must begin with: a handle's `slot` points to it. */
struct ct_slot_head {
    const struct ct_span_ops *ops;
};

/* On a span that has a slot. `span` is the caller's handle: its generation says whether the slot
 * still is this span's. All may be called from any thread at any time. */
struct ct_span_ops {
    size_t size;
    bool (*is_recording)(const cotel_span *span);
    /* A new reference, or NULL; NULL too when the handle is stale. */
    cotel_tracestate *(*tracestate)(const cotel_span *span);
    /* The same without a reference, good while the span has not ended. */
    const cotel_tracestate *(*tracestate_borrowed)(const cotel_span *span);
    void (*set_string)(const cotel_span *span, cotel_str key, cotel_str value);
    void (*set_bool)(const cotel_span *span, cotel_str key, bool value);
    void (*set_int)(const cotel_span *span, cotel_str key, int64_t value);
    void (*set_double)(const cotel_span *span, cotel_str key, double value);
    void (*set_attributes)(const cotel_span *span, const cotel_attribute *attributes, size_t count);
    void (*add_event)(const cotel_span *span, cotel_str name, uint64_t time_unix_ns,
                      const cotel_attribute *attributes, size_t count);
    void (*add_link)(const cotel_span *span, const cotel_link *link);
    void (*set_status)(const cotel_span *span, cotel_status_code code, cotel_str description);
    void (*update_name)(const cotel_span *span, cotel_str name);
    /* `options` may be shorter than this SDK's struct; `caller` is where the user's code goes on,
     * which is the first frame of a backtrace. */
    void (*record_error)(const cotel_span *span, const cotel_error_options *options,
                         const void *caller);
    void (*end)(const cotel_span *span, uint64_t end_unix_ns); /* 0: now */
};

/* What an SDK's tracer begins with. */
struct ct_tracer_impl {
    const struct ct_tracer_ops *ops;
};

struct ct_tracer_ops {
    size_t size;
    bool (*enabled)(const struct ct_tracer_impl *tracer);
    /* Fills *out. `options` may be shorter than this SDK's struct: its size tells. */
    void (*start)(struct ct_tracer_impl *tracer, cotel_str name, const cotel_span_options *options,
                  cotel_span *out);
};

/* What an SDK's provider begins with: this is what cotel_tracer_provider is. */
struct cotel_tracer_provider {
    const struct ct_provider_ops *ops;
};

struct ct_provider_ops {
    size_t size;
    /* The provider's tracer for a scope, which the API keeps for ever; NULL when it can't be had
     * (the API then gives a no-op). The API caches the answer, and asks again only if it asked
     * another provider in between. Any thread, under the registry's lock: it must not call
     * cotel_tracer_get(), set the global provider or forget one, nor wait for a lock whose holder
     * does. */
    struct ct_tracer_impl *(*get_tracer)(cotel_tracer_provider *provider,
                                         const struct ct_scope *scope);
    /* A tracer was asked for with an empty name. Any thread, without a lock of the API's. */
    void (*nameless)(cotel_tracer_provider *provider);
};

/* Tells the API that a provider will not be used again: tracers of that provider become no-ops,
 * and the registry forgets it. Called by the SDK at destroy. Exported by libcotel-api, declared
 * here since it is part of the seam and not of the API. */
COTEL_API void cotel_tracer_provider_forget(cotel_tracer_provider *provider);

#endif
