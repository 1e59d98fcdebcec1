/* SPDX-License-Identifier: Apache-2.0 */
/* One collection of one reader: callbacks first, then every stream's series as points.
 *
 * A series is locked for as long as it takes to copy what it has; everything else, encoding too,
 * is done beside the recorders. */
#include "sdk/metrics/collect.h"

#include "base/clock.h"
#include "base/deadline.h"
#include "sdk/fork.h"
#include "sdk/metrics/callback.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "sdk/metrics/instrument.h"
#include "sdk/metrics/series_point.h"
#include "sdk/provider/provider.h"

/* How long to wait until what was taken out can be freed; if it can't, it is a later collection's.
 */
#define RECLAIM_MS 50

struct collection {
    struct ct_collector *collector;
    cotel_metric_writer *writer;
    struct ct_observation observation;
    bool observed_all;           /* no callback was left out */
    bool may_forget;             /* nothing waits to be freed any more */
    struct ct_snapshot snapshot; /* its buffers are used again for each series */
};

/* ---- a series ---- */

/* Whether it has something to say in this collection; the lock is held. */
static bool is_reported(const struct collection *collection, const struct ct_stream *stream,
                        const struct ct_series *series)
{
    if (stream->is_observable)
        return series->observed == collection->observation.number;
    return series->touched;
}

/* What an observed total has grown by since the time before. */
static void take_difference(const struct ct_stream *stream, struct ct_series *series,
                            struct ct_snapshot *snapshot)
{
    int64_t total = series->value.integer;
    if (stream->is_double)
        snapshot->value.floating = series->value.floating - series->before.floating;
    else
        snapshot->value.integer = (int64_t)((uint64_t)total - (uint64_t)series->before.integer);
    series->before.integer = total; /* the bits of either */
}

static void take_number(const struct ct_stream *stream, struct ct_series *series,
                        struct ct_snapshot *snapshot)
{
    bool sum = stream->config.aggregation.type == COTEL_AGGREGATION_SUM;
    snapshot->value.integer = series->value.integer; /* the bits of either */
    if (!stream->is_delta || !sum)
        return;
    if (stream->is_observable)
        take_difference(stream, series, snapshot);
    else
        series->value.integer = 0; /* and of either zero */
}

/* There is room for it. */
static void take_state(const struct ct_stream *stream, struct ct_series *series,
                       struct ct_snapshot *snapshot)
{
    (void)ct_buffer_append(&snapshot->state, series->state, stream->state_size);
    if (stream->is_delta)
        stream->aggregation->init(stream, series->state);
}

/* Room for all that is copied under the lock. False when memory is out. */
static bool prepare(struct ct_snapshot *snapshot, const struct ct_stream *stream,
                    const struct ct_exemplars *exemplars)
{
    snapshot->state.size = 0;
    snapshot->exemplars.size = 0;
    return ct_buffer_reserve(&snapshot->state, stream->state_size) &&
           (exemplars == NULL ||
            ct_buffer_reserve(&snapshot->exemplars, ct_exemplars_most_bytes(exemplars)));
}

static bool take(struct collection *collection, struct ct_stream *stream, struct ct_series *series)
{
    struct ct_snapshot *snapshot = &collection->snapshot;
    struct ct_exemplars *exemplars = atomic_load_explicit(&series->exemplars, memory_order_acquire);
    if (!prepare(snapshot, stream, exemplars)) {
        ct_metric_count(&stream->counters->out_of_memory, 1);
        return false;
    }
    ct_series_lock(series);
    bool reported = is_reported(collection, stream, series);
    if (reported) {
        take_number(stream, series, snapshot);
        if (stream->state_size != 0)
            take_state(stream, series, snapshot);
        if (exemplars != NULL)
            ct_exemplars_take(exemplars, stream->aggregation->exemplars_field,
                              &snapshot->exemplars);
        snapshot->start_unix_ns = series->start_unix_ns;
    }
    if (stream->is_delta || stream->is_observable)
        series->touched = false;
    ct_series_unlock(series);
    return reported;
}

/* ---- a stream ---- */

static uint64_t start_of(const struct ct_stream *stream, const struct ct_snapshot *snapshot)
{
    return stream->is_delta ? ct_stream_period_start(stream) : snapshot->start_unix_ns;
}

static void write_point(struct collection *collection, const struct ct_stream *stream,
                        const struct ct_series *series, uint64_t now_unix_ns)
{
    struct ct_snapshot *snapshot = &collection->snapshot;
    snapshot->encoded = series->encoded;
    snapshot->start_unix_ns = start_of(stream, snapshot);
    /* A series may have begun a moment ago. */
    snapshot->time_unix_ns =
        now_unix_ns > snapshot->start_unix_ns ? now_unix_ns : snapshot->start_unix_ns;
    ct_series_point_write(collection->writer, stream, snapshot);
}

