/* SPDX-License-Identifier: Apache-2.0 */
/* A stream's life. Which series it has: stream_series.c; what a series counts: record.h. */
#include "sdk/metrics/stream.h"

#include "base/clock.h"
#include "sdk/metrics/exemplar/exemplars.h"

#include <stdlib.h>

static void set_reservoir(struct ct_stream *stream)
{
    stream->own_reservoir = stream->aggregation->reservoir(stream);
    stream->reservoir =
        stream->config.reservoir != NULL ? stream->config.reservoir : &stream->own_reservoir;
}

static bool is_gauge(cotel_instrument_kind kind)
{
    return kind == COTEL_INSTRUMENT_GAUGE || kind == COTEL_INSTRUMENT_OBSERVABLE_GAUGE;
}

static bool is_observable(cotel_instrument_kind kind)
{
    return kind >= COTEL_INSTRUMENT_OBSERVABLE_COUNTER;
}

struct ct_stream *ct_stream_create(const struct ct_stream_origin *origin)
{
    struct ct_stream *stream = calloc(1, sizeof *stream);
    struct ct_series_table *table = ct_series_table_create(0);
    if (stream == NULL || table == NULL) {
        free(stream);
        free(table);
        return NULL;
    }
    stream->owner = origin->owner;
    stream->config = *origin->config;
    stream->reader = origin->reader;
    stream->counters = origin->counters;
    stream->kind = origin->kind;
    stream->is_double = origin->is_double;
    stream->is_delta = origin->temporality == COTEL_TEMPORALITY_DELTA;
    stream->is_observable = is_observable(origin->kind);
    stream->is_monotonic = origin->kind == COTEL_INSTRUMENT_COUNTER ||
                           origin->kind == COTEL_INSTRUMENT_OBSERVABLE_COUNTER ||
                           origin->kind == COTEL_INSTRUMENT_HISTOGRAM;
    stream->only_finite = is_gauge(origin->kind) && origin->is_double &&
                          stream->config.aggregation.type != COTEL_AGGREGATION_LAST_VALUE;
    stream->created_unix_ns = ct_clock_unix_ns();
    stream->aggregation = ct_aggregation_ops_of(stream->config.aggregation.type);
    if (stream->aggregation->set_up != NULL)
        stream->state_size = stream->aggregation->set_up(stream);
    if (origin->keeps_exemplars)
        set_reservoir(stream);
    atomic_init(&stream->references, 1);
    ct_fork_lock_init(&stream->lock);
    atomic_init(&stream->table, table);
    return stream;
}

void ct_stream_unref(struct ct_stream *stream)
{
    /* Release: what its holder did with it comes before. Acquire: before it is freed. */
    if (atomic_fetch_sub_explicit(&stream->references, 1, memory_order_acq_rel) != 1)
        return;
    ct_series_table_free_all(stream->retired_tables);
    ct_series_destroy_all(atomic_load_explicit(&stream->first, memory_order_relaxed));
    free(atomic_load_explicit(&stream->table, memory_order_relaxed));
    free(stream);
}

void ct_stream_close(struct ct_stream *stream)
{
    struct ct_series *series = atomic_load_explicit(&stream->first, memory_order_acquire);
    for (; series != NULL; series = ct_series_next(series)) {
        ct_series_lock(series);
        series->dead = true;
        ct_series_unlock(series);
        /* Relaxed: whoever offers exemplars is outside. */
        ct_exemplars_destroy(
            atomic_exchange_explicit(&series->exemplars, NULL, memory_order_relaxed));
    }
}
