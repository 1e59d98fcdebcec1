/* SPDX-License-Identifier: Apache-2.0 */
/* Rejection thresholds: how many of 2^56 traces are not taken. As text they are the digits of a
 * hexadecimal fraction: zeros at the end are left out, so a coarse threshold is a short one. */
#ifndef COTEL_SRC_SDK_SAMPLER_THRESHOLD_H
#define COTEL_SRC_SDK_SAMPLER_THRESHOLD_H

#include <cotel/sdk/composable_sampler.h>

#define CT_THRESHOLD_BITS 56
#define CT_THRESHOLD_DIGITS 14
/* What the specification recommends; digits "f" in front do not count. */
#define CT_THRESHOLD_PRECISION 4

/* The least ratio that has a threshold. */
#define CT_MIN_RATIO 0x1p-56

/* Written so that a NaN has none. */
static inline bool ct_ratio_is_valid(double ratio)
{
    return ratio >= CT_MIN_RATIO && ratio <= 1.0;
}

/* For a valid ratio. `precision` is 1 to CT_THRESHOLD_DIGITS. */
uint64_t ct_threshold_of(double ratio, unsigned precision);

/* Writes 1 to 14 digits and no NUL; returns how many. `threshold` is below 2^56. */
size_t ct_threshold_write(uint64_t threshold, char out[CT_THRESHOLD_DIGITS]);

/* Reads 1 to 14 lower-case digits. */
bool ct_threshold_read(cotel_str text, uint64_t *out);

/* Reads a randomness value: exactly 14 lower-case digits. */
bool ct_randomness_read(cotel_str text, uint64_t *out);

#endif
