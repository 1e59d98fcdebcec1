/* SPDX-License-Identifier: Apache-2.0 */
/* A chunk: a run of finished records, written by one thread and read by the worker.
 *
 * A record is a head of 16 bytes and its OTLP bytes, padded to 8. `committed` and `consumed` each
 * hold a position: how many bytes and how many records lie before it, in one word, so that both are
 * always of the same moment. */
#ifndef COTEL_SRC_SDK_PIPELINE_CHUNK_H
#define COTEL_SRC_SDK_PIPELINE_CHUNK_H

#include <cotel/sdk/span_view.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define CT_CACHE_LINE 64
#define CT_CHUNK_MIN_SIZE 4096u
#define CT_CHUNK_MAX_SIZE 32768u
#define CT_RECORD_ALIGN 8u

/* Bytes in the low half, records in the high half. */
typedef uint64_t ct_position;

static inline ct_position ct_position_of(uint32_t bytes, uint32_t records)
{
    return (uint64_t)records << 32 | bytes;
}

static inline uint32_t ct_position_bytes(ct_position position)
{
    return (uint32_t)position;
}

static inline uint32_t ct_position_records(ct_position position)
{
    return (uint32_t)(position >> 32);
}

enum ct_chunk_state {
    CT_CHUNK_OPEN,   /* some thread writes to it */
    CT_CHUNK_ORPHAN, /* its thread is gone, and it has room: the next thread may go on */
    CT_CHUNK_SEALED, /* nothing more will come */
};

/* Marks a chunk that is no part of the pool: it holds one large record. */
#define CT_CHUNK_LARGE UINT32_MAX

struct ct_chunk {
    /* The writer's cache line. */
    _Atomic ct_position committed;
    _Atomic uint32_t state;
    uint32_t capacity; /* of data[] */
    uint32_t index;    /* in the pool, or CT_CHUNK_LARGE */
    uint64_t generation;

    /* The worker's. `consumed` is atomic only for the counts; `next` is the queue's, changed
     * under its lock; `next_orphan` too. */
    _Alignas(CT_CACHE_LINE) _Atomic ct_position consumed;
    ct_position mark;    /* a flush waits for what is before it */
    ct_position planned; /* the batch being built takes what is before it */
    struct ct_chunk *_Atomic next;
    struct ct_chunk *next_orphan;

    _Alignas(CT_CACHE_LINE) char data[];
};

struct ct_record {
    const cotel_scope_view *scope;
    uint32_t size; /* of the bytes behind it */
    uint32_t reserved;
};

/* The room that a record takes. `size` is at most CT_MAX_RECORD_BYTES, so nothing overflows. */
static inline uint32_t ct_record_room(size_t size)
{
    return (uint32_t)((sizeof(struct ct_record) + size + CT_RECORD_ALIGN - 1) &
                      ~(size_t)(CT_RECORD_ALIGN - 1));
}

#endif
