/* SPDX-License-Identifier: Apache-2.0 */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sdk/metrics/aggregation/exponential_counts.h"
#include "sdk/metrics/aggregation/exponential_index.h"

#define VALUES_MAX 3000

static const struct ct_exponential_config plain = {
    .max_buckets = 160, .max_scale = 20, .min_max = true, .sum = true, .negatives = true};

static struct ct_random numbers;

static double uniform(void)
{
    return ((double)(ct_random_next(&numbers) >> 11) + 0.5) * 0x1p-53;
}

static size_t below(size_t limit)
{
    return (size_t)(ct_random_next(&numbers) % limit);
}

static struct ct_exponential *make(const struct ct_exponential_config *config)
{
    struct ct_exponential *histogram = malloc(ct_exponential_size(config));
    assert_non_null(histogram);
    ct_exponential_init(histogram, config);
    return histogram;
}

static struct ct_exponential *make_of(const struct ct_exponential_config *config,
                                      const double *values, size_t count)
{
    struct ct_exponential *histogram = make(config);
    for (size_t i = 0; i < count; i++)
        ct_exponential_record(histogram, config, values[i]);
    return histogram;
}

static size_t used_buckets(const struct ct_exponential *histogram,
                           const struct ct_exponential_config *config, int sign)
{
    struct ct_span_of_indices used = ct_exponential_used(histogram, config, sign);
    return ct_span_is_empty(used) ? 0 : (size_t)((int64_t)used.high - used.low + 1);
}

/* ---- a second opinion: all values at hand, nothing moved ---- */

static int sign_of(double value)
{
    return value > 0 ? CT_POSITIVE : CT_NEGATIVE;
}

static bool fits(const struct ct_exponential_config *config, const double *values, size_t count,
                 int32_t scale)
{
    int64_t low[CT_SIGNS] = {INT32_MAX, INT32_MAX}, high[CT_SIGNS] = {INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < count; i++) {
        if (values[i] == 0)
            continue;
        int sign = sign_of(values[i]);
        int32_t index = ct_exponential_index(fabs(values[i]), scale);
        low[sign] = index < low[sign] ? index : low[sign];
        high[sign] = index > high[sign] ? index : high[sign];
    }
    return high[0] - low[0] < config->max_buckets && high[1] - low[1] < config->max_buckets;
}

static int32_t best_scale(const struct ct_exponential_config *config, const double *values,
                          size_t count)
{
    int32_t scale = config->max_scale;
    while (!fits(config, values, count, scale))
        scale--;
    return scale;
}

static uint64_t count_of(const struct ct_exponential *histogram,
                         const struct ct_exponential_config *config, int sign, int32_t index)
{
    assert_true(ct_exponential_in_window(histogram, config, sign, index));
    return ct_exponential_counts(histogram, config, sign)[index - histogram->origins[sign]];
}

/* What the values that lie in the bucket of values[of] are. */
static uint64_t values_in_bucket(const double *values, size_t count, size_t of, int32_t scale)
{
    uint64_t same = 0;
    for (size_t i = 0; i < count; i++)
        same += values[i] != 0 && sign_of(values[i]) == sign_of(values[of]) &&
                ct_exponential_index(fabs(values[i]), scale) ==
                    ct_exponential_index(fabs(values[of]), scale);
    return same;
}

static uint64_t sum_of_counts(const struct ct_exponential *histogram,
                              const struct ct_exponential_config *config)
{
    uint64_t sum = histogram->zero_count;
    for (size_t i = 0; i < config->max_buckets * (config->negatives ? 2 : 1); i++)
        sum += histogram->counts[i];
    return sum;
}

static void expect_values(const struct ct_exponential *histogram,
                          const struct ct_exponential_config *config, const double *values,
                          size_t count)
{
    int32_t scale = best_scale(config, values, count);
    assert_int_equal(histogram->scale, scale);
    assert_int_equal(histogram->count, count);
    assert_int_equal(sum_of_counts(histogram, config), count);
    for (size_t i = 0; i < count; i++) {
        if (values[i] == 0)
            continue;
        int32_t index = ct_exponential_index(fabs(values[i]), scale);
        assert_int_equal(count_of(histogram, config, sign_of(values[i]), index),
                         values_in_bucket(values, count, i, scale));
    }
}

/* ---- distributions ---- */

static double narrow(void)
{
    return 100 + uniform();
}

static double lognormal(void)
{
    return exp(2 * sqrt(-2 * log(uniform())) * cos(2 * acos(-1) * uniform()));
}

static double both_signs(void)
{
    double value = lognormal();
    return below(3) == 0 ? -value : below(20) == 0 ? 0 : value;
}

