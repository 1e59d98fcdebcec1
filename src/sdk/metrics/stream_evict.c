/* SPDX-License-Identifier: Apache-2.0 */
/* Taking series out of a stream, and freeing what was taken out. */
#include "sdk/metrics/stream.h"

/* The lock is held. Once it is dead nothing is recorded to it any more: who has found it looks
 * again, and finds none. */
static bool declare_dead(struct ct_series *series)
{
    ct_series_lock(series);
    series->dead = !series->touched && series->bound == 0;
    bool dead = series->dead;
    ct_series_unlock(series);
    return dead;
}

/* The lock is held. */
static void unlink_series(struct ct_stream *stream, struct ct_series *before,
                          struct ct_series *series)
{
    if (series->overflow) {
        atomic_store_explicit(&stream->overflow, NULL, memory_order_relaxed);
    } else {
        ct_series_table_remove(atomic_load_explicit(&stream->table, memory_order_relaxed), series);
        atomic_fetch_sub_explicit(&stream->live, 1, memory_order_relaxed);
    }
    atomic_store_explicit(before != NULL ? &before->next : &stream->first, ct_series_next(series),
                          memory_order_release);
    if (stream->last == series)
        stream->last = before;
}

bool ct_stream_evict(struct ct_stream *stream, struct ct_series *before, struct ct_series *series,
                     struct ct_retired *retired)
{
    (void)ct_fork_lock(&stream->lock);
    bool dead = declare_dead(series);
    if (dead)
        unlink_series(stream, before, series);
    ct_fork_unlock(&stream->lock);
    if (!dead)
        return false;
    atomic_store_explicit(&series->next, retired->series, memory_order_relaxed);
    retired->series = series;
    atomic_fetch_sub_explicit(&stream->counters->series, 1, memory_order_relaxed);
    return true;
}

void ct_stream_take_retired(struct ct_stream *stream, struct ct_retired *retired)
{
    (void)ct_fork_lock(&stream->lock);
    struct ct_series_table *table = stream->retired_tables;
    stream->retired_tables = NULL;
    ct_fork_unlock(&stream->lock);
    while (table != NULL) {
        struct ct_series_table *next = table->retired;
        table->retired = retired->tables;
        retired->tables = table;
        table = next;
    }
}

void ct_retired_free(struct ct_retired *retired)
{
    ct_series_table_free_all(retired->tables);
    ct_series_destroy_all(retired->series);
    *retired = (struct ct_retired){NULL, NULL};
}
