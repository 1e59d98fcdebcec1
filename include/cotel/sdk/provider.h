/* SPDX-License-Identifier: Apache-2.0 */
/** @file provider.h
 *  The tracer provider: what the program's owner sets up, flushes and shuts down.
 *
 *  Implements: trace/sdk.md "Tracer Provider".
 */
#ifndef COTEL_SDK_PROVIDER_H
#define COTEL_SDK_PROVIDER_H

#include <cotel/sdk/id_generator.h>
#include <cotel/sdk/processor.h>
#include <cotel/sdk/resource.h>
#include <cotel/sdk/sampler.h>
#include <cotel/status.h>
#include <cotel/trace.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** No limit on a value's length. */
#define COTEL_UNLIMITED UINT32_MAX

/** How much a span may hold. What is beyond is dropped and counted, and diagnostics is told, once
 *  for a span and for all spans together seldom. trace/sdk.md "Span Limits". */
typedef struct cotel_span_limits {
    size_t size;                   /**< sizeof of this struct */
    uint32_t attributes;           /**< default 128 */
    uint32_t events;               /**< default 128 */
    uint32_t links;                /**< default 128 */
    uint32_t attributes_per_event; /**< default 128 */
    uint32_t attributes_per_link;  /**< default 128 */
    uint32_t value_length;         /**< of strings in characters, of bytes in bytes, at any depth;
                                        default COTEL_UNLIMITED */
    uint32_t value_depth;          /**< arrays and maps within each other; default 64, at most 64 */
} cotel_span_limits;

/** Every default of cotel_span_limits. */
#define COTEL_SPAN_LIMITS_INIT                                                  \
    {                                                                           \
        sizeof(cotel_span_limits), 128, 128, 128, 128, 128, COTEL_UNLIMITED, 64 \
    }

/** Who does the exporting. */
typedef enum cotel_worker_mode {
    COTEL_WORKER_THREAD = 0, /**< a background thread, started when there is work */
    COTEL_WORKER_CALLER = 1  /**< nobody but who calls cotel_tracer_provider_drive() */
} cotel_worker_mode;

typedef struct cotel_tracer_provider_options {
    size_t size;                      /**< sizeof of this struct */
    cotel_resource *resource;         /**< NULL: cotel_resource_detect(COTEL_DETECT_ALL). A
                                           reference is taken */
    cotel_sampler *sampler;           /**< NULL: parent based, root always on. Passes to it */
    cotel_id_generator *id_generator; /**< NULL: random. Passes to it */
    cotel_span_processor *const *processors; /**< called in this order. They pass to it */
    size_t processor_count;                  /**< at most COTEL_PROVIDER_MAX_PROCESSORS. 0: spans
                                                  record nothing; one with a parent is its parent,
                                                  so that traces pass through as they are */
    cotel_span_limits limits;
    cotel_worker_mode worker; /**< default COTEL_WORKER_THREAD */
    size_t max_live_bytes;    /**< memory of spans not yet ended; default 64 MiB. Beyond it
                                   spans start as non-recording and are counted */
} cotel_tracer_provider_options;

/** The most processors of one provider. */
#define COTEL_PROVIDER_MAX_PROCESSORS 16
/** The most providers that live in a process at a time. */
#define COTEL_MAX_PROVIDERS 16

/** Every default of cotel_tracer_provider_options. */
#define COTEL_TRACER_PROVIDER_OPTIONS_INIT                                                        \
    {                                                                                             \
        sizeof(cotel_tracer_provider_options), NULL, NULL, NULL, NULL, 0, COTEL_SPAN_LIMITS_INIT, \
            COTEL_WORKER_THREAD, 64u << 20                                                        \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_tracer_provider_options_init(cotel_tracer_provider_options *options);

/** Makes a provider. It is not global until cotel_tracer_provider_set_global().
 *  @param options NULL: all defaults (and no processor, so nothing is recorded).
 *  @param out     gets it, yours to destroy; untouched on failure, and then nothing that was to
 *                 pass to it has passed.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, a value out of range, a sampler without
 *          should_sample, an id generator without one of its two functions, a processor that is
 *          NULL, without ops or given twice, out is NULL); OUT_OF_MEMORY; LIMIT_REACHED
 *          (COTEL_MAX_PROVIDERS are there); or what a processor's attach said.
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_tracer_provider_create(const cotel_tracer_provider_options *options,
                                                    cotel_tracer_provider **out) COTEL_MUST_CHECK;

/** Adds a processor behind the others; tracers and spans already there follow. It passes to the
 *  provider, on success only.
 *  @return OK; INVALID_ARGUMENT (it is NULL, without ops, or there already; no such provider);
 *          LIMIT_REACHED (COTEL_PROVIDER_MAX_PROCESSORS are there); SHUT_DOWN; WOULD_DEADLOCK (from
 *          a callback of cotel's); or what its attach said. Any thread; waits for others that do
 *          the same. Since 0.1. */
COTEL_API cotel_status cotel_tracer_provider_add_processor(
    cotel_tracer_provider *provider, cotel_span_processor *processor) COTEL_MUST_CHECK;

/** Waits until everything that ended before the call has been acknowledged by the peers.
 *  @param timeout_ms an absolute end for the whole call.
 *  @return OK; TIMEOUT; DATA_LOST (spans that ended since the last flush were dropped before they
 *          could be sent); EXPORT_FAILED (a peer did not take some); SHUT_DOWN;
 *          WOULD_DEADLOCK (from a callback of cotel's); INVALID_ARGUMENT.
 *  Any thread. Since 0.1. */
COTEL_API cotel_status cotel_tracer_provider_flush(cotel_tracer_provider *provider,
                                                   uint64_t timeout_ms);

/** Flushes, stops everything, and makes every later call on this provider, its tracers and spans a
 *  no-op. Returns by the deadline whatever the peers do.
 *  @param abandoned NULL, or gets the number of spans that were given up.
 *  @return as flush; SHUT_DOWN when it already was. Any thread. Since 0.1. */
COTEL_API cotel_status cotel_tracer_provider_shutdown(cotel_tracer_provider *provider,
                                                      uint64_t timeout_ms, uint64_t *abandoned);

/** Shuts down with no time to wait, if that was not done, and frees what can be freed. Tracers and
 *  handles that are still around stay harmless. Does nothing from a callback of cotel's, and for a
 *  provider that is gone. Waits up to a second for callbacks that are under way; if one does not
 *  return, what it could use is left behind. Takes NULL. Any thread. Since 0.1. */
COTEL_API void cotel_tracer_provider_destroy(cotel_tracer_provider *provider);

/* ---- for COTEL_WORKER_CALLER: the program's own event loop does the exporting --------------- */

/** What an event loop polls for reading. */
typedef struct cotel_poll_item {
    int fd;
} cotel_poll_item;

/** Writes up to `capacity` descriptors to poll for reading, and into *deadline_ns the time (in ns
 *  of CLOCK_MONOTONIC) at which to drive at the latest; COTEL_NEVER_NS: when one is ready.
 *  @return how many there are. Never blocks. Since 0.1. */
COTEL_API size_t cotel_tracer_provider_poll(cotel_tracer_provider *provider, cotel_poll_item *items,
                                            size_t capacity, uint64_t *deadline_ns);

/** Does what can be done without waiting. One thread at a time; a second one returns at once.
 *  SIGPIPE never reaches the program. @return WOULD_DEADLOCK from a callback, NOT_SUPPORTED when
 *  the provider has a thread for it, otherwise OK. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_tracer_provider_drive(cotel_tracer_provider *provider);

COTEL_END_DECLS

#endif
