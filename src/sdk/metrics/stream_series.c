/* SPDX-License-Identifier: Apache-2.0 */
/* The series of a stream: adding them, and keeping those that are bound. */
#include "sdk/metrics/stream_internal.h"

/* The one attribute of the point that stands for all sets beyond the limit. */
#define OVERFLOW_KEY "otel.metric.overflow"

/* ---- adding ---- */

/* The old table stays for those who are reading it. */
bool ct_stream_make_room(struct ct_stream *stream)
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
    struct ct_series *series =
        ct_series_create(set, stream->aggregation->attributes_field, stream->state_size);
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
    struct ct_series *series = ct_stream_find(stream, made->set, made->hash);
    if (series != NULL)
        return series;
    if (is_full(stream) || is_overflow_mark(made->set))
        return overflow_series(stream);
    if (!ct_stream_make_room(stream))
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
        struct ct_series *late = ct_stream_find(stream, set, hash);
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
