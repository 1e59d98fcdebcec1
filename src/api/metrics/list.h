/* SPDX-License-Identifier: Apache-2.0 */
/* Lists under the registry's lock from which anything may be taken out. Each change is one store
 * as far as the way forward is concerned, so that a child that was forked in the middle of it finds
 * a list; the way back may then be wrong for one node, until it is mended. */
#ifndef COTEL_SRC_API_METRICS_LIST_H
#define COTEL_SRC_API_METRICS_LIST_H

#include <stdatomic.h>
#include <stddef.h>

/* What lies in a list begins with this. */
struct ct_node {
    _Atomic(struct ct_node *) next;
    _Atomic(struct ct_node *) *at; /* what points to this one */
};

struct ct_list {
    _Atomic(struct ct_node *) first;
};

/* Relaxed, everywhere: the lock orders it all, and release keeps the order of stores that a forked
 * child relies on. */
static inline struct ct_node *ct_list_first(const struct ct_list *list)
{
    return atomic_load_explicit(&list->first, memory_order_relaxed);
}

static inline struct ct_node *ct_list_next(const struct ct_node *node)
{
    return atomic_load_explicit(&node->next, memory_order_relaxed);
}

static inline void ct_list_add(struct ct_list *list, struct ct_node *node)
{
    struct ct_node *next = ct_list_first(list);
    atomic_store_explicit(&node->next, next, memory_order_relaxed);
    node->at = &list->first;
    if (next)
        next->at = &node->next;
    atomic_store_explicit(&list->first, node, memory_order_release);
}

static inline void ct_list_remove(struct ct_node *node)
{
    struct ct_node *next = ct_list_next(node);
    if (next)
        next->at = node->at;
    atomic_store_explicit(node->at, next, memory_order_release);
}

static inline void ct_list_mend(struct ct_list *list)
{
    _Atomic(struct ct_node *) *at = &list->first;
    for (struct ct_node *node = ct_list_first(list); node; node = ct_list_next(node)) {
        node->at = at;
        at = &node->next;
    }
}

#endif
