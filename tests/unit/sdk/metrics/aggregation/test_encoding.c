/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of both histograms, read back by the decoder that is made of the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "proto/metrics.pb-c.h"
#include "sdk/metrics/aggregation/explicit.h"
#include "sdk/metrics/aggregation/exponential.h"

typedef Opentelemetry__Proto__Metrics__V1__HistogramDataPoint explicit_message;
typedef Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint exponential_message;

#define HAS(message, member) ((message)->_##member##_case != 0)

/* ---- explicit ---- */

static const double boundaries[] = {1, 2, 3};
static const struct ct_explicit_config explicit_config = {
    .boundaries = boundaries, .count = 3, .min_max = true, .sum = true};

static explicit_message *explicit_of(const struct ct_explicit_config *config, const double *values,
                                     size_t count)
{
    struct ct_explicit *histogram = malloc(ct_explicit_size(config));
    ct_explicit_init(histogram, config);
    for (size_t i = 0; i < count; i++)
        ct_explicit_record(histogram, config, values[i]);
    size_t size = ct_explicit_encoded_size(histogram, config);
    uint8_t *bytes = malloc(size);
    assert_ptr_equal(ct_explicit_write(bytes, histogram, config), bytes + size);
    explicit_message *message =
        ct_opentelemetry__proto__metrics__v1__histogram_data_point__unpack(NULL, size, bytes);
    assert_non_null(message);
    free(bytes);
    free(histogram);
    return message;
}

static void let_explicit_go(explicit_message *message)
{
    ct_opentelemetry__proto__metrics__v1__histogram_data_point__free_unpacked(message, NULL);
}

