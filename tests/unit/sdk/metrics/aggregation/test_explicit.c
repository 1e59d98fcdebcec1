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

#include <cotel/sdk/view.h>

#include "base/random.h"
#include "sdk/metrics/aggregation/explicit.h"

static const double default_boundaries[] = {0,   5,   10,   25,   50,   75,   100,  250,
                                            500, 750, 1000, 2500, 5000, 7500, 10000};

static const struct ct_explicit_config plain = {
    .boundaries = default_boundaries, .count = 15, .min_max = true, .sum = true};

static struct ct_explicit *make(const struct ct_explicit_config *config)
{
    struct ct_explicit *histogram = malloc(ct_explicit_size(config));
    assert_non_null(histogram);
    ct_explicit_init(histogram, config);
    return histogram;
}

static size_t bucket_of(double value)
{
    return ct_explicit_bucket(plain.boundaries, plain.count, value);
}

static void a_bucket_takes_in_its_upper_boundary(void **state)
{
    assert_int_equal(bucket_of(-DBL_MAX), 0);
    assert_int_equal(bucket_of(0), 0);
    assert_int_equal(bucket_of(-0.0), 0);
    assert_int_equal(bucket_of(0x1p-1074), 1);
    for (size_t i = 0; i < plain.count; i++) {
        assert_int_equal(bucket_of(default_boundaries[i]), i);
        assert_int_equal(bucket_of(nextafter(default_boundaries[i], INFINITY)), i + 1);
    }
    assert_int_equal(bucket_of(DBL_MAX), 15);
}

/* Every number of boundaries that there can be, each on both sides of some. */
static void any_number_of_boundaries_is_searched_right(void **state)
{
    static double boundaries[COTEL_MAX_BOUNDARIES];
    struct ct_random numbers = {.state = {1, 2, 3, 4}};
    for (size_t i = 0; i < COTEL_MAX_BOUNDARIES; i++)
        boundaries[i] = (double)i * 3 - 1000;
    for (size_t count = 0; count <= COTEL_MAX_BOUNDARIES; count++) {
        assert_int_equal(ct_explicit_bucket(boundaries, count, -DBL_MAX), 0);
        assert_int_equal(ct_explicit_bucket(boundaries, count, DBL_MAX), count);
        for (int n = 0; count > 0 && n < 40; n++) {
            size_t i = (size_t)(ct_random_next(&numbers) % count);
            assert_int_equal(ct_explicit_bucket(boundaries, count, boundaries[i]), i);
            assert_int_equal(ct_explicit_bucket(boundaries, count, boundaries[i] + 1), i + 1);
        }
    }
}

static void measurements_are_counted_summed_and_bounded(void **state)
{
    struct ct_explicit *histogram = make(&plain);
    ct_explicit_record(histogram, &plain, 7);
    ct_explicit_record(histogram, &plain, 10);
    ct_explicit_record(histogram, &plain, 0.5);
    ct_explicit_record(histogram, &plain, 1e6);
    assert_int_equal(ct_explicit_count(histogram, &plain), 4);
    assert_int_equal(histogram->buckets[1], 1);
    assert_int_equal(histogram->buckets[2], 2);
    assert_int_equal(histogram->buckets[15], 1);
    assert_true(histogram->sum == 1000017.5);
    assert_true(histogram->min == 0.5);
    assert_true(histogram->max == 1e6);
    free(histogram);
}

static void without_boundaries_there_is_one_bucket(void **state)
{
    const struct ct_explicit_config config = {.boundaries = NULL, .count = 0, .sum = true};
    struct ct_explicit *histogram = make(&config);
    ct_explicit_record(histogram, &config, -5);
    ct_explicit_record(histogram, &config, 5e300);
    assert_int_equal(histogram->buckets[0], 2);
    free(histogram);
}

static void starting_over_leaves_nothing(void **state)
{
    struct ct_explicit *histogram = make(&plain), *fresh = make(&plain);
    ct_explicit_record(histogram, &plain, 7);
    ct_explicit_record(histogram, &plain, 1e9);
    ct_explicit_init(histogram, &plain);
    assert_memory_equal(histogram, fresh, ct_explicit_size(&plain));
    free(fresh);
    free(histogram);
}

static void a_copy_of_the_block_is_a_snapshot(void **state)
{
    struct ct_explicit *histogram = make(&plain), *copy = make(&plain);
    ct_explicit_record(histogram, &plain, 7);
    memcpy(copy, histogram, ct_explicit_size(&plain));
    ct_explicit_record(histogram, &plain, 8);
    assert_int_equal(ct_explicit_count(copy, &plain), 1);
    assert_true(copy->sum == 7);
    free(copy);
    free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_takes_in_its_upper_boundary),
        cmocka_unit_test(any_number_of_boundaries_is_searched_right),
        cmocka_unit_test(measurements_are_counted_summed_and_bounded),
        cmocka_unit_test(without_boundaries_there_is_one_bucket),
        cmocka_unit_test(starting_over_leaves_nothing),
        cmocka_unit_test(a_copy_of_the_block_is_a_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
