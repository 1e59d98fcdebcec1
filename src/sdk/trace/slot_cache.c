/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/slot_cache.h"

#include "sdk/trace/slot.h"

static bool is_of(const struct ct_slot_cache *cache, uint64_t serial)
{
    return cache->serial == serial;
}

static void give_to_pool(struct ct_slot_cache *cache, uint32_t count)
{
    struct ct_span_slot *first = cache->free, *last = first;
    for (uint32_t i = 1; i < count; i++)
        last = last->next;
    cache->free = last->next;
    cache->count -= count;
    ct_live_memory_give(cache->memory, cache->serial, (size_t)count * CT_SLOT_SIZE);
    ct_slot_pool_give(first, last);
}

void ct_slot_cache_retire(struct ct_slot_cache *cache)
{
    if (cache->count != 0)
        give_to_pool(cache, cache->count);
}

void ct_slot_cache_forget(struct ct_slot_cache *cache)
{
    *cache = (struct ct_slot_cache){.free = NULL};
}

/* The place was an earlier provider's: what is left of that goes, and the new one moves in. */
static void move_in(struct ct_slot_cache *cache, struct ct_live_memory *memory, uint64_t serial)
{
    ct_slot_cache_retire(cache);
    cache->memory = memory;
    cache->serial = serial;
}

static bool refill(struct ct_slot_cache *cache)
{
    size_t taken = 0, size = (size_t)CT_SLOT_CACHE_BATCH * CT_SLOT_SIZE;
    size_t count = CT_SLOT_CACHE_BATCH;
    if (!ct_live_memory_take(cache->memory, cache->serial, size)) {
        count = 1; /* the last ones before the ceiling come one by one */
        size = CT_SLOT_SIZE;
        if (!ct_live_memory_take(cache->memory, cache->serial, size))
            return false;
    }
    cache->free = ct_slot_pool_take(count, &taken);
    cache->count = (uint32_t)taken;
    ct_live_memory_give(cache->memory, cache->serial, size - taken * CT_SLOT_SIZE);
    return taken != 0;
}

struct ct_span_slot *ct_slot_cache_take(struct ct_slot_cache *cache, struct ct_live_memory *memory,
                                        uint64_t serial)
{
    if (!is_of(cache, serial))
        move_in(cache, memory, serial);
    if (cache->free == NULL && !refill(cache))
        return NULL;
    struct ct_span_slot *slot = cache->free;
    cache->free = slot->next;
    cache->count--;
    return slot;
}

void ct_slot_cache_give(struct ct_slot_cache *cache, struct ct_live_memory *memory, uint64_t serial,
                        struct ct_span_slot *slot)
{
    if (!is_of(cache, serial))
        move_in(cache, memory, serial);
    slot->next = cache->free;
    cache->free = slot;
    if (++cache->count > CT_SLOT_CACHE_MOST)
        give_to_pool(cache, CT_SLOT_CACHE_BATCH);
}
