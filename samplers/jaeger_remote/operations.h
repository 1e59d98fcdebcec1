/* SPDX-License-Identifier: Apache-2.0 */
/* Span names and what is done with them: a table that any number of threads read and add to at a
 * time, without a lock. Nothing is ever taken out; it ends as a whole. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_OPERATIONS_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_OPERATIONS_H

#include "samplers/jaeger_remote/limiter.h"
#include "samplers/jaeger_remote/share.h"

#include <cotel/attribute.h>

struct ct_jaeger_rule {
    struct ct_jaeger_share share;
    struct ct_jaeger_limiter floor; /* of traces that are sampled whatever the share says */
    bool is_learned;                /* not of the strategy */
    uint32_t hash;
    size_t name_size;
    cotel_attribute attributes[2]; /* of what the share has sampled */
    char name[];
};

struct ct_jaeger_operations {
    size_t most;
    size_t
        slot_count; /* 0, or a power of two, twice `most` at least: there is always an empty one */
    atomic_size_t count;
    _Atomic(struct ct_jaeger_rule *) *slots;
};

/* false: memory is out. */
bool ct_jaeger_operations_init(struct ct_jaeger_operations *operations, size_t most);

/* Nobody uses it any more. Takes one of zeros. */
void ct_jaeger_operations_fini(struct ct_jaeger_operations *operations);

/* The name's rule; NULL: it is not known. Takes one of zeros. */
struct ct_jaeger_rule *ct_jaeger_operations_find(const struct ct_jaeger_operations *operations,
                                                 cotel_str name);

/* What is in a slot, of `slot_count`; NULL: nothing. */
struct ct_jaeger_rule *ct_jaeger_operations_at(const struct ct_jaeger_operations *operations,
                                               size_t slot);

/* A rule of that name with the rest zero, for ct_jaeger_operations_add() or free(). NULL: memory is
 * out. */
struct ct_jaeger_rule *ct_jaeger_rule_create(cotel_str name);

/* Adds it and returns it; or frees it, and returns the one of its name that came first, or NULL:
 * the table is full. */
struct ct_jaeger_rule *ct_jaeger_operations_add(struct ct_jaeger_operations *operations,
                                                struct ct_jaeger_rule *rule);

/* Whether add() would say so. */
bool ct_jaeger_operations_are_full(const struct ct_jaeger_operations *operations);

#endif