static void an_explicit_histogram_arrives_whole(void **state)
{
    static const double values[] = {1, 1.5, 2, 7};
    explicit_message *message = explicit_of(&explicit_config, values, 4);
    assert_int_equal(message->count, 4);
    assert_true(message->sum == 11.5);
    assert_true(message->min == 1 && message->max == 7);
    assert_int_equal(message->n_explicit_bounds, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(message->explicit_bounds[i] == boundaries[i]);
    static const uint64_t counts[] = {1, 2, 0, 1};
    assert_int_equal(message->n_bucket_counts, 4);
    assert_memory_equal(message->bucket_counts, counts, sizeof counts);
    let_explicit_go(message);
}

static void an_empty_explicit_histogram_has_neither_min_nor_max(void **state)
{
    explicit_message *message = explicit_of(&explicit_config, NULL, 0);
    assert_int_equal(message->count, 0);
    assert_int_equal(message->n_bucket_counts, 4);
    assert_true(HAS(message, sum));
    assert_false(HAS(message, min));
    assert_false(HAS(message, max));
    let_explicit_go(message);
}

static void what_an_explicit_histogram_does_not_keep_is_left_out(void **state)
{
    static const double values[] = {-1, 5};
    const struct ct_explicit_config config = {.boundaries = boundaries, .count = 3};
    explicit_message *message = explicit_of(&config, values, 2);
    assert_int_equal(message->count, 2);
    assert_false(HAS(message, sum));
    assert_false(HAS(message, min));
    assert_false(HAS(message, max));
    let_explicit_go(message);
}

static void one_bucket_has_a_count_and_no_boundary(void **state)
{
    static const double values[] = {4, 5};
    const struct ct_explicit_config config = {.boundaries = NULL, .count = 0, .sum = true};
    explicit_message *message = explicit_of(&config, values, 2);
    assert_int_equal(message->n_explicit_bounds, 0);
    assert_int_equal(message->n_bucket_counts, 1);
    assert_int_equal(message->bucket_counts[0], 2);
    let_explicit_go(message);
}

/* ---- exponential ---- */

static const struct ct_exponential_config exponential_config = {
    .max_buckets = 160, .max_scale = 20, .min_max = true, .sum = true, .negatives = true};

static exponential_message *encode(const struct ct_exponential *histogram,
                                   const struct ct_exponential_config *config)
{
    size_t size = ct_exponential_encoded_size(histogram, config);
    uint8_t *bytes = malloc(size);
    assert_ptr_equal(ct_exponential_write(bytes, histogram, config), bytes + size);
    exponential_message *message =
        ct_opentelemetry__proto__metrics__v1__exponential_histogram_data_point__unpack(NULL, size,
                                                                                       bytes);
    assert_non_null(message);
    free(bytes);
    return message;
}

static struct ct_exponential *recorded(const struct ct_exponential_config *config,
                                       const double *values, size_t count)
{
    struct ct_exponential *histogram = malloc(ct_exponential_size(config));
    ct_exponential_init(histogram, config);
    for (size_t i = 0; i < count; i++)
        ct_exponential_record(histogram, config, values[i]);
    return histogram;
}

static exponential_message *exponential_of(const struct ct_exponential_config *config,
                                           const double *values, size_t count)
{
    struct ct_exponential *histogram = recorded(config, values, count);
    exponential_message *message = encode(histogram, config);
    free(histogram);
    return message;
}

static void let_exponential_go(exponential_message *message)
{
    ct_opentelemetry__proto__metrics__v1__exponential_histogram_data_point__free_unpacked(message,
                                                                                          NULL);
}

static void an_exponential_histogram_arrives_whole(void **state)
{
    struct ct_exponential_config config = exponential_config;
    config.max_scale = 0;
    static const double values[] = {0.5, 0.75, 1, 8, 0, 0, -16, -5};
    exponential_message *message = exponential_of(&config, values, 8);
    assert_int_equal(message->count, 8);
    assert_int_equal(message->zero_count, 2);
    assert_true(message->zero_threshold == 0);
    assert_int_equal(message->scale, 0);
    assert_true(message->sum == -10.75);
    assert_true(message->min == -16 && message->max == 8);
    static const uint64_t positive[] = {1, 2, 0, 0, 1}, negative[] = {1, 1};
    assert_int_equal(message->positive->offset, -2);
    assert_int_equal(message->positive->n_bucket_counts, 5);
    assert_memory_equal(message->positive->bucket_counts, positive, sizeof positive);
    assert_int_equal(message->negative->offset, 2);
    assert_int_equal(message->negative->n_bucket_counts, 2);
    assert_memory_equal(message->negative->bucket_counts, negative, sizeof negative);
    let_exponential_go(message);
}

static void an_empty_exponential_histogram_has_no_buckets(void **state)
{
    exponential_message *message = exponential_of(&exponential_config, NULL, 0);
    assert_int_equal(message->count, 0);
    assert_int_equal(message->scale, 20);
    assert_null(message->positive);
    assert_null(message->negative);
    assert_false(HAS(message, min));
    assert_false(HAS(message, max));
    let_exponential_go(message);
}

static void what_an_exponential_histogram_does_not_keep_is_left_out(void **state)
{
    static const double values[] = {1, 5};
    const struct ct_exponential_config config = {.max_buckets = 160, .max_scale = 20};
    exponential_message *message = exponential_of(&config, values, 2);
    assert_int_equal(message->count, 2);
    assert_false(HAS(message, sum));
    assert_false(HAS(message, min));
    assert_false(HAS(message, max));
    let_exponential_go(message);
}

static void scales_and_offsets_of_both_signs_arrive(void **state)
{
    static const double values[] = {0x1p-1074, 0x1p1023};
    struct ct_exponential_config config = exponential_config;
    config.max_buckets = 4;
    exponential_message *message = exponential_of(&config, values, 2);
    assert_int_equal(message->scale, -10);
    assert_int_equal(message->positive->offset, -2);
    assert_int_equal(message->positive->n_bucket_counts, 3);
    let_exponential_go(message);
    message = exponential_of(&exponential_config, values, 1);
    assert_int_equal(message->scale, 20);
    assert_int_equal(message->positive->offset, -1074 * (1 << 20) - 1);
    let_exponential_go(message);
}

/* Packed numbers of one to ten bytes. */
static void counts_of_every_length_arrive(void **state)
{
    struct ct_exponential *histogram = recorded(&exponential_config, (const double[]){1}, 1);
    size_t first = (size_t)(-1 - histogram->origins[0]);
    for (size_t i = 0; i < 64; i++)
        histogram->counts[first + i] = UINT64_C(1) << i;
    exponential_message *message = encode(histogram, &exponential_config);
    assert_int_equal(message->positive->offset, -1);
    assert_int_equal(message->positive->n_bucket_counts, 64);
    for (size_t i = 0; i < 64; i++)
        assert_true(message->positive->bucket_counts[i] == UINT64_C(1) << i);
    let_exponential_go(message);
    free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_explicit_histogram_arrives_whole),
        cmocka_unit_test(an_empty_explicit_histogram_has_neither_min_nor_max),
        cmocka_unit_test(what_an_explicit_histogram_does_not_keep_is_left_out),
        cmocka_unit_test(one_bucket_has_a_count_and_no_boundary),
        cmocka_unit_test(an_exponential_histogram_arrives_whole),
        cmocka_unit_test(an_empty_exponential_histogram_has_no_buckets),
        cmocka_unit_test(what_an_exponential_histogram_does_not_keep_is_left_out),
        cmocka_unit_test(scales_and_offsets_of_both_signs_arrive),
        cmocka_unit_test(counts_of_every_length_arrive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
