/* SPDX-License-Identifier: Apache-2.0 */
#include "delta_sum.h"

#include <stdlib.h>

bool ct_prom_delta_follows(const struct ct_prom_delta_series *series, const cotel_point_data *point)
{
    if (series->until_unix_ns == 0)
        return true;
    return point->start_unix_ns != 0 ? point->start_unix_ns >= series->until_unix_ns
                                     : point->time_unix_ns > series->until_unix_ns;
}

static double as_double(cotel_number number)
{
    return number.type == COTEL_NUMBER_INT ? (double)number.integer : number.floating;
}

/* Whole numbers stay whole as long as they fit, and all that comes is whole. */
static void add_number(cotel_number *sum, cotel_number number)
{
    if (sum->type == COTEL_NUMBER_NONE) {
        *sum = number;
        return;
    }
    if (number.type == COTEL_NUMBER_NONE)
        return;
    int64_t whole;
    bool is_whole = sum->type == COTEL_NUMBER_INT && number.type == COTEL_NUMBER_INT &&
                    !__builtin_add_overflow(sum->integer, number.integer, &whole);
    if (is_whole)
        sum->integer = whole;
    else
        *sum = (cotel_number){.type = COTEL_NUMBER_DOUBLE,
                              .floating = as_double(*sum) + as_double(number)};
}

static bool has_boundaries(const struct ct_prom_buckets *buckets,
                           const struct ct_prom_buckets *others)
{
    if (buckets->count != others->count)
        return false;
    for (size_t i = 0; i < buckets->count; i++)
        if (buckets->items[i].boundary != others->items[i].boundary)
            return false;
    return true;
}

/* With other boundaries the series begins again, which Prometheus sees as a restart. */
static void begin_again(struct ct_prom_delta_series *series, const struct ct_prom_buckets *others)
{
    series->sum = 0;
    series->has_sum = true;
    ct_prom_buckets_clear(&series->buckets);
    for (size_t i = 0; i < others->count; i++)
        ct_prom_buckets_add(&series->buckets, others->items[i].boundary, 0);
}

static bool add_buckets(struct ct_prom_delta_series *series, const cotel_point_data *point,
                        struct ct_prom_buckets *scratch)
{
    struct ct_prom_buckets *buckets = &series->buckets;
    ct_prom_buckets_read(scratch, point);
    if (scratch->failed)
        return false;
    if (!has_boundaries(buckets, scratch))
        begin_again(series, scratch);
    if (buckets->failed)
        return false;
    for (size_t i = 0; i < buckets->count; i++)
        buckets->items[i].count += scratch->items[i].count;
    buckets->total += scratch->total;
    return true;
}

static bool add_exponential(struct ct_prom_delta_series *series, const cotel_point_data *point)
{
    if (!series->exponential)
        series->exponential = calloc(1, sizeof *series->exponential);
    if (!series->exponential)
        return false;
    ct_prom_exponential_add(series->exponential, point);
    return true;
}

bool ct_prom_delta_add(struct ct_prom_delta_series *series, cotel_metric_type type,
                       const cotel_point_data *point, struct ct_prom_buckets *scratch)
{
    bool is_added = true;
    if (type == COTEL_METRIC_SUM)
        add_number(&series->value, point->value);
    else if (type == COTEL_METRIC_HISTOGRAM)
        is_added = add_buckets(series, point, scratch);
    else
        is_added = add_exponential(series, point);
    if (type != COTEL_METRIC_SUM) {
        series->sum += point->sum;
        series->has_sum = series->has_sum && point->has_sum;
    }
    series->until_unix_ns = point->time_unix_ns;
    return is_added;
}
