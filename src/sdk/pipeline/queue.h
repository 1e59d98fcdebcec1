/* SPDX-License-Identifier: Apache-2.0 */
/* The queue between the threads that end spans and the one that exports them: chunks of finished
 * records, bounded in records and in bytes.
 *
 * A thread puts a record in three steps: reserve, write, commit. Between reserve and commit it must
 * do nothing else with the queue. See queue.c for why this is safe. */
#ifndef COTEL_SRC_SDK_PIPELINE_QUEUE_H
#define COTEL_SRC_SDK_PIPELINE_QUEUE_H

#include <cotel/sdk/stats.h>

#include "base/fork.h"
#include "sdk/pipeline/chunk.h"
#include "sdk/pipeline/chunk_pool.h"
#include "sdk/pipeline/producer.h"

/* No record is larger, whatever max_request_bytes says: a protobuf message ends at 2 GiB. */
#define CT_MAX_RECORD_BYTES (1u << 30)

/* The most credits that a thread draws at a time, and the share of the queue, and of a batch, that
 * all threads together may hold unspent, roughly. */
#define CT_LOT_MAX 64u
#define CT_LOT_QUEUE_SHARE 64u
#define CT_LOT_BATCH_SHARE 8u

/* When the worker wants to be woken. */
enum ct_wake {
    CT_WAKE_NEVER, /* it is awake, or has nobody to give a batch to */
    CT_WAKE_FULL,  /* by a full batch */
    CT_WAKE_FIRST, /* by any record: it does not exist yet */
};

struct ct_queue_options {
    uint32_t max_records;
    uint32_t wake_records; /* a full batch; 1 to max_records */
    size_t max_bytes;      /* at least CT_CHUNK_MIN_SIZE */
    size_t max_record_bytes;
    bool ordered; /* records leave in the order in which they came, over all threads */
    void (*wake)(void *user);
    void *user;
};

/* A variable that many threads write, alone on its cache line. */
struct ct_contended {
    _Alignas(CT_CACHE_LINE) _Atomic uint32_t value;
};

struct ct_queue {
    struct ct_contended available; /* credits that nobody has drawn */
    struct ct_contended wake;      /* enum ct_wake */

    /* Read for every record, written seldom or never. */
    uint64_t generation;             /* constant, but for a forked child */
    size_t pressed_bytes;            /* constant: in need of room from here on */
    uint32_t inline_limit;           /* constant: a larger record gets a chunk of its own */
    uint32_t max_owned;              /* constant: the most chunks that threads own */
    struct ct_queue_options options; /* constant */

    struct ct_chunk *_Atomic head; /* all chunks in use, oldest first */
    struct ct_chunk *tail;
    struct ct_chunk *orphans;
    struct ct_producer shared; /* for threads that own no chunk */
    struct ct_chunk_pool pool;
    struct ct_fork_lock lock; /* guards the five above, and writing the two below */
    _Atomic size_t bytes;     /* memory of chunks in use */
    _Atomic uint32_t owned;   /* chunks that belong to a thread */
    _Atomic bool stopping;    /* refuses records */

    _Atomic uint64_t drained; /* records that left towards the exporter, or were discarded */
    _Atomic uint64_t refused; /* never entered */
    _Atomic uint64_t lost;    /* of these, before the shutdown */
    _Atomic uint64_t dropped[COTEL_DROP_REASONS]; /* here or behind it */
};

/* Where to write a record. */
struct ct_reservation {
    void *data;
    struct ct_chunk *chunk;
    struct ct_producer *producer; /* NULL: a chunk of its own */
    ct_position end;
    bool locked;
    bool look; /* commit is to see whether the worker must be woken */
};

/* ---- any thread ---- */

/* @return false when memory is out. */
bool ct_queue_init(struct ct_queue *queue, const struct ct_queue_options *options);

/* Nobody uses it any more; threads may still hold producers, which then mean nothing. */
void ct_queue_fini(struct ct_queue *queue);

/* Room for a record of `size` bytes; `producer` is the calling thread's, NULL when it has none.
 * @return false when it was dropped (and counted). Otherwise commit must follow. */
bool ct_queue_reserve(struct ct_queue *queue, struct ct_producer *producer, size_t size,
                      const cotel_scope_view *scope, struct ct_reservation *out);
void ct_queue_commit(struct ct_queue *queue, const struct ct_reservation *reservation);

/* The thread of this producer ends; its generation is this queue's. */
void ct_queue_retire(struct ct_queue *queue, struct ct_producer *producer);

static inline void ct_queue_count_drops(struct ct_queue *queue, cotel_drop_reason reason,
                                        uint64_t count)
{
    atomic_fetch_add_explicit(&queue->dropped[reason], count, memory_order_relaxed);
}

struct ct_queue_counts {
    uint64_t records;
    uint64_t bytes; /* of the records with their heads */
};

/* What is waiting. */
void ct_queue_count(struct ct_queue *queue, struct ct_queue_counts *out);

/* ---- the driver only ---- */

/* Takes drained chunks out, and counts what is waiting; up to `enough` records or a little more,
 * since a backlog may have hundreds of chunks, and producers wait for the lock. */
void ct_queue_tidy(struct ct_queue *queue, uint64_t enough, struct ct_queue_counts *out);

/* Marks what is committed now; @return how many records that are. */
uint64_t ct_queue_mark(struct ct_queue *queue);

/* Gives the credits of drained records back. */
void ct_queue_return_credits(struct ct_queue *queue, uint32_t count);

/* Forgets what is waiting; @return how many records that were. */
uint64_t ct_queue_discard(struct ct_queue *queue);

/* Memory that has been idle goes back to the kernel. */
void ct_queue_trim(struct ct_queue *queue);

/* Asks to be woken, or not to be. After asking, look at the queue once more before sleeping. */
void ct_queue_set_wake(struct ct_queue *queue, enum ct_wake wake);

/* In a forked child: empty, with a generation of its own. */
void ct_queue_forked(struct ct_queue *queue);

/* Records that are waiting, or that threads hold credits for. */
static inline uint32_t ct_queue_used(struct ct_queue *queue)
{
    return queue->options.max_records -
           atomic_load_explicit(&queue->available.value, memory_order_relaxed);
}

/* Whether batches should leave before they are full, since memory runs short. */
static inline bool ct_queue_is_pressed(struct ct_queue *queue)
{
    return atomic_load_explicit(&queue->bytes, memory_order_relaxed) > queue->pressed_bytes;
}

#endif
