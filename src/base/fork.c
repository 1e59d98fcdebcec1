/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fork.h"

#include <sys/mman.h>
#include <unistd.h>

/* In force before the first use: its 0 leads to the slow path. */
static struct ct_fork_page page_undecided;
/* In force for ever where no wiped page can be had (a kernel before 4.14, an emulator, no memory).
 * It stays 0, so every call takes the slow path and compares process ids: a system call each, but
 * as right after _Fork and clone. */
static struct ct_fork_page page_unwiped;

struct ct_fork_page *_Atomic ct_fork_page = &page_undecided;

/* The newest epoch handed out in this process or in an ancestor: ordinary memory, so inherited. */
static _Atomic uint32_t newest_epoch;

/* With page_unwiped in force: process id (high half) and its epoch. */
static _Atomic uint64_t owner_by_pid;

static uint32_t next_epoch(void)
{
    /* Relaxed: the numbers only have to differ. */
    uint32_t epoch;
    do
        epoch = atomic_fetch_add_explicit(&newest_epoch, 1, memory_order_relaxed) + 1;
    while (epoch == 0);
    return epoch;
}

static struct ct_fork_page *page_create(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return &page_unwiped;
    if (madvise(page, size, MADV_WIPEONFORK) == 0)
        return page;
    (void)munmap(page, size); /* nobody knows it yet: a failure only leaks it */
    return &page_unwiped;
}

/* The page in force. The pointer itself is the decision, so that all threads make the same one. */
static struct ct_fork_page *page_get(void)
{
    struct ct_fork_page *page = atomic_load_explicit(&ct_fork_page, memory_order_acquire);
    if (page != &page_undecided)
        return page;
    struct ct_fork_page *created = page_create();
    /* Release: the page is wiped on fork before others see it. */
    if (atomic_compare_exchange_strong_explicit(&ct_fork_page, &page, created, memory_order_acq_rel,
                                                memory_order_acquire))
        return created;
    if (created != &page_unwiped)
        (void)munmap(created, (size_t)sysconf(_SC_PAGESIZE)); /* as above */
    return page;
}

static uint32_t epoch_by_page(struct ct_fork_page *page)
{
    uint32_t seen = 0;
    uint32_t epoch = next_epoch();
    /* Relaxed: the epoch is a number, nothing is published with it. */
    if (atomic_compare_exchange_strong_explicit(&page->epoch, &seen, epoch, memory_order_relaxed,
                                                memory_order_relaxed))
        return epoch;
    return seen;
}

static uint32_t epoch_by_pid(void)
{
    uint64_t pid = (uint64_t)(uint32_t)getpid();
    uint64_t owner = atomic_load_explicit(&owner_by_pid, memory_order_relaxed);
    while (owner >> 32 != pid) {
        uint64_t mine = pid << 32 | next_epoch();
        if (atomic_compare_exchange_weak_explicit(&owner_by_pid, &owner, mine, memory_order_relaxed,
                                                  memory_order_relaxed))
            return (uint32_t)mine;
    }
    return (uint32_t)owner;
}

uint32_t ct_fork_epoch_slow_path(void)
{
    struct ct_fork_page *page = page_get();
    return page == &page_unwiped ? epoch_by_pid() : epoch_by_page(page);
}
