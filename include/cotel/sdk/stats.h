/* SPDX-License-Identifier: Apache-2.0 */
/** @file stats.h
 *  What became of every span: counted where it happens, summed up here.
 *
 *  At rest, for a provider: started = unsampled + live + ended. For each pipeline:
 *  offered = queued + in_flight + accepted + the sum of dropped[]. While other threads are at work
 *  a reading may be off by what they do meanwhile.
 */
#ifndef COTEL_SDK_STATS_H
#define COTEL_SDK_STATS_H

#include <cotel/trace.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Why a record was not delivered: X(NAME, name, text). */
#define COTEL_DROP_MAP(X)                                              \
    X(QUEUE_FULL, "queue_full", "max_queue_size records were waiting") \
    X(QUEUE_BYTES, "queue_bytes", "max_queue_bytes were in use")       \
    X(TOO_LARGE, "too_large", "the record is above max_request_bytes") \
    X(OUT_OF_MEMORY, "out_of_memory", "memory could not be had")       \
    X(REFUSED, "refused", "the peer will never take it")               \
    X(REJECTED, "rejected", "the peer took the rest of its batch")     \
    X(TIMEOUT, "timeout", "no answer by the export deadline")          \
    X(FAILED, "failed", "it could not be sent")                        \
    X(SHUTDOWN, "shutdown", "it was abandoned at the shutdown deadline, or came later")

/** Indexes of cotel_pipeline_stats.dropped. */
typedef enum cotel_drop_reason {
#define COTEL_DROP_ENUM(NAME, name, text) COTEL_DROP_##NAME,
    COTEL_DROP_MAP(COTEL_DROP_ENUM)
#undef COTEL_DROP_ENUM
        COTEL_DROP_REASONS
} cotel_drop_reason;

/** One exporting processor. */
typedef struct cotel_pipeline_stats {
    const char *exporter;  /**< the exporter's type; static */
    uint64_t offered;      /**< sampled spans that ended */
    uint64_t queued;       /**< waiting */
    uint64_t queued_bytes; /**< memory that the waiting ones hold */
    uint64_t in_flight;    /**< given to the exporter, no answer yet */
    uint64_t accepted;     /**< the peer has said that it has them */
    uint64_t dropped[COTEL_DROP_REASONS];
    uint64_t batches; /**< exports that ended */
} cotel_pipeline_stats;

/** The most pipelines that are reported for one provider. */
#define COTEL_STATS_PIPELINES 16

/** A provider's counts since it was made (or since this process was forked). */
typedef struct cotel_sdk_counts {
    size_t size;        /**< in: sizeof of this struct */
    uint64_t started;   /**< all spans */
    uint64_t unsampled; /**< of these, dropped by the sampler (or disabled) */
    uint64_t refused;   /**< of these, without a slot: max_live_bytes, memory. Part of unsampled */
    uint64_t live;      /**< recording, not ended */
    uint64_t ended;
    /* The next three are of the process: the provider can't be told any more. */
    uint64_t stale_handles;      /**< calls on a span that had ended: double end, set after end */
    uint64_t inherited;          /**< in a forked child: ends of its parent's spans, not exported */
    uint64_t after_shutdown;     /**< starts, and ends of spans, after their provider's shutdown */
    uint64_t dropped_attributes; /**< over a limit, or with an empty key */
    uint64_t dropped_events;
    uint64_t dropped_links;
    uint64_t out_of_memory; /**< parts of spans that were left out since memory was out */
    uint64_t live_bytes;    /**< memory of live spans */
    size_t pipeline_count;
    cotel_pipeline_stats pipelines[COTEL_STATS_PIPELINES];
} cotel_sdk_counts;

/** Fills *out as far as out->size goes; NULL takes the global provider; all zeros without one.
 *  Works after shutdown too; a provider that was destroyed has zeros. Any thread; takes short
 *  locks. Since 0.1. */
COTEL_API void cotel_sdk_stats(cotel_tracer_provider *provider, cotel_sdk_counts *out);

/** The name of a drop reason, such as "queue_full". Static. Since 0.1. */
COTEL_API const char *cotel_drop_reason_name(cotel_drop_reason reason);

COTEL_END_DECLS

#endif
