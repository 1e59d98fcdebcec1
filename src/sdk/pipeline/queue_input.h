/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline whose batches come from a queue: spans, put into it by the threads that end them. */
#ifndef COTEL_SRC_SDK_PIPELINE_QUEUE_INPUT_H
#define COTEL_SRC_SDK_PIPELINE_QUEUE_INPUT_H

#include <cotel/sdk/batch_processor.h>

#include "sdk/pipeline/pipeline.h"

/* How long to wait when memory for a batch could not be had. */
#define CT_MEMORY_RETRY_NS UINT64_C(100000000)

struct ct_queue_input {
    struct ct_pipeline pipeline; /* first: a pointer to one is a pointer to the other */
    struct ct_queue queue;

    /* Constant. */
    uint32_t index; /* in the process */
    uint32_t batch_records;
    size_t batch_bytes;
    uint64_t delay_ns;

    /* The driver's. */
    uint64_t due_ns;   /* a batch that is not full leaves then */
    uint64_t retry_ns; /* no batch before: memory was out */
    uint64_t marked;   /* records in the queue that flushes wait for */
    struct ct_queue_counts waiting;
    uint64_t told_lost; /* drops that diagnostics has heard of */
    struct ct_batch_plan plan;

    struct cotel_diagnostics_limit drop_limit;
};

/* What the queue, the batches and the exporter need; a simple processor's pipeline is ordered.
 * @return OK, INVALID_ARGUMENT, OUT_OF_MEMORY, LIMIT_REACHED. */
cotel_status ct_queue_input_create(cotel_exporter *exporter,
                                   const cotel_batch_processor_options *options, bool simple,
                                   struct ct_queue_input **out);

#endif
