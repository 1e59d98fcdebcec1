/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/quantile.h"

#include <math.h>
#include <stdlib.h>

static int by_boundary(const void *left, const void *right)
{
    double a = ((const struct ct_bucket *)left)->le, b = ((const struct ct_bucket *)right)->le;

    return (a > b) - (a < b);
}

size_t ct_buckets_order(struct ct_bucket *buckets, size_t count)
{
    size_t kept = 0;

    if (count == 0)
        return 0;
    qsort(buckets, count, sizeof(*buckets), by_boundary);
    for (size_t i = 1; i < count; i++)
        if (buckets[i].le == buckets[kept].le)
            buckets[kept].count += buckets[i].count;
        else
            buckets[++kept] = buckets[i];
    count = kept + 1;
    /* What is scraped bucket by bucket, or added up, may be a little off. */
    for (size_t i = 1; i < count; i++)
        buckets[i].count = fmax(buckets[i].count, buckets[i - 1].count);
    return count;
}

static size_t find_bucket(const struct ct_bucket *buckets, size_t count, double rank)
{
    size_t low = 0, high = count - 1;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (buckets[middle].count >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct ct_quantile ct_quantile_of(const struct ct_bucket *buckets, size_t count, double q)
{
    struct ct_quantile unknown = {NAN, false};

    if (count < 2 || buckets[count - 1].le != INFINITY || !(buckets[count - 1].count > 0))
        return unknown;
    double rank = q * buckets[count - 1].count;
    size_t at = find_bucket(buckets, count, rank);
    if (at == count - 1)
        return (struct ct_quantile){buckets[count - 2].le, true};
    if (at == 0 && buckets[0].le <= 0)
        return (struct ct_quantile){buckets[0].le, false};
    double begin = at ? buckets[at - 1].le : 0, below = at ? buckets[at - 1].count : 0;
    double inside = buckets[at].count - below;
    double share = inside > 0 ? (rank - below) / inside : 0;
    return (struct ct_quantile){begin + (buckets[at].le - begin) * share, false};
}
