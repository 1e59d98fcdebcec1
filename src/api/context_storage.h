/* SPDX-License-Identifier: Apache-2.0 */
/* Where the pointer to the current piece of work's stack of contexts is kept: in a thread-local,
 * or behind the two callbacks of cotel_context_set_storage(). */
#ifndef COTEL_SRC_API_CONTEXT_STORAGE_H
#define COTEL_SRC_API_CONTEXT_STORAGE_H

#include <cotel/context.h>

struct ct_context_stack;

/* NULL when there is none yet. */
struct ct_context_stack *ct_context_storage_get(void);

/* Keeps it. In a thread, it is destroyed when that ends. False when that can't be arranged; then
 * nothing is kept. */
bool ct_context_storage_set(struct ct_context_stack *stack);

#endif
