/* SPDX-License-Identifier: Apache-2.0 */
/* The one place of the process that says which provider is the global one, for traces and for
 * metrics each, and the binding of tracers and meters to providers. */
#ifndef COTEL_SRC_API_PROVIDER_SLOT_H
#define COTEL_SRC_API_PROVIDER_SLOT_H

#include "api/registry.h"

void *ct_provider_slot_global(const struct ct_registry *registry);
void ct_provider_slot_set_global(struct ct_registry *registry, void *provider);

/* Forgets a provider that will not be used again. */
void ct_provider_slot_forget(struct ct_registry *registry, void *provider);

/* Binds a tracer or meter to what its provider gives for it. Under the registry's lock. */
void ct_provider_slot_bind(struct ct_registry *registry, struct ct_registered *one);

/* The provider that it is bound to, or NULL. Under the registry's lock. */
void *ct_provider_slot_of(const struct ct_registry *registry, const struct ct_registered *one);

/* After a fork, under the registry's lock: finishes what a thread of the parent was at. */
void ct_provider_slot_mend(struct ct_registry *registry);

#endif
