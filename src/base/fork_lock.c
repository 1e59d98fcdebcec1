/* SPDX-License-Identifier: Apache-2.0 */
/* `owner` is the epoch in which the mutex is good, shifted left, with bit 0 set while a thread of
 * that epoch is making it anew. The epoch is kept then too: a child forked at that moment must not
 * wait for the thread either. */
#include "base/fork.h"

#include <assert.h>
#include <sched.h>

enum { RENEWING = 1 };

static const pthread_mutex_t fresh_mutex = PTHREAD_MUTEX_INITIALIZER;

void ct_fork_lock_init(struct ct_fork_lock *lock)
{
    *lock = (struct ct_fork_lock)CT_FORK_LOCK_INIT;
}

static void mutex_lock(struct ct_fork_lock *lock)
{
    int error = pthread_mutex_lock(&lock->mutex);
    assert(error == 0); /* a default mutex only fails when it is not a mutex */
    (void)error;
}

/* Leaves the mutex locked by the caller before any other thread of this process can see it. */
static void mutex_renew(struct ct_fork_lock *lock, uint64_t good)
{
    lock->mutex = fresh_mutex;
    mutex_lock(lock);
    /* Release: who sees the owner sees the new mutex. */
    atomic_store_explicit(&lock->owner, good, memory_order_release);
}

bool ct_fork_lock(struct ct_fork_lock *lock)
{
    uint64_t good = (uint64_t)ct_fork_epoch() << 1;
    /* Acquire, here and below: pairs with the release in mutex_renew(). */
    uint64_t owner = atomic_load_explicit(&lock->owner, memory_order_acquire);
    while (owner != good) {
        if (owner == (good | RENEWING)) {
            (void)sched_yield();
            owner = atomic_load_explicit(&lock->owner, memory_order_acquire);
            continue;
        }
        if (!atomic_compare_exchange_weak_explicit(&lock->owner, &owner,
                                                   owner ? good | RENEWING : good,
                                                   memory_order_acquire, memory_order_acquire))
            continue;
        if (owner == 0)
            break; /* never used before, in no process */
        mutex_renew(lock, good);
        return true;
    }
    mutex_lock(lock);
    return false;
}

void ct_fork_unlock(struct ct_fork_lock *lock)
{
    uint64_t good = (uint64_t)ct_fork_epoch() << 1;
    /* Relaxed: the holder itself made it so. */
    if (atomic_load_explicit(&lock->owner, memory_order_relaxed) != good)
        return; /* locked in the parent: the next lock makes the mutex anew */
    int error = pthread_mutex_unlock(&lock->mutex);
    assert(error == 0);
    (void)error;
}
