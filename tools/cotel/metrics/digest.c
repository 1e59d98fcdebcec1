/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/digest.h"

#include "metrics/number.h"
#include "metrics/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 8 };

const double ct_digest_quantiles[CT_DIGEST_QUANTILES] = {0.5, 0.95, 0.99};

static bool is_histogram(const struct ct_family *family)
{
    return family->type == CT_FAMILY_HISTOGRAM || family->type == CT_FAMILY_GAUGE_HISTOGRAM;
}

static void clear(struct ct_digest_series *series)
{
    *series = (struct ct_digest_series){.value = NAN, .count = NAN, .sum = NAN};
    for (size_t i = 0; i < CT_DIGEST_QUANTILES; i++)
        series->quantiles[i].value = NAN;
}

/* The series of the sample. NULL: memory is out. */
static struct ct_digest_series *find_series(struct ct_digest *digest, struct ct_keys *keys,
                                            struct ct_arena *arena, const struct ct_sample *sample)
{
    const struct ct_sample bare = {.labels = sample->labels};
    struct ct_text key;

    const size_t *index = ct_series_key(arena, &bare, digest->hidden, &key)
                              ? ct_keys_put(keys, key, digest->count)
                              : NULL;
    if (!index || *index < digest->count)
        return index ? &digest->series[*index] : NULL;
    if (digest->count == digest->capacity) {
        size_t capacity = digest->capacity ? 2 * digest->capacity : FIRST_CAPACITY;
        void *grown = reallocarray(digest->series, capacity, sizeof(*digest->series));
        if (!grown)
            return NULL;
        digest->series = grown;
        digest->capacity = capacity;
    }
    struct ct_digest_series *series = &digest->series[digest->count++];
    clear(series);
    series->labels = &sample->labels;
    return series;
}

static bool add_bucket(struct ct_digest_series *series, struct ct_bucket bucket)
{
    if (series->bucket_count == series->bucket_capacity) {
        size_t capacity = series->bucket_capacity ? 2 * series->bucket_capacity : FIRST_CAPACITY;
        void *grown = reallocarray(series->buckets, capacity, sizeof(*series->buckets));
        if (!grown)
            return false;
        series->buckets = grown;
        series->bucket_capacity = capacity;
    }
    series->buckets[series->bucket_count++] = bucket;
    return true;
}

static double number_of(const struct ct_sample *sample, const char *label)
{
    const struct ct_text *text = ct_labels_find(&sample->labels, label);
    double number = NAN;

    return text && ct_number_parse(*text, &number) ? number : NAN;
}

static void take_quantile(struct ct_digest_series *series, const struct ct_sample *sample)
{
    double quantile = number_of(sample, "quantile");

    for (size_t i = 0; i < CT_DIGEST_QUANTILES; i++)
        if (quantile == ct_digest_quantiles[i])
            series->quantiles[i].value = sample->value;
}

/* Points of a series may come one behind the other, each with its time: the last one counts. */
static void begin_point(struct ct_digest_series *series, const struct ct_sample *sample)
{
    if (sample->time.is_known && sample->time.unix_ns != series->time.unix_ns)
        series->bucket_count = 0;
    series->time = sample->time;
}

static bool take_sample(struct ct_digest_series *series, const struct ct_family *family,
                        const struct ct_sample *sample)
{
    struct ct_text suffix = ct_sample_suffix(family, sample);
    bool is_measured = is_histogram(family) || family->type == CT_FAMILY_SUMMARY;

    begin_point(series, sample);
    if (!is_measured)
        series->value = sample->value;
    else if (ct_text_equals(suffix, "_count") || ct_text_equals(suffix, "_gcount"))
        series->count = sample->value;
    else if (ct_text_equals(suffix, "_sum") || ct_text_equals(suffix, "_gsum"))
        series->sum = sample->value;
    else if (is_histogram(family))
        return add_bucket(series, (struct ct_bucket){number_of(sample, "le"), sample->value});
    else
        take_quantile(series, sample);
    return true;
}

