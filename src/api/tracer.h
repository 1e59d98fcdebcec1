/* SPDX-License-Identifier: Apache-2.0 */
/* What a tracer is: an identity, and the SDK's tracer that it stands for at the moment. */
#ifndef COTEL_SRC_API_TRACER_H
#define COTEL_SRC_API_TRACER_H

#include <stdatomic.h>

#include "api/provider.h"

struct cotel_tracer {
    _Atomic(struct ct_tracer_impl *) impl; /* NULL: makes non-recording spans */
    /* NULL: follows the global one. A forgotten provider is replaced by a mark. */
    _Atomic(cotel_tracer_provider *) provider;

    /* Constant once the tracer is in the registry. */
    uint32_t hash;
    struct cotel_tracer *next;
    struct ct_scope scope;

    /* Under the registry's lock: what the provider asked last gave for this scope. */
    cotel_tracer_provider *asked;
    struct ct_tracer_impl *answer;
};

/* The SDK's tracer, or NULL. */
static inline struct ct_tracer_impl *ct_tracer_impl(const cotel_tracer *tracer)
{
    /* Acquire pairs with the release that bound it: the SDK's tracer is complete. */
    return tracer ? atomic_load_explicit(&tracer->impl, memory_order_acquire) : NULL;
}

#endif
