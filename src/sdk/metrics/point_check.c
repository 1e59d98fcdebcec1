/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/point_check.h"

#include <math.h>

/* DataPointFlags: nothing was recorded, so there is no value. */
#define NO_RECORDED_VALUE 1u

static bool is_list(const void *items, size_t count)
{
    return items != NULL || count == 0;
}

static bool is_number(const cotel_number *number)
{
    return number->type == COTEL_NUMBER_INT || number->type == COTEL_NUMBER_DOUBLE;
}

static bool is_negative(const cotel_number *number)
{
    return number->type == COTEL_NUMBER_INT ? number->integer < 0 : number->floating < 0;
}

bool ct_metric_head_is_good(const cotel_metric_head *head)
{
    switch (head->type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUMMARY:
        return true;
    case COTEL_METRIC_SUM:
    case COTEL_METRIC_HISTOGRAM:
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return head->temporality == COTEL_TEMPORALITY_DELTA ||
               head->temporality == COTEL_TEMPORALITY_CUMULATIVE;
    }
    return false;
}

static bool is_good_value(const cotel_metric_data *metric, const cotel_point *point)
{
    if (point->flags & NO_RECORDED_VALUE)
        return point->value.type == COTEL_NUMBER_NONE || is_number(&point->value);
    return is_number(&point->value) && !(metric->type == COTEL_METRIC_SUM && metric->is_monotonic &&
                                         is_negative(&point->value));
}

/* False when it would not fit. */
static bool add_counts(uint64_t *sum, const uint64_t *counts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (__builtin_add_overflow(*sum, counts[i], sum))
            return false;
    }
    return true;
}

static bool are_good_boundaries(const double *boundaries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(boundaries[i]) || (i > 0 && !(boundaries[i - 1] < boundaries[i])))
            return false;
    }
    return true;
}

/* A histogram may come without buckets: then its count, sum, least and greatest are all there is.
 */
static bool is_good_histogram(const cotel_point *point)
{
    if (point->bucket_counts == NULL)
        return point->boundary_count == 0;
    uint64_t sum = 0;
    return is_list(point->boundaries, point->boundary_count) &&
           are_good_boundaries(point->boundaries, point->boundary_count) &&
           add_counts(&sum, point->bucket_counts, point->boundary_count + 1) && sum == point->count;
}

/* The index of the last bucket must be one, too. */
static bool are_good_buckets(const cotel_buckets *buckets)
{
    return is_list(buckets->counts, buckets->count) &&
           (buckets->count == 0 ||
            buckets->count - 1 <= (uint64_t)((int64_t)INT32_MAX - buckets->offset));
}

static bool is_good_exponential(const cotel_point *point)
{
    uint64_t sum = point->zero_count;
    return are_good_buckets(&point->positive) && are_good_buckets(&point->negative) &&
           isfinite(point->zero_threshold) && point->zero_threshold >= 0 &&
           add_counts(&sum, point->positive.counts, point->positive.count) &&
           add_counts(&sum, point->negative.counts, point->negative.count) && sum == point->count;
}

/* A quantile of nothing is NaN by custom. */
static bool is_good_summary(const cotel_point *point)
{
    if (!is_list(point->quantiles, point->quantile_count))
        return false;
    for (size_t i = 0; i < point->quantile_count; i++) {
        const cotel_quantile_data *item = &point->quantiles[i];
        if (!(item->quantile >= 0 && item->quantile <= 1) || item->value < 0)
            return false;
    }
    return true;
}

static bool is_in_order(const cotel_point *point)
{
    return !(point->has_min && point->has_max && point->min > point->max);
}

static bool are_good_exemplars(const cotel_exemplar *exemplars, size_t count)
{
    if (!is_list(exemplars, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!is_number(&exemplars[i].value) ||
            !is_list(exemplars[i].attributes, exemplars[i].attribute_count))
            return false;
    }
    return true;
}

bool ct_point_is_good(const cotel_metric_data *metric, const cotel_point *point)
{
    if (!is_list(point->attributes, point->attribute_count) ||
        !are_good_exemplars(point->exemplars, point->exemplar_count))
        return false;
    switch (metric->type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        return is_good_value(metric, point);
    case COTEL_METRIC_HISTOGRAM:
        return is_good_histogram(point) && is_in_order(point);
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return is_good_exponential(point) && is_in_order(point);
    case COTEL_METRIC_SUMMARY:
        return is_good_summary(point);
    }
    return false;
}
