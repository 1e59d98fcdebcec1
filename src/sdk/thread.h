/* SPDX-License-Identifier: Apache-2.0 */
/* What the SDK keeps for each thread that makes spans: a random generator, free slots, counters and
 * the producer ends of the queues. One pointer-sized thread-local leads to it.
 *
 * The objects are type-stable: a thread's is recycled, never freed, when the thread ends, so
 * whoever sums up counters may read one that has just been given to another thread. Only its own
 * thread writes to it, so the counters are plain loads and stores, atomic only to be readable from
 * outside.
 *
 * In a forked child the one thread that is left carries its parent's epoch; the first look in the
 * child notices that, and resets the SDK (ct_sdk_forked()) and the object before anybody uses them.
 */
#ifndef COTEL_SRC_SDK_THREAD_H
#define COTEL_SRC_SDK_THREAD_H

#include <cotel/sdk/provider.h>

#include "base/fork.h"
#include "base/random.h"
#include "sdk/pipeline/producer.h"
#include "sdk/trace/slot_cache.h"

#include <stdatomic.h>

/* Counts of one provider on one thread; see cotel_sdk_counts for what each means. */
#define CT_THREAD_COUNTERS(X) \
    X(started)                \
    X(unsampled)              \
    X(refused)                \
    X(ended)                  \
    X(stale_handles)          \
    X(inherited)              \
    X(after_shutdown)         \
    X(dropped_attributes)     \
    X(dropped_events)         \
    X(dropped_links)          \
    X(out_of_memory)          \
    X(slots_taken)            \
    X(slots_released)

struct ct_thread_counters {
#define CT_COUNTER_FIELD(name) _Atomic uint64_t name;
    CT_THREAD_COUNTERS(CT_COUNTER_FIELD)
#undef CT_COUNTER_FIELD
};

/* Behind the providers' counters: those of calls whose provider can't be told any more. */
#define CT_COUNTERS_OF_NOBODY COTEL_MAX_PROVIDERS
#define CT_COUNTER_SETS (COTEL_MAX_PROVIDERS + 1)

struct ct_thread {
    uint32_t epoch;
    /* Not 0 while a call that uses a provider's sampler or processors is under way; see
     * provider/quiesce.c. */
    _Atomic uint32_t inside;
    bool collecting;     /* inside a collection of metrics */
    uint64_t outside_in; /* the last round of ct_thread_wait_all_outside() that saw it outside;
                            under the lock of the threads */
    struct ct_random random;
    struct ct_slot_cache slots[COTEL_MAX_PROVIDERS];
    struct ct_producer producers[CT_MAX_PIPELINES];
    struct ct_thread_counters counters[CT_COUNTER_SETS]; /* by provider index */
    struct ct_thread *next;
    struct ct_thread **link;
};

/* The slow way of ct_thread_self(): first use on this thread, or after a fork. */
struct ct_thread *ct_thread_enter(void);

extern _Thread_local struct ct_thread *ct_thread_current
    __attribute__((tls_model(CT_TLS_MODEL), visibility("hidden")));

/* This thread's object; NULL when memory is out, and while the thread is being torn down. */
static inline struct ct_thread *ct_thread_self(void)
{
    struct ct_thread *self = ct_thread_current;
    if (CT_LIKELY(self != NULL && self->epoch == ct_fork_epoch()))
        return self;
    return ct_thread_enter();
}

/* One more, on the counter of the thread that owns it. */
static inline void ct_count(_Atomic uint64_t *counter)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + 1, memory_order_relaxed);
}

static inline void ct_count_more(_Atomic uint64_t *counter, uint64_t more)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + more, memory_order_relaxed);
}

/* Adds up the counters of a provider over all threads, ended ones too. */
struct ct_counter_sums {
#define CT_COUNTER_SUM(name) uint64_t name;
    CT_THREAD_COUNTERS(CT_COUNTER_SUM)
#undef CT_COUNTER_SUM
};
void ct_thread_sum_counters(size_t set, struct ct_counter_sums *out);

/* Sets a set of counters to zero on all threads, before a new provider takes it. */
void ct_thread_reset_counters(size_t set);

/* Waits until each thread has been outside once. @return false when one was not by the deadline.
 * Threads that begin or end meanwhile wait too. */
bool ct_thread_wait_all_outside(uint64_t deadline_ns);

#endif
