/* SPDX-License-Identifier: Apache-2.0 */
/* The producer's end of a queue: what one thread keeps for one pipeline. */
#ifndef COTEL_SRC_SDK_PIPELINE_PRODUCER_H
#define COTEL_SRC_SDK_PIPELINE_PRODUCER_H

#include <stdint.h>

/* The most pipelines (exporting processors) that live in a process at a time. */
#define CT_MAX_PIPELINES 16

struct ct_chunk;

struct ct_producer {
    struct ct_chunk *chunk; /* open, written by this thread alone; NULL: none */
    uint64_t pipeline_generation;
    uint32_t credits; /* records that may still be put without asking */
};

/* The thread ends: gives chunk and credits back. On the thread itself. */
void ct_producer_retire(struct ct_producer *producer, uint32_t pipeline_index);

/* After a fork, on the thread that is left: forgets everything, touches nothing. */
void ct_producer_forget(struct ct_producer *producer);

#endif
