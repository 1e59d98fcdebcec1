/* SPDX-License-Identifier: Apache-2.0 */
/* A series: what has been measured with one set of attributes, for one reader.
 *
 * Each has a lock of its own, a byte that is held for a few instructions: a recorder changes
 * several numbers that belong together (a histogram's buckets and its sum), and whoever collects
 * wants them as they were at one moment. It costs what a single atomic addition costs. A series
 * that is taken out of its stream is marked as dead under the lock: who had found it before looks
 * again, and nothing is counted where nobody will read it. */
#ifndef COTEL_SRC_SDK_METRICS_SERIES_H
#define COTEL_SRC_SDK_METRICS_SERIES_H

#include <stdatomic.h>

#include "sdk/metrics/attribute_set.h"

struct ct_exemplars;

struct ct_series {
    _Atomic uint8_t locked;
    /* Under the lock: */
    bool dead;     /* not in its stream any more */
    bool touched;  /* something was recorded since it was collected (delta) or made (cumulative) */
    bool overflow; /* the one for what is beyond the limit; constant */
    uint32_t hash; /* constant */
    union {
        int64_t integer;
        double floating;
    } value; /* of sums and last values */
    /* Of an observable's sum with delta temporality: what was observed the time before. */
    union {
        int64_t integer;
        double floating;
    } before;
    uint64_t observed;      /* the number of the last collection that observed it */
    uint64_t start_unix_ns; /* when it was first recorded; 0: it was not */

    /* NULL: none yet. Put there once; what it points to is under the lock. */
    _Atomic(struct ct_exemplars *) exemplars;
    _Atomic bool no_exemplars; /* there was no reservoir to be had, and none is asked for again */

    /* Constant: */
    struct ct_attribute_set set; /* normal; its memory is the series' own */
    cotel_str encoded;           /* its attributes, as they stand in a point */

    /* In the stream's list, in the order of their making. Written under the stream's lock; the
     * collector follows it without. */
    _Atomic(struct ct_series *) next;
    uint32_t bound; /* bound instruments that have it; under the stream's lock */

    /* The state of a histogram, as aggregation/ has it. */
    _Alignas(8) unsigned char state[];
};

void ct_series_lock_slow_path(struct ct_series *series);

CT_ALWAYS_INLINE void ct_series_lock(struct ct_series *series)
{
    /* Acquire: what the holder before has written. */
    if (CT_UNLIKELY(atomic_exchange_explicit(&series->locked, 1, memory_order_acquire) != 0))
        ct_series_lock_slow_path(series);
}

CT_ALWAYS_INLINE void ct_series_unlock(struct ct_series *series)
{
    atomic_store_explicit(&series->locked, 0, memory_order_release);
}

/* A series with `state_size` bytes of state, all zero, for a set that is given in any form and is
 * copied and put in order; `field` is the number of the attributes in its points. NULL when memory
 * is out. */
struct ct_series *ct_series_create(struct ct_attribute_set set, uint32_t field, size_t state_size);

void ct_series_destroy(struct ct_series *series);

/* All of a list. */
void ct_series_destroy_all(struct ct_series *series);

/* Acquire: who finds the next one finds it whole. */
static inline struct ct_series *ct_series_next(const struct ct_series *series)
{
    return atomic_load_explicit(&series->next, memory_order_acquire);
}

#endif
