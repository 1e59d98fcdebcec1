/* SPDX-License-Identifier: Apache-2.0 */
/** @file baggage_processor.h
 *  A processor that copies baggage to spans: what travels with the work becomes an attribute of
 *  every span that is started in it, so that they can be found by it.
 *
 *      static const char *const names[] = {"session.id", "tenant.*"};
 *      cotel_baggage_processor_options options = COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT;
 *      options.names = names;
 *      options.name_count = 2;
 *      cotel_span_processor *processor;
 *      cotel_status status = cotel_baggage_processor_create(&options, &processor);
 *
 *  Baggage also comes from callers, who may put anything into it: choose by name what is wanted.
 *
 *  Implements: overview.md "Baggage Signal"; the BaggageSpanProcessor of other languages.
 */
#ifndef COTEL_SDK_BAGGAGE_PROCESSOR_H
#define COTEL_SDK_BAGGAGE_PROCESSOR_H

#include <cotel/baggage.h>
#include <cotel/sdk/processor.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Which entries are copied: those that have one of the names, or that are wanted. */
typedef struct cotel_baggage_processor_options {
    size_t size;              /**< sizeof of this struct */
    const char *const *names; /**< copied; `*` stands for any text, `?` for one character */
    size_t name_count;        /**< up to COTEL_BAGGAGE_MAX_ENTRIES; 0: none is chosen by name */
    /** Asked for the others, on the thread that starts the span; must not block. NULL: none. */
    bool (*wants)(void *user, const cotel_baggage_entry *entry);
    void *user; /**< for `wants`; must outlive the provider */
} cotel_baggage_processor_options;

/** Every default of cotel_baggage_processor_options: nothing is chosen. */
#define COTEL_BAGGAGE_PROCESSOR_OPTIONS_INIT                         \
    {                                                                \
        sizeof(cotel_baggage_processor_options), NULL, 0, NULL, NULL \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_baggage_processor_options_init(cotel_baggage_processor_options *options);

/** A processor that copies, when a recording span starts, the chosen entries of the parent
 * context's baggage as string attributes under their own names; give it to a provider. An attribute
 * that the span has already stays: what the program says counts for more than what a caller sent.
 * The span's limits hold.
 *  @return OK, INVALID_ARGUMENT (a size that was not set, nothing is chosen, a name is NULL or
 *          empty, out is NULL), LIMIT_REACHED (too many names), OUT_OF_MEMORY.
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_baggage_processor_create(
    const cotel_baggage_processor_options *options, cotel_span_processor **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
