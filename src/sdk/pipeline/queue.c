/* SPDX-License-Identifier: Apache-2.0 */
/* The producers' side of the queue.
 *
 * Why it is safe, variable by variable:
 *
 * - chunk->committed has one writer at a time: the thread that owns the chunk, or whoever holds the
 *   lock for the shared one. It writes a record with plain stores and then the new position with
 *   release; the worker loads the position with acquire and reads what is before it only. Bytes
 *   before a committed position are never written again while the chunk is in the list. So nothing
 *   torn is ever read, and a thread that is stopped between reserve and commit holds up nobody: its
 *   record just is not there yet.
 * - A chunk changes its writer (orphan -> next thread, pool -> anyone) under the lock, so the new
 *   writer's plain and relaxed reads of it happen after the old one's writes.
 * - chunk->state is set to SEALED with release after the last commit. The worker loads it with
 *   acquire before it loads `committed`: if it saw SEALED, it sees the final position too, and may
 *   take the chunk out once all is consumed. An ORPHAN becomes OPEN or SEALED under the lock only,
 *   so the worker, holding it, may take out a drained one.
 * - chunk->next: appended under the lock with release, followed by the worker without it, with
 *   acquire. Only the worker takes chunks out, under the lock. So the worker's own walk is stable,
 *   and anybody else walks under the lock.
 * - chunk->consumed is written by the worker alone.
 * - available is a counter and guards nothing: relaxed. A credit is drawn before its record is
 *   written and given back after it was copied out, so the bound holds at every moment.
 * - stopping: whoever read `false` just before may still commit. Such a record stays in its chunk,
 *   and counts as dropped by the shutdown from then on (pipeline.c).
 *
 * No wake-up is lost. The worker, before it sleeps, exchanges `wake` for FULL and then looks at the
 * queue once more. A producer commits and then, if that spent its last credit or took a chunk, does
 * a read-modify-write of `wake`. Both are acquire and release on one variable, so one comes first:
 * if it is the worker's, the producer sees FULL and looks whether a batch is full; if the
 * producer's, the worker's exchange synchronises with it and sees the commit. That it is enough to
 * look when a lot is spent: lots are cut so that none crosses a multiple of the batch size, so with
 * one producer the record that fills a batch is the last of its lot. With several, a batch may fill
 * up while others hold unspent credits; but then the used credits have reached the batch size, the
 * thread whose lot did that wakes the worker when it has spent it, and the worker stays awake
 * (naps) until either the records or the used credits say otherwise (pipeline.c). So
 * a full batch is noticed at once with one producer, and with several at most a lot of each later.
 *
 * The bound in records is exact for one producer: it spends what it draws. With n producers, a
 * record may be refused while others hold unspent credits: at most (n - 1) * (lot - 1) with
 * lot = min(64, max_records / 64, batch / 8), and at least 1: so it is exact for any n while
 * max_records < 128. Lots shrink as credits run short and as producers become more. */
#include "sdk/pipeline/queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An orphan with less room than this is as good as full. */
#define WORTH_ADOPTING 512u

/* Of queues and of the children's queues; 0 is none's. */
static _Atomic uint64_t last_generation;

static uint64_t next_generation(void)
{
    return atomic_fetch_add_explicit(&last_generation, 1, memory_order_relaxed) + 1;
}

