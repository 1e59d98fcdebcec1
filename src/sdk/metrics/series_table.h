/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the series of a set of attributes.
 *
 * Open addressing with linear probing. Readers take no lock: a slot is written by one thread at a
 * time (under the stream's lock) with a release store that their acquire load pairs with, so who
 * sees a series sees it whole. Nothing in a table is ever moved: one that is full is replaced by a
 * larger copy, and one who still reads the old one finds what was there, or looks again under the
 * lock. A series that is taken out leaves a mark, so that those behind it are still found. */
#ifndef COTEL_SRC_SDK_METRICS_SERIES_TABLE_H
#define COTEL_SRC_SDK_METRICS_SERIES_TABLE_H

#include "sdk/metrics/series.h"

struct ct_series_table {
    struct ct_series_table *retired; /* the next one of those that wait to be freed */
    size_t mask;                     /* slots - 1; there is always an empty one */
    size_t used;                     /* slots that are not empty; the writer's */
    _Atomic(struct ct_series *) slots[];
};

/* Stands where a series was. */
extern struct ct_series ct_series_gone __attribute__((visibility("hidden")));

/* With room for `count` series. NULL when memory is out. */
struct ct_series_table *ct_series_table_create(size_t count);

/* Frees all of a list, by `retired`; not their series. */
void ct_series_table_free_all(struct ct_series_table *table);

CT_ALWAYS_INLINE struct ct_series *ct_series_table_find(const struct ct_series_table *table,
                                                        struct ct_attribute_set set, uint32_t hash)
{
    for (size_t at = hash & table->mask;; at = (at + 1) & table->mask) {
        struct ct_series *series = atomic_load_explicit(&table->slots[at], memory_order_acquire);
        if (series == NULL)
            return NULL;
        if (series->hash == hash && series != &ct_series_gone && ct_set_equal(series->set, set))
            return series;
    }
}

/* Whether one more fits. The rest is the writer's, too. */
bool ct_series_table_has_room(const struct ct_series_table *table);
void ct_series_table_put(struct ct_series_table *table, struct ct_series *series);
void ct_series_table_remove(struct ct_series_table *table, const struct ct_series *series);

#endif
