/* SPDX-License-Identifier: Apache-2.0 */
/** @file processor.h
 *  What happens to spans when they start and end.
 *
 *  Processors are called in the order in which they were given to the provider. `on_ending` may
 *  still change the span: all processors' on_ending run before any on_end, so what one redacts
 *  there, none of them sends.
 *
 *  Ownership: a processor belongs to the provider it is given to, and is destroyed with it.
 *
 *  Implements: trace/sdk.md "Span processor".
 */
#ifndef COTEL_SDK_PROCESSOR_H
#define COTEL_SDK_PROCESSOR_H

#include <cotel/context.h>
#include <cotel/sdk/resource.h>
#include <cotel/sdk/span_view.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** A span between its start and its end, as processors see it. Borrowed for the callback, on the
 *  thread of the callback; never to be kept. */
typedef struct cotel_span_data cotel_span_data;

/** What a provider gives to its processors: private to cotel's own. */
typedef struct cotel_runtime cotel_runtime;

/** What a processor is told once, before anything else. Borrowed as long as the provider. */
typedef struct cotel_processor_host {
    size_t size;
    cotel_resource *resource;
    cotel_runtime *runtime;
} cotel_processor_host;

/** Implementers put this struct first into their own. */
typedef struct cotel_span_processor {
    const struct cotel_span_processor_ops *ops;
} cotel_span_processor;

/** What a processor does; an entry that is NULL is skipped. on_start, on_ending and on_end are
 *  called on the thread that starts or ends the span, several at a time, and must not block. */
typedef struct cotel_span_processor_ops {
    size_t size; /**< sizeof of this struct */
    /** Once, when it is given to a provider; must not block. @return other than OK: it is not
     *  added. */
    cotel_status (*attach)(cotel_span_processor *self, const cotel_processor_host *host);
    /** A recording span started; it may be changed. `parent` is the context it started from.
     * Whoever wants to change it later too keeps its cotel_span_data_handle(). */
    void (*on_start)(cotel_span_processor *self, cotel_span_data *span,
                     const cotel_context *parent);
    /** A recording span is about to end: its end time is fixed, it may be changed here only. */
    void (*on_ending)(cotel_span_processor *self, cotel_span_data *span);
    /** A recording span ended. Exporting ones must skip those that are not sampled. */
    void (*on_end)(cotel_span_processor *self, const cotel_span_data *span);
    /** Hands on everything that ended before the call; returns at the deadline (in ns of
     *  CLOCK_MONOTONIC) at the latest. @return OK, TIMEOUT, EXPORT_FAILED, DATA_LOST. */
    cotel_status (*flush)(cotel_span_processor *self, uint64_t deadline_ns);
    /** Flushes and stops, by the deadline. Adds to *abandoned what it had to give up. Once. */
    cotel_status (*shutdown)(cotel_span_processor *self, uint64_t deadline_ns, uint64_t *abandoned);
    /** Frees it; after shutdown, when no callback runs any more. Once. */
    void (*destroy)(cotel_span_processor *self);
} cotel_span_processor_ops;

/* ---- reading and changing a span inside a callback. Never block. Since 0.1.
 *      Keys, names, descriptions, string and byte values that are given may be those of the span's
 *      own view; what is inside of arrays and maps, and attributes of events and links, may not.
 *      Changes are for on_start and on_ending only. ---- */

/** A view of the span as it is now; good until it is changed or the callback returns. Its end time
 *  is 0 before on_ending. */
COTEL_API void cotel_span_data_view(const cotel_span_data *span, cotel_span_view *out);

/** Its instrumentation scope; lives for ever. */
COTEL_API const cotel_scope_view *cotel_span_data_scope(const cotel_span_data *span);

/** The resource of its provider; borrowed. */
COTEL_API cotel_resource *cotel_span_data_resource(const cotel_span_data *span);

/** Whether exporters are to get it. */
COTEL_API bool cotel_span_data_is_sampled(const cotel_span_data *span);

/** The span's handle, which may be kept: it is a plain value. Changes through it count from the end
 *  of on_start to the end of the span, and are ignored inside of callbacks. */
COTEL_API cotel_span cotel_span_data_handle(const cotel_span_data *span);

/** One attribute. @return false when it is not there. */
COTEL_API bool cotel_span_data_get(const cotel_span_data *span, cotel_str key,
                                   cotel_value_view *out);

/** Sets an attribute, under the limits.
 *  @return false when it was refused (empty key, limit, memory): the drop is counted. */
COTEL_API bool cotel_span_data_set(cotel_span_data *span, const cotel_attribute *attribute);

/** Takes an attribute out: its bytes are gone, not hidden. @return false when it is not there. */
COTEL_API bool cotel_span_data_remove(cotel_span_data *span, cotel_str key);

/** Gives an attribute another key; one that has the new key already is replaced.
 *  @return false, with nothing changed, when `from` is not there, `to` is empty or not UTF-8, or
 *          memory is out. */
COTEL_API bool cotel_span_data_rename(cotel_span_data *span, cotel_str from, cotel_str to);

/** Replaces the span's name. */
COTEL_API void cotel_span_data_set_name(cotel_span_data *span, cotel_str name);

/** Sets the status, by the rules of cotel_span_set_status(). */
COTEL_API void cotel_span_data_set_status(cotel_span_data *span, cotel_status_code code,
                                          cotel_str description);

/** Adds an event, under the limits. `time_unix_ns` 0: now. */
COTEL_API void cotel_span_data_add_event(cotel_span_data *span, cotel_str name,
                                         uint64_t time_unix_ns, const cotel_attribute *attributes,
                                         size_t count);

/** Adds a link, under the limits. */
COTEL_API void cotel_span_data_add_link(cotel_span_data *span, const cotel_link *link);

/** Bytes that cotel_span_data_encode() will write. In on_end only. */
COTEL_API size_t cotel_span_data_encoded_size(const cotel_span_data *span);

/** Writes the finished span as an opentelemetry.proto.trace.v1.Span of exactly
 *  cotel_span_data_encoded_size() bytes. In on_end only. */
COTEL_API void cotel_span_data_encode(const cotel_span_data *span, void *out);

/** Destroys a processor that was given to nobody. Takes NULL. Since 0.1. */
COTEL_API void cotel_span_processor_destroy(cotel_span_processor *processor);

COTEL_END_DECLS

#endif
