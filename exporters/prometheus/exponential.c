/* SPDX-License-Identifier: Apache-2.0 */
#include "exponential.h"

#include <math.h>

/* Scales beyond say nothing about doubles. */
#define MOST_SCALE 64

/* The index of what an index becomes when `levels` scales are gone down: it is divided, and rounded
 * towards minus infinity. */
static int64_t downscaled(int64_t index, int32_t levels)
{
    return levels < 63 ? index >> levels : (index < 0 ? -1 : 0);
}

/* The first and last index of what is not empty; false: all is. */
struct span {
    int64_t first;
    int64_t last;
    bool is_empty;
};

static struct span joined(struct span a, struct span b)
{
    if (a.is_empty || b.is_empty)
        return a.is_empty ? b : a;
    return (struct span){a.first < b.first ? a.first : b.first, a.last > b.last ? a.last : b.last,
                         false};
}

static struct span span_of_data(const cotel_buckets_data *data)
{
    struct span span = {0, 0, true};
    size_t at = 0;
    int64_t index = data->offset;
    for (uint64_t count; cotel_buckets_next(data, &at, &count); index++) {
        if (count == 0)
            continue;
        if (span.is_empty)
            span.first = index;
        span.last = index;
        span.is_empty = false;
    }
    return span;
}

static struct span span_of_side(const struct ct_prom_exponential_side *side)
{
    return (struct span){side->offset, (int64_t)side->offset + side->count - 1, side->count == 0};
}

static struct span span_downscaled(struct span span, int32_t levels)
{
    span.first = downscaled(span.first, levels);
    span.last = downscaled(span.last, levels);
    return span;
}

static int64_t size_of(struct span span)
{
    return span.is_empty ? 0 : span.last - span.first + 1;
}

/* Makes room for a span, which holds what there is, at a scale that is `levels` lower. */
static void move_side(struct ct_prom_exponential_side *side, struct span span, int32_t levels)
{
    struct ct_prom_exponential_side moved = {.offset = (int32_t)span.first,
                                             .count = (uint32_t)size_of(span)};
    for (uint32_t i = 0; i < side->count; i++) {
        int64_t index = downscaled((int64_t)side->offset + i, levels);
        if (side->counts[i] > 0)
            moved.counts[index - span.first] += side->counts[i];
    }
    *side = moved;
}

static void add_data(struct ct_prom_exponential_side *side, const cotel_buckets_data *data,
                     int32_t levels)
{
    size_t at = 0;
    int64_t index = data->offset;
    for (uint64_t count; cotel_buckets_next(data, &at, &count); index++)
        if (count > 0)
            side->counts[downscaled(index, levels) - side->offset] += count;
}

/* The buckets of both, before a scale is chosen. */
struct spans {
    struct span of_sum;
    struct span of_point;
};

static struct span at_scale(struct spans spans, int32_t sum_levels, int32_t point_levels)
{
    return joined(span_downscaled(spans.of_sum, sum_levels),
                  span_downscaled(spans.of_point, point_levels));
}

void ct_prom_exponential_add(struct ct_prom_exponential *sum, const cotel_point_data *point)
{
    if (point->scale < -MOST_SCALE || point->scale > MOST_SCALE)
        return;
    struct spans positive = {span_of_side(&sum->positive), span_of_data(&point->positive)};
    struct spans negative = {span_of_side(&sum->negative), span_of_data(&point->negative)};
    if (!sum->is_begun)
        sum->scale = point->scale;
    int32_t scale = sum->scale < point->scale ? sum->scale : point->scale;
    /* It ends: gone down far enough, an index is 0 or -1. */
    while (size_of(at_scale(positive, sum->scale - scale, point->scale - scale)) +
               size_of(at_scale(negative, sum->scale - scale, point->scale - scale)) >
           CT_PROM_MAX_EXPONENTIAL)
        scale--;
    int32_t sum_levels = sum->scale - scale, point_levels = point->scale - scale;
    move_side(&sum->positive, at_scale(positive, sum_levels, point_levels), sum_levels);
    move_side(&sum->negative, at_scale(negative, sum_levels, point_levels), sum_levels);
    add_data(&sum->positive, &point->positive, point_levels);
    add_data(&sum->negative, &point->negative, point_levels);
    sum->scale = scale;
    sum->zero_count += point->zero_count;
    sum->zero_threshold = fmax(sum->zero_threshold, point->zero_threshold);
    sum->is_begun = true;
}

/* The lower boundary of the index-th positive bucket: 2^(index * 2^-scale). */
static double boundary_of(int32_t scale, int64_t index)
{
    if (scale > 0)
        return exp2(ldexp((double)index, -scale));
    double power = ldexp((double)index, -scale);
    return power > 2000 ? INFINITY : power < -2000 ? 0 : ldexp(1, (int)power);
}

/* A negative bucket begins where its positive twin ends, so the last one comes first. */
static void read_negative(const struct ct_prom_exponential *sum, struct ct_prom_buckets *buckets)
{
    const struct ct_prom_exponential_side *side = &sum->negative;
    for (uint32_t i = side->count; i > 0; i--)
        ct_prom_buckets_add(buckets, -boundary_of(sum->scale, (int64_t)side->offset + i - 1),
                            side->counts[i - 1]);
}

void ct_prom_exponential_read(const struct ct_prom_exponential *sum,
                              struct ct_prom_buckets *buckets)
{
    const struct ct_prom_exponential_side *side = &sum->positive;
    ct_prom_buckets_clear(buckets);
    read_negative(sum, buckets);
    if (sum->zero_count > 0 || sum->negative.count > 0)
        ct_prom_buckets_add(buckets, sum->zero_threshold, sum->zero_count);
    if (side->count > 0)
        ct_prom_buckets_add(buckets, boundary_of(sum->scale, side->offset), 0);
    for (uint32_t i = 0; i < side->count; i++)
        ct_prom_buckets_add(buckets, boundary_of(sum->scale, (int64_t)side->offset + i + 1),
                            side->counts[i]);
}
