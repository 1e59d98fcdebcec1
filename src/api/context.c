/* SPDX-License-Identifier: Apache-2.0 */
#include "api/context.h"

#include <stdlib.h>

#include "api/provider.h"
#include "base/sized.h"

/* Recognised by its address; the count is never looked at. */
cotel_context ct_context_none = {.refs = 1};

cotel_context *cotel_context_empty(void)
{
    return &ct_context_none;
}

static bool same_ids(const cotel_span *a, const cotel_span *b)
{
    return memcmp(&a->trace_id, &b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(&a->span_id, &b->span_id, sizeof a->span_id) == 0;
}

static cotel_tracestate *span_tracestate(const cotel_span *span)
{
    if (!span->slot || !(span->state & COTEL_SPAN_STATE_TRACESTATE))
        return NULL;
    const struct ct_span_ops *ops = ((const struct ct_slot_head *)span->slot)->ops;
    return CT_REACHES(ops, tracestate) ? ops->tracestate(span) : NULL;
}

cotel_tracestate *ct_context_find_tracestate(const cotel_context *base, const cotel_span *span)
{
    cotel_tracestate *tracestate = span_tracestate(span);
    if (!tracestate && base->tracestate && same_ids(&base->span, span))
        tracestate = cotel_tracestate_ref(base->tracestate);
    return tracestate;
}

cotel_context *ct_context_create(const cotel_span *span, cotel_tracestate *tracestate,
                                 struct ct_context_values *values)
{
    cotel_context *context = malloc(sizeof *context);
    if (!context) {
        cotel_tracestate_unref(tracestate);
        ct_context_values_unref(values);
        return &ct_context_none;
    }
    atomic_init(&context->refs, 1);
    context->span = *span;
    context->tracestate = tracestate;
    context->values = values;
    if (tracestate) /* also beside a span that came in from elsewhere: an SDK looks at this bit */
        context->span.state |= COTEL_SPAN_STATE_TRACESTATE;
    return context;
}

cotel_context *ct_context_replace_span(const cotel_context *base, const cotel_span *span,
                                       cotel_tracestate *tracestate)
{
    return ct_context_create(span, tracestate, ct_context_values_ref(base->values));
}

cotel_context *cotel_context_ref(const cotel_context *context)
{
    context = ct_context_or_current(context);
    if (context == &ct_context_none)
        return &ct_context_none;

    /* The caller holds or borrows it, so the count is stable at 0 or stays above. */
    cotel_context *counted = (cotel_context *)(uintptr_t)context;
    if (atomic_load_explicit(&counted->refs, memory_order_relaxed) == 0)
        return ct_context_replace_span(context, &context->span,
                                       cotel_tracestate_ref(context->tracestate));
    /* Relaxed: the caller has a reference, so nothing is to be ordered against. */
    atomic_fetch_add_explicit(&counted->refs, 1, memory_order_relaxed);
    return counted;
}

cotel_context *cotel_context_capture(void)
{
    return cotel_context_ref(NULL);
}

void cotel_context_unref(cotel_context *context)
{
    if (!context || context == &ct_context_none)
        return;
    /* Who sees only its own reference need not count down: nobody else is left who could count.
     * Acquire here, acquire and release there: every use by others is over before the free. */
    uint32_t refs = atomic_load_explicit(&context->refs, memory_order_acquire);
    if (refs == 0) /* borrowed, and its thread's to free */
        return;
    if (refs != 1 && atomic_fetch_sub_explicit(&context->refs, 1, memory_order_acq_rel) != 1)
        return;
    cotel_tracestate_unref(context->tracestate);
    ct_context_values_unref(context->values);
    free(context);
}

const cotel_span *cotel_context_span_pointer(const cotel_context *context)
{
    return &ct_context_or_current(context)->span;
}

cotel_span cotel_context_span(const cotel_context *context)
{
    return *cotel_context_span_pointer(context);
}

cotel_span cotel_span_current(void)
{
    return *cotel_context_span_pointer(NULL);
}

cotel_tracestate *cotel_context_tracestate(const cotel_context *context)
{
    return cotel_tracestate_ref(ct_context_or_current(context)->tracestate);
}

cotel_context *cotel_context_with_span(const cotel_context *base, const cotel_span *span)
{
    const cotel_span none = cotel_span_none();
    if (!span)
        span = &none;
    base = ct_context_or_current(base);
    return ct_context_replace_span(base, span, ct_context_inherit_tracestate(base, span));
}

cotel_context *cotel_context_with_span_context(const cotel_context *base,
                                               const cotel_span_context *context)
{
    cotel_span span = cotel_span_wrap(context);
    return ct_context_replace_span(ct_context_or_current(base), &span,
                                   cotel_tracestate_ref(context ? context->tracestate : NULL));
}
