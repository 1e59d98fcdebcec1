/* SPDX-License-Identifier: Apache-2.0 */
/** @file baggage.h
 *  Names and values that travel with the work from process to process: a tenant, a session, the
 *  agent that asked. They go to every peer that is called: put no secrets in.
 *
 *      cotel_baggage *baggage = cotel_baggage_set(NULL, "session.id", "s-17");
 *      cotel_context *context = cotel_context_with_baggage(NULL, baggage);
 *      cotel_baggage_unref(baggage);
 *      cotel_inject(context, &cotel_headers_setter, &headers);
 *      cotel_context_unref(context);
 *
 *  A cotel_baggage never changes once it is made; what changes one returns another. The empty
 *  baggage is NULL, which every function takes. It works without an SDK.
 *
 *  Implements: baggage/api.md of the specification.
 */
#ifndef COTEL_BAGGAGE_H
#define COTEL_BAGGAGE_H

#include <cotel/attribute.h>
#include <cotel/context.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Immutable and counted. NULL is the empty one. */
typedef struct cotel_baggage cotel_baggage;

/** The most entries of a baggage. A message carries fewer where its format allows no more: see
 *  cotel_propagator_baggage(). */
#define COTEL_BAGGAGE_MAX_ENTRIES 180

/** The most bytes of a baggage: names, values and metadata together. */
#define COTEL_BAGGAGE_MAX_SIZE 65536

/** One entry. Names are compared byte by byte; invalid UTF-8 is replaced by U+FFFD where it is
 *  stored. The metadata is opaque to cotel, such as "ttl=30;private", and may be empty. */
typedef struct cotel_baggage_entry {
    cotel_str name;
    cotel_str value;
    cotel_str metadata;
} cotel_baggage_entry;

/* All of these: any thread; never block. Since 0.1. */

/** A baggage in which `name` has `value` and no metadata. An entry that is there keeps its place,
 *  a new one comes last. `baggage` is untouched and keeps its reference. A NULL value is the empty
 *  one.
 *  @return a new reference; with an empty or NULL name, beyond a limit, or when memory is out, one
 *          to the unchanged baggage. NULL only if that is NULL. */
COTEL_API cotel_baggage *cotel_baggage_set(const cotel_baggage *baggage, const char *name,
                                           const char *value);

/** The same with metadata, and with lengths. NULL changes nothing. */
COTEL_API cotel_baggage *cotel_baggage_set_entry(const cotel_baggage *baggage,
                                                 const cotel_baggage_entry *entry);

/** A baggage without `name`, as a new reference; NULL when nothing is left. */
COTEL_API cotel_baggage *cotel_baggage_remove(const cotel_baggage *baggage, cotel_str name);

/** The entry of a name. Borrowed, as long as the reference. @return false when it is not there. */
COTEL_API bool cotel_baggage_get(const cotel_baggage *baggage, cotel_str name,
                                 cotel_baggage_entry *out);

/** How many entries there are. */
COTEL_API size_t cotel_baggage_count(const cotel_baggage *baggage);

/** The index-th entry, from 0, in the order in which they were first set. Borrowed, as long as the
 *  reference. @return false when there are not that many. */
COTEL_API bool cotel_baggage_at(const cotel_baggage *baggage, size_t index,
                                cotel_baggage_entry *out);

/** One reference more; returns its argument. Takes NULL. */
COTEL_API cotel_baggage *cotel_baggage_ref(const cotel_baggage *baggage);

/** One reference less; the last one frees it. Takes NULL. */
COTEL_API void cotel_baggage_unref(const cotel_baggage *baggage);

/** The baggage of a context (NULL: the current one), as a new reference; NULL when it has none. */
COTEL_API cotel_baggage *cotel_context_baggage(const cotel_context *context);

/** A context like `base` (NULL: the current one), with this baggage in place of its own; NULL: with
 *  none, as before a call to somebody who must not see it. A reference is taken. Yours to unref.
 *  When memory is out, the empty context: never one that still has the old baggage. */
COTEL_API cotel_context *cotel_context_with_baggage(const cotel_context *base,
                                                    const cotel_baggage *baggage);

COTEL_END_DECLS

#endif
