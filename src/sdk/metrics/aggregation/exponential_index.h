/* SPDX-License-Identifier: Apache-2.0 */
/* Which bucket of an exponential histogram a number belongs to. */
#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_INDEX_H
#define COTEL_SRC_SDK_METRICS_AGGREGATION_EXPONENTIAL_INDEX_H

#include <stdint.h>

#define CT_EXPONENTIAL_MAX_SCALE 20

/* The i with 2^(i/2^scale) < value <= 2^((i+1)/2^scale), never off by one. `value` is positive and
 * finite, the scale between -30 and CT_EXPONENTIAL_MAX_SCALE. */
int32_t ct_exponential_index(double value, int32_t scale);

#endif
