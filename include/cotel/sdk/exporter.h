/* SPDX-License-Identifier: Apache-2.0 */
/** @file exporter.h
 *  How finished spans leave the process.
 *
 *  An exporter never blocks. It is told to begin with a batch, says what to poll and until when,
 *  and is driven whenever that is ready; when the peer has answered, it says so once for the
 *  batch. One thread calls it: the worker, or the one that drives the provider. An exporter that
 *  would rather block is wrapped by cotel_exporter_from_blocking(), which gives it a thread.
 *
 *  Ownership: an exporter belongs to the processor it is given to, and is destroyed with it.
 *
 *  Implements: trace/sdk.md "Span Exporter".
 */
#ifndef COTEL_SDK_EXPORTER_H
#define COTEL_SDK_EXPORTER_H

#include <cotel/sdk/resource.h>
#include <cotel/sdk/span_view.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/* ---- batches ------------------------------------------------------------------------------- */

/** Finished records of one signal and one resource, grouped by scope: spans, or metrics with their
 *  points. Immutable and counted. */
typedef struct cotel_batch cotel_batch;

/** What records are about. The numbers are fixed. */
typedef enum cotel_signal { COTEL_SIGNAL_TRACES = 0, COTEL_SIGNAL_METRICS = 1 } cotel_signal;

/** The records of one scope. */
typedef struct cotel_batch_group {
    const cotel_scope_view *scope;
    /** The records as they stand in an opentelemetry.proto.trace.v1.ScopeSpans or
     *  metrics.v1.ScopeMetrics message: each as its field `spans` or `metrics`, which have the same
     *  number (a tag, a length, a Span or Metric), one behind the other. */
    cotel_str bytes;
    size_t count;
} cotel_batch_group;

/** What it holds. Any thread. Since 0.1. */
COTEL_API cotel_signal cotel_batch_signal(const cotel_batch *batch);

/** How many items it holds as peers count them: spans, or points of metrics. Any thread. Since 0.1.
 */
COTEL_API size_t cotel_batch_items(const cotel_batch *batch);

/** The resource; borrowed. Any thread. Since 0.1. */
COTEL_API cotel_resource *cotel_batch_resource(const cotel_batch *batch);

/** How many records it holds, spans or metrics: at least one. Any thread. Since 0.1. */
COTEL_API size_t cotel_batch_count(const cotel_batch *batch);

/** The groups: at least one, none empty; borrowed. Any thread. Since 0.1. */
COTEL_API const cotel_batch_group *cotel_batch_groups(const cotel_batch *batch, size_t *count);

/** Where cotel_batch_next() stands. Zero-initialise it. */
typedef struct cotel_batch_cursor {
    size_t group;
    size_t offset;
} cotel_batch_cursor;

/** Steps through all spans; metrics: cotel_batch_next_metric(). `scope` may be NULL. @return false
 *  at the end, and for a batch of metrics. Any thread. Since 0.1. */
COTEL_API bool cotel_batch_next(const cotel_batch *batch, cotel_batch_cursor *cursor,
                                cotel_span_view *span, const cotel_scope_view **scope);

/** One reference more; returns its argument. Any thread. Since 0.1. */
COTEL_API cotel_batch *cotel_batch_ref(cotel_batch *batch);

/** One reference less; the last one frees it. Takes NULL. Any thread. Since 0.1. */
COTEL_API void cotel_batch_unref(cotel_batch *batch);

/* ---- exporters ----------------------------------------------------------------------------- */

/** How an export ended. A batch that is halved is sent again in two parts, and these in two if need
 *  be, inside the batch's deadline and at most 64 times: what is lost is the culprit alone, which
 *  diagnostics names. */
typedef enum cotel_export_outcome {
    COTEL_EXPORT_ACCEPTED = 0,  /**< the peer has them (but for `rejected` of them) */
    COTEL_EXPORT_REFUSED = 1,   /**< the peer will never take them */
    COTEL_EXPORT_TOO_LARGE = 2, /**< the peer will not take so many at once: they are halved */
    COTEL_EXPORT_TIMEOUT = 3,   /**< no answer by the deadline, retries included */
    COTEL_EXPORT_CANCELLED = 4, /**< cancel() was called */
    COTEL_EXPORT_FAILED = 5,    /**< it can't be sent: memory, configuration, the network */
    COTEL_EXPORT_INVALID = 6    /**< the peer finds something bad in them: they are halved */
} cotel_export_outcome;

