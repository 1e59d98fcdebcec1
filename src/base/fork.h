/* SPDX-License-Identifier: Apache-2.0 */
/* Knowing that the process was forked, without being told.
 *
 * Handlers of pthread_atfork do not run for _Fork and clone, and a comparison of process ids costs
 * a system call. Instead a page that the kernel zeroes in a child (MADV_WIPEONFORK) holds the
 * process's epoch: zero there means that nobody has asked yet in this process, and the first to
 * ask gives it the next epoch. Whatever must not survive a fork keeps the epoch it was made in. */
#ifndef COTEL_SRC_BASE_FORK_H
#define COTEL_SRC_BASE_FORK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

struct ct_fork_page {
    _Atomic uint32_t epoch;
};

/* Points to a page of zeros until the first use. */
extern struct ct_fork_page *_Atomic ct_fork_page __attribute__((visibility("hidden")));

uint32_t ct_fork_epoch_slow_path(void);

/* The epoch of this process: never 0, constant while the process lives, and different from that
 * of every ancestor. Siblings may share one. A child that shares its parent's memory (vfork,
 * CLONE_VM) shares its epoch. Any thread; without any initialisation; does not fail. */
static inline uint32_t ct_fork_epoch(void)
{
    /* Acquire: the page's contents come with its address. Relaxed: the epoch guards nothing. */
    const struct ct_fork_page *page = atomic_load_explicit(&ct_fork_page, memory_order_acquire);
    uint32_t epoch = atomic_load_explicit(&page->epoch, memory_order_relaxed);
    return CT_LIKELY(epoch != 0) ? epoch : ct_fork_epoch_slow_path();
}

/* A mutex for data that a fork may catch half-changed. A child never waits for a thread that it
 * does not have: an inherited mutex is made anew before the child's first lock. */
struct ct_fork_lock {
    pthread_mutex_t mutex;
    _Atomic uint64_t owner; /* private: epoch and state, see fork_lock.c */
};

#define CT_FORK_LOCK_INIT                              \
    {                                                  \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .owner = 0 \
    }

/* For memory that is not static. */
void ct_fork_lock_init(struct ct_fork_lock *lock);

/* Locks. True for one caller only, the first in a forked child: the mutex was made anew, and what
 * it protects may have been left half-changed by a thread of the parent. That caller puts it right
 * before it unlocks. */
bool ct_fork_lock(struct ct_fork_lock *lock);

/* Also right in a child forked by the very thread that held the lock: then it does nothing. */
void ct_fork_unlock(struct ct_fork_lock *lock);

#endif
