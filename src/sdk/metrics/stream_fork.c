/* SPDX-License-Identifier: Apache-2.0 */
/* A stream in a forked child. */
#include "sdk/metrics/stream_internal.h"

#include "base/clock.h"

static void start_over(const struct ct_stream *stream, struct ct_series *series)
{
    atomic_store_explicit(&series->locked, 0, memory_order_relaxed);
    series->dead = false;
    series->touched = false;
    series->value.integer = 0;
    series->before.integer = 0;
    series->observed = 0;
    series->start_unix_ns = 0;
    /* Not freed: a thread of the parent's may have been changing it. */
    atomic_store_explicit(&series->exemplars, NULL, memory_order_relaxed);
    ct_stream_init_state(stream, series);
}

/* A thread of the parent's may have been adding or taking out. */
void ct_stream_forked(struct ct_stream *stream)
{
    uint32_t live = 0;
    ct_fork_lock_init(&stream->lock);
    stream->retired_tables = NULL;
    stream->collected_unix_ns = ct_clock_unix_ns();
    stream->last = NULL;
    struct ct_series *series = atomic_load_explicit(&stream->first, memory_order_relaxed);
    for (; series != NULL; series = ct_series_next(series)) {
        start_over(stream, series);
        stream->last = series;
        live += !series->overflow;
        if (series->overflow)
            atomic_store_explicit(&stream->overflow, series, memory_order_relaxed);
        else if (ct_stream_find(stream, series->set, series->hash) == NULL &&
                 ct_stream_make_room(stream))
            ct_series_table_put(atomic_load_explicit(&stream->table, memory_order_relaxed), series);
    }
    atomic_store_explicit(&stream->live, live, memory_order_relaxed);
}
