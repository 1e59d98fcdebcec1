/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/thread.h"

#include "base/deadline.h"
#include "sdk/fork.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

_Thread_local struct ct_thread *ct_thread_current;

static struct {
    struct ct_fork_lock lock;
    struct ct_thread *live;
    struct ct_thread *free;                        /* of ended threads, to be used again */
    struct ct_counter_sums ended[CT_COUNTER_SETS]; /* what ended threads had counted */
} threads = {.lock = CT_FORK_LOCK_INIT};

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;

static void lock_threads(void)
{
    if (!ct_fork_lock(&threads.lock))
        return;
    /* A child: the other threads are gone, and the lists may have been left half-changed. */
    threads.live = threads.free = NULL;
    memset(threads.ended, 0, sizeof threads.ended);
}

static void unlock_threads(void)
{
    ct_fork_unlock(&threads.lock);
}

/* The two counter structs have the same fields in the same order. */
static void add_counters(const struct ct_thread_counters *counters, struct ct_counter_sums *sums)
{
#define ADD_COUNTER(name) sums->name += atomic_load_explicit(&counters->name, memory_order_relaxed);
    CT_THREAD_COUNTERS(ADD_COUNTER)
#undef ADD_COUNTER
}

static void zero_counters(struct ct_thread_counters *counters)
{
#define ZERO_COUNTER(name) atomic_store_explicit(&counters->name, 0, memory_order_relaxed);
    CT_THREAD_COUNTERS(ZERO_COUNTER)
#undef ZERO_COUNTER
}

static void link_thread(struct ct_thread *thread)
{
    thread->next = threads.live;
    thread->link = &threads.live;
    if (threads.live != NULL)
        threads.live->link = &thread->next;
    threads.live = thread;
}

static void unlink_thread(struct ct_thread *thread)
{
    *thread->link = thread->next;
    if (thread->next != NULL)
        thread->next->link = thread->link;
}

/* The key's destructor. A span that a later destructor of this thread ends brings it all back, and
 * this is called again. */
static void leave(void *object)
{
    struct ct_thread *thread = object;
    ct_thread_current = NULL;
    if (thread->epoch != ct_fork_epoch())
        return;
    for (uint32_t i = 0; i < CT_MAX_PIPELINES; i++)
        ct_producer_retire(&thread->producers[i], i);
    for (size_t i = 0; i < COTEL_MAX_PROVIDERS; i++)
        ct_slot_cache_retire(&thread->slots[i]);
    lock_threads();
    for (size_t i = 0; i < CT_COUNTER_SETS; i++) {
        add_counters(&thread->counters[i], &threads.ended[i]);
        zero_counters(&thread->counters[i]);
    }
    unlink_thread(thread);
    thread->next = threads.free;
    threads.free = thread;
    unlock_threads();
}

static void make_key(void)
{
    has_key = pthread_key_create(&key, leave) == 0;
}

/* Everything as for a thread that has done nothing yet; but for `inside` and `collecting`: a child
 * that was forked by a callback returns from it. */
static void start_over(struct ct_thread *thread)
{
    for (size_t i = 0; i < CT_MAX_PIPELINES; i++)
        ct_producer_forget(&thread->producers[i]);
    for (size_t i = 0; i < COTEL_MAX_PROVIDERS; i++)
        ct_slot_cache_forget(&thread->slots[i]);
    for (size_t i = 0; i < CT_COUNTER_SETS; i++)
        zero_counters(&thread->counters[i]);
    ct_random_seed(&thread->random);
    thread->epoch = ct_fork_epoch();
}

static struct ct_thread *recycled(void)
{
    lock_threads();
    struct ct_thread *thread = threads.free;
    if (thread != NULL)
        threads.free = thread->next;
    unlock_threads();
    return thread;
}

static struct ct_thread *enter_anew(void)
{
    pthread_once(&key_once, make_key);
    struct ct_thread *thread = recycled();
    if (thread == NULL)
        thread = calloc(1, sizeof *thread);
    if (thread == NULL)
        return NULL;
    start_over(thread);
    atomic_store_explicit(&thread->inside, 0, memory_order_relaxed);
    thread->collecting = false;
    lock_threads();
    link_thread(thread);
    unlock_threads();
    ct_thread_current = thread;
    /* Without a key the object stays linked when the thread ends: counted, but not used again. */
    if (has_key)
        (void)pthread_setspecific(key, thread);
    return thread;
}

struct ct_thread *ct_thread_enter(void)
{
    ct_sdk_forked();
    struct ct_thread *thread = ct_thread_current;
    if (thread == NULL)
        return enter_anew();
    start_over(thread);
    lock_threads();
    link_thread(thread);
    unlock_threads();
    return thread;
}

void ct_thread_sum_counters(size_t set, struct ct_counter_sums *out)
{
    lock_threads();
    *out = threads.ended[set];
    for (const struct ct_thread *thread = threads.live; thread != NULL; thread = thread->next)
        add_counters(&thread->counters[set], out);
    unlock_threads();
}

void ct_thread_reset_counters(size_t set)
{
    lock_threads();
    memset(&threads.ended[set], 0, sizeof threads.ended[set]);
    for (struct ct_thread *thread = threads.live; thread != NULL; thread = thread->next)
        zero_counters(&thread->counters[set]);
    unlock_threads();
}

/* Whether each thread has been outside at some moment since `round` began. They need not be so all
 * at once: whatever a thread begins later is no concern. */
static bool all_were_outside(uint64_t round)
{
    bool all = true;
    lock_threads();
    for (struct ct_thread *thread = threads.live; thread != NULL; thread = thread->next) {
        if (atomic_load_explicit(&thread->inside, memory_order_acquire) == 0 &&
            thread->outside_in < round)
            thread->outside_in = round;
        all &= thread->outside_in >= round;
    }
    unlock_threads();
    return all;
}

/* The lock is not held while waiting: a callback that is waited for may need it. What a later round
 * saw holds for an earlier one too. */
bool ct_thread_wait_all_outside(uint64_t deadline_ns)
{
    static _Atomic uint64_t last_round;
    uint64_t round = atomic_fetch_add_explicit(&last_round, 1, memory_order_relaxed) + 1;
    while (!all_were_outside(round)) {
        if (ct_deadline_passed(deadline_ns))
            return false;
        sched_yield();
    }
    return true;
}
