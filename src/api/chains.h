/* SPDX-License-Identifier: Apache-2.0 */
/* A hash table with a fixed number of chains that is only ever added to. What is added is complete
 * before a release store puts it at the head of its chain, so the table is consistent at every
 * moment: for readers without a lock, and for a child that was forked while another thread was
 * adding. */
#ifndef COTEL_SRC_API_CHAINS_H
#define COTEL_SRC_API_CHAINS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define CT_CHAINS 4096 /* a power of two */

/* What an entry begins with; constant once it was added. */
struct ct_chain_link {
    struct ct_chain_link *next;
    uint32_t hash;
};

struct ct_chains {
    _Atomic(struct ct_chain_link *) heads[CT_CHAINS];
};

/* The entries that may have this hash, newest first. */
static inline struct ct_chain_link *ct_chains_first(const struct ct_chains *chains, uint32_t hash)
{
    /* Acquire pairs with the release below: the whole chain behind the head is complete. */
    return atomic_load_explicit(&chains->heads[hash % CT_CHAINS], memory_order_acquire);
}

/* Under a lock that all who add hold. */
static inline void ct_chains_add(struct ct_chains *chains, struct ct_chain_link *link,
                                 uint32_t hash)
{
    _Atomic(struct ct_chain_link *) *head = &chains->heads[hash % CT_CHAINS];
    link->hash = hash;
    /* Relaxed: only holders of the lock write. Release: see ct_chains_first(). */
    link->next = atomic_load_explicit(head, memory_order_relaxed);
    atomic_store_explicit(head, link, memory_order_release);
}

#endif
