/* SPDX-License-Identifier: Apache-2.0 */
#include "buckets.h"

#include <math.h>
#include <stdlib.h>

#define FIRST_CAPACITY 32

void ct_prom_buckets_fini(struct ct_prom_buckets *buckets)
{
    free(buckets->items);
    *buckets = (struct ct_prom_buckets){NULL, 0, 0, 0, false};
}

void ct_prom_buckets_clear(struct ct_prom_buckets *buckets)
{
    buckets->count = 0;
    buckets->total = 0;
    buckets->failed = false;
}

static bool grow(struct ct_prom_buckets *buckets)
{
    size_t capacity = buckets->capacity ? buckets->capacity * 2 : FIRST_CAPACITY;
    struct ct_prom_bucket *items = realloc(buckets->items, capacity * sizeof *items);
    if (!items)
        return false;
    buckets->items = items;
    buckets->capacity = capacity;
    return true;
}

void ct_prom_buckets_add(struct ct_prom_buckets *buckets, double boundary, uint64_t count)
{
    buckets->total += count;
    if (!isfinite(boundary))
        return;
    size_t last = buckets->count;
    if (last > 0 && boundary <= buckets->items[last - 1].boundary) {
        buckets->items[last - 1].count = buckets->total;
        return;
    }
    if (last == buckets->capacity && !grow(buckets)) {
        buckets->failed = true;
        return;
    }
    buckets->items[last] = (struct ct_prom_bucket){boundary, buckets->total};
    buckets->count++;
}

void ct_prom_buckets_read(struct ct_prom_buckets *buckets, const cotel_point_data *point)
{
    ct_prom_buckets_clear(buckets);
    size_t at = 0, index = 0;
    for (uint64_t count; cotel_buckets_next(&point->buckets, &at, &count); index++) {
        bool is_last = index >= point->boundary_count;
        ct_prom_buckets_add(buckets, is_last ? INFINITY : cotel_point_data_boundary(point, index),
                            count);
    }
    if (index == 0)
        buckets->total = point->count; /* a histogram may have no buckets */
}

size_t ct_prom_buckets_find(const struct ct_prom_buckets *buckets, double value)
{
    size_t first = 0, end = buckets->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (buckets->items[middle].boundary < value)
            first = middle + 1;
        else
            end = middle;
    }
    return isnan(value) ? buckets->count : first;
}