static bool take_samples(struct ct_digest *digest, const struct ct_family *family,
                         struct ct_keys *keys, struct ct_arena *arena)
{
    for (size_t i = 0; i < family->sample_count; i++) {
        const struct ct_sample *sample = &family->samples[i];
        bool is_value = family->type == CT_FAMILY_GAUGE || family->type == CT_FAMILY_UNKNOWN;
        if (!is_value && ct_text_equals(ct_sample_suffix(family, sample), "_created"))
            continue;
        struct ct_digest_series *series = find_series(digest, keys, arena, sample);
        if (!series || !take_sample(series, family, sample))
            return false;
    }
    return true;
}

/* ---- what follows from the samples ---- */

static void estimate(struct ct_digest_series *series)
{
    series->bucket_count = ct_buckets_order(series->buckets, series->bucket_count);
    if (series->bucket_count == 0 || !series->buckets)
        return;
    const struct ct_bucket *last = &series->buckets[series->bucket_count - 1];
    if (isnan(series->count) && last->le == INFINITY)
        series->count = last->count;
    for (size_t i = 0; i < CT_DIGEST_QUANTILES; i++)
        series->quantiles[i] =
            ct_quantile_of(series->buckets, series->bucket_count, ct_digest_quantiles[i]);
}

/* Only buckets of the same boundaries can be added up. */
static bool have_same_boundaries(const struct ct_digest_series *left,
                                 const struct ct_digest_series *right)
{
    if (left->bucket_count != right->bucket_count)
        return false;
    for (size_t i = 0; i < left->bucket_count; i++)
        if (left->buckets[i].le != right->buckets[i].le)
            return false;
    return true;
}

static bool add_buckets(struct ct_digest *digest)
{
    for (size_t i = 1; i < digest->count; i++)
        if (!have_same_boundaries(&digest->series[0], &digest->series[i]))
            return true;
    for (size_t i = 0; i < digest->count; i++)
        for (size_t j = 0; j < digest->series[i].bucket_count; j++)
            if (!add_bucket(&digest->whole, digest->series[i].buckets[j]))
                return false;
    return true;
}

/* NaN is what is not there. */
static double plus(double sum, double number)
{
    if (isnan(number))
        return sum;
    return isnan(sum) ? number : sum + number;
}

static void add_series(struct ct_digest *digest, const struct ct_digest_series *series)
{
    digest->whole.value = plus(digest->whole.value, series->value);
    digest->whole.count = plus(digest->whole.count, series->count);
    digest->whole.sum = plus(digest->whole.sum, series->sum);
    digest->least = fmin(digest->least, series->value);
    digest->most = fmax(digest->most, series->value);
}

static int by_size(const void *left, const void *right)
{
    const struct ct_digest_series *a = left, *b = right;
    double first = isnan(a->value) ? a->count : a->value;
    double second = isnan(b->value) ? b->count : b->value;

    if (isnan(first) || isnan(second))
        return isnan(first) - isnan(second);
    if (first != second)
        return first < second ? 1 : -1;
    return (a->labels > b->labels) - (a->labels < b->labels); /* as they came */
}

static bool sum_up(struct ct_digest *digest)
{
    clear(&digest->whole);
    digest->least = digest->most = NAN;
    for (size_t i = 0; i < digest->count; i++) {
        estimate(&digest->series[i]);
        add_series(digest, &digest->series[i]);
    }
    if (!add_buckets(digest))
        return false;
    estimate(&digest->whole);
    if (digest->count == 1) /* a summary's have no buckets to come from */
        memcpy(digest->whole.quantiles, digest->series[0].quantiles,
               sizeof(digest->whole.quantiles));
    if (digest->count > 1)
        qsort(digest->series, digest->count, sizeof(*digest->series), by_size);
    return true;
}

bool ct_digest_make(struct ct_digest *digest, const struct ct_family *family)
{
    struct ct_arena arena = {0};
    struct ct_keys keys = {0};

    *digest = (struct ct_digest){0};
    if (is_histogram(family))
        digest->hidden = "le";
    else if (family->type == CT_FAMILY_SUMMARY)
        digest->hidden = "quantile";
    bool is_whole = take_samples(digest, family, &keys, &arena) && sum_up(digest);
    ct_keys_fini(&keys);
    ct_arena_fini(&arena);
    return is_whole;
}

void ct_digest_fini(struct ct_digest *digest)
{
    for (size_t i = 0; i < digest->count; i++)
        free(digest->series[i].buckets);
    free(digest->series);
    free(digest->whole.buckets);
    *digest = (struct ct_digest){0};
}
