/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/threshold.h"

#include <math.h>

#include "base/hex.h"

#define BITS_OF_A_DIGIT 4

/* A ratio of 2^-n makes a threshold that begins with n / 4 digits "f". They tell of its size only,
 * so the precision counts from behind them. */
static unsigned significant_digits(double ratio, unsigned precision)
{
    int exponent;
    (void)frexp(ratio, &exponent);
    unsigned digits = precision + (exponent < 0 ? (unsigned)-exponent / BITS_OF_A_DIGIT : 0);
    return digits < CT_THRESHOLD_DIGITS ? digits : CT_THRESHOLD_DIGITS;
}

/* Of 2^56. The product is exact, but not always whole; adding a half to it would not be exact. */
static uint64_t accepted(double ratio)
{
    double scaled = ratio * 0x1p56;
    uint64_t whole = (uint64_t)scaled;
    return scaled - (double)whole >= 0.5 ? whole + 1 : whole;
}

/* Rounding up never gives 2^56: the digit that is rounded stands four behind the first that is not
 * "f", save with all 14 digits, where nothing is rounded. */
uint64_t ct_threshold_of(double ratio, unsigned precision)
{
    uint64_t threshold = COTEL_THRESHOLD_NONE - accepted(ratio);
    unsigned digits = significant_digits(ratio, precision);
    unsigned shift = BITS_OF_A_DIGIT * (CT_THRESHOLD_DIGITS - digits);
    if (shift == 0)
        return threshold;
    uint64_t half = UINT64_C(1) << (shift - 1);
    return (threshold + half) >> shift << shift;
}

size_t ct_threshold_write(uint64_t threshold, char out[CT_THRESHOLD_DIGITS])
{
    uint64_t first_seven_bytes = htobe64(threshold << (64 - CT_THRESHOLD_BITS));
    ct_hex_encode(out, (const uint8_t *)&first_seven_bytes, CT_THRESHOLD_DIGITS / 2);
    size_t size = CT_THRESHOLD_DIGITS;
    while (size > 1 && out[size - 1] == '0')
        size--;
    return size;
}

bool ct_threshold_read(cotel_str text, uint64_t *out)
{
    char padded[CT_THRESHOLD_DIGITS];
    uint64_t first_seven_bytes = 0;
    if (text.size == 0 || text.size > sizeof padded)
        return false;
    memset(padded, '0', sizeof padded);
    memcpy(padded, text.data, text.size);
    if (!ct_hex_decode_lower((uint8_t *)&first_seven_bytes, padded, sizeof padded / 2))
        return false;
    *out = be64toh(first_seven_bytes) >> (64 - CT_THRESHOLD_BITS);
    return true;
}

bool ct_randomness_read(cotel_str text, uint64_t *out)
{
    return text.size == CT_THRESHOLD_DIGITS && ct_threshold_read(text, out);
}

uint64_t cotel_sampling_threshold(double ratio)
{
    if (ratio > 1.0)
        return COTEL_THRESHOLD_ALL;
    return ct_ratio_is_valid(ratio) ? ct_threshold_of(ratio, CT_THRESHOLD_PRECISION)
                                    : COTEL_THRESHOLD_NONE;
}

double cotel_sampling_adjusted_count(uint64_t threshold)
{
    if (threshold >= COTEL_THRESHOLD_NONE)
        return 0.0;
    return 0x1p56 / (double)(COTEL_THRESHOLD_NONE - threshold);
}
