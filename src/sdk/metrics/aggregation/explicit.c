/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/aggregation/explicit.h"

#include <math.h>

#include "wire/field_numbers.h"
#include "wire/writer.h"

static size_t bucket_count(const struct ct_explicit_config *config)
{
    return config->count + 1;
}

size_t ct_explicit_size(const struct ct_explicit_config *config)
{
    return sizeof(struct ct_explicit) + bucket_count(config) * sizeof(uint64_t);
}

void ct_explicit_init(struct ct_explicit *state, const struct ct_explicit_config *config)
{
    memset(state->buckets, 0, bucket_count(config) * sizeof state->buckets[0]);
    state->sum = 0;
    state->min = INFINITY;
    state->max = -INFINITY;
}

uint64_t ct_explicit_count(const struct ct_explicit *state, const struct ct_explicit_config *config)
{
    uint64_t count = 0;
    for (size_t i = 0; i < bucket_count(config); i++)
        count += state->buckets[i];
    return count;
}

static bool has_min_max(const struct ct_explicit *state, const struct ct_explicit_config *config)
{
    return config->min_max && state->min <= state->max;
}

size_t ct_explicit_encoded_size(const struct ct_explicit *state,
                                const struct ct_explicit_config *config)
{
    size_t counts = bucket_count(config) * sizeof(uint64_t);
    size_t size = ct_field_fixed64_size(CT_HISTOGRAM_POINT_COUNT) +
                  ct_field_bytes_size(CT_HISTOGRAM_POINT_BUCKET_COUNTS, counts);
    if (config->count > 0)
        size += ct_field_bytes_size(CT_HISTOGRAM_POINT_BOUNDARIES, config->count * sizeof(double));
    if (config->sum)
        size += ct_field_fixed64_size(CT_HISTOGRAM_POINT_SUM);
    if (has_min_max(state, config))
        size += ct_field_fixed64_size(CT_HISTOGRAM_POINT_MIN) +
                ct_field_fixed64_size(CT_HISTOGRAM_POINT_MAX);
    return size;
}

static uint8_t *write_buckets(uint8_t *at, const uint64_t *buckets, size_t count)
{
    at = ct_put_length(at, CT_HISTOGRAM_POINT_BUCKET_COUNTS, count * sizeof *buckets);
    for (size_t i = 0; i < count; i++)
        at = ct_put_fixed64(at, buckets[i]);
    return at;
}

static uint8_t *write_boundaries(uint8_t *at, const double *boundaries, size_t count)
{
    at = ct_put_length(at, CT_HISTOGRAM_POINT_BOUNDARIES, count * sizeof *boundaries);
    for (size_t i = 0; i < count; i++)
        at = ct_put_double(at, boundaries[i]);
    return at;
}

uint8_t *ct_explicit_write(uint8_t *at, const struct ct_explicit *state,
                           const struct ct_explicit_config *config)
{
    at = ct_put_field_fixed64(at, CT_HISTOGRAM_POINT_COUNT, ct_explicit_count(state, config));
    if (config->sum)
        at = ct_put_field_double(at, CT_HISTOGRAM_POINT_SUM, state->sum);
    at = write_buckets(at, state->buckets, bucket_count(config));
    if (config->count > 0)
        at = write_boundaries(at, config->boundaries, config->count);
    if (has_min_max(state, config)) {
        at = ct_put_field_double(at, CT_HISTOGRAM_POINT_MIN, state->min);
        at = ct_put_field_double(at, CT_HISTOGRAM_POINT_MAX, state->max);
    }
    return at;
}