static double huge_range(void)
{
    return ldexp(1 + uniform(), (int)below(2046) - 1023);
}

static double with_subnormals(void)
{
    return below(2) ? ldexp(1, -1074 + (int)below(60)) : huge_range();
}

static double (*const distributions[])(void) = {narrow, lognormal, both_signs, huge_range,
                                                with_subnormals};

#define DISTRIBUTIONS (sizeof distributions / sizeof *distributions)

static void fill(double *values, size_t count, size_t distribution)
{
    for (size_t i = 0; i < count; i++)
        values[i] = distributions[distribution]();
}

/* ---- tests ---- */

static void a_single_value_has_the_highest_scale(void **state)
{
    static const double values[] = {1, 0.1, 1e300, DBL_MAX, DBL_MIN, 0x1p-1074, -17.5};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double twice[] = {values[i], values[i]};
        struct ct_exponential *histogram = make_of(&plain, twice, 2);
        assert_int_equal(histogram->scale, 20);
        expect_values(histogram, &plain, twice, 2);
        free(histogram);
    }
}

static void what_was_recorded_and_scaled_down_equals_recording_at_that_scale(void **state)
{
    static double values[VALUES_MAX];
    for (size_t i = 0; i < DISTRIBUTIONS; i++) {
        fill(values, VALUES_MAX, i);
        struct ct_exponential *histogram = make_of(&plain, values, VALUES_MAX);
        expect_values(histogram, &plain, values, VALUES_MAX);
        free(histogram);
    }
}

static void sizes_and_scales_hold_at_their_edges(void **state)
{
    static const uint32_t sizes[] = {2, 3, 4, 5, 160, 16384};
    static const int32_t scales[] = {-10, -9, -1, 0, 1, 7, 8, 19, 20};
    double values[200];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (size_t j = 0; j < sizeof scales / sizeof *scales; j++) {
            struct ct_exponential_config config = plain;
            config.max_buckets = sizes[i];
            config.max_scale = scales[j];
            fill(values, 200, below(DISTRIBUTIONS));
            struct ct_exponential *histogram = make_of(&config, values, 200);
            expect_values(histogram, &config, values, 200);
            free(histogram);
        }
    }
}

static void every_step_is_the_best_that_can_be(void **state)
{
    static double values[300];
    for (uint32_t size = 2; size <= 20; size += 6) {
        struct ct_exponential_config config = plain;
        config.max_buckets = size;
        fill(values, 300, size % DISTRIBUTIONS);
        struct ct_exponential *histogram = make(&config);
        for (size_t i = 0; i < 300; i++) {
            ct_exponential_record(histogram, &config, values[i]);
            expect_values(histogram, &config, values, i + 1);
        }
        free(histogram);
    }
}

static void all_doubles_fit_into_two_buckets(void **state)
{
    static const double values[] = {DBL_MAX, 0x1p-1074, 1, -DBL_MAX, -0x1p-1074, 0};
    struct ct_exponential_config config = plain;
    config.max_buckets = 2;
    struct ct_exponential *histogram = make_of(&config, values, 6);
    assert_int_equal(histogram->scale, -11);
    expect_values(histogram, &config, values, 6);
    free(histogram);
}

static void normal_doubles_fit_into_two_buckets_at_scale_minus_ten(void **state)
{
    static const double values[] = {DBL_MAX, DBL_MIN, 1};
    struct ct_exponential_config config = plain;
    config.max_buckets = 2;
    config.max_scale = -10;
    struct ct_exponential *histogram = make_of(&config, values, 3);
    assert_int_equal(histogram->scale, -10);
    expect_values(histogram, &config, values, 3);
    free(histogram);
}

static void more_than_half_of_the_buckets_are_used_once_the_scale_went_down(void **state)
{
    for (int round = 0; round < 2000; round++) {
        struct ct_exponential_config config = plain;
        config.max_buckets = (uint32_t)(2 + below(400));
        double values[] = {huge_range(), huge_range(), huge_range()};
        struct ct_exponential *histogram = make_of(&config, values, 3);
        size_t used = used_buckets(histogram, &config, CT_POSITIVE);
        assert_true(used <= config.max_buckets);
        assert_true(histogram->scale == 20 || used * 2 > config.max_buckets);
        free(histogram);
    }
}

static void rising_and_falling_values_are_all_counted(void **state)
{
    static double values[1000];
    struct ct_exponential_config config = plain;
    config.max_buckets = 16;
    for (int order = 0; order < 3; order++) {
        for (int i = 0; i < 1000; i++) {
            int step = order == 0 ? i : order == 1 ? -i : i % 2 ? i : -i;
            values[i] = exp2(step * 0.01);
        }
        struct ct_exponential *histogram = make_of(&config, values, 1000);
        expect_values(histogram, &config, values, 1000);
        free(histogram);
    }
}

