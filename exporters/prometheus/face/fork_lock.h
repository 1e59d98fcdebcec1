/* SPDX-License-Identifier: Apache-2.0 */
/* A lock for what is short, which a forked child can take although the parent's other threads held
 * it: the word names the process by its generation, and a holder of another one does not exist.
 * What such a lock protects may then be half-changed; whoever needs to know compares generations.
 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_FORK_LOCK_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_FORK_LOCK_H

#include <stdatomic.h>
#include <stdint.h>

struct ct_face_lock {
    _Atomic uint32_t holder; /* its generation; 0: nobody */
};

extern _Atomic uint32_t ct_face_generation_now __attribute__((visibility("hidden")));

/* Never 0, and another one in a child. The handlers of fork() are installed by the first call of
 * ct_face_watch_forks(); _Fork() and clone() go unnoticed, as by libmicrohttpd. */
static inline uint32_t ct_face_generation(void)
{
    /* Relaxed: it changes while the process has one thread. */
    return atomic_load_explicit(&ct_face_generation_now, memory_order_relaxed);
}

void ct_face_watch_forks(void);

void ct_face_lock_wait(struct ct_face_lock *lock, uint32_t self);

static inline void ct_face_lock(struct ct_face_lock *lock)
{
    uint32_t self = ct_face_generation(), nobody = 0;
    /* Acquire pairs with the release below: who has the lock sees what was done under it. */
    if (!atomic_compare_exchange_strong_explicit(&lock->holder, &nobody, self, memory_order_acquire,
                                                 memory_order_relaxed))
        ct_face_lock_wait(lock, self);
}

static inline void ct_face_unlock(struct ct_face_lock *lock)
{
    atomic_store_explicit(&lock->holder, 0, memory_order_release);
}

#endif
