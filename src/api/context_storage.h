/* SPDX-License-Identifier: Apache-2.0 */
/* Where the pointer to the current piece of work's stack of contexts is kept: in a thread-local,
 * or behind the two callbacks of cotel_context_set_storage(). */
#ifndef COTEL_SRC_API_CONTEXT_STORAGE_H
#define COTEL_SRC_API_CONTEXT_STORAGE_H

#include <stdatomic.h>

#include <cotel/context.h>

#include "base/compiler.h"

struct ct_context_stack;

extern __thread struct ct_context_stack *ct_context_thread_stack
    __attribute__((tls_model(CT_TLS_MODEL), visibility("hidden")));
extern _Atomic(const cotel_context_storage *) ct_context_storage
    __attribute__((visibility("hidden")));

/* NULL when there is none yet. */
static inline struct ct_context_stack *ct_context_storage_get(void)
{
    /* Acquire pairs with the release in cotel_context_set_storage(). */
    const cotel_context_storage *own =
        atomic_load_explicit(&ct_context_storage, memory_order_acquire);
    if (CT_UNLIKELY(own))
        return own->get(own->user);
    return ct_context_thread_stack;
}

/* Keeps it. In a thread, it is destroyed when that ends. False when that can't be arranged; then
 * nothing is kept. */
bool ct_context_storage_set(struct ct_context_stack *stack);

#endif
