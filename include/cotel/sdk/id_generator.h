/* SPDX-License-Identifier: Apache-2.0 */
/** @file id_generator.h
 *  Where trace and span ids come from.
 *
 *  Implements: trace/sdk.md "Id Generators".
 */
#ifndef COTEL_SDK_ID_GENERATOR_H
#define COTEL_SDK_ID_GENERATOR_H

#include <cotel/span_context.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Implementers put this struct first into their own. Without one, cotel takes random ids from a
 *  generator of each thread, seeded by the kernel. */
typedef struct cotel_id_generator {
    const struct cotel_id_generator_ops *ops;
} cotel_id_generator;

/** What an id generator does. The generating functions are called from any thread, several at a
 *  time, inside span start, and must not block. An id of zeros makes the span non-recording. */
typedef struct cotel_id_generator_ops {
    size_t size; /**< sizeof of this struct */
    void (*trace_id)(cotel_id_generator *self, cotel_trace_id *out);
    void (*span_id)(cotel_id_generator *self, cotel_span_id *out);
    /** Whether the low 56 bits of trace ids are random: new traces then carry the random flag. */
    bool random;
    /** Frees it; NULL: nothing to free. Called once, when its owner is destroyed. */
    void (*destroy)(cotel_id_generator *self);
} cotel_id_generator_ops;

COTEL_END_DECLS

#endif
