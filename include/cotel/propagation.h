/* SPDX-License-Identifier: Apache-2.0 */
/** @file propagation.h
 *  Handing a trace on: writing the context into a message, and reading it from one.
 *
 *  A carrier is whatever carries the message's headers; two small functions tell cotel how to
 *  get and set one. Two are ready: a key/value array, and the environment of a child process.
 *
 *      cotel_inject(NULL, &cotel_headers_setter, &headers);                // sender
 *      cotel_context *context = cotel_extract(NULL, &cotel_headers_getter, &headers);  // receiver
 *
 *  Implements: context/api-propagators.md; W3C Trace Context Level 2; W3C Baggage;
 *  context/env-carriers.md.
 */
#ifndef COTEL_PROPAGATION_H
#define COTEL_PROPAGATION_H

#include <cotel/attribute.h>
#include <cotel/context.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** How to write into a carrier. The functions run on the calling thread, inside inject. */
typedef struct cotel_setter {
    size_t size; /**< sizeof of this struct */
    /** Sets one header, replacing what it had. Key and value are borrowed for the call. The key is
     *  lower-case, such as "traceparent". */
    void (*set)(void *carrier, cotel_str key, cotel_str value);
} cotel_setter;

/** How to read a carrier. The functions run on the calling thread, inside extract. */
typedef struct cotel_getter {
    size_t size; /**< sizeof of this struct */
    /** The index-th value of a header, from 0; {NULL, 0} when there are not that many. Keys of a
     *  carrier with case-insensitive names (HTTP) must be compared without regard to case. The
     *  value is borrowed and must stay good until extract returns. */
    cotel_str (*get)(void *carrier, cotel_str key, size_t index);
    /** The index-th key, from 0; {NULL, 0} when there are not that many. May be NULL; then
     *  formats that search for a prefix find nothing. */
    cotel_str (*key)(void *carrier, size_t index);
} cotel_getter;

/** A format: how a context looks in headers. Implementers put this struct first into their own. */
typedef struct cotel_propagator {
    const struct cotel_propagator_ops *ops;
} cotel_propagator;

/** What a propagator does. All functions: any thread, several at a time; must not block. */
typedef struct cotel_propagator_ops {
    size_t size; /**< sizeof of this struct */
    void (*inject)(const cotel_propagator *self, const cotel_context *context,
                   const cotel_setter *setter, void *carrier);
    /** Returns a new reference: to a context with what the carrier says, or, when it says nothing
     *  or nothing valid, to one that equals `context`. */
    cotel_context *(*extract)(const cotel_propagator *self, const cotel_context *context,
                              const cotel_getter *getter, void *carrier);
    /** The index-th header that inject may set, from 0; NULL when there are not that many. */
    const char *(*field)(const cotel_propagator *self, size_t index);
    /** The index-th header that extract reads although inject never sets it, from 0; NULL when
     *  there are not that many. One that ends in '*' stands for all that begin so. In a carrier
     *  that is used again they would speak of an older context. May be NULL: there are none. */
    const char *(*extra_field)(const cotel_propagator *self, size_t index);
} cotel_propagator_ops;

/** W3C Trace Context: `traceparent` and `tracestate`. Static. Any thread. Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_tracecontext(void);

/** The most members of a `baggage` that is sent or read. */
#define COTEL_BAGGAGE_HEADER_MAX_MEMBERS 64
/** The most bytes of a `baggage` that is sent or read, all its headers together. */
#define COTEL_BAGGAGE_HEADER_MAX_SIZE 8192

/** W3C Baggage: `baggage`. What is read is laid over the baggage that the context has: new names
 *  are added, and of names that both have the one that was read counts; of a name that was read
 *  twice, the last. A member that does not fit within the limits is left out whole, and counted; so
 *  is one that is malformed. A name that is no token of HTTP (with a blank, or beyond ASCII) can't
 *  be sent: it is left out and counted as malformed. Metadata is sent as it is, so far as it reads
 *  as properties, such as "ttl=30;private". Inject never allocates; either takes up to 12 KiB of
 *  stack where there is baggage. Static. Any thread. Since 0.1.
 *
 *  Implements: baggage/api.md "Propagation" and "Conflict Resolution". */
