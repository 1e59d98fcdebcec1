/* SPDX-License-Identifier: Apache-2.0 */
/* The few free slots that a thread keeps for a provider. Spans end on other threads than they
 * started on, so a thread that only ends gives its surplus to the pool, and one that only starts
 * takes from there: a handful at a time.
 *
 * Slots in a cache count as the provider's live memory; so of max_live_bytes each thread may hold
 * back CT_SLOT_CACHE_MOST slots. */
#ifndef COTEL_SRC_SDK_TRACE_SLOT_CACHE_H
#define COTEL_SRC_SDK_TRACE_SLOT_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define CT_SLOT_CACHE_BATCH 8
#define CT_SLOT_CACHE_MOST 16

struct ct_span_slot;
struct ct_live_memory;

struct ct_slot_cache {
    struct ct_span_slot *free;
    uint32_t count;
    uint32_t reserved;
    struct ct_live_memory *memory; /* whose ceiling the slots count against */
    uint64_t serial;               /* of the provider: a place is used by one after another */
};

/* A free slot, or NULL when the ceiling is reached or memory is out. */
struct ct_span_slot *ct_slot_cache_take(struct ct_slot_cache *cache, struct ct_live_memory *memory,
                                        uint64_t serial);

/* Takes a slot back that counts against `memory`. */
void ct_slot_cache_give(struct ct_slot_cache *cache, struct ct_live_memory *memory, uint64_t serial,
                        struct ct_span_slot *slot);

/* Gives all of it to the pool: the thread ends. */
void ct_slot_cache_retire(struct ct_slot_cache *cache);

/* After a fork: what is in it is left to the parent. */
void ct_slot_cache_forget(struct ct_slot_cache *cache);

#endif
