/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/jaeger.h"

#include "api/context.h"
#include "api/propagation/counts.h"
#include "base/sized.h"
#include "wire/ids.h"

static const cotel_str id_key = {"uber-trace-id", 13};

static void inject(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier)
{
    (void)self;
    context = ct_context_or_current(context);
    const cotel_span *span = &context->span;
    if (!CT_HAS_OP(setter, set))
        return;
    if (ct_ids_are_valid(&span->trace_id, &span->span_id)) {
        char id[CT_JAEGER_ID_SIZE];
        ct_jaeger_id_format(span, ct_trace_mark_of(context), id);
        setter->set(carrier, id_key, cotel_str_n(id, sizeof id));
    }
    ct_jaeger_baggage_inject(context, setter, carrier);
}

static cotel_context *extract_span(const cotel_context *context, const cotel_getter *getter,
                                   void *carrier)
{
    cotel_span span;
    enum ct_trace_mark mark;
    cotel_str header = getter->get(carrier, id_key, 0);
    if (!header.data)
        return cotel_context_ref(context);
    if (ct_jaeger_id_parse(header, &span, &mark))
        return ct_context_with_remote(context, &span, mark);
    ct_propagation_count(CT_PROPAGATION_MALFORMED, 1);
    return cotel_context_ref(context);
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    (void)self;
    context = ct_context_or_current(context);
    if (!CT_HAS_OP(getter, get))
        return cotel_context_ref(context);
    cotel_context *with_span = extract_span(context, getter, carrier);
    cotel_context *with_both = ct_jaeger_baggage_extract(with_span, getter, carrier);
    cotel_context_unref(with_span);
    return with_both;
}

static const char *field(const cotel_propagator *self, size_t index)
{
    (void)self;
    return index == 0 ? id_key.data : NULL;
}

const cotel_propagator *cotel_propagator_jaeger(void)
{
    static const cotel_propagator_ops ops = {
        .size = sizeof ops,
        .inject = inject,
        .extract = extract,
        .field = field,
        .extra_field = ct_jaeger_baggage_field,
    };
    static const cotel_propagator propagator = {&ops};
    return &propagator;
}
