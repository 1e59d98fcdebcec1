/* SPDX-License-Identifier: Apache-2.0 */
/** @file batch_processor.h
 *  The processors that export: in batches, or one by one.
 *
 *  Both copy a sampled span into a bounded queue of their own when it ends, and leave the rest to
 *  the provider's worker. When a bound is reached, the newest span is dropped and counted.
 *
 *  Implements: trace/sdk.md "Batching processor" and "Simple processor".
 */
#ifndef COTEL_SDK_BATCH_PROCESSOR_H
#define COTEL_SDK_BATCH_PROCESSOR_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/processor.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Settings; every value is what it says: 0 is no default. */
typedef struct cotel_batch_processor_options {
    size_t size;                  /**< sizeof of this struct */
    size_t max_queue_size;        /**< spans waiting; default 2048; 1 to 2^31-1. Never exceeded;
                                       reached exactly when one thread ends spans. With n threads a
                                       span may be dropped while each other one of them holds up to
                                       min(64, max_queue_size / 64, max_export_batch_size / 8) - 1
                                       places in reserve */
    uint64_t schedule_delay_ms;   /**< between two exports of batches that are not full; 5000 */
    uint64_t export_timeout_ms;   /**< for one batch, retries included; 0: none; 30000 */
    size_t max_export_batch_size; /**< spans in a batch; 512; 1 to max_queue_size */
    size_t max_queue_bytes;       /**< memory of the queue; 16 MiB; at least 64 KiB */
    size_t max_batch_bytes;       /**< encoded spans in a batch; 3.5 MiB. A larger span goes
                                       alone, up to max_request_bytes */
    size_t max_request_bytes;     /**< a larger span is dropped; 60 MiB; at most 1 GiB counts */
    size_t max_in_flight_bytes;   /**< batches being exported; 16 MiB; one batch is always taken */
} cotel_batch_processor_options;

/** Every default of cotel_batch_processor_options. */
#define COTEL_BATCH_PROCESSOR_OPTIONS_INIT                                                     \
    {                                                                                          \
        sizeof(cotel_batch_processor_options), 2048, 5000, 30000, 512, 16u << 20, 3584u << 10, \
            60u << 20, 16u << 20                                                               \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_batch_processor_options_init(cotel_batch_processor_options *options);

/** A processor that exports in batches; give it to a provider. Takes the exporter over, on success
 *  only.
 *  @param options NULL: all defaults. A max_export_batch_size above max_queue_size is lowered.
 *  @return OK, INVALID_ARGUMENT (a size that was not set, a value out of range, an exporter that is
 *          NULL or lacks begin or cancel, out is NULL), OUT_OF_MEMORY,
 *          LIMIT_REACHED (16 exporting processors live in the process).
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_batch_processor_create(cotel_exporter *exporter,
                                                    const cotel_batch_processor_options *options,
                                                    cotel_span_processor **out) COTEL_MUST_CHECK;

/** A processor that exports each span as a batch of one, in the order in which they ended. It does
 *  not wait for the export: the worker does. Of the options the batch size and the delay do not
 *  count. Errors as above. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_simple_processor_create(cotel_exporter *exporter,
                                                     const cotel_batch_processor_options *options,
                                                     cotel_span_processor **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