typedef struct cotel_export_result {
    size_t size; /**< sizeof of this struct */
    cotel_export_outcome outcome;
    uint64_t rejected;   /**< of an accepted batch, the items that the peer did not take */
    const char *message; /**< a line on what went wrong, for diagnostics; borrowed; may be NULL */
} cotel_export_result;

/** One export under way: from begin() until cotel_export_done(). */
typedef struct cotel_export cotel_export;

/** Says how an export ended: exactly once for each begin(), from inside begin(), drive() or
 *  cancel() of that exporter. `operation` and the batch are gone afterwards (unless a reference to
 *  the batch was taken). Since 0.1. */
COTEL_API void cotel_export_done(cotel_export *operation, const cotel_export_result *result);

/** A pointer of the exporter's own on an operation; NULL at first. Since 0.1. */
COTEL_API void cotel_export_set_data(cotel_export *operation, void *data);
COTEL_API void *cotel_export_data(const cotel_export *operation);

/** Implementers put this struct first into their own. */
typedef struct cotel_exporter {
    const struct cotel_exporter_ops *ops;
} cotel_exporter;

/** No deadline: in next_deadline_ns(). */
#define COTEL_NEVER_NS UINT64_MAX

/** What an exporter does. All functions are called by one thread at a time, with no lock held, and
 *  none may block. An entry that is NULL is skipped; begin and cancel must be there. Times are in
 *  ns of CLOCK_MONOTONIC. */
typedef struct cotel_exporter_ops {
    size_t size;      /**< sizeof of this struct */
    const char *type; /**< such as "otlp_http_span_exporter"; static */
    /** Takes a batch on, to be answered by the deadline, retries included. `batch` is borrowed
     *  until done. Never more than `concurrency` at a time. */
    void (*begin)(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns);
    /** A descriptor that becomes readable when drive() is to be called; -1: none now. An exporter
     *  with several puts them behind one epoll descriptor. Asked before each wait. */
    int (*poll_fd)(cotel_exporter *self);
    /** When drive() is to be called at the latest; COTEL_NEVER_NS: when something happens. Asked
     *  before each wait. */
    uint64_t (*next_deadline_ns)(cotel_exporter *self);
    /** Does what can be done without waiting. */
    void (*drive)(cotel_exporter *self);
    /** Gives an operation up; calls cotel_export_done() before it returns. */
    void (*cancel)(cotel_exporter *self, cotel_export *operation);
    /** Nothing more will begin, and nothing is under way: lets go of connections, without waiting
     *  for anybody. Once. */
    void (*shutdown)(cotel_exporter *self);
    /** In a forked child, instead of shutdown, before anything else there: closes descriptors
     *  without a word on the wire, and forgets what was under way (the parent exports it; its
     *  operations and batches must not be touched). Other threads are gone. It must then be ready
     *  to begin again. */
    void (*forked)(cotel_exporter *self);
    /** Frees it. Once, after shutdown (or without, if it was never used). */
    void (*destroy)(cotel_exporter *self);
    /** How many operations it takes at a time; 0 means 1. */
    size_t concurrency;
} cotel_exporter_ops;

/** Destroys an exporter that was given to nobody. Takes NULL. Since 0.1. */
COTEL_API void cotel_exporter_destroy(cotel_exporter *exporter);

/* ---- exporters that block ------------------------------------------------------------------ */

/** Implementers put this struct first into their own. */
typedef struct cotel_blocking_exporter {
    const struct cotel_blocking_exporter_ops *ops;
} cotel_blocking_exporter;

/** What a blocking exporter does, on a thread of its own; one call at a time. */
typedef struct cotel_blocking_exporter_ops {
    size_t size;      /**< sizeof of this struct */
    const char *type; /**< such as "my_file_exporter"; static */
    /** Sends a batch. It should return by the deadline; if it does not, the batch counts as lost at
     *  the deadline and its result is ignored, and until it returns every other batch waits.
     *  `result` comes filled with ACCEPTED. */
    void (*export_batch)(cotel_blocking_exporter *self, const cotel_batch *batch,
                         uint64_t deadline_ns, cotel_export_result *result);
    /** Frees it: when its thread is idle, on that thread. If an export never returns, this is never
     *  called. NULL: nothing to free. */
    void (*destroy)(cotel_blocking_exporter *self);
} cotel_blocking_exporter_ops;

/** Wraps a blocking exporter; takes it over, on success only. Its thread is started by the first
 *  export, blocks all signals, and is left behind if it does not return by shutdown's deadline.
 *  In a forked child it starts again when first needed.
 *  @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY, SYSTEM_ERROR. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_exporter_from_blocking(cotel_blocking_exporter *blocking,
                                                    cotel_exporter **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
