/* SPDX-License-Identifier: Apache-2.0 */
/* Where a live span is kept. Slots are type-stable: their memory stays mapped, and stays slots,
 * while the process lives, so any handle, however old, may be followed.
 *
 * `state` is the generation, and two bits: LIVE (the span has not ended) and LOCKED (somebody is
 * changing it). A setter turns exactly (its handle's generation, LIVE) into the same with LOCKED by
 * one compare-and-swap; so the test whether the handle still means this span and the lock that
 * keeps others out are one instruction, and a handle whose span has ended, however often the slot
 * was used since, can never write into somebody else's span. (A generation comes round after 2^32
 * spans in the same slot.)
 *
 * Memory order. The compare-and-swap acquires and the unlock releases, so whoever holds the lock
 * sees all that the holder before it wrote. End takes the lock and then clears LIVE for good: from
 * there on the ending thread is alone. The slot goes back with its generation raised by a release
 * store; who takes it next gets it through the free list (same thread, or under the pool's lock)
 * and publishes the new span by another release store, which the user hands on together with the
 * handle. A stale handle's compare-and-swap fails and reads nothing but `state`.
 *
 * The cost is one locked instruction a call, some 4 ns. A bias towards the owner would save most of
 * it, but a span that is handed to another thread would then pay a membarrier of some 11
 * microseconds, and handing spans over is this library's daily bread. */
#ifndef COTEL_SRC_SDK_TRACE_SLOT_H
#define COTEL_SRC_SDK_TRACE_SLOT_H

#include <cotel/trace.h>

#include "api/provider.h"
#include "base/compiler.h"
#include "base/fork.h"
#include "sdk/trace/body.h"

#include <stdatomic.h>

#define CT_SLOT_SIZE 1024
#define CT_SLOT_INLINE_INDEX 16
#define CT_SLOT_INLINE_BYTES 704

#define CT_SLOT_LOCKED UINT64_C(1)
#define CT_SLOT_LIVE UINT64_C(2)
#define CT_SLOT_GENERATION 8 /* its lowest bit */

struct ct_sdk_tracer;

struct ct_span_slot {
    struct ct_slot_head head; /* constant: stale handles read it */
    _Atomic uint64_t state;
    struct ct_span_slot *next; /* in a free list */
    struct ct_sdk_tracer *tracer;
    uint64_t provider_serial;
    _Atomic uint32_t epoch; /* of the process that started it */
    bool recording;         /* false: it only keeps a tracestate */
    bool sampled;
    bool ending; /* its end time is set */
    const cotel_tracestate *tracestate;
    uint64_t start_unix_ns;
    uint64_t start_fast_ns; /* 0: the start time was given, so the end is read off the wall clock */
    struct ct_body body;
    struct ct_index_entry index[CT_SLOT_INLINE_INDEX];
    uint8_t bytes[CT_SLOT_INLINE_BYTES];
};

_Static_assert(sizeof(struct ct_span_slot) <= CT_SLOT_SIZE, "a slot has outgrown its place");

static inline uint64_t ct_slot_state(uint32_t generation, uint64_t bits)
{
    return (uint64_t)generation << CT_SLOT_GENERATION | bits;
}

static inline uint32_t ct_slot_generation(const struct ct_span_slot *slot)
{
    return (uint32_t)(atomic_load_explicit(&slot->state, memory_order_relaxed) >>
                      CT_SLOT_GENERATION);
}

/* Relaxed: it goes with the generation, and who waits for the lock of a span that has just ended
 * may read the next one's. */
static inline uint32_t ct_slot_epoch(const struct ct_span_slot *slot)
{
    return atomic_load_explicit(&slot->epoch, memory_order_relaxed);
}

/* The slow way: waits for whoever holds it. */
bool ct_slot_lock_contended(struct ct_span_slot *slot, uint32_t generation);

/* @return false when the handle is stale: the span of that generation is not live. */
static inline bool ct_slot_lock(struct ct_span_slot *slot, uint32_t generation)
{
    uint64_t expected = ct_slot_state(generation, CT_SLOT_LIVE);
    if (CT_LIKELY(atomic_compare_exchange_strong_explicit(
            &slot->state, &expected, expected | CT_SLOT_LOCKED, memory_order_acquire,
            memory_order_relaxed)))
        return true;
    return ct_slot_lock_contended(slot, generation);
}

static inline void ct_slot_unlock(struct ct_span_slot *slot, uint32_t generation)
{
    atomic_store_explicit(&slot->state, ct_slot_state(generation, CT_SLOT_LIVE),
                          memory_order_release);
}

/* Locked before; nobody else gets in any more. */
static inline void ct_slot_close(struct ct_span_slot *slot, uint32_t generation)
{
    atomic_store_explicit(&slot->state, ct_slot_state(generation, CT_SLOT_LOCKED),
                          memory_order_relaxed);
}

static inline bool ct_slot_is_live(const struct ct_span_slot *slot, uint32_t generation)
{
    uint64_t state = atomic_load_explicit(&slot->state, memory_order_acquire);
    return (state | CT_SLOT_LOCKED) == ct_slot_state(generation, CT_SLOT_LIVE | CT_SLOT_LOCKED);
}

/* ---- the pool of the process. Short locks, taken once for several slots. ---- */

/* Links up to `count` free slots and returns the first; NULL when memory is out. */
struct ct_span_slot *ct_slot_pool_take(size_t count, size_t *taken);

/* Gives a list of slots back, from `first` to `last`. */
void ct_slot_pool_give(struct ct_span_slot *first, struct ct_span_slot *last);

#endif
