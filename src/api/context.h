/* SPDX-License-Identifier: Apache-2.0 */
/* What a context is made of. It holds everything it needs itself: a tracestate that a span has is
 * taken from it when the context is made, so it outlives the span's end. */
#ifndef COTEL_SRC_API_CONTEXT_H
#define COTEL_SRC_API_CONTEXT_H

#include <stdatomic.h>

#include <cotel/context.h>
#include <cotel/trace.h>

#include "api/context_values.h"

struct cotel_context {
    _Atomic uint32_t refs; /* 0: embedded in a thread's stack, and borrowed from there */
    cotel_span span;
    cotel_tracestate *tracestate;     /* a reference */
    struct ct_context_values *values; /* a reference */
};

/* What cotel_context_empty() returns. */
extern cotel_context ct_context_none __attribute__((visibility("hidden")));

/* The context, or the current one for NULL. Borrowed. */
static inline const cotel_context *ct_context_or_current(const cotel_context *context)
{
    return context ? context : cotel_context_current();
}

/* The tracestate that goes with `span` when it is put over `base`, as a new reference or NULL.
 * A span that knows none but has the ids of base's is the same span, carried on by a handle
 * without state (no SDK, or wrapped): it keeps what base has. */
cotel_tracestate *ct_context_find_tracestate(const cotel_context *base, const cotel_span *span);

/* The same, at once when there can be none, as for most spans. */
static inline cotel_tracestate *ct_context_inherit_tracestate(const cotel_context *base,
                                                              const cotel_span *span)
{
    if (!base->tracestate && !(span->state & COTEL_SPAN_STATE_TRACESTATE))
        return NULL;
    return ct_context_find_tracestate(base, span);
}

/* A new context on the heap with one reference; takes over the references to the tracestate and
 * the values. The empty context when memory is out. */
cotel_context *ct_context_create(const cotel_span *span, cotel_tracestate *tracestate,
                                 struct ct_context_values *values);

/* The same, with the values of `base`. */
cotel_context *ct_context_replace_span(const cotel_context *base, const cotel_span *span,
                                       cotel_tracestate *tracestate);

#endif
