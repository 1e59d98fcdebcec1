/* SPDX-License-Identifier: Apache-2.0 */
/* Baggage in contexts: a value like any other, under a key that nobody else has. */
#include "api/baggage.h"

#include "api/context.h"

static const struct cotel_context_key baggage_key = {"baggage"};

const cotel_baggage *ct_context_baggage_pointer(const cotel_context *context)
{
    return ct_context_values_get(context->values, &baggage_key);
}

cotel_baggage *cotel_context_baggage(const cotel_context *context)
{
    return cotel_baggage_ref(ct_context_baggage_pointer(ct_context_or_current(context)));
}

static void unref(void *value)
{
    cotel_baggage_unref(value);
}

cotel_context *cotel_context_with_baggage(const cotel_context *base, const cotel_baggage *baggage)
{
    cotel_context *context =
        cotel_context_with_value(base, &baggage_key, cotel_baggage_ref(baggage), unref);
    /* Out of memory: the old one is still there, and may be just what was not to be sent on. */
    const cotel_baggage *kept = ct_context_baggage_pointer(context);
    if (!kept || kept == baggage)
        return context;
    cotel_context_unref(context);
    return cotel_context_empty();
}
