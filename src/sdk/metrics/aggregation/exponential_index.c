/* SPDX-License-Identifier: Apache-2.0 */
/* A bucket at scale s is a whole number of buckets at any higher scale, so an index is that of a
 * higher scale shifted; two ways then do for all scales, and lowering a scale and recording at a
 * lower one can't disagree.
 *
 * Up to scale 7, where histograms of real measurements are, a table has the 129 boundaries from 1
 * to 2, rounded down to significands. All of them but 1 and 2 are irrational, so a significand is
 * above a boundary exactly when it is above the rounded one. The first eight bits of a significand
 * say which boundary it must be compared with: two loads, and no floating point.
 *
 * Above that, the logarithm of what the table leaves over is computed, at scale 20. It decides
 * nothing by itself: where it comes too near to a boundary for its precision, the boundary is
 * computed with 127 bits and compared. exponential_table.py --check shows that all 2^20 of them
 * come out right so. A logarithm of the C library would be neither quicker nor exact. */
#include "sdk/metrics/aggregation/exponential_index.h"

#include <string.h>

#include "sdk/metrics/aggregation/exponential_table.h"

#define SIGNIFICAND_BITS 52
#define HIDDEN_BIT (UINT64_C(1) << SIGNIFICAND_BITS)
#define EXPONENT_BIAS 1023

#define COARSE_SCALE 7
#define FINE_SCALE CT_EXPONENTIAL_MAX_SCALE
#define FINE_OF_COARSE (1 << (FINE_SCALE - COARSE_SCALE))
#define GUESS_BITS 8

/* In buckets of FINE_SCALE. The series of the logarithm, which ends with its fourth power, is off
 * by less than 2^-19 of them, and rounding adds less than 2^-30. */
#define LOGARITHM_PRECISION 0x1p-16

/* 2^20 / ln 2: buckets of FINE_SCALE in one natural logarithm. */
#define BUCKETS_PER_LOGARITHM 0x1.71547652b82fep+20

__extension__ typedef unsigned __int128 uint128;

/* value = significand / 2^52 * 2^exponent, with 1 <= significand / 2^52 < 2. */
struct number {
    uint64_t significand;
    int32_t exponent;
};

static struct number subnormal(uint64_t significand)
{
    int shift = __builtin_clzll(significand) - __builtin_clzll(HIDDEN_BIT);
    return (struct number){significand << shift, 1 - EXPONENT_BIAS - shift};
}

static struct number take_apart(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    uint64_t significand = bits & (HIDDEN_BIT - 1);
    int32_t exponent = (int32_t)(bits >> SIGNIFICAND_BITS);
    if (exponent == 0)
        return subnormal(significand);
    return (struct number){significand | HIDDEN_BIT, exponent - EXPONENT_BIAS};
}

/* How many of the table's boundaries lie below a significand; none if it is that of 1. */
static int32_t coarse_below(uint64_t significand)
{
    uint64_t cell = (significand - HIDDEN_BIT) >> (SIGNIFICAND_BITS - GUESS_BITS);
    int32_t guess = coarse_guess[cell];
    return guess + (coarse_boundaries[guess] < significand);
}

/* The high half of a product of two numbers with 127 bits behind the point, as such a number. */
static uint128 multiply(uint128 a, const uint64_t b[2])
{
    uint64_t high = (uint64_t)(a >> 64), low = (uint64_t)a;
    return ((uint128)high * b[0] + ((uint128)high * b[1] >> 64) + ((uint128)low * b[0] >> 64)) << 1;
}

/* 2^(index/2^20) as a significand, rounded down; index up to 2^20. */
static uint64_t fine_boundary(int32_t index)
{
    uint128 value = (uint128)1 << 127;
    if (index >> FINE_SCALE)
        return HIDDEN_BIT << 1;
    for (int k = 0; k < FINE_SCALE; k++) {
        if (index >> (FINE_SCALE - 1 - k) & 1)
            value = multiply(value, roots[k]);
    }
    return (uint64_t)(value >> (127 - SIGNIFICAND_BITS));
}

/* The bucket of FINE_SCALE, counted from 1 on, of a significand in a bucket of the table. */
static int32_t fine_index(uint64_t significand, int32_t coarse)
{
    uint64_t lower = coarse_boundaries[coarse];
    double over = (double)(int64_t)(significand - lower) / (double)(int64_t)lower;
    double logarithm = over * (1 - over * (1.0 / 2 - over * (1.0 / 3 - over * (1.0 / 4))));
    double buckets = logarithm * BUCKETS_PER_LOGARITHM;
    int32_t nearest = (int32_t)(buckets + 0.5);
    double distance = buckets - nearest;
    int32_t first = coarse * FINE_OF_COARSE;
    if (distance > LOGARITHM_PRECISION || distance < -LOGARITHM_PRECISION)
        return first + (int32_t)buckets;
    return first + nearest - (fine_boundary(first + nearest) >= significand);
}

/* Shifts of negative numbers keep their sign, so they round down: gcc and clang promise it. */
int32_t ct_exponential_index(double value, int32_t scale)
{
    struct number number = take_apart(value);
    int32_t below = coarse_below(number.significand);
    if (scale <= COARSE_SCALE)
        return (number.exponent * (1 << COARSE_SCALE) + below - 1) >> (COARSE_SCALE - scale);
    int32_t fine = below == 0 ? -1 : fine_index(number.significand, below - 1);
    return (number.exponent * (1 << FINE_SCALE) + fine) >> (FINE_SCALE - scale);
}