COTEL_API const cotel_propagator *cotel_propagator_baggage(void);

/** Zipkin's B3 in one header, `b3`. Reads the several headers too, and the one first. The debug
 *  flag is kept and handed on with all spans of the trace. A deferred sampling decision counts as
 *  "not sampled", and is handed on as deferred only with the span that came in. A decision without
 *  ids (`b3: 0`) speaks of no span: the context stays as it was, and the sampler decides over the
 *  new trace. Ids are taken in either case, 64-bit trace ids too. Static. Any thread. Since 0.1.
 *  Implements: context/api-propagators.md "B3 Requirements". */
COTEL_API const cotel_propagator *cotel_propagator_b3(void);

/** B3 in several headers: `x-b3-traceid`, `x-b3-spanid`, and `x-b3-sampled` or `x-b3-flags`. Reads
 *  the one header too, and that first. Otherwise like cotel_propagator_b3(). Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_b3_multi(void);

/** Jaeger's own, deprecated format: `uber-trace-id`, and baggage as `uberctx-NAME` (read from
 *  `jaeger-baggage` too). Ids may lack leading zeros or be percent-encoded; debug is kept and
 *  handed on as with B3. Names of baggage become lower-case; the limits of W3C Baggage hold.
 *  Static. Any thread. Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_jaeger(void);

/** Neither writes nor reads anything. Static. Any thread. Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_none(void);

/** The default of OTEL_PROPAGATORS: Trace Context, then Baggage. Static. Any thread. Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_default(void);

/** The most propagators in a composite. */
#define COTEL_COMPOSITE_MAX_PROPAGATORS 16

/** Several as one: all inject, in this order; each extracts on top of what those before it found,
 *  so a later one wins. They are borrowed and must outlive it. Of none: like
 *  cotel_propagator_none().
 *  @param out gets it, yours to destroy; untouched on failure.
 *  @return OK, INVALID_ARGUMENT (one is NULL or without ops, out is NULL), LIMIT_REACHED (more than
 *          COTEL_COMPOSITE_MAX_PROPAGATORS), OUT_OF_MEMORY. Any thread; never blocks. Since 0.1.
 *  Implements: context/api-propagators.md "Composite Propagator". */
COTEL_API cotel_status cotel_propagator_composite_create(const cotel_propagator *const *propagators,
                                                         size_t count,
                                                         cotel_propagator **out) COTEL_MUST_CHECK;

/** Frees a composite; not while it is the global one. Takes NULL. Since 0.1. */
COTEL_API void cotel_propagator_composite_destroy(cotel_propagator *composite);

/** The propagator that cotel_inject() and cotel_extract() use; never NULL.
 *  cotel_propagator_default() unless another was set. Any thread; never blocks. Since 0.1. */
COTEL_API const cotel_propagator *cotel_propagator_global(void);

/** Sets it; NULL goes back to the default. The propagator must live as long as the process.
 *  Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_propagator_set_global(const cotel_propagator *propagator);

/** What of the carriers could not be used or written, in this process. Since 0.1. */
typedef struct cotel_propagation_counts {
    size_t size;         /**< in: sizeof of this struct */
    uint64_t malformed;  /**< headers, and members of `baggage`, that were no such thing */
    uint64_t over_limit; /**< members of `baggage` and `tracestate` lists left out for a limit */
} cotel_propagation_counts;

/** Fills *counts as far as counts->size goes. Any thread; never blocks. Since 0.1. */
COTEL_API void cotel_propagation_stats(cotel_propagation_counts *counts);

/** Writes a context (NULL: the current one) into a carrier. Without a valid span in it no span is
 *  written, but baggage is. Any thread; never blocks; no format of cotel's allocates. Since 0.1. */
