/* SPDX-License-Identifier: Apache-2.0 */
/* The worker's side of the queue; queue.c has the argument why the two sides fit. */
#include "sdk/pipeline/queue.h"

#include <assert.h>
#include <stdlib.h>

static struct ct_chunk *next_of(struct ct_chunk *chunk)
{
    return atomic_load_explicit(&chunk->next, memory_order_acquire);
}

static struct ct_chunk *head_of(struct ct_queue *queue)
{
    return atomic_load_explicit(&queue->head, memory_order_acquire);
}

static void count_chunk(struct ct_chunk *chunk, struct ct_queue_counts *counts)
{
    ct_position consumed = atomic_load_explicit(&chunk->consumed, memory_order_relaxed);
    ct_position committed = atomic_load_explicit(&chunk->committed, memory_order_acquire);
    counts->records += ct_position_records(committed) - ct_position_records(consumed);
    counts->bytes += ct_position_bytes(committed) - ct_position_bytes(consumed);
}

void ct_queue_count(struct ct_queue *queue, struct ct_queue_counts *out)
{
    *out = (struct ct_queue_counts){0};
    (void)ct_fork_lock(&queue->lock);
    for (struct ct_chunk *chunk = head_of(queue); chunk != NULL; chunk = next_of(chunk))
        count_chunk(chunk, out);
    ct_fork_unlock(&queue->lock);
}

/* State before position: a sealed chunk's position is final. */
static bool is_done(struct ct_chunk *chunk)
{
    uint32_t state = atomic_load_explicit(&chunk->state, memory_order_acquire);
    if (state == CT_CHUNK_OPEN)
        return false;
    return atomic_load_explicit(&chunk->committed, memory_order_acquire) ==
           atomic_load_explicit(&chunk->consumed, memory_order_relaxed);
}

/* The lock is held, so an orphan stays one. */
static void forget_orphan(struct ct_queue *queue, const struct ct_chunk *chunk)
{
    if (atomic_load_explicit(&chunk->state, memory_order_relaxed) != CT_CHUNK_ORPHAN)
        return;
    struct ct_chunk **link = &queue->orphans;
    while (*link != chunk)
        link = &(*link)->next_orphan;
    *link = chunk->next_orphan;
}

static void release(struct ct_queue *queue, struct ct_chunk *chunk)
{
    size_t bytes = queue->pool.chunk_size;
    if (chunk->index == CT_CHUNK_LARGE) {
        bytes = sizeof(*chunk) + chunk->capacity;
        free(chunk);
    } else {
        forget_orphan(queue, chunk);
        ct_chunk_pool_give(&queue->pool, chunk);
    }
    size_t used = atomic_load_explicit(&queue->bytes, memory_order_relaxed);
    assert(used >= bytes);
    atomic_store_explicit(&queue->bytes, used - bytes, memory_order_relaxed);
}

static void unlink_after(struct ct_queue *queue, struct ct_chunk *before, struct ct_chunk *chunk)
{
    struct ct_chunk *_Atomic *link = before == NULL ? &queue->head : &before->next;
    atomic_store_explicit(link, next_of(chunk), memory_order_relaxed);
    if (queue->tail == chunk)
        queue->tail = before;
}

void ct_queue_tidy(struct ct_queue *queue, uint64_t enough, struct ct_queue_counts *out)
{
    *out = (struct ct_queue_counts){0};
    struct ct_chunk *before = NULL, *next;
    (void)ct_fork_lock(&queue->lock);
    struct ct_chunk *chunk = head_of(queue);
    for (; chunk != NULL && out->records < enough; chunk = next) {
        next = next_of(chunk);
        if (is_done(chunk)) {
            unlink_after(queue, before, chunk);
            release(queue, chunk);
            continue;
        }
        count_chunk(chunk, out);
        before = chunk;
    }
    ct_fork_unlock(&queue->lock);
}

uint64_t ct_queue_mark(struct ct_queue *queue)
{
    uint64_t records = 0;
    for (struct ct_chunk *chunk = head_of(queue); chunk != NULL; chunk = next_of(chunk)) {
        chunk->mark = atomic_load_explicit(&chunk->committed, memory_order_acquire);
        records +=
            ct_position_records(chunk->mark) -
            ct_position_records(atomic_load_explicit(&chunk->consumed, memory_order_relaxed));
    }
    return records;
}

uint64_t ct_queue_discard(struct ct_queue *queue)
{
    struct ct_queue_counts counts = {0};
    for (struct ct_chunk *chunk = head_of(queue); chunk != NULL; chunk = next_of(chunk)) {
        ct_position end = atomic_load_explicit(&chunk->committed, memory_order_acquire);
        ct_position begin = atomic_load_explicit(&chunk->consumed, memory_order_relaxed);
        counts.records += ct_position_records(end) - ct_position_records(begin);
        atomic_store_explicit(&chunk->consumed, end, memory_order_relaxed);
    }
    atomic_fetch_add_explicit(&queue->drained, counts.records, memory_order_relaxed);
    ct_queue_return_credits(queue, (uint32_t)counts.records);
    return counts.records;
}

void ct_queue_trim(struct ct_queue *queue)
{
    bool more;
    do {
        (void)ct_fork_lock(&queue->lock);
        more = ct_chunk_pool_trim(&queue->pool);
        ct_fork_unlock(&queue->lock);
    } while (more);
}
