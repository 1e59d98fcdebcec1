/* SPDX-License-Identifier: Apache-2.0 */
#include <stdatomic.h>

#include <cotel/propagation.h>

#include "api/context.h"
#include "api/propagation/builtin.h"
#include "base/sized.h"

static _Atomic(const cotel_propagator *) global_propagator;

static inline const cotel_propagator *global(void)
{
    /* Acquire pairs with the release below: the propagator is complete. */
    const cotel_propagator *propagator =
        atomic_load_explicit(&global_propagator, memory_order_acquire);
    return propagator ? propagator : &ct_propagator_default;
}

const cotel_propagator *cotel_propagator_global(void)
{
    return global();
}

void cotel_propagator_set_global(const cotel_propagator *propagator)
{
    atomic_store_explicit(&global_propagator, propagator, memory_order_release);
}

void cotel_inject(const cotel_context *context, const cotel_setter *setter, void *carrier)
{
    const cotel_propagator *propagator = global();
    if (CT_HAS_OP(propagator->ops, inject))
        propagator->ops->inject(propagator, ct_context_or_current(context), setter, carrier);
}

cotel_context *cotel_extract(const cotel_context *context, const cotel_getter *getter,
                             void *carrier)
{
    const cotel_propagator *propagator = global();
    cotel_context *extracted = NULL;
    context = ct_context_or_current(context);
    if (CT_HAS_OP(propagator->ops, extract))
        extracted = propagator->ops->extract(propagator, context, getter, carrier);
    return extracted ? extracted : cotel_context_ref(context);
}