/* What was idle for a whole period is forgotten, where that can be told from what is still there:
 * a cumulative series goes on for ever, and an observed one for as long as there was no time to ask
 * for it, or its whole total would be its next difference. */
static bool forgets_idle(const struct collection *collection, const struct ct_stream *stream)
{
    if (!collection->may_forget)
        return false;
    return stream->is_observable ? collection->observed_all : stream->is_delta;
}

static void walk(struct collection *collection, struct ct_stream *stream, uint64_t now_unix_ns)
{
    bool forgets = forgets_idle(collection, stream);
    struct ct_series *before = NULL;
    struct ct_series *series = atomic_load_explicit(&stream->first, memory_order_acquire);
    while (series != NULL) {
        struct ct_series *next = atomic_load_explicit(&series->next, memory_order_acquire);
        bool reported = take(collection, stream, series);
        if (reported)
            write_point(collection, stream, series, now_unix_ns);
        if (reported || !forgets ||
            !ct_stream_evict(stream, before, series, &collection->collector->retired))
            before = series;
        series = next;
    }
}

static void collect_stream(struct collection *collection, struct ct_stream *stream)
{
    cotel_metric_head head = {
        .size = sizeof head,
        .name = stream->config.name,
        .description = stream->config.description,
        .unit = stream->config.unit,
        .type = stream->aggregation->type,
        .temporality = stream->is_delta ? COTEL_TEMPORALITY_DELTA : COTEL_TEMPORALITY_CUMULATIVE,
        .is_monotonic = stream->is_monotonic,
    };
    uint64_t now_unix_ns = ct_clock_unix_ns();
    /* The points that a filter does not want are taken nevertheless: they were of this period. */
    (void)cotel_metric_writer_metric(collection->writer, &head);
    walk(collection, stream, now_unix_ns);
    stream->collected_unix_ns = now_unix_ns;
    ct_stream_take_retired(stream, &collection->collector->retired);
}

/* ---- a provider ---- */

static void collect_meter(struct collection *collection, const struct ct_sdk_meter *meter)
{
    if (!ct_sdk_meter_is_on(meter))
        return;
    ct_metric_writer_set_scope(collection->writer, &meter->scope);
    const struct ct_sdk_instrument *instrument =
        atomic_load_explicit(&meter->first, memory_order_acquire);
    for (; instrument != NULL;
         instrument = atomic_load_explicit(&instrument->next, memory_order_acquire)) {
        for (size_t i = 0; i < instrument->stream_count; i++) {
            struct ct_stream *stream = instrument->streams[i];
            if (stream->reader == collection->collector->reader && stream->owner == instrument)
                collect_stream(collection, stream);
        }
    }
}

/* Frees what the collections before took out, once every thread has been outside of all calls
 * since. @return false when that can't be told: then no more is taken out, so that what waits has a
 * bound. */
static bool reclaim(struct ct_collector *collector, uint64_t deadline_ns)
{
    if (collector->retired.series == NULL && collector->retired.tables == NULL)
        return true;
    deadline_ns = ct_deadline_earlier(deadline_ns, ct_deadline_after_ms(RECLAIM_MS));
    if (!ct_provider_quiesce_until(deadline_ns))
        return false;
    ct_retired_free(&collector->retired);
    return true;
}

static struct ct_collector *collector_of(struct ct_meter_provider *provider,
                                         const cotel_metric_reader *reader)
{
    for (size_t i = 0; i < provider->reader_count; i++) {
        if (provider->readers[i] == reader)
            return &provider->collectors[i];
    }
    return NULL;
}

cotel_status ct_meter_provider_collect(void *user, cotel_metric_reader *reader,
                                       cotel_metric_writer *writer, uint64_t deadline_ns)
{
    struct ct_meter_provider *provider = user;
    struct ct_collector *collector = collector_of(provider, reader);
    if (collector == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    ct_meter_provider_tell(provider);
    struct collection collection = {.collector = collector,
                                    .writer = writer,
                                    .may_forget = reclaim(collector, deadline_ns),
                                    .observation = {.provider = provider,
                                                    .reader = reader,
                                                    .number = ++collector->collections,
                                                    .epoch = ct_fork_epoch()}};
    cotel_status status = ct_callbacks_run(&collection.observation, deadline_ns);
    if (ct_observation_is_the_parents(&collection.observation)) {
        ct_sdk_forked();
        return COTEL_STATUS_TIMEOUT;
    }
    collection.observed_all = status == COTEL_STATUS_OK;
    const struct ct_sdk_meter *meter = atomic_load_explicit(&provider->first, memory_order_acquire);
    for (; meter != NULL; meter = atomic_load_explicit(&meter->next, memory_order_acquire))
        collect_meter(&collection, meter);
    ct_buffer_fini(&collection.snapshot.state);
    ct_buffer_fini(&collection.snapshot.exemplars);
    return status;
}
