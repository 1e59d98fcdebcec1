/* SPDX-License-Identifier: Apache-2.0 */
/** @file span_context.h
 *  What identifies a span across processes: ids, flags and tracestate.
 *
 *  Implements: trace/api.md "SpanContext"; W3C Trace Context Level 2.
 */
#ifndef COTEL_SPAN_CONTEXT_H
#define COTEL_SPAN_CONTEXT_H

#include <cotel/attribute.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** 16 bytes, valid when any of them is not zero. */
typedef struct cotel_trace_id {
    uint8_t bytes[16];
} cotel_trace_id;

/** 8 bytes, valid when any of them is not zero. */
typedef struct cotel_span_id {
    uint8_t bytes[8];
} cotel_span_id;

/** Sizes of the hexadecimal forms, with the closing NUL. */
#define COTEL_TRACE_ID_HEX_SIZE 33
#define COTEL_SPAN_ID_HEX_SIZE 17

/** Bits of trace_flags. */
#define COTEL_TRACE_FLAG_SAMPLED 0x01u
#define COTEL_TRACE_FLAG_RANDOM 0x02u

/** The vendor list of W3C `tracestate`: an ordered, immutable, counted list of key=value.
 *  NULL stands for the empty list everywhere. */
typedef struct cotel_tracestate cotel_tracestate;

/** Identity of a span that may live in another process. A plain value; the tracestate is
 *  borrowed from whatever gave the context out. */
typedef struct cotel_span_context {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    uint8_t trace_flags; /**< COTEL_TRACE_FLAG_* */
    bool is_remote;      /**< it came in with a message */
    const cotel_tracestate *tracestate;
} cotel_span_context;

/** Nothing in it: not valid. */
static inline cotel_span_context cotel_span_context_none(void)
{
    cotel_span_context context;
    memset(&context, 0, sizeof context);
    return context;
}

/* ---- ids. All of these: any thread; never block, never fail otherwise. Since 0.1. ---- */

/** Whether any byte is not zero. */
COTEL_API bool cotel_trace_id_is_valid(const cotel_trace_id *id);
COTEL_API bool cotel_span_id_is_valid(const cotel_span_id *id);

/** Whether both ids are valid. NULL is not. */
COTEL_API bool cotel_span_context_is_valid(const cotel_span_context *context);

/** Writes lower-case hexadecimal and a NUL. A NULL id reads as zeros; a NULL `out` gets nothing. */
COTEL_API void cotel_trace_id_to_hex(const cotel_trace_id *id, char out[COTEL_TRACE_ID_HEX_SIZE]);
COTEL_API void cotel_span_id_to_hex(const cotel_span_id *id, char out[COTEL_SPAN_ID_HEX_SIZE]);

/** Reads exactly 32 (16) hexadecimal digits, either case.
 *  @return false, with *out untouched, when size is another or a character is no digit. */
COTEL_API bool cotel_trace_id_from_hex(const char *hex, size_t size, cotel_trace_id *out);
COTEL_API bool cotel_span_id_from_hex(const char *hex, size_t size, cotel_span_id *out);

/* ---- tracestate. All of these: any thread; never block. Since 0.1.
 *      W3C Trace Context Level 2, section 3.3; trace/api.md "TraceState". ---- */

/** The longest tracestate that is kept, in bytes of the header form. */
#define COTEL_TRACESTATE_MAX_SIZE 8192
/** The most members of a list. */
#define COTEL_TRACESTATE_MAX_MEMBERS 32

/** Reads the header form. Empty members are skipped.
 *  @return a new reference, or NULL when the list is empty, malformed, has more than 32 members,
 *          is longer than COTEL_TRACESTATE_MAX_SIZE, or memory is out. */
COTEL_API cotel_tracestate *cotel_tracestate_parse(const char *header, size_t size);

/** The header form, in canonical spelling; borrowed, as long as the reference lives.
 *  Empty for NULL. */
COTEL_API cotel_str cotel_tracestate_header(const cotel_tracestate *state);

/** The value of a key; {NULL, 0} when it is not there. Borrowed, as long as the reference. */
COTEL_API cotel_str cotel_tracestate_get(const cotel_tracestate *state, cotel_str key);

/** A list in which key has value and stands first; the order of the others is kept, and a 33rd
 *  member falls off at the end. `state` is untouched and keeps its reference.
 *  @return a new reference; with an invalid key or value, or when memory is out, one to the
 *          unchanged list. NULL only if that list is NULL. */
COTEL_API cotel_tracestate *cotel_tracestate_set(const cotel_tracestate *state, cotel_str key,
                                                 cotel_str value);

/** A list without key, as a new reference; the unchanged list when it is not there.
 *  NULL when nothing is left. */
COTEL_API cotel_tracestate *cotel_tracestate_remove(const cotel_tracestate *state, cotel_str key);

/** One reference more; returns its argument. Takes NULL. */
COTEL_API cotel_tracestate *cotel_tracestate_ref(const cotel_tracestate *state);

/** One reference less; the last one frees it. Takes NULL. */
COTEL_API void cotel_tracestate_unref(const cotel_tracestate *state);

COTEL_END_DECLS

#endif
