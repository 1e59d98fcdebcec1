/* SPDX-License-Identifier: Apache-2.0 */
/* What is extracted is added to the baggage that the context has, and takes its place where the
 * names are the same: baggage/api.md, "Conflict Resolution", asks that of pairs "received from a
 * remote peer", and an extract must not lose what is there (context/api-propagators.md). */
#ifndef COTEL_SRC_API_PROPAGATION_BAGGAGE_MERGE_H
#define COTEL_SRC_API_PROPAGATION_BAGGAGE_MERGE_H

#include <cotel/baggage.h>

/* A context like `context` with `read` (NULL: nothing) added to its baggage, as a new reference;
 * one to that context when memory is out. Takes over the reference to `read`. */
cotel_context *ct_context_add_baggage(const cotel_context *context, cotel_baggage *read);

#endif
