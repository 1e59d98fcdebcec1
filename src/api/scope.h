/* SPDX-License-Identifier: Apache-2.0 */
/* Instrumentation scopes as keys: when two are the same, and a copy to keep. Attributes of a
 * scope are a set: their order does not matter, of equal keys the last one counts, and one with an
 * empty key is not there. */
#ifndef COTEL_SRC_API_SCOPE_H
#define COTEL_SRC_API_SCOPE_H

#include "api/provider.h"

/* Equal scopes have equal hashes. */
uint32_t ct_scope_hash(const struct ct_scope *scope);
bool ct_scope_equal(const struct ct_scope *a, const struct ct_scope *b);

/* The bytes that a deep copy takes, and the copy, into `block` of that size, aligned for any
 * object. */
size_t ct_scope_copy_size(const struct ct_scope *scope);
void ct_scope_copy(const struct ct_scope *from, void *block, struct ct_scope *to);

#endif
