/* SPDX-License-Identifier: Apache-2.0 */
/* Every tracer, or every meter, that was ever taken: an identity, and what the SDK's provider gave
 * for it. They are added and never removed, so that whoever has one keeps a valid pointer, and so
 * that finding one takes no lock.
 *
 * Which provider they belong to, and what happens when it changes, is in provider_slot.h. */
#ifndef COTEL_SRC_API_REGISTRY_H
#define COTEL_SRC_API_REGISTRY_H

#include "api/chains.h"
#include "api/provider.h"
#include "base/fork.h"

/* The most tracers, and the most meters; beyond, a shared one that does nothing is given out. */
#define CT_REGISTRY_MAX 65536

/* What a tracer and a meter begin with. */
struct ct_registered {
    struct ct_chain_link link;
    _Atomic(void *) impl; /* the SDK's tracer or meter; NULL: there is none */
    /* NULL: follows the global one. A forgotten provider is replaced by a mark. */
    _Atomic(void *) provider;
    struct ct_scope scope; /* constant once it is in the registry */

    /* Under the registry's lock: what the provider asked last gave for this scope. */
    void *asked;
    void *answer;
};

/* What tells tracers from meters. All are called under the registry's lock. */
struct ct_registry_kind {
    size_t size; /* of a tracer or meter */
    /* What a provider that is not NULL has for a scope, or NULL. */
    void *(*ask)(void *provider, const struct ct_scope *scope);
    /* NULL, or: hands a change of `impl` on; `provider` may be NULL. */
    void (*bound)(struct ct_registered *one, void *provider);
    /* NULL, or: forgets all that this provider has answered. */
    void (*forget)(struct ct_registered *one, void *provider);
    /* NULL, or: puts right what a fork has caught half-changed. */
    void (*mend)(struct ct_registered *one);
};

struct ct_registry {
    const struct ct_registry_kind *kind;
    struct ct_registered *shared; /* given out when there can be no other */
    struct ct_fork_lock lock;
    size_t count;           /* under the lock */
    bool rebinding;         /* under the lock: whether all are being bound anew */
    _Atomic(void *) global; /* the provider */
    struct ct_chains chains;
};

/* The one of a provider (NULL: the global one) for a scope, made if need be. Never NULL. */
struct ct_registered *ct_registry_get(struct ct_registry *registry, void *provider,
                                      const struct ct_scope *scope);

/* Serialises adding and binding; an SDK's get_tracer and get_meter run inside. */
void ct_registry_lock(struct ct_registry *registry);
void ct_registry_unlock(struct ct_registry *registry);

/* Calls `each` on all, under the lock. */
void ct_registry_for_each(struct ct_registry *registry,
                          void (*each)(struct ct_registry *registry, struct ct_registered *one,
                                       void *user),
                          void *user);

#endif