COTEL_API void cotel_inject(const cotel_context *context, const cotel_setter *setter,
                            void *carrier);

/** Reads a carrier on top of a context (NULL: the current one; cotel_context_empty() for a server
 *  that starts afresh). Headers that are missing or malformed leave that context as it was.
 *  @return a new reference, never NULL. Any thread; never blocks. Since 0.1. */
COTEL_API cotel_context *cotel_extract(const cotel_context *context, const cotel_getter *getter,
                                       void *carrier);

/* ---- a key/value array ---- */

/** The most headers that a cotel_headers holds. */
#define COTEL_HEADERS_MAX 16
/** The bytes that a cotel_headers has for keys and values, closing NULs included. */
#define COTEL_HEADERS_BYTES 2048

/** One header; both NUL-terminated, borrowed from the cotel_headers. */
typedef struct cotel_header {
    const char *key;
    const char *value;
} cotel_header;

/** Headers in the caller's memory, for messages with a format of their own. Zero-initialise it
 *  ( = {0} ). A header that does not fit is left out and counted in `dropped`. One thread at a
 *  time. It must not be moved or copied while `items` is in use.
 *
 *  It is small enough for any stack, and holds Trace Context with a tracestate of 512 bytes, and
 *  beside that 1400 bytes of baggage. Who sends more (W3C allows 8192), or many headers of
 *  Jaeger's, writes into the message itself, through a cotel_setter of a few lines. */
typedef struct cotel_headers {
    cotel_header items[COTEL_HEADERS_MAX];
    size_t count;
    size_t dropped;
    size_t used; /**< bytes of `bytes` in use */
    char bytes[COTEL_HEADERS_BYTES];
} cotel_headers;

/** Carrier functions for a cotel_headers; keys compare without regard to ASCII case. Since 0.1. */
COTEL_API extern const cotel_setter cotel_headers_setter;
COTEL_API extern const cotel_getter cotel_headers_getter;

/** Adds or replaces one header. @return false when it does not fit. Since 0.1. */
COTEL_API bool cotel_headers_set(cotel_headers *headers, cotel_str key, cotel_str value);

/** The value of a header, or NULL. Borrowed. Since 0.1. */
COTEL_API const char *cotel_headers_get(const cotel_headers *headers, const char *key);

/* ---- the environment of a child process ---- */

/** An environment for execve() and posix_spawn(): the variables of a base, with those of the
 *  context added, such as TRACEPARENT. */
typedef struct cotel_environment cotel_environment;

/** Copies `base` (an array like environ that ends with NULL; NULL: the process's own, which must
 *  not be changed by another thread meanwhile) and injects `context` (NULL: the current one). What
 *  an older context left in variables of the global propagator goes, if anything is injected.
 *  Call it before fork(). The result is yours; free it with cotel_environment_destroy().
 *  @return OK, INVALID_ARGUMENT (out is NULL), OUT_OF_MEMORY. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_environment_create(const cotel_context *context, char *const *base,
                                                cotel_environment **out) COTEL_MUST_CHECK;

/** The array to give to execve(); borrowed, as long as the environment. Since 0.1. */
COTEL_API char *const *cotel_environment_variables(const cotel_environment *environment);

/** Frees it. Takes NULL. Since 0.1. */
COTEL_API void cotel_environment_destroy(cotel_environment *environment);

/** Setter over a cotel_environment: writes the normalised name (`traceparent` is TRACEPARENT,
 *  `x-b3-traceid` is X_B3_TRACEID). Since 0.1. */
COTEL_API extern const cotel_setter cotel_environment_setter;

/** Getter over a `char *const *` array like environ (the carrier is the array; NULL: the
 *  process's own). Reads the normalised name only. Since 0.1. */
COTEL_API extern const cotel_getter cotel_environment_getter;

COTEL_END_DECLS

#endif
