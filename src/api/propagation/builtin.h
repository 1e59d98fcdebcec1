/* SPDX-License-Identifier: Apache-2.0 */
/* The propagator that is there by default, and the two it is made of: as constants, and what they
 * do as functions. */
#ifndef COTEL_SRC_API_PROPAGATION_BUILTIN_H
#define COTEL_SRC_API_PROPAGATION_BUILTIN_H

#include <cotel/baggage.h>
#include <cotel/propagation.h>

extern const cotel_propagator ct_propagator_default __attribute__((visibility("hidden")));
extern const cotel_propagator ct_propagator_tracecontext __attribute__((visibility("hidden")));
extern const cotel_propagator ct_propagator_baggage __attribute__((visibility("hidden")));

/* Here a context is never NULL. */

void ct_tracecontext_inject(const cotel_context *context, const cotel_setter *setter,
                            void *carrier);
cotel_context *ct_tracecontext_extract(const cotel_context *context, const cotel_getter *getter,
                                       void *carrier);

void ct_baggage_inject(const cotel_context *context, const cotel_setter *setter, void *carrier);

/* What all the headers say together; of equal names the later value. NULL when that is nothing. */
cotel_baggage *ct_baggage_read(const cotel_getter *getter, void *carrier);

#endif
