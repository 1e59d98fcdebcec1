/* SPDX-License-Identifier: Apache-2.0 */
/* A stream: what one reader gets of one instrument through one view, as series.
 *
 * Recorders look a series up without a lock, and take the stream's only to add one. Whoever
 * collects (one thread at a time for a reader) walks the list of series, which is only appended to,
 * without a lock too, so a new series never waits for a scrape. Only the collector takes series
 * out: those that a delta stream has not seen for a whole period, or an observable not at all. A
 * recorder may be looking at what is taken out; so it is freed at a later collection, after every
 * thread has been outside of all calls (provider/quiesce.c). */
#ifndef COTEL_SRC_SDK_METRICS_STREAM_H
#define COTEL_SRC_SDK_METRICS_STREAM_H

#include <cotel/sdk/metric_reader.h>

#include "base/fork.h"
#include "sdk/metrics/aggregation/explicit.h"
#include "sdk/metrics/aggregation/exponential.h"
#include "sdk/metrics/aggregation_ops.h"
#include "sdk/metrics/series_table.h"
#include "sdk/metrics/view/stream_config.h"

/* What is counted for a provider. */
struct ct_metric_counters {
    _Atomic uint64_t instruments;
    _Atomic uint64_t series;
    _Atomic uint64_t overflowed;
    _Atomic uint64_t refused;
    _Atomic uint64_t out_of_memory;
};

static inline void ct_metric_count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_fetch_add_explicit(counter, more, memory_order_relaxed);
}

struct ct_sdk_instrument;

struct ct_stream {
    /* Constant once it is made. */
    const struct ct_sdk_instrument *owner; /* for which it is collected; others may record too */
    struct ct_stream_config config;
    const cotel_metric_reader *reader;
    struct ct_metric_counters *counters;
    cotel_instrument_kind kind;
    bool is_double;
    bool is_delta;
    bool is_observable;
    bool is_monotonic;
    bool only_finite; /* a gauge takes what is not finite, but not into sums and buckets */
    const struct ct_aggregation_ops *aggregation;
    size_t state_size;
    struct ct_explicit_config explicit_buckets;
    struct ct_exponential_config exponential;
    const cotel_exemplar_reservoir_factory *reservoir; /* NULL: no exemplars */
    cotel_exemplar_reservoir_factory own_reservoir;
    uint64_t created_unix_ns;

    /* One for each instrument that records to it, and one for each bound one. */
    _Atomic uint32_t references;

    struct ct_fork_lock lock; /* for all that changes what series there are */
    _Atomic(struct ct_series_table *) table;
    _Atomic(struct ct_series *) first;
    _Atomic(struct ct_series *) overflow; /* NULL: nothing was beyond the limit yet */
    _Atomic uint32_t live;                /* series, but for the overflow's */
    struct ct_series *last;
    struct ct_series_table *retired_tables;

    uint64_t collected_unix_ns; /* 0: not yet; the collector's */
};

/* When the period began that the next collection ends. The collector's. */
static inline uint64_t ct_stream_period_start(const struct ct_stream *stream)
{
    return stream->collected_unix_ns != 0 ? stream->collected_unix_ns : stream->created_unix_ns;
}

struct ct_stream_origin {
    const struct ct_sdk_instrument *owner;
    const struct ct_stream_config *config;
    cotel_instrument_kind kind;
    bool is_double;
    cotel_temporality temporality;
    const cotel_metric_reader *reader;
    struct ct_metric_counters *counters;
    bool keeps_exemplars;
};

/* NULL when memory is out. */
struct ct_stream *ct_stream_create(const struct ct_stream_origin *origin);

/* One reference less; nobody is recording. What bound instruments hold stays as long as they. */
void ct_stream_unref(struct ct_stream *stream);

/* Marks all series as dead, so that what bound instruments still record comes to nothing, and
 * destroys their reservoirs, which are the provider's user's. Nobody is recording otherwise. */
void ct_stream_close(struct ct_stream *stream);

/* What an empty series has. */
static inline void ct_stream_init_state(const struct ct_stream *stream, struct ct_series *series)
{
    if (stream->aggregation->init != NULL)
        stream->aggregation->init(stream, series->state);
}

/* In a forked child: what was recorded is the parent's. Every series stays, and starts over. */
void ct_stream_forked(struct ct_stream *stream);

/* The series of a set that a lookup did not find: a new one, or the overflow's. NULL when memory
 * is out. */
struct ct_series *ct_stream_add(struct ct_stream *stream, struct ct_attribute_set set,
                                uint32_t hash);

/* Waits until a series that was found dead is not in the table any more. */
void ct_stream_await_eviction(struct ct_stream *stream);

/* The series of a set (after the stream's filter), made if need be. */
static inline struct ct_series *ct_stream_series(struct ct_stream *stream,
                                                 struct ct_attribute_set set)
{
    uint32_t hash = ct_set_hash(set);
    const struct ct_series_table *table =
        atomic_load_explicit(&stream->table, memory_order_acquire);
    struct ct_series *series = ct_series_table_find(table, set, hash);
    return CT_LIKELY(series != NULL) ? series : ct_stream_add(stream, set, hash);
}

/* For a bound instrument: the series stays until it is given back. */
struct ct_series *ct_stream_bind(struct ct_stream *stream, struct ct_attribute_set set);
void ct_stream_unbind(struct ct_stream *stream, struct ct_series *series);

/* ---- the collector ---- */

/* What was taken out of streams, and may still be looked at by a recorder. */
struct ct_retired {
    struct ct_series *series; /* by `next` */
    struct ct_series_table *tables;
};

/* Takes a series out, behind `before` (NULL: it is the first), unless somebody has recorded to it
 * since it was collected, or has bound it. @return whether it did. */
bool ct_stream_evict(struct ct_stream *stream, struct ct_series *before, struct ct_series *series,
                     struct ct_retired *retired);

/* Adds the tables that were replaced by larger ones. */
void ct_stream_take_retired(struct ct_stream *stream, struct ct_retired *retired);

/* After every thread has been outside since. */
void ct_retired_free(struct ct_retired *retired);

#endif
