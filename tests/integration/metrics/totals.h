/* SPDX-License-Identifier: Apache-2.0 */
/* Adds up what a reader collects. */
#ifndef COTEL_TESTS_INTEGRATION_METRICS_TOTALS_H
#define COTEL_TESTS_INTEGRATION_METRICS_TOTALS_H

#include "../../support/sdk_fixture.h"

#include <cotel/sdk/meter_provider.h>

/* Of one metric in one collection. */
struct totals {
    size_t points;
    size_t overflow_points;
    int64_t sum;           /* of the points of a sum */
    uint64_t measurements; /* of the points of histograms */
    uint64_t bucketed;     /* the counts of their buckets */
    double measured;       /* their sums */
    int64_t overflowed;    /* of the overflow point */
};

/* Of the metric with that name in a batch (NULL: nothing was collected). */
struct totals totals_of(const cotel_batch *batch, const char *name);

/* Collects; the batch is the caller's. */
cotel_batch *collect_now(cotel_metric_reader *reader);

/* A provider with these readers. */
cotel_meter_provider *provider_with(cotel_metric_reader **readers, size_t count,
                                    const cotel_view *views, size_t view_count);

/* A reader of that temporality, for all kinds of instruments. */
cotel_metric_reader *reader_with(cotel_temporality temporality, uint32_t cardinality_limit);

#endif
