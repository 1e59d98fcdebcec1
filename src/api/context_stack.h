/* SPDX-License-Identifier: Apache-2.0 */
/* What a stack of contexts is made of, so that who records a measurement finds the current one
 * without a call. How it changes is in context_stack.c. */
#ifndef COTEL_SRC_API_CONTEXT_STACK_H
#define COTEL_SRC_API_CONTEXT_STACK_H

#include "api/context.h"
#include "api/context_storage.h"

/* Deep enough for all but recursion; more is allocated. */
#define CT_CONTEXT_INLINE_ENTRIES 16

struct ct_context_entry {
    struct cotel_context context;
    uint64_t serial; /* 0: detached, waiting for those above */
};

struct ct_context_block;

struct ct_context_stack {
    uint32_t depth;
    uint32_t capacity;
    uint64_t next_serial;
    struct ct_context_entry *entries;
    struct ct_context_block *blocks;
    struct ct_context_entry inline_entries[CT_CONTEXT_INLINE_ENTRIES];
};

/* The context on top; NULL without one, and without a stack. */
static inline const cotel_context *ct_context_stack_top(const struct ct_context_stack *stack)
{
    return stack && stack->depth > 0 ? &stack->entries[stack->depth - 1].context : NULL;
}

/* The current context, NULL for the empty one. Borrowed. */
static inline const cotel_context *ct_context_current_or_null(void)
{
    return ct_context_stack_top(ct_context_storage_get());
}

#endif