static uint32_t min_u32(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool ct_queue_init(struct ct_queue *queue, const struct ct_queue_options *options)
{
    memset(queue, 0, sizeof(*queue));
    if (!ct_chunk_pool_init(&queue->pool, options->max_bytes))
        return false;
    queue->options = *options;
    queue->options.max_record_bytes = min_size(options->max_record_bytes, CT_MAX_RECORD_BYTES);
    queue->generation = next_generation();
    queue->inline_limit =
        (uint32_t)min_size(queue->pool.chunk_size / 2, queue->options.max_record_bytes);
    queue->max_owned = queue->pool.chunk_count / 2;
    queue->pressed_bytes = options->max_bytes - options->max_bytes / 4;
    atomic_init(&queue->available.value, options->max_records);
    atomic_init(&queue->wake.value, CT_WAKE_FIRST);
    ct_fork_lock_init(&queue->lock);
    return true;
}

static struct ct_chunk *next_of(struct ct_chunk *chunk)
{
    return atomic_load_explicit(&chunk->next, memory_order_relaxed);
}

void ct_queue_fini(struct ct_queue *queue)
{
    for (struct ct_chunk *chunk = queue->head, *next; chunk != NULL; chunk = next) {
        next = next_of(chunk);
        if (chunk->index == CT_CHUNK_LARGE)
            free(chunk);
    }
    ct_chunk_pool_fini(&queue->pool);
}

static bool drop(struct ct_queue *queue, cotel_drop_reason reason)
{
    ct_queue_count_drops(queue, reason, 1);
    atomic_fetch_add_explicit(&queue->refused, 1, memory_order_relaxed);
    if (reason != COTEL_DROP_SHUTDOWN)
        atomic_fetch_add_explicit(&queue->lost, 1, memory_order_relaxed);
    return false;
}

/* ---- credits ---- */

static uint32_t lot_size(struct ct_queue *queue, uint32_t available)
{
    uint32_t batch = queue->options.wake_records;
    uint32_t owned = atomic_load_explicit(&queue->owned, memory_order_relaxed);
    uint32_t lot = min_u32(CT_LOT_MAX, available / CT_LOT_QUEUE_SHARE);
    lot = min_u32(lot, batch / CT_LOT_BATCH_SHARE / (owned + (owned == 0)));
    uint32_t used = queue->options.max_records - available;
    lot = min_u32(lot, batch - used % batch);
    return lot + (lot == 0);
}

static bool draw(struct ct_queue *queue, uint32_t *credits, uint32_t most)
{
    uint32_t available = atomic_load_explicit(&queue->available.value, memory_order_relaxed);
    uint32_t lot;
    do {
        if (available == 0)
            return false;
        lot = min_u32(most, lot_size(queue, available));
    } while (!atomic_compare_exchange_weak_explicit(&queue->available.value, &available,
                                                    available - lot, memory_order_relaxed,
                                                    memory_order_relaxed));
    *credits += lot;
    return true;
}

void ct_queue_return_credits(struct ct_queue *queue, uint32_t count)
{
    atomic_fetch_add_explicit(&queue->available.value, count, memory_order_relaxed);
}

/* ---- waking ---- */

static void wake_if_wanted(struct ct_queue *queue)
{
    /* A read-modify-write that changes nothing: see above. */
    uint32_t wake = atomic_fetch_or_explicit(&queue->wake.value, 0, memory_order_acq_rel);
    if (wake == CT_WAKE_NEVER)
        return;
    if (wake == CT_WAKE_FULL && ct_queue_used(queue) < queue->options.wake_records &&
        !ct_queue_is_pressed(queue))
        return;
    if (atomic_exchange_explicit(&queue->wake.value, CT_WAKE_NEVER, memory_order_acq_rel) !=
        CT_WAKE_NEVER)
        queue->options.wake(queue->options.user);
}

void ct_queue_set_wake(struct ct_queue *queue, enum ct_wake wake)
{
    atomic_exchange_explicit(&queue->wake.value, wake, memory_order_acq_rel);
}

/* ---- chunks; the lock is held ---- */

static void account(struct ct_queue *queue, size_t bytes)
{
    size_t now = atomic_load_explicit(&queue->bytes, memory_order_relaxed) + bytes;
    atomic_store_explicit(&queue->bytes, now, memory_order_relaxed);
}

static bool has_bytes(struct ct_queue *queue, size_t bytes)
{
    return bytes <=
           queue->options.max_bytes - atomic_load_explicit(&queue->bytes, memory_order_relaxed);
}

static void chunk_init(struct ct_queue *queue, struct ct_chunk *chunk)
{
    atomic_init(&chunk->committed, 0);
    atomic_init(&chunk->consumed, 0);
    atomic_init(&chunk->state, CT_CHUNK_OPEN);
    atomic_init(&chunk->next, NULL);
    chunk->generation = queue->generation;
    chunk->mark = 0;
    chunk->planned = 0;
    chunk->next_orphan = NULL;
}

static void append(struct ct_queue *queue, struct ct_chunk *chunk)
{
    if (queue->tail == NULL)
        atomic_store_explicit(&queue->head, chunk, memory_order_release);
    else
        atomic_store_explicit(&queue->tail->next, chunk, memory_order_release);
    queue->tail = chunk;
}

static void seal(struct ct_chunk *chunk)
{
    if (chunk != NULL)
        atomic_store_explicit(&chunk->state, CT_CHUNK_SEALED, memory_order_release);
}

static bool has_room(const struct ct_chunk *chunk, uint32_t room)
{
    ct_position end = atomic_load_explicit(&chunk->committed, memory_order_relaxed);
    return chunk->capacity - ct_position_bytes(end) >= room;
}

static struct ct_chunk *adopt(struct ct_queue *queue, uint32_t room)
{
    struct ct_chunk *chunk;
    while ((chunk = queue->orphans) != NULL) {
        queue->orphans = chunk->next_orphan;
        if (has_room(chunk, room)) {
            atomic_store_explicit(&chunk->state, CT_CHUNK_OPEN, memory_order_relaxed);
            return chunk;
        }
        seal(chunk);
    }
    return NULL;
}

static struct ct_chunk *new_chunk(struct ct_queue *queue)
{
    if (!has_bytes(queue, queue->pool.chunk_size))
        return NULL;
    struct ct_chunk *chunk = ct_chunk_pool_take(&queue->pool);
    if (chunk == NULL)
        return NULL;
    account(queue, queue->pool.chunk_size);
    chunk_init(queue, chunk);
    append(queue, chunk);
    return chunk;
}

static bool get_chunk(struct ct_queue *queue, struct ct_producer *producer, uint32_t room)
{
    struct ct_chunk *chunk = adopt(queue, room);
    if (chunk == NULL)
        chunk = new_chunk(queue);
    if (chunk == NULL)
        return false;
    seal(producer->chunk);
    producer->chunk = chunk;
    return true;
}

/* ---- putting a record ---- */

static void write_head(struct ct_queue *queue, struct ct_producer *producer, struct ct_chunk *chunk,
                       uint32_t size, const cotel_scope_view *scope, struct ct_reservation *out)
{
    ct_position at = atomic_load_explicit(&chunk->committed, memory_order_relaxed);
    struct ct_record *record = (struct ct_record *)(chunk->data + ct_position_bytes(at));
    record->scope = scope;
    record->size = size;
    out->data = record + 1;
    out->chunk = chunk;
    out->producer = producer;
    out->end = at + ct_position_of(ct_record_room(size), 1);
}

/* Through the chunk that all share: the lock is held until commit. */
static bool reserve_shared(struct ct_queue *queue, uint32_t size, const cotel_scope_view *scope,
                           struct ct_reservation *out)
{
    struct ct_producer *shared = &queue->shared;
    uint32_t room = ct_record_room(size);
    out->look = true;
    out->locked = true;
    if (shared->credits == 0 && !draw(queue, &shared->credits, 1)) {
        ct_fork_unlock(&queue->lock);
        return drop(queue, COTEL_DROP_QUEUE_FULL);
    }
    if ((shared->chunk == NULL || !has_room(shared->chunk, room)) &&
        !get_chunk(queue, shared, room)) {
        ct_fork_unlock(&queue->lock);
        return drop(queue, COTEL_DROP_QUEUE_BYTES);
    }
    shared->credits--;
    write_head(queue, shared, shared->chunk, size, scope, out);
    return true;
}

/* A record of over half a chunk: memory of its own, in the list once it is committed. */
static bool reserve_large(struct ct_queue *queue, size_t size, const cotel_scope_view *scope,
                          struct ct_reservation *out)
{
    uint32_t credits = 0;
    if (!draw(queue, &credits, 1))
        return drop(queue, COTEL_DROP_QUEUE_FULL);
    size_t bytes = sizeof(struct ct_chunk) + ct_record_room(size);
    (void)ct_fork_lock(&queue->lock);
    bool fits = has_bytes(queue, bytes);
    if (fits)
        account(queue, bytes);
    ct_fork_unlock(&queue->lock);
    struct ct_chunk *chunk = NULL;
    if (fits && posix_memalign((void **)&chunk, CT_CACHE_LINE, bytes) != 0) {
        (void)ct_fork_lock(&queue->lock);
        account(queue, (size_t)0 - bytes);
        ct_fork_unlock(&queue->lock);
    }
    if (chunk == NULL) {
        ct_queue_return_credits(queue, credits);
        return drop(queue, fits ? COTEL_DROP_OUT_OF_MEMORY : COTEL_DROP_QUEUE_BYTES);
    }
    chunk_init(queue, chunk);
    chunk->index = CT_CHUNK_LARGE;
    chunk->capacity = ct_record_room(size);
    out->look = true;
    out->locked = false;
    write_head(queue, NULL, chunk, (uint32_t)size, scope, out);
    return true;
}

/* A chunk of the thread's own; without one, the shared one. */
static bool reserve_owned(struct ct_queue *queue, struct ct_producer *producer, uint32_t size,
                          const cotel_scope_view *scope, struct ct_reservation *out)
{
    uint32_t room = ct_record_room(size);
    out->look = false;
    out->locked = false;
    if (producer->chunk == NULL || !has_room(producer->chunk, room)) {
        (void)ct_fork_lock(&queue->lock);
        uint32_t owned = atomic_load_explicit(&queue->owned, memory_order_relaxed);
        bool first = producer->chunk == NULL;
        if (first && owned >= queue->max_owned)
            return reserve_shared(queue, size, scope, out);
        bool got = get_chunk(queue, producer, room);
        if (got && first)
            atomic_store_explicit(&queue->owned, owned + 1, memory_order_relaxed);
        ct_fork_unlock(&queue->lock);
        if (!got)
            return drop(queue, COTEL_DROP_QUEUE_BYTES);
        out->look = true;
    }
    if (producer->credits == 0 && !draw(queue, &producer->credits, CT_LOT_MAX))
        return drop(queue, COTEL_DROP_QUEUE_FULL);
    producer->credits--;
    write_head(queue, producer, producer->chunk, size, scope, out);
    return true;
}

static bool reserve_slow(struct ct_queue *queue, struct ct_producer *producer, size_t size,
                         const cotel_scope_view *scope, struct ct_reservation *out)
{
    if (atomic_load_explicit(&queue->stopping, memory_order_acquire))
        return drop(queue, COTEL_DROP_SHUTDOWN);
    if (size > queue->options.max_record_bytes)
        return drop(queue, COTEL_DROP_TOO_LARGE);
    if (size > queue->inline_limit)
        return reserve_large(queue, size, scope, out);
    if (producer == NULL || queue->options.ordered) {
        (void)ct_fork_lock(&queue->lock);
        return reserve_shared(queue, (uint32_t)size, scope, out);
    }
    if (producer->pipeline_generation != queue->generation)
        *producer = (struct ct_producer){.pipeline_generation = queue->generation};
    return reserve_owned(queue, producer, (uint32_t)size, scope, out);
}

bool ct_queue_reserve(struct ct_queue *queue, struct ct_producer *producer, size_t size,
                      const cotel_scope_view *scope, struct ct_reservation *out)
{
    /* The common case: a thread with a credit and room. */
    if (__builtin_expect(producer == NULL || producer->credits == 0 ||
                             producer->pipeline_generation != queue->generation ||
                             producer->chunk == NULL || size > queue->inline_limit ||
                             !has_room(producer->chunk, ct_record_room(size)) ||
                             atomic_load_explicit(&queue->stopping, memory_order_acquire),
                         0))
        return reserve_slow(queue, producer, size, scope, out);
    producer->credits--;
    out->locked = false;
    out->look = false;
    write_head(queue, producer, producer->chunk, (uint32_t)size, scope, out);
    return true;
}

static void commit_large(struct ct_queue *queue, const struct ct_reservation *reservation)
{
    struct ct_chunk *chunk = reservation->chunk;
    atomic_store_explicit(&chunk->committed, reservation->end, memory_order_release);
    seal(chunk);
    (void)ct_fork_lock(&queue->lock);
    if (queue->options.ordered) { /* what comes later must stand behind it */
        seal(queue->shared.chunk);
        queue->shared.chunk = NULL;
    }
    append(queue, chunk);
    ct_fork_unlock(&queue->lock);
}

void ct_queue_commit(struct ct_queue *queue, const struct ct_reservation *reservation)
{
    struct ct_producer *producer = reservation->producer;
    bool look = reservation->look || (producer != NULL && producer->credits == 0);
    if (producer == NULL)
        commit_large(queue, reservation);
    else
        atomic_store_explicit(&reservation->chunk->committed, reservation->end,
                              memory_order_release);
    if (reservation->locked)
        ct_fork_unlock(&queue->lock);
    if (look)
        wake_if_wanted(queue);
}

void ct_queue_forked(struct ct_queue *queue)
{
    /* Large chunks stay behind in the child: its allocator may be locked for ever (_Fork). */
    ct_chunk_pool_reset(&queue->pool);
    ct_fork_lock_init(&queue->lock);
    queue->generation = next_generation();
    queue->shared = (struct ct_producer){0};
    queue->orphans = NULL;
    queue->tail = NULL;
    atomic_init(&queue->head, NULL);
    atomic_init(&queue->bytes, 0);
    atomic_init(&queue->owned, 0);
    atomic_init(&queue->available.value, queue->options.max_records);
    atomic_init(&queue->wake.value, CT_WAKE_FIRST);
    atomic_init(&queue->drained, 0);
    atomic_init(&queue->refused, 0);
    atomic_init(&queue->lost, 0);
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        atomic_init(&queue->dropped[i], 0);
}

void ct_queue_retire(struct ct_queue *queue, struct ct_producer *producer)
{
    if (producer->credits > 0)
        ct_queue_return_credits(queue, producer->credits);
    struct ct_chunk *chunk = producer->chunk;
    if (chunk == NULL)
        return;
    (void)ct_fork_lock(&queue->lock);
    uint32_t owned = atomic_load_explicit(&queue->owned, memory_order_relaxed);
    atomic_store_explicit(&queue->owned, owned - 1, memory_order_relaxed);
    if (has_room(chunk, WORTH_ADOPTING)) {
        chunk->next_orphan = queue->orphans;
        queue->orphans = chunk;
        atomic_store_explicit(&chunk->state, CT_CHUNK_ORPHAN, memory_order_relaxed);
    } else {
        seal(chunk);
    }
    ct_fork_unlock(&queue->lock);
}
