/* SPDX-License-Identifier: Apache-2.0 */
/* The W3C propagator: `traceparent`, and `tracestate` beside it. */
#include "api/propagation/tracecontext.h"

#include <cotel/propagation.h>

#include "api/context.h"
#include "api/propagation/builtin.h"
#include "api/propagation/counts.h"
#include "api/tracestate.h"
#include "base/sized.h"
#include "wire/ids.h"

/* The most pieces of a tracestate that are read: a getter that never ends must not hang us. */
#define MAX_PIECES COTEL_TRACESTATE_MAX_MEMBERS

static const cotel_str traceparent_key = {"traceparent", 11};
static const cotel_str tracestate_key = {"tracestate", 10};

void ct_tracecontext_inject(const cotel_context *context, const cotel_setter *setter, void *carrier)
{
    const cotel_span *span = &context->span;
    if (!CT_HAS_OP(setter, set) || !ct_ids_are_valid(&span->trace_id, &span->span_id))
        return;

    char traceparent[CT_TRACEPARENT_SIZE];
    ct_traceparent_format(span, traceparent);
    setter->set(carrier, traceparent_key, cotel_str_n(traceparent, sizeof traceparent));
    if (context->tracestate)
        setter->set(carrier, tracestate_key, cotel_tracestate_header(context->tracestate));
}

static void inject(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier)
{
    (void)self;
    ct_tracecontext_inject(ct_context_or_current(context), setter, carrier);
}

static cotel_tracestate *discard(bool over_limit)
{
    ct_propagation_count(over_limit ? CT_PROPAGATION_OVER_LIMIT : CT_PROPAGATION_MALFORMED, 1);
    return NULL;
}

/* NULL when there is none, or it has to be discarded. */
static cotel_tracestate *extract_tracestate(const cotel_getter *getter, void *carrier)
{
    cotel_str piece = getter->get(carrier, tracestate_key, 0);
    if (!piece.data)
        return NULL;

    struct ct_tracestate_list list;
    ct_tracestate_list_init(&list);
    for (size_t i = 1; piece.data; i++) {
        if (i > MAX_PIECES)
            return discard(true);
        if (!ct_tracestate_list_add(&list, piece))
            return discard(list.over_limit);
        piece = getter->get(carrier, tracestate_key, i);
    }
    return ct_tracestate_list_build(&list);
}

cotel_context *ct_tracecontext_extract(const cotel_context *context, const cotel_getter *getter,
                                       void *carrier)
{
    if (!CT_HAS_OP(getter, get))
        return cotel_context_ref(context);

    cotel_span span;
    cotel_str header = getter->get(carrier, traceparent_key, 0);
    if (!header.data)
        return cotel_context_ref(context);
    /* Which of two to believe can't be known. */
    if (!ct_traceparent_parse(header, &span) || getter->get(carrier, traceparent_key, 1).data) {
        ct_propagation_count(CT_PROPAGATION_MALFORMED, 1);
        return cotel_context_ref(context);
    }
    return ct_context_replace_span(context, &span, extract_tracestate(getter, carrier));
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    (void)self;
    return ct_tracecontext_extract(ct_context_or_current(context), getter, carrier);
}

static const char *field(const cotel_propagator *self, size_t index)
{
    (void)self;
    const char *const fields[] = {traceparent_key.data, tracestate_key.data};
    return index < sizeof fields / sizeof fields[0] ? fields[index] : NULL;
}

static const cotel_propagator_ops ops = {
    .size = sizeof ops,
    .inject = inject,
    .extract = extract,
    .field = field,
};

const cotel_propagator ct_propagator_tracecontext = {&ops};

const cotel_propagator *cotel_propagator_tracecontext(void)
{
    return &ct_propagator_tracecontext;
}
