/* SPDX-License-Identifier: Apache-2.0 */
/* What a tracer is: an identity, and the SDK's tracer that it stands for at the moment. */
#ifndef COTEL_SRC_API_TRACER_H
#define COTEL_SRC_API_TRACER_H

#include "api/registry.h"

struct cotel_tracer {
    struct ct_registered registered;
};

/* The SDK's tracer, or NULL: then spans do not record. */
static inline struct ct_tracer_impl *ct_tracer_impl(const cotel_tracer *tracer)
{
    if (!tracer)
        return NULL;
    /* Acquire pairs with the release that bound it: the SDK's tracer is complete. */
    return (struct ct_tracer_impl *)atomic_load_explicit(&tracer->registered.impl,
                                                         memory_order_acquire);
}

#endif
