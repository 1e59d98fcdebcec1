/* SPDX-License-Identifier: Apache-2.0 */
/* Instrumentation scopes: when two are the same, a copy to keep, and the message on the wire.
 * Attributes of a scope are a set: their order does not matter, of equal keys the last one counts,
 * and one with an empty key is not there. */
#ifndef COTEL_SRC_WIRE_SCOPE_H
#define COTEL_SRC_WIRE_SCOPE_H

#include <cotel/attribute.h>

/* What identifies a scope. */
struct ct_scope {
    cotel_str name;
    cotel_str version;
    cotel_str schema_url;
    const cotel_attribute *attributes;
    size_t attribute_count;
};

/* Equal scopes have equal hashes. */
uint32_t ct_scope_hash(const struct ct_scope *scope);
bool ct_scope_equal(const struct ct_scope *a, const struct ct_scope *b);

/* The bytes that a deep copy takes, and the copy, into `block` of that size, aligned for any
 * object. */
size_t ct_scope_copy_size(const struct ct_scope *scope);
void ct_scope_copy(const struct ct_scope *from, void *block, struct ct_scope *to);

/* An InstrumentationScope message, which leaves out the schema url. The second writes what the
 * first one counted, and returns the place behind it. */
size_t ct_scope_encoded_size(const struct ct_scope *scope);
uint8_t *ct_scope_encode(uint8_t *at, const struct ct_scope *scope);

#endif
