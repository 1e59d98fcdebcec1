/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/series_table.h"

#include <assert.h>
#include <stdlib.h>

#define MIN_SLOTS 8u

struct ct_series ct_series_gone;

static size_t slots_for(size_t count)
{
    size_t slots = MIN_SLOTS;
    while (slots < 2 * count)
        slots *= 2;
    return slots;
}

struct ct_series_table *ct_series_table_create(size_t count)
{
    size_t slots = slots_for(count);
    struct ct_series_table *table = calloc(1, sizeof *table + slots * sizeof table->slots[0]);
    if (table != NULL)
        table->mask = slots - 1;
    return table;
}

void ct_series_table_free_all(struct ct_series_table *table)
{
    while (table != NULL) {
        struct ct_series_table *next = table->retired;
        free(table);
        table = next;
    }
}

bool ct_series_table_has_room(const struct ct_series_table *table)
{
    return 4 * (table->used + 1) <= 3 * (table->mask + 1);
}

static struct ct_series *at(const struct ct_series_table *table, size_t slot)
{
    return atomic_load_explicit(&table->slots[slot], memory_order_relaxed);
}

void ct_series_table_put(struct ct_series_table *table, struct ct_series *series)
{
    assert(ct_series_table_has_room(table));
    size_t slot = series->hash & table->mask;
    while (at(table, slot) != NULL && at(table, slot) != &ct_series_gone)
        slot = (slot + 1) & table->mask;
    if (at(table, slot) == NULL)
        table->used++;
    atomic_store_explicit(&table->slots[slot], series, memory_order_release);
}

void ct_series_table_remove(struct ct_series_table *table, const struct ct_series *series)
{
    size_t slot = series->hash & table->mask;
    while (at(table, slot) != series) {
        if (at(table, slot) == NULL)
            return;
        slot = (slot + 1) & table->mask;
    }
    atomic_store_explicit(&table->slots[slot], &ct_series_gone, memory_order_release);
}
