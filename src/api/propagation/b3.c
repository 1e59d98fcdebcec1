/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/b3.h"

#include "api/context.h"
#include "api/propagation/counts.h"
#include "api/propagation/id_fields.h"
#include "base/sized.h"

bool ct_b3_read_ids(struct ct_b3 *b3, cotel_str trace_id, cotel_str span_id)
{
    const size_t full = 2 * sizeof(cotel_trace_id), half = full / 2;
    return (trace_id.size == full || trace_id.size == half) &&
           span_id.size == 2 * sizeof(cotel_span_id) &&
           ct_trace_id_read(&b3->span.trace_id, trace_id) &&
           ct_span_id_read(&b3->span.span_id, span_id);
}

/* Whether there is a span to write, and something to write it with. */
static bool prepare(struct ct_b3 *b3, const cotel_context *context, const cotel_setter *setter)
{
    context = ct_context_or_current(context);
    if (!CT_HAS_OP(setter, set) ||
        !ct_ids_are_valid(&context->span.trace_id, &context->span.span_id))
        return false;
    *b3 = (struct ct_b3){.span = context->span, .mark = ct_trace_mark_of(context)};
    return true;
}

static void inject_single(const cotel_propagator *self, const cotel_context *context,
                          const cotel_setter *setter, void *carrier)
{
    (void)self;
    struct ct_b3 b3;
    if (prepare(&b3, context, setter))
        ct_b3_write_single(&b3, setter, carrier);
}

static void inject_multi(const cotel_propagator *self, const cotel_context *context,
                         const cotel_setter *setter, void *carrier)
{
    (void)self;
    struct ct_b3 b3;
    if (prepare(&b3, context, setter))
        ct_b3_write_multi(&b3, setter, carrier);
}

/* The one header goes first; the others are looked at when it has no span for us. */
static bool read_either(struct ct_b3 *b3, const cotel_getter *getter, void *carrier)
{
    enum ct_b3_found single = ct_b3_read_single(b3, getter, carrier);
    if (single == CT_B3_SPAN)
        return true;
    enum ct_b3_found multi = ct_b3_read_multi(b3, getter, carrier);
    ct_propagation_count(CT_PROPAGATION_MALFORMED,
                         (single == CT_B3_MALFORMED) + (multi == CT_B3_MALFORMED));
    return multi == CT_B3_SPAN;
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    (void)self;
    struct ct_b3 b3;
    context = ct_context_or_current(context);
    if (!CT_HAS_OP(getter, get) || !read_either(&b3, getter, carrier))
        return cotel_context_ref(context);
    return ct_context_with_remote(context, &b3.span, b3.mark);
}

static const char parent_key[] = "x-b3-parentspanid"; /* which nobody here sets */

static const char *extra_field_single(const cotel_propagator *self, size_t index)
{
    return index == 0 ? parent_key : ct_b3_field_multi(self, index - 1);
}

static const char *extra_field_multi(const cotel_propagator *self, size_t index)
{
    return index == 0 ? parent_key : ct_b3_field_single(self, index - 1);
}

const cotel_propagator *cotel_propagator_b3(void)
{
    static const cotel_propagator_ops ops = {
        .size = sizeof ops,
        .inject = inject_single,
        .extract = extract,
        .field = ct_b3_field_single,
        .extra_field = extra_field_single,
    };
    static const cotel_propagator propagator = {&ops};
    return &propagator;
}

const cotel_propagator *cotel_propagator_b3_multi(void)
{
    static const cotel_propagator_ops ops = {
        .size = sizeof ops,
        .inject = inject_multi,
        .extract = extract,
        .field = ct_b3_field_multi,
        .extra_field = extra_field_multi,
    };
    static const cotel_propagator propagator = {&ops};
    return &propagator;
}
