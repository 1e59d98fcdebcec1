/* SPDX-License-Identifier: Apache-2.0 */
#include "fork_lock.h"

#include <pthread.h>
#include <time.h>

/* What is held is held for less than this takes; beyond, the holder was preempted. */
#define SPINS 100
#define NAP_NS 20000

_Atomic uint32_t ct_face_generation_now = 1;

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void in_child(void)
{
    uint32_t next = ct_face_generation() + 1;
    atomic_store_explicit(&ct_face_generation_now, next ? next : 1, memory_order_relaxed);
}

static void install(void)
{
    (void)pthread_atfork(NULL, NULL, in_child);
}

void ct_face_watch_forks(void)
{
    (void)pthread_once(&once, install);
}

static void rest(unsigned turn)
{
    const struct timespec nap = {0, NAP_NS};
#if defined(__x86_64__) || defined(__i386__)
    if (turn < SPINS)
        __builtin_ia32_pause();
#endif
    if (turn >= SPINS)
        (void)nanosleep(&nap, NULL);
}

void ct_face_lock_wait(struct ct_face_lock *lock, uint32_t self)
{
    for (unsigned turn = 0;; turn += turn < SPINS) {
        uint32_t seen = atomic_load_explicit(&lock->holder, memory_order_relaxed);
        /* Of several threads that find a lock of a process that is gone, one swaps. */
        if (seen != self &&
            atomic_compare_exchange_strong_explicit(&lock->holder, &seen, self,
                                                    memory_order_acquire, memory_order_relaxed))
            return;
        rest(turn);
    }
}
