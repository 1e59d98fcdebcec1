/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/slot.h"

#include "sdk/trace/tracer.h"

#include <sched.h>
#include <sys/mman.h>

#define SLAB_SLOTS 64
#define SPINS 64

bool ct_slot_lock_contended(struct ct_span_slot *slot, uint32_t generation)
{
    for (unsigned turn = 1;; turn++) {
        if (!ct_slot_is_live(slot, generation))
            return false;
        /* A lock inherited over a fork has no holder who could let it go. */
        if (ct_slot_epoch(slot) != ct_fork_epoch())
            return false;
        uint64_t expected = ct_slot_state(generation, CT_SLOT_LIVE);
        if (atomic_compare_exchange_weak_explicit(&slot->state, &expected,
                                                  expected | CT_SLOT_LOCKED, memory_order_acquire,
                                                  memory_order_relaxed))
            return true;
        if (turn % SPINS == 0)
            sched_yield();
    }
}

static struct {
    struct ct_fork_lock lock;
    struct ct_span_slot *free;
} pool = {.lock = CT_FORK_LOCK_INIT};

static void lock_pool(void)
{
    /* What the parent's threads were changing is left to the parent: the child maps its own. */
    if (ct_fork_lock(&pool.lock))
        pool.free = NULL;
}

static struct ct_span_slot *slot_at(void *slab, size_t index)
{
    return (struct ct_span_slot *)(void *)((char *)slab + index * CT_SLOT_SIZE);
}

static void map_slab(void)
{
    void *slab = mmap(NULL, (size_t)SLAB_SLOTS * CT_SLOT_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (slab == MAP_FAILED)
        return;
    for (size_t i = SLAB_SLOTS; i-- > 0;) {
        struct ct_span_slot *slot = slot_at(slab, i);
        slot->head.ops = &ct_sdk_span_ops;
        slot->body.inline_data = slot->bytes;
        slot->body.inline_index = slot->index;
        slot->body.data = slot->bytes;
        slot->body.index = slot->index;
        slot->next = pool.free;
        pool.free = slot;
    }
}

struct ct_span_slot *ct_slot_pool_take(size_t count, size_t *taken)
{
    lock_pool();
    if (pool.free == NULL)
        map_slab();
    struct ct_span_slot *first = pool.free, *last = NULL;
    *taken = 0;
    while (pool.free != NULL && *taken < count) {
        last = pool.free;
        pool.free = last->next;
        ++*taken;
    }
    ct_fork_unlock(&pool.lock);
    if (last != NULL)
        last->next = NULL;
    return first;
}

void ct_slot_pool_give(struct ct_span_slot *first, struct ct_span_slot *last)
{
    lock_pool();
    last->next = pool.free;
    pool.free = first;
    ct_fork_unlock(&pool.lock);
}
