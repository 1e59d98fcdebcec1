/* SPDX-License-Identifier: Apache-2.0 */
/* The default: what a composite of Trace Context and Baggage would do, by calls of its own. Every
 * request passes here, and mostly without baggage: looking for it is all that may cost. */
#include "api/context.h"
#include "api/propagation/baggage_merge.h"
#include "api/propagation/builtin.h"
#include "base/compiler.h"

static void inject(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier)
{
    (void)self;
    context = ct_context_or_current(context);
    ct_tracecontext_inject(context, setter, carrier);
    if (CT_UNLIKELY(context->values))
        ct_baggage_inject(context, setter, carrier);
}

static cotel_context *extract(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier)
{
    (void)self;
    cotel_context *found = ct_tracecontext_extract(ct_context_or_current(context), getter, carrier);
    cotel_baggage *read = ct_baggage_read(getter, carrier);
    if (CT_LIKELY(!read))
        return found;
    cotel_context *both = ct_context_add_baggage(found, read);
    cotel_context_unref(found);
    return both;
}

static const char *field_of(const cotel_propagator *member, size_t index)
{
    return member->ops->field(member, index);
}

static const char *field(const cotel_propagator *self, size_t index)
{
    (void)self;
    size_t before = 0;
    while (field_of(&ct_propagator_tracecontext, before))
        before++;
    return index < before ? field_of(&ct_propagator_tracecontext, index)
                          : field_of(&ct_propagator_baggage, index - before);
}

static const cotel_propagator_ops ops = {
    .size = sizeof ops,
    .inject = inject,
    .extract = extract,
    .field = field,
};

const cotel_propagator ct_propagator_default = {&ops};

const cotel_propagator *cotel_propagator_default(void)
{
    return &ct_propagator_default;
}
