/* SPDX-License-Identifier: Apache-2.0 */
/* Which aggregations there may be, for views, readers and the advice of instruments alike. */
#ifndef COTEL_SRC_SDK_METRICS_VIEW_AGGREGATION_RULES_H
#define COTEL_SRC_SDK_METRICS_VIEW_AGGREGATION_RULES_H

#include <cotel/metrics.h>
#include <cotel/sdk/view.h>

#include "api/meter_provider.h"
#include "sdk/metrics/view/stream_config.h"

/* The limits of exponential histograms. */
#define CT_MIN_MAX_BUCKETS 2
#define CT_MAX_MAX_BUCKETS 16384
#define CT_MIN_MAX_SCALE (-10)
#define CT_MAX_MAX_SCALE 20

/* At most COTEL_MAX_BOUNDARIES, finite, each above the one before. NULL with a count of 0 is none,
 * which is fine. */
bool ct_boundaries_are_valid(const double *boundaries, size_t count);

/* What is wrong with an aggregation, as half a sentence that follows its name; NULL: nothing. What
 * its type does not look at may be anything. */
const char *ct_aggregation_fault(const cotel_aggregation *aggregation);

/* Whether measurements of this kind can be put together so: DROP and SUM any, LAST_VALUE those of
 * gauges, histograms all that are recorded. */
bool ct_aggregation_suits(cotel_aggregation_type type, cotel_instrument_kind kind);

/* A copy with its boundaries in one block, to be freed with free(); NULL when memory is out. */
cotel_aggregation *ct_aggregation_copy(const cotel_aggregation *aggregation);

/* What a kind does by itself, with the instrument's advice. */
struct ct_resolved_aggregation ct_aggregation_by_kind(const struct ct_instrument_info *info);

/* What an aggregation without a fault comes to, with the defaults for what it leaves open. Only
 * DEFAULT looks at the instrument. */
struct ct_resolved_aggregation ct_aggregation_resolve(const cotel_aggregation *aggregation,
                                                      const struct ct_instrument_info *info);

/* Takes the boundaries that the instrument advises, if it does, and if they are valid. */
void ct_aggregation_advise(struct ct_resolved_aggregation *aggregation,
                           const struct ct_instrument_info *info);

#endif
