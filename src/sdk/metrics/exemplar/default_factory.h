/* SPDX-License-Identifier: Apache-2.0 */
/* Which reservoir a stream has when nobody names one. What they return borrows their argument.
 *
 * Implements: metrics/sdk.md "Exemplar defaults". */
#ifndef COTEL_SRC_SDK_METRICS_EXEMPLAR_DEFAULT_FACTORY_H
#define COTEL_SRC_SDK_METRICS_EXEMPLAR_DEFAULT_FACTORY_H

#include <cotel/sdk/exemplar.h>

#include "sdk/metrics/aggregation/explicit.h"
#include "sdk/metrics/aggregation/exponential.h"

/* A simple one with one place, for sums and last values. */
cotel_exemplar_reservoir_factory ct_exemplar_factory_single(void);

/* An aligned one; with a single bucket as for sums, and with more buckets than a reservoir has
 * places as for exponential histograms. */
cotel_exemplar_reservoir_factory ct_exemplar_factory_explicit(
    const struct ct_explicit_config *config);

/* A simple one with a place for each bucket, and at most 20. */
cotel_exemplar_reservoir_factory ct_exemplar_factory_exponential(
    const struct ct_exponential_config *config);

#endif
