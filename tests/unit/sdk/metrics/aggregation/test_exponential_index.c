/* SPDX-License-Identifier: Apache-2.0 */
/* The index of ten million numbers against a logarithm of higher precision. Where even the long
 * double is too near to a boundary to tell, one with 113 bits decides. */
#include <float.h>
#include <math.h>
#include <quadmath.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sdk/metrics/aggregation/exponential_index.h"

#define VALUES_EACH 1250000 /* of eight distributions */
#define MIN_SCALE (-11)

/* log2l() of a double is off by less than 2^-52, so at scale 20 the product is by less. */
#define DOUBTFUL 0x1p-30L

static struct ct_random numbers;

static double uniform(void)
{
    return ((double)(ct_random_next(&numbers) >> 11) + 0.5) * 0x1p-53;
}

static uint64_t below(uint64_t limit)
{
    return ct_random_next(&numbers) % limit;
}

static int32_t reference(double value, int32_t scale)
{
    long double product = ldexpl(log2l((long double)value), scale);
    if (fabsl(product - roundl(product)) > DOUBTFUL)
        return (int32_t)ceill(product) - 1;
    return (int32_t)ceilq(ldexpq(log2q((__float128)value), scale)) - 1;
}

/* ---- distributions ---- */

static double uniformly(void)
{
    return uniform() * 1e6;
}

static double lognormally(void)
{
    return exp(3 * sqrt(-2 * log(uniform())) * cos(2 * acos(-1) * uniform()));
}

static double by_pareto(void)
{
    return pow(uniform(), -1 / 1.2);
}

static double subnormally(void)
{
    return ldexp((double)(1 + below((UINT64_C(1) << (1 + below(52))))), -1074);
}

/* Also those that only subnormal numbers are. */
static double around_powers_of_two(void)
{
    double power = ldexp(1, (int)below(2098) - 1074);
    double values[] = {power, nextafter(power, 0), nextafter(power, INFINITY)};
    double value = values[below(3)];
    return value > 0 ? value : power;
}

static double one_of_a_few(void)
{
    static const double constants[] = {1,   2,    3,    10,      0.1,     1e-3,        42,
                                       1e6, 1e15, 1e-9, DBL_MAX, DBL_MIN, 4.94066e-324};
    return constants[below(sizeof constants / sizeof *constants)];
}

static double of_any_bits(void)
{
    double value;
    do {
        uint64_t bits = ct_random_next(&numbers) >> 1;
        memcpy(&value, &bits, sizeof value);
    } while (!isfinite(value) || value == 0);
    return value;
}

/* The doubles next to a boundary: the worst there are. */
static double around_boundaries(void)
{
    double boundary = (double)exp2l((long double)below(1 << 20) / (1 << 20));
    double values[] = {boundary, nextafter(boundary, 0), nextafter(boundary, INFINITY)};
    return values[below(3)];
}

struct tally {
    long values;
    long off_by_one;
    long wrong;
};

static void look(struct tally *tally, double value, int32_t scale)
{
    int64_t off = (int64_t)ct_exponential_index(value, scale) - reference(value, scale);
    tally->values++;
    tally->off_by_one += off == 1 || off == -1;
    tally->wrong += off < -1 || off > 1;
}

/* A third of them at the highest scale. */
static int32_t any_scale(void)
{
    return below(3) == 0 ? CT_EXPONENTIAL_MAX_SCALE
                         : (int32_t)below(CT_EXPONENTIAL_MAX_SCALE - MIN_SCALE + 1) + MIN_SCALE;
}

static void ten_million_values_of_eight_distributions_are_in_the_right_bucket(void **state)
{
    double (*const distributions[])(void) = {uniformly,   lognormally,          by_pareto,
                                             subnormally, around_powers_of_two, one_of_a_few,
                                             of_any_bits, around_boundaries};
    struct tally tally = {0};
    for (size_t i = 0; i < sizeof distributions / sizeof *distributions; i++) {
        for (long n = 0; n < VALUES_EACH; n++)
            look(&tally, distributions[i](), any_scale());
    }
    print_message("%ld values, %ld off by one\n", tally.values, tally.off_by_one);
    assert_int_equal(tally.values, 10000000);
    assert_int_equal(tally.wrong, 0);
    assert_int_equal(tally.off_by_one, 0);
}

static void powers_of_two_are_exact_at_every_scale(void **state)
{
    for (int32_t scale = MIN_SCALE; scale <= CT_EXPONENTIAL_MAX_SCALE; scale++) {
        for (int exponent = -1074; exponent <= 1023; exponent++) {
            int32_t upper = scale >= 0 ? exponent * (1 << scale) - 1 : (exponent - 1) >> -scale;
            assert_int_equal(ct_exponential_index(ldexp(1, exponent), scale), upper);
        }
    }
}

static void the_extremes_are_in_the_outermost_buckets(void **state)
{
    assert_int_equal(ct_exponential_index(DBL_MAX, 20), 1024 * (1 << 20) - 1);
    assert_int_equal(ct_exponential_index(DBL_MAX, 0), 1023);
    assert_int_equal(ct_exponential_index(DBL_MIN, 0), -1023);
    assert_int_equal(ct_exponential_index(0x1p-1074, 20), -1074 * (1 << 20) - 1);
    assert_int_equal(ct_exponential_index(0x1p-1074, 0), -1075);
    assert_int_equal(ct_exponential_index(0x1p-1074, -10), -2);
    assert_int_equal(ct_exponential_index(0x1p-1074, -11), -1);
    assert_int_equal(ct_exponential_index(DBL_MAX, -11), 0);
}

/* Each boundary of the scales that a table serves, and of those just above them. */
static void both_sides_of_every_boundary_are_told_apart(void **state)
{
    for (int32_t scale = 1; scale <= 10; scale++) {
        for (int32_t i = 1; i < 1 << scale; i++) {
            double above = (double)powq(2, ldexpq(i, -scale));
            if (ct_exponential_index(above, scale) < i)
                above = nextafter(above, INFINITY);
            assert_int_equal(ct_exponential_index(above, scale), i);
            assert_int_equal(ct_exponential_index(nextafter(above, 0), scale), i - 1);
            assert_true(log2q(above) > ldexpq(i, -scale));
            assert_true(log2q(nextafter(above, 0)) <= ldexpq(i, -scale));
        }
    }
}

static int seed(void **state)
{
    numbers = (struct ct_random){.state = {1, 2, 3, 4}};
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_million_values_of_eight_distributions_are_in_the_right_bucket),
        cmocka_unit_test(powers_of_two_are_exact_at_every_scale),
        cmocka_unit_test(the_extremes_are_in_the_outermost_buckets),
        cmocka_unit_test(both_sides_of_every_boundary_are_told_apart),
    };
    return cmocka_run_group_tests(tests, seed, NULL);
}
