/* SPDX-License-Identifier: Apache-2.0 */
/* A batch: records copied out of a queue, framed as ScopeSpans want them, in one block of memory.
 *
 * It is made in two walks over the queue. The first one plans: which records it takes, and how much
 * room each scope needs. The second one copies every record to its place. Nothing leaves the queue
 * before the memory is there. */
#ifndef COTEL_SRC_SDK_PIPELINE_BATCH_H
#define COTEL_SRC_SDK_PIPELINE_BATCH_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/metric_data.h>

#include "sdk/pipeline/queue.h"

/* The most scopes in a batch; a further one waits for the next batch. */
#define CT_BATCH_MAX_GROUPS 128u

struct cotel_batch {
    _Atomic uint32_t references;
    cotel_batch *whole; /* a reference: whose memory the spans are in; NULL: behind the groups */
    uint32_t group_count;
    cotel_resource *resource;
    cotel_signal signal;
    size_t count; /* records */
    size_t items; /* spans, or points */
    size_t bytes; /* of all groups */
    cotel_batch_group groups[];
};

struct ct_batch_limits {
    uint32_t records;
    size_t bytes;     /* framed; a single larger record is taken nevertheless */
    bool marked_only; /* only what a flush waits for */
};

struct ct_batch_plan {
    uint32_t group_count;
    uint32_t last_group; /* of the record before: most follow their like */
    uint32_t records;
    uint64_t marked; /* of these, what a flush waits for */
    size_t bytes;
    struct ct_planned_group {
        const cotel_scope_view *scope;
        size_t count;
        size_t bytes;
        char *at; /* where its next record goes */
    } groups[CT_BATCH_MAX_GROUPS];
};

/* Chooses the records of a batch. @return false when there are none. */
bool ct_batch_plan(struct ct_batch_plan *plan, struct ct_queue *queue,
                   const struct ct_batch_limits *limits);

/* Moves the records of a plan out of the queue, and gives their credits back.
 * @return NULL when memory is out: they are all still there. */
cotel_batch *ct_batch_take(struct ct_batch_plan *plan, struct ct_queue *queue,
                           cotel_resource *resource);

/* A batch of `count` records of `whole`, from number `first` on: there are that many, and at least
 * one. It shares their memory. @return NULL when memory is out. */
cotel_batch *ct_batch_slice(cotel_batch *whole, size_t first, size_t count);

#endif
