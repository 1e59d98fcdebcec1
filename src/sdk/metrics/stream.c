/* SPDX-License-Identifier: Apache-2.0 */
/* Which series a stream has. What a series counts: record.h. */
#include "sdk/metrics/stream.h"

#include "base/clock.h"
#include "sdk/metrics/exemplar/default_factory.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "wire/field_numbers.h"

#include <stdlib.h>
#include <string.h>

/* The one attribute of the point that stands for all sets beyond the limit. */
#define OVERFLOW_KEY "otel.metric.overflow"

/* ---- making ---- */

/* Whether what is recorded may be below zero: then sums mean nothing beside buckets. */
static bool takes_negatives(cotel_instrument_kind kind)
{
    return kind != COTEL_INSTRUMENT_COUNTER && kind != COTEL_INSTRUMENT_HISTOGRAM &&
           kind != COTEL_INSTRUMENT_OBSERVABLE_COUNTER;
}

static void set_aggregation(struct ct_stream *stream)
{
    const struct ct_resolved_aggregation *as = &stream->config.aggregation;
    bool negatives = takes_negatives(stream->kind);
    switch (as->type) {
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        stream->explicit_buckets = (struct ct_explicit_config){.boundaries = as->boundaries,
                                                               .count = as->boundary_count,
                                                               .min_max = as->record_min_max,
                                                               .sum = !negatives};
        stream->state_size = ct_explicit_size(&stream->explicit_buckets);
        stream->attributes_field = CT_HISTOGRAM_POINT_ATTRIBUTES;
        break;
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        stream->exponential = (struct ct_exponential_config){.max_buckets = as->max_buckets,
                                                             .max_scale = as->max_scale,
                                                             .min_max = as->record_min_max,
                                                             .sum = !negatives,
                                                             .negatives = negatives};
        stream->state_size = ct_exponential_size(&stream->exponential);
        stream->attributes_field = CT_EXPONENTIAL_POINT_ATTRIBUTES;
        break;
    default:
        stream->attributes_field = CT_NUMBER_POINT_ATTRIBUTES;
        break;
    }
}

static cotel_exemplar_reservoir_factory default_reservoir(const struct ct_stream *stream)
{
    switch (stream->config.aggregation.type) {
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return ct_exemplar_factory_explicit(&stream->explicit_buckets);
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return ct_exemplar_factory_exponential(&stream->exponential);
    default:
        return ct_exemplar_factory_single();
    }
}

