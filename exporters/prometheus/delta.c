/* SPDX-License-Identifier: Apache-2.0 */
#include "delta.h"

#include <stdlib.h>

#include "delta_sum.h"

#define FIRST_CAPACITY 64

void ct_prom_deltas_fini(struct ct_prom_deltas *deltas)
{
    for (size_t i = 0; i < deltas->series_count; i++) {
        ct_prom_buckets_fini(&deltas->series[i].buckets);
        free(deltas->series[i].exponential);
    }
    for (size_t i = 0; i < deltas->metric_count; i++) {
        free(deltas->metrics[i]->texts);
        free(deltas->metrics[i]);
    }
    free(deltas->series);
    free(deltas->metrics);
    ct_prom_text_fini(&deltas->keys);
    ct_prom_index_fini(&deltas->by_key);
    ct_prom_pairs_fini(&deltas->pairs);
    ct_prom_buckets_fini(&deltas->buckets);
}

static bool is_equal(cotel_str a, cotel_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static bool is_metric(const struct ct_prom_delta_metric *metric, const cotel_metric_data *data,
                      const cotel_scope_view *scope)
{
    return metric->scope == scope && metric->data.type == data->type &&
           metric->data.is_monotonic == data->is_monotonic &&
           is_equal(metric->data.name, data->name) && is_equal(metric->data.unit, data->unit);
}

/* Moves a text behind others. */
static cotel_str copy_text(char **at, cotel_str text)
{
    if (text.size > 0)
        memcpy(*at, text.data, text.size);
    cotel_str copy = cotel_str_n(*at, text.size);
    *at += text.size;
    return copy;
}

static struct ct_prom_delta_metric *copy_metric(const cotel_metric_data *data,
                                                const cotel_scope_view *scope, uint32_t number)
{
    struct ct_prom_delta_metric *metric = calloc(1, sizeof *metric);
    char *texts = malloc(data->name.size + data->description.size + data->unit.size + 1);
    if (!metric || !texts) {
        free(metric);
        free(texts);
        return NULL;
    }
    metric->texts = texts;
    metric->data = *data;
    metric->data.bytes = metric->data.points = cotel_str_n(NULL, 0);
    metric->data.name = copy_text(&texts, data->name);
    metric->data.description = copy_text(&texts, data->description);
    metric->data.unit = copy_text(&texts, data->unit);
    metric->scope = scope;
    metric->number = number;
    metric->first = metric->last = CT_PROM_NOT_FOUND;
    return metric;
}

/* The metric, which is new if it must; NULL when memory is out. */
static struct ct_prom_delta_metric *metric_of(struct ct_prom_deltas *deltas,
                                              const cotel_metric_data *data,
                                              const cotel_scope_view *scope)
{
    size_t count = deltas->metric_count;
    for (size_t i = 0; i < count; i++)
        if (is_metric(deltas->metrics[i], data, scope))
            return deltas->metrics[i];
    struct ct_prom_delta_metric **metrics =
        realloc(deltas->metrics, (count + 1) * sizeof(struct ct_prom_delta_metric *));
    if (!metrics)
        return NULL;
    deltas->metrics = metrics;
    metrics[count] = copy_metric(data, scope, (uint32_t)count);
    if (metrics[count])
        deltas->metric_count++;
    return metrics[count];
}

static int compare_pairs(const void *a, const void *b)
{
    const struct ct_prom_pair *one = a, *other = b;
    size_t shorter = one->key.size < other->key.size ? one->key.size : other->key.size;
    int order = memcmp(one->key.data, other->key.data, shorter);
    if (order != 0)
        return order;
    return one->key.size < other->key.size ? -1 : one->key.size > other->key.size;
}

static void put_sized(struct ct_prom_text *out, cotel_str text)
{
    ct_prom_text_put(out, cotel_str_n((const char *)&text.size, sizeof text.size));
    ct_prom_text_put(out, text);
}

/* Appends the key of a series: the metric's number, then sizes and texts of its attributes. */
static void put_key(struct ct_prom_deltas *deltas, uint32_t metric)
{
    struct ct_prom_pairs *pairs = &deltas->pairs;
    if (pairs->count > 1)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    ct_prom_text_put(&deltas->keys, cotel_str_n((const char *)&metric, sizeof metric));
    for (size_t i = 0; i < pairs->count; i++) {
        put_sized(&deltas->keys, pairs->items[i].key);
        put_sized(&deltas->keys, pairs->items[i].value);
    }
}

static bool take_sized(cotel_str *from, cotel_str *out)
{
    if (from->size < sizeof out->size)
        return false;
    memcpy(&out->size, from->data, sizeof out->size);
    out->data = from->data + sizeof out->size;
    size_t whole = sizeof out->size + out->size;
    *from = cotel_str_n(from->data + whole, from->size - whole);
    return true;
}

void ct_prom_deltas_pairs(const struct ct_prom_deltas *deltas,
                          const struct ct_prom_delta_series *series, struct ct_prom_pairs *out)
{
    cotel_str left = cotel_str_n(deltas->keys.data + series->key_begin + sizeof(uint32_t),
                                 series->key_size - sizeof(uint32_t));
    cotel_str key, value;
    ct_prom_pairs_clear(out);
    while (take_sized(&left, &key) && take_sized(&left, &value))
        ct_prom_pairs_add(out, key, value);
}

static bool grow_series(struct ct_prom_deltas *deltas)
{
    if (deltas->series_count < deltas->series_capacity)
        return true;
    size_t capacity = deltas->series_capacity ? deltas->series_capacity * 2 : FIRST_CAPACITY;
    struct ct_prom_delta_series *series = realloc(deltas->series, capacity * sizeof *series);
    if (!series)
        return false;
    deltas->series = series;
    deltas->series_capacity = capacity;
    return true;
}

/* Adds a series under the key that was appended last. */
static struct ct_prom_delta_series *add_series(struct ct_prom_deltas *deltas,
                                               struct ct_prom_delta_metric *metric, size_t begin)
{
    uint32_t number = (uint32_t)deltas->series_count;
    size_t size = deltas->keys.size - begin;
    if (!grow_series(deltas) ||
        ct_prom_index_add(&deltas->by_key, &deltas->keys, begin, size, number) == CT_PROM_NOT_FOUND)
        return NULL;
    struct ct_prom_delta_series *series = &deltas->series[deltas->series_count++];
    *series = (struct ct_prom_delta_series){
        .key_begin = begin, .key_size = size, .next = CT_PROM_NOT_FOUND, .has_sum = true};
    if (metric->first == CT_PROM_NOT_FOUND)
        metric->first = number;
    else
        deltas->series[metric->last].next = number;
    metric->last = number;
    return series;
}

/* The series of the attributes in `pairs`, which is new if it must. NULL: there are too many, which
 * is told, or memory is out, which `failed` says. */
static struct ct_prom_delta_series *series_of(struct ct_prom_deltas *deltas,
                                              struct ct_prom_told *told,
                                              struct ct_prom_delta_metric *metric, bool *failed)
{
    struct ct_prom_text *keys = &deltas->keys;
    struct ct_prom_delta_series *series = NULL;
    size_t begin = keys->size;
    put_key(deltas, metric->number);
    *failed = keys->failed || deltas->pairs.failed;
    keys->failed = false;
    if (!*failed) {
        uint32_t number = ct_prom_index_find(&deltas->by_key, keys,
                                             cotel_str_n(keys->data + begin, keys->size - begin));
        if (number != CT_PROM_NOT_FOUND) {
            series = &deltas->series[number];
        } else if (deltas->series_count == CT_PROM_MAX_DELTA_SERIES) {
            ct_prom_tell(told, CT_PROM_TOO_MANY_DELTAS, metric->data.name);
        } else {
            series = add_series(deltas, metric, begin);
            *failed = !series;
            if (series)
                return series;
        }
    }
    keys->size = begin; /* it is there already, or not wanted */
    return series;
}

/* Adds a point to its series. @return false when memory is out. */
static bool add_point(struct ct_prom_deltas *deltas, struct ct_prom_told *told,
                      struct ct_prom_delta_metric *metric, const cotel_point_data *point)
{
    bool failed;
    struct ct_prom_delta_series *series = series_of(deltas, told, metric, &failed);
    if (!series)
        return !failed;
    if (ct_prom_delta_follows(series, point))
        return ct_prom_delta_add(series, metric->data.type, point, &deltas->buckets);
    ct_prom_tell(told, CT_PROM_DELTA_OVERLAP, metric->data.name);
    return true;
}

bool ct_prom_deltas_add(struct ct_prom_deltas *deltas, struct ct_prom_told *told,
                        const cotel_metric_data *data, const cotel_scope_view *scope)
{
    struct ct_prom_delta_metric *metric = metric_of(deltas, data, scope);
    if (!metric)
        return false;
    cotel_iterator points = cotel_metric_data_points(data);
    cotel_point_data point;
    while (cotel_iterator_next_point(&points, data, &point)) {
        if (point.flags & CT_PROM_NO_RECORDED_VALUE)
            continue;
        ct_prom_pairs_read(&deltas->pairs, cotel_point_data_attributes(data, &point));
        if (!add_point(deltas, told, metric, &point))
            return false;
    }
    return true;
}
