/* SPDX-License-Identifier: Apache-2.0 */
/* Every tracer that was ever taken. Tracers are added and never removed, so that whoever has one
 * keeps a valid pointer, and so that finding one takes no lock. */
#ifndef COTEL_SRC_API_REGISTRY_H
#define COTEL_SRC_API_REGISTRY_H

#include "api/tracer.h"

/* The most tracers; beyond, a shared one that records nothing is given out. */
#define CT_REGISTRY_MAX_TRACERS 65536

/* The tracer of a provider (NULL: the global one) for a scope, made if need be. Never NULL. */
cotel_tracer *ct_registry_get(cotel_tracer_provider *provider, const struct ct_scope *scope);

/* Serialises adding tracers and binding them to providers; an SDK's get_tracer runs inside. */
void ct_registry_lock(void);
void ct_registry_unlock(void);

/* Calls `each` on every tracer, under the lock. */
void ct_registry_for_each(void (*each)(cotel_tracer *tracer, void *user), void *user);

#endif
