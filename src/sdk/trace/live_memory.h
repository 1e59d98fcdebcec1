/* SPDX-License-Identifier: Apache-2.0 */
/* The ceiling on what the live spans of a provider may hold, in bytes. Taken in larger pieces (a
 * handful of slots, a doubled buffer), so one shared counter is cheap enough. */
#ifndef COTEL_SRC_SDK_TRACE_LIVE_MEMORY_H
#define COTEL_SRC_SDK_TRACE_LIVE_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_live_memory {
    _Atomic size_t used;
    _Atomic size_t most;
    _Atomic uint64_t serial; /* of the provider whose ceiling it is now; 0: nobody's */
};

/* `serial` is the provider's that it is taken for. @return false, with nothing taken, when it would
 * be too much, or when that provider is gone. */
static inline bool ct_live_memory_take(struct ct_live_memory *memory, uint64_t serial, size_t size)
{
    if (atomic_load_explicit(&memory->serial, memory_order_relaxed) != serial)
        return false;
    size_t before = atomic_fetch_add_explicit(&memory->used, size, memory_order_relaxed);
    if (before + size <= atomic_load_explicit(&memory->most, memory_order_relaxed))
        return true;
    atomic_fetch_sub_explicit(&memory->used, size, memory_order_relaxed);
    return false;
}

/* `serial` is the provider's that it was taken for: what an earlier one has left behind does not
 * count against the one that has its place now. */
static inline void ct_live_memory_give(struct ct_live_memory *memory, uint64_t serial, size_t size)
{
    if (atomic_load_explicit(&memory->serial, memory_order_relaxed) == serial)
        atomic_fetch_sub_explicit(&memory->used, size, memory_order_relaxed);
}

#endif
