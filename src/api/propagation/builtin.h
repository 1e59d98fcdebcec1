/* SPDX-License-Identifier: Apache-2.0 */
/* The propagators that are on by default, as constants: a composite of them is one too. */
#ifndef COTEL_SRC_API_PROPAGATION_BUILTIN_H
#define COTEL_SRC_API_PROPAGATION_BUILTIN_H

#include <cotel/propagation.h>

extern const cotel_propagator ct_propagator_tracecontext __attribute__((visibility("hidden")));
extern const cotel_propagator ct_propagator_baggage __attribute__((visibility("hidden")));

#endif
