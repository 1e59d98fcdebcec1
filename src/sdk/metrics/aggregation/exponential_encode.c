/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/aggregation/exponential_counts.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

/* What is written of one sign: `count` buckets, of which neither the first nor the last is empty.
 */
struct buckets {
    const uint64_t *counts;
    size_t count;
    int32_t offset;
    size_t packed_size;
};

static struct buckets buckets_of(const struct ct_exponential *state,
                                 const struct ct_exponential_config *config, int sign)
{
    struct ct_span_of_indices used = ct_exponential_used(state, config, sign);
    struct buckets buckets = {.count = 0};
    if (ct_span_is_empty(used))
        return buckets;
    buckets.counts = ct_exponential_counts(state, config, sign) + (used.low - state->origins[sign]);
    buckets.count = (size_t)(used.high - used.low) + 1;
    buckets.offset = used.low;
    for (size_t i = 0; i < buckets.count; i++)
        buckets.packed_size += ct_varint_size(buckets.counts[i]);
    return buckets;
}

static size_t message_size(const struct buckets *buckets)
{
    size_t size = ct_field_bytes_size(CT_BUCKETS_COUNTS, buckets->packed_size);
    if (buckets->offset != 0)
        size += ct_field_varint_size(CT_BUCKETS_OFFSET, ct_zigzag(buckets->offset));
    return size;
}

static size_t field_size(uint32_t field, const struct buckets *buckets)
{
    return buckets->count == 0 ? 0 : ct_field_bytes_size(field, message_size(buckets));
}

static uint8_t *write_field(uint8_t *at, uint32_t field, const struct buckets *buckets)
{
    if (buckets->count == 0)
        return at;
    at = ct_put_length(at, field, message_size(buckets));
    if (buckets->offset != 0)
        at = ct_put_field_varint(at, CT_BUCKETS_OFFSET, ct_zigzag(buckets->offset));
    at = ct_put_length(at, CT_BUCKETS_COUNTS, buckets->packed_size);
    for (size_t i = 0; i < buckets->count; i++)
        at = ct_put_varint(at, buckets->counts[i]);
    return at;
}

static bool has_min_max(const struct ct_exponential *state,
                        const struct ct_exponential_config *config)
{
    return config->min_max && state->count > 0;
}

size_t ct_exponential_encoded_size(const struct ct_exponential *state,
                                   const struct ct_exponential_config *config)
{
    struct buckets positive = buckets_of(state, config, CT_POSITIVE);
    struct buckets negative = buckets_of(state, config, CT_NEGATIVE);
    size_t size = ct_field_fixed64_size(CT_EXPONENTIAL_POINT_COUNT) +
                  field_size(CT_EXPONENTIAL_POINT_POSITIVE, &positive) +
                  field_size(CT_EXPONENTIAL_POINT_NEGATIVE, &negative);
    if (config->sum)
        size += ct_field_fixed64_size(CT_EXPONENTIAL_POINT_SUM);
    if (state->scale != 0)
        size += ct_field_varint_size(CT_EXPONENTIAL_POINT_SCALE, ct_zigzag(state->scale));
    if (state->zero_count != 0)
        size += ct_field_fixed64_size(CT_EXPONENTIAL_POINT_ZERO_COUNT);
    if (has_min_max(state, config))
        size += ct_field_fixed64_size(CT_EXPONENTIAL_POINT_MIN) +
                ct_field_fixed64_size(CT_EXPONENTIAL_POINT_MAX);
    return size;
}

uint8_t *ct_exponential_write(uint8_t *at, const struct ct_exponential *state,
                              const struct ct_exponential_config *config)
{
    struct buckets positive = buckets_of(state, config, CT_POSITIVE);
    struct buckets negative = buckets_of(state, config, CT_NEGATIVE);
    at = ct_put_field_fixed64(at, CT_EXPONENTIAL_POINT_COUNT, state->count);
    if (config->sum)
        at = ct_put_field_double(at, CT_EXPONENTIAL_POINT_SUM, state->sum);
    if (state->scale != 0)
        at = ct_put_field_varint(at, CT_EXPONENTIAL_POINT_SCALE, ct_zigzag(state->scale));
    if (state->zero_count != 0)
        at = ct_put_field_fixed64(at, CT_EXPONENTIAL_POINT_ZERO_COUNT, state->zero_count);
    at = write_field(at, CT_EXPONENTIAL_POINT_POSITIVE, &positive);
    at = write_field(at, CT_EXPONENTIAL_POINT_NEGATIVE, &negative);
    if (has_min_max(state, config)) {
        at = ct_put_field_double(at, CT_EXPONENTIAL_POINT_MIN, state->min);
        at = ct_put_field_double(at, CT_EXPONENTIAL_POINT_MAX, state->max);
    }
    return at;
}
