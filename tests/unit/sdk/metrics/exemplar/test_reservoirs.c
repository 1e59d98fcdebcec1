/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sdk/metrics/exemplar/default_factory.h"

static int offer(cotel_exemplar_reservoir *reservoir, double value)
{
    const cotel_measurement measurement = {.is_double = true, .floating = value};
    return reservoir->ops->offer(reservoir, &measurement);
}

static void destroy(cotel_exemplar_reservoir *reservoir)
{
    reservoir->ops->destroy(reservoir);
}

/* ---- simple ---- */

static void the_first_measurements_fill_the_places(void **state)
{
    cotel_exemplar_reservoir *reservoir = cotel_exemplar_reservoir_simple(5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(offer(reservoir, i), i);
    destroy(reservoir);
}

#define PLACES 10
#define OFFERED 100
#define COLLECTIONS 20000

/* Which of OFFERED measurements are kept in the end, added up in `kept`. */
static void collect_once(cotel_exemplar_reservoir *reservoir, long kept[OFFERED])
{
    int in_place[PLACES];
    for (int i = 0; i < OFFERED; i++) {
        int place = offer(reservoir, i);
        assert_in_range(place + 1, 0, PLACES);
        if (place >= 0)
            in_place[place] = i;
    }
    for (int place = 0; place < PLACES; place++)
        kept[in_place[place]]++;
    reservoir->ops->collected(reservoir);
}

/* Each is kept as often as the others: chi-square with 99 degrees of freedom has a mean of 99 and a
 * deviation of 14; what is asked is left by chance once in a hundred million runs. */
static void each_measurement_has_the_same_chance(void **state)
{
    static long kept[OFFERED];
    cotel_exemplar_reservoir *reservoir = cotel_exemplar_reservoir_simple(PLACES);
    for (int i = 0; i < COLLECTIONS; i++)
        collect_once(reservoir, kept);
    const double expected = (double)COLLECTIONS * PLACES / OFFERED;
    double chi_square = 0;
    for (int i = 0; i < OFFERED; i++)
        chi_square += (kept[i] - expected) * (kept[i] - expected) / expected;
    assert_true(chi_square < 200);
    assert_true(chi_square > 30);
    destroy(reservoir);
}

static void two_reservoirs_choose_differently(void **state)
{
    cotel_exemplar_reservoir *one = cotel_exemplar_reservoir_simple(100);
    cotel_exemplar_reservoir *other = cotel_exemplar_reservoir_simple(100);
    int same = 0;
    for (int i = 0; i < 1100; i++)
        same += offer(one, i) == offer(other, i);
    assert_true(same < 900);
    destroy(other);
    destroy(one);
}

static void a_collection_starts_the_sample_over(void **state)
{
    cotel_exemplar_reservoir *reservoir = cotel_exemplar_reservoir_simple(1);
    for (int i = 0; i < 1000; i++)
        offer(reservoir, i);
    reservoir->ops->collected(reservoir);
    assert_int_equal(offer(reservoir, 1), 0);
    destroy(reservoir);
}

static void a_simple_reservoir_has_1_to_256_places(void **state)
{
    assert_null(cotel_exemplar_reservoir_simple(0));
    assert_null(cotel_exemplar_reservoir_simple(COTEL_EXEMPLAR_MAX_PLACES + 1));
    cotel_exemplar_reservoir *reservoir =
        cotel_exemplar_reservoir_simple(COTEL_EXEMPLAR_MAX_PLACES);
    for (int i = 0; i < COTEL_EXEMPLAR_MAX_PLACES; i++)
        assert_int_equal(offer(reservoir, i), i);
    destroy(reservoir);
}

/* ---- aligned ---- */

static void each_bucket_has_its_place(void **state)
{
    double boundaries[] = {1, 2, 3};
    cotel_exemplar_reservoir *reservoir = cotel_exemplar_reservoir_aligned(boundaries, 3);
    boundaries[0] = 100; /* they were copied */
    assert_int_equal(offer(reservoir, -1), 0);
    assert_int_equal(offer(reservoir, 1), 0);
    assert_int_equal(offer(reservoir, 1.5), 1);
    assert_int_equal(offer(reservoir, 3), 2);
    assert_int_equal(offer(reservoir, 3.5), 3);
    assert_int_equal(offer(reservoir, 1.5), 1); /* again: the last one counts */
    destroy(reservoir);
}

static void an_aligned_reservoir_has_at_most_256_places(void **state)
{
    static double boundaries[COTEL_EXEMPLAR_MAX_PLACES];
    for (int i = 0; i < COTEL_EXEMPLAR_MAX_PLACES; i++)
        boundaries[i] = i;
    assert_null(cotel_exemplar_reservoir_aligned(boundaries, COTEL_EXEMPLAR_MAX_PLACES));
    assert_null(cotel_exemplar_reservoir_aligned(NULL, 1));
    cotel_exemplar_reservoir *most =
        cotel_exemplar_reservoir_aligned(boundaries, COTEL_EXEMPLAR_MAX_PLACES - 1);
    assert_int_equal(offer(most, 1e9), COTEL_EXEMPLAR_MAX_PLACES - 1);
    destroy(most);
    cotel_exemplar_reservoir *one = cotel_exemplar_reservoir_aligned(NULL, 0);
    assert_int_equal(offer(one, 1e9), 0);
    destroy(one);
}

/* ---- defaults ---- */

static size_t places_of(cotel_exemplar_reservoir_factory factory)
{
    size_t places = 0;
    cotel_exemplar_reservoir *reservoir = factory.create(factory.user, &places);
    assert_non_null(reservoir);
    destroy(reservoir);
    return places;
}

static size_t places_for_boundaries(size_t count)
{
    static double boundaries[1024];
    for (size_t i = 0; i < count; i++)
        boundaries[i] = (double)i;
    const struct ct_explicit_config config = {.boundaries = boundaries, .count = count};
    return places_of(ct_exemplar_factory_explicit(&config));
}

static size_t places_for_buckets(uint32_t max_buckets)
{
    const struct ct_exponential_config config = {.max_buckets = max_buckets};
    return places_of(ct_exemplar_factory_exponential(&config));
}

static void the_default_is_one_place_for_sums_and_last_values(void **state)
{
    assert_int_equal(places_of(ct_exemplar_factory_single()), 1);
}

static void the_default_of_explicit_histograms_is_a_place_for_each_bucket(void **state)
{
    assert_int_equal(places_for_boundaries(15), 16);
    assert_int_equal(places_for_boundaries(1), 2);
    assert_int_equal(places_for_boundaries(255), 256);
    assert_int_equal(places_for_boundaries(0), 1);
    assert_int_equal(places_for_boundaries(256), 20);
    assert_int_equal(places_for_boundaries(1024), 20);
}

static void the_default_of_exponential_histograms_is_at_most_20_places(void **state)
{
    assert_int_equal(places_for_buckets(160), 20);
    assert_int_equal(places_for_buckets(20), 20);
    assert_int_equal(places_for_buckets(2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_measurements_fill_the_places),
        cmocka_unit_test(each_measurement_has_the_same_chance),
        cmocka_unit_test(two_reservoirs_choose_differently),
        cmocka_unit_test(a_collection_starts_the_sample_over),
        cmocka_unit_test(a_simple_reservoir_has_1_to_256_places),
        cmocka_unit_test(each_bucket_has_its_place),
        cmocka_unit_test(an_aligned_reservoir_has_at_most_256_places),
        cmocka_unit_test(the_default_is_one_place_for_sums_and_last_values),
        cmocka_unit_test(the_default_of_explicit_histograms_is_a_place_for_each_bucket),
        cmocka_unit_test(the_default_of_exponential_histograms_is_at_most_20_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