/* Half of what is free lies on each side, so even values that only fall seldom meet its end. */
static void the_window_is_seldom_moved(void **state)
{
    struct ct_exponential_config config = plain;
    config.max_buckets = 16384;
    struct ct_exponential *histogram = make(&config);
    int32_t origin = 0;
    int moves = 0;
    for (int i = 0; i < 100000; i++) {
        ct_exponential_record(histogram, &config, exp2(i * -0.01));
        moves += histogram->origins[CT_POSITIVE] != origin;
        origin = histogram->origins[CT_POSITIVE];
    }
    assert_in_range(moves, 1, 150);
    free(histogram);
}

static void zeros_of_both_signs_are_counted_apart(void **state)
{
    static const double values[] = {0.0, -0.0, 5};
    struct ct_exponential *histogram = make_of(&plain, values, 3);
    assert_int_equal(histogram->zero_count, 2);
    assert_int_equal(histogram->count, 3);
    assert_int_equal(used_buckets(histogram, &plain, CT_POSITIVE), 1);
    assert_int_equal(used_buckets(histogram, &plain, CT_NEGATIVE), 0);
    assert_true(histogram->min == 0 && histogram->max == 5);
    free(histogram);
}

static void sum_min_and_max_are_kept(void **state)
{
    static const double values[] = {2.5, -4, 10, 0.25};
    struct ct_exponential *histogram = make_of(&plain, values, 4);
    assert_true(histogram->sum == 8.75);
    assert_true(histogram->min == -4);
    assert_true(histogram->max == 10);
    free(histogram);
}

static void starting_over_puts_the_scale_back(void **state)
{
    static const double values[] = {1e-300, 1e300, -7, 0};
    struct ct_exponential *histogram = make_of(&plain, values, 4), *fresh = make(&plain);
    assert_true(histogram->scale < 20);
    ct_exponential_init(histogram, &plain);
    assert_memory_equal(histogram, fresh, ct_exponential_size(&plain));
    ct_exponential_record(histogram, &plain, 3);
    expect_values(histogram, &plain, (const double[]){3}, 1);
    free(fresh);
    free(histogram);
}

static void without_negative_values_there_is_no_room_for_them(void **state)
{
    struct ct_exponential_config config = plain;
    config.negatives = false;
    assert_int_equal(ct_exponential_size(&plain) - ct_exponential_size(&config),
                     config.max_buckets * sizeof(uint64_t));
    static const double values[] = {1e-300, 1e300, 7, 0};
    struct ct_exponential *histogram = make_of(&config, values, 4);
    assert_int_equal(sum_of_counts(histogram, &config), 4);
    free(histogram);
}

static void a_copy_of_the_block_is_a_snapshot(void **state)
{
    static const double values[] = {1, 5, 900};
    struct ct_exponential *histogram = make_of(&plain, values, 3), *copy = make(&plain);
    memcpy(copy, histogram, ct_exponential_size(&plain));
    ct_exponential_record(histogram, &plain, 1e9);
    expect_values(copy, &plain, values, 3);
    free(copy);
    free(histogram);
}

static int seed(void **state)
{
    numbers = (struct ct_random){.state = {5, 6, 7, 8}};
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_single_value_has_the_highest_scale),
        cmocka_unit_test(what_was_recorded_and_scaled_down_equals_recording_at_that_scale),
        cmocka_unit_test(sizes_and_scales_hold_at_their_edges),
        cmocka_unit_test(every_step_is_the_best_that_can_be),
        cmocka_unit_test(all_doubles_fit_into_two_buckets),
        cmocka_unit_test(normal_doubles_fit_into_two_buckets_at_scale_minus_ten),
        cmocka_unit_test(more_than_half_of_the_buckets_are_used_once_the_scale_went_down),
        cmocka_unit_test(rising_and_falling_values_are_all_counted),
        cmocka_unit_test(the_window_is_seldom_moved),
        cmocka_unit_test(zeros_of_both_signs_are_counted_apart),
        cmocka_unit_test(sum_min_and_max_are_kept),
        cmocka_unit_test(starting_over_puts_the_scale_back),
        cmocka_unit_test(without_negative_values_there_is_no_room_for_them),
        cmocka_unit_test(a_copy_of_the_block_is_a_snapshot),
    };
    return cmocka_run_group_tests(tests, seed, NULL);
}