static void set_reservoir(struct ct_stream *stream)
{
    stream->own_reservoir = default_reservoir(stream);
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

void ct_stream_init_state(const struct ct_stream *stream, struct ct_series *series)
{
    if (stream->config.aggregation.type == COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM)
        ct_explicit_init((struct ct_explicit *)series->state, &stream->explicit_buckets);
    if (stream->config.aggregation.type == COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM)
        ct_exponential_init((struct ct_exponential *)series->state, &stream->exponential);
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
    set_aggregation(stream);
    if (origin->keeps_exemplars)
        set_reservoir(stream);
    atomic_init(&stream->references, 1);
    ct_fork_lock_init(&stream->lock);
    atomic_init(&stream->table, table);
    return stream;
}

static struct ct_series *next_of(const struct ct_series *series)
{
    return atomic_load_explicit(&series->next, memory_order_acquire);
}

static void free_list(struct ct_series *series)
{
    while (series != NULL) {
        struct ct_series *next = next_of(series);
        ct_series_destroy(series);
        series = next;
    }
}

static void free_tables(struct ct_series_table *table)
{
    while (table != NULL) {
        struct ct_series_table *next = table->retired;
        free(table);
        table = next;
    }
}

void ct_stream_unref(struct ct_stream *stream)
{
    /* Release: what its holder did with it comes before. Acquire: before it is freed. */
    if (atomic_fetch_sub_explicit(&stream->references, 1, memory_order_acq_rel) != 1)
        return;
    free_tables(stream->retired_tables);
    free_list(atomic_load_explicit(&stream->first, memory_order_relaxed));
    free(atomic_load_explicit(&stream->table, memory_order_relaxed));
    free(stream);
}

void ct_stream_close(struct ct_stream *stream)
{
    struct ct_series *series = atomic_load_explicit(&stream->first, memory_order_acquire);
    for (; series != NULL; series = next_of(series)) {
        ct_series_lock(series);
        series->dead = true;
        ct_series_unlock(series);
        /* Relaxed: whoever offers exemplars is outside. */
        ct_exemplars_destroy(
            atomic_exchange_explicit(&series->exemplars, NULL, memory_order_relaxed));
    }
}

/* ---- adding ---- */

/* The lock is held. The old table stays for those who are reading it. */
static bool make_room(struct ct_stream *stream)
{
    struct ct_series_table *table = atomic_load_explicit(&stream->table, memory_order_relaxed);
    if (ct_series_table_has_room(table))
        return true;
    uint32_t live = atomic_load_explicit(&stream->live, memory_order_relaxed);
    struct ct_series_table *larger = ct_series_table_create(2 * ((size_t)live + 1));
    if (larger == NULL)
        return false;
    for (size_t i = 0; i <= table->mask; i++) {
        struct ct_series *series = atomic_load_explicit(&table->slots[i], memory_order_relaxed);
        if (series != NULL && series != &ct_series_gone)
            ct_series_table_put(larger, series);
    }
    table->retired = stream->retired_tables;
    stream->retired_tables = table;
    atomic_store_explicit(&stream->table, larger, memory_order_release);
    return true;
}

/* The lock is held. Release: who finds it in the list or table finds it whole. */
static void append(struct ct_stream *stream, struct ct_series *series)
{
    if (stream->last != NULL)
        atomic_store_explicit(&stream->last->next, series, memory_order_release);
    else
        atomic_store_explicit(&stream->first, series, memory_order_release);
    stream->last = series;
    ct_metric_count(&stream->counters->series, 1);
}

static bool is_full(const struct ct_stream *stream)
{
    /* Acquire pairs with the release in insert(): who sees the number sees what it counts. */
    return atomic_load_explicit(&stream->live, memory_order_acquire) >=
           stream->config.cardinality_limit;
}

static struct ct_series *create(struct ct_stream *stream, struct ct_attribute_set set)
{
    struct ct_series *series = ct_series_create(set, stream->attributes_field, stream->state_size);
    if (series != NULL)
        ct_stream_init_state(stream, series);
    return series;
}

/* The lock is held. */
static struct ct_series *overflow_series(struct ct_stream *stream)
{
    struct ct_series *series = atomic_load_explicit(&stream->overflow, memory_order_relaxed);
    if (series != NULL)
        return series;
    cotel_attribute mark = cotel_attribute_bool(OVERFLOW_KEY, true);
    series = create(stream, (struct ct_attribute_set){&mark, 1});
    if (series == NULL)
        return NULL;
    series->overflow = true;
    append(stream, series);
    atomic_store_explicit(&stream->overflow, series, memory_order_release);
    return series;
}

static struct ct_series *overflow(struct ct_stream *stream)
{
    struct ct_series *series = atomic_load_explicit(&stream->overflow, memory_order_acquire);
    if (series != NULL)
        return series;
    (void)ct_fork_lock(&stream->lock);
    series = overflow_series(stream);
    ct_fork_unlock(&stream->lock);
    return series;
}

static struct ct_series *find(const struct ct_stream *stream, struct ct_attribute_set set,
                              uint32_t hash)
{
    return ct_series_table_find(atomic_load_explicit(&stream->table, memory_order_acquire), set,
                                hash);
}

/* What somebody records under the very mark goes with what is beyond the limit: two points of one
 * set would be none. */
static bool is_overflow_mark(struct ct_attribute_set set)
{
    cotel_attribute mark = cotel_attribute_bool(OVERFLOW_KEY, true);
    return ct_set_equal((struct ct_attribute_set){&mark, 1}, set);
}

/* The lock is held: puts a new series in, unless its set has one already or there is no place. */
static struct ct_series *insert(struct ct_stream *stream, struct ct_series *made)
{
    struct ct_series *series = find(stream, made->set, made->hash);
    if (series != NULL)
        return series;
    if (is_full(stream) || is_overflow_mark(made->set))
        return overflow_series(stream);
    if (!make_room(stream))
        return NULL;
    append(stream, made);
    ct_series_table_put(atomic_load_explicit(&stream->table, memory_order_relaxed), made);
    atomic_fetch_add_explicit(&stream->live, 1, memory_order_release);
    return made;
}

struct ct_series *ct_stream_add(struct ct_stream *stream, struct ct_attribute_set set,
                                uint32_t hash)
{
    /* Beyond the limit a new set must not cost memory, nor the lock; looked up again, since the
     * last place may just have been taken by it. */
    if (is_full(stream) && ct_set_is_normal(set)) {
        struct ct_series *late = find(stream, set, hash);
        return late != NULL ? late : overflow(stream);
    }
    struct ct_series *made = create(stream, set);
    if (made == NULL)
        return NULL;
    (void)ct_fork_lock(&stream->lock);
    struct ct_series *series = insert(stream, made);
    ct_fork_unlock(&stream->lock);
    if (series != made)
        ct_series_destroy(made);
    return series;
}

void ct_stream_await_eviction(struct ct_stream *stream)
{
    (void)ct_fork_lock(&stream->lock); /* who takes it out holds it from first to last */
    ct_fork_unlock(&stream->lock);
}

/* ---- bound instruments ---- */

struct ct_series *ct_stream_bind(struct ct_stream *stream, struct ct_attribute_set set)
{
    for (;;) {
        struct ct_series *series = ct_stream_series(stream, set);
        if (series == NULL)
            return NULL;
        (void)ct_fork_lock(&stream->lock);
        bool alive = !series->dead; /* written under both locks */
        if (alive) {
            series->bound++;
            atomic_fetch_add_explicit(&stream->references, 1, memory_order_relaxed);
        }
        ct_fork_unlock(&stream->lock);
        if (alive)
            return series;
    }
}

void ct_stream_unbind(struct ct_stream *stream, struct ct_series *series)
{
    (void)ct_fork_lock(&stream->lock);
    series->bound--;
    ct_fork_unlock(&stream->lock);
    ct_stream_unref(stream);
}

/* ---- taking out ---- */

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
    atomic_store_explicit(before != NULL ? &before->next : &stream->first, next_of(series),
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
    free_tables(retired->tables);
    free_list(retired->series);
    *retired = (struct ct_retired){NULL, NULL};
}

/* ---- a forked child ---- */

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
    for (; series != NULL; series = next_of(series)) {
        start_over(stream, series);
        stream->last = series;
        live += !series->overflow;
        if (series->overflow)
            atomic_store_explicit(&stream->overflow, series, memory_order_relaxed);
        else if (find(stream, series->set, series->hash) == NULL && make_room(stream))
            ct_series_table_put(atomic_load_explicit(&stream->table, memory_order_relaxed), series);
    }
    atomic_store_explicit(&stream->live, live, memory_order_relaxed);
}
