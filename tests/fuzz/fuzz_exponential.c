/* SPDX-License-Identifier: Apache-2.0 */
/* Exponential histograms of any doubles and any size: every value is in its bucket, none is lost by
 * moving or scaling down, and the order in which they come does not matter. */
#include "fuzz.h"

#include "sdk/metrics/aggregation/exponential_counts.h"
#include "sdk/metrics/aggregation/exponential_index.h"

#include <math.h>

#define VALUES_MAX 256

static struct ct_exponential_config take_config(struct input *input)
{
    uint32_t size = take_byte(input);
    uint8_t flags = take_byte(input);
    return (struct ct_exponential_config){.max_buckets = size < 250 ? 2 + size : 16384,
                                          .max_scale =
                                              CT_EXPONENTIAL_MAX_SCALE - take_byte(input) % 31,
                                          .min_max = flags & 1,
                                          .sum = (flags & 2) != 0,
                                          .negatives = (flags & 4) != 0};
}

/* What a caller lets through. */
static size_t take_values(struct input *input, bool negatives, double values[VALUES_MAX])
{
    size_t count = 0;
    for (; count < VALUES_MAX && input->left >= sizeof *values; count++) {
        memcpy(&values[count], input->at, sizeof *values);
        input->at += sizeof *values;
        input->left -= sizeof *values;
        if (!isfinite(values[count]))
            values[count] = 0;
        if (!negatives)
            values[count] = fabs(values[count]);
    }
    return count;
}

/* From the value at `first` on to the last one, and then those before it. */
static struct ct_exponential *make(const struct ct_exponential_config *config, const double *values,
                                   size_t count, size_t first)
{
    struct ct_exponential *histogram = malloc(ct_exponential_size(config));
    MUST(histogram);
    ct_exponential_init(histogram, config);
    for (size_t i = 0; i < count; i++)
        ct_exponential_record(histogram, config, values[(first + i) % count]);
    return histogram;
}

static void check_bucket(const struct ct_exponential *histogram,
                         const struct ct_exponential_config *config, double value)
{
    int sign = value > 0 ? CT_POSITIVE : CT_NEGATIVE;
    int32_t index = ct_exponential_index(fabs(value), histogram->scale);
    MUST(ct_exponential_in_window(histogram, config, sign, index));
    MUST(ct_exponential_counts(histogram, config, sign)[index - histogram->origins[sign]] > 0);
}

static void check(const struct ct_exponential *histogram,
                  const struct ct_exponential_config *config, const double *values, size_t count)
{
    uint64_t counted = histogram->zero_count;
    for (size_t i = 0; i < config->max_buckets * (config->negatives ? 2u : 1u); i++)
        counted += histogram->counts[i];
    MUST(counted == count && histogram->count == count);
    MUST(histogram->scale <= config->max_scale && histogram->scale >= -11);
    for (size_t i = 0; i < count; i++) {
        if (values[i] != 0)
            check_bucket(histogram, config, values[i]);
    }
}

static void check_same(const struct ct_exponential *a, const struct ct_exponential *b,
                       const struct ct_exponential_config *config)
{
    MUST(a->scale == b->scale);
    for (int sign = 0; sign < CT_SIGNS; sign++) {
        struct ct_span_of_indices used = ct_exponential_used(a, config, sign);
        struct ct_span_of_indices other = ct_exponential_used(b, config, sign);
        MUST(used.low == other.low && used.high == other.high);
        for (int32_t i = used.low; i <= used.high; i++)
            MUST(ct_exponential_counts(a, config, sign)[i - a->origins[sign]] ==
                 ct_exponential_counts(b, config, sign)[i - b->origins[sign]]);
    }
}

static void check_encoding(const struct ct_exponential *histogram,
                           const struct ct_exponential_config *config)
{
    size_t size = ct_exponential_encoded_size(histogram, config);
    uint8_t *bytes = malloc(size);
    MUST(bytes && ct_exponential_write(bytes, histogram, config) == bytes + size);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static double values[VALUES_MAX];
    struct input input = {data, size};
    struct ct_exponential_config config = take_config(&input);
    size_t first = take_byte(&input);
    size_t count = take_values(&input, config.negatives, values);
    struct ct_exponential *one = make(&config, values, count, 0);
    struct ct_exponential *other = make(&config, values, count, first);
    check(one, &config, values, count);
    check_same(one, other, &config);
    check_encoding(one, &config);
    free(other);
    free(one);
    return 0;
}
