/* SPDX-License-Identifier: Apache-2.0 */
/* The one place of the process that says which provider is the global one, and the binding of
 * tracers to providers. */
#ifndef COTEL_SRC_API_PROVIDER_SLOT_H
#define COTEL_SRC_API_PROVIDER_SLOT_H

#include "api/tracer.h"

/* Binds a tracer to what its provider gives for it. Under the registry's lock. */
void ct_provider_slot_bind(cotel_tracer *tracer);

/* After a fork, under the registry's lock: finishes a change of the global provider that a thread
 * of the parent was at. */
void ct_provider_slot_mend(void);

#endif
