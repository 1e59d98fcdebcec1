/* SPDX-License-Identifier: Apache-2.0 */
/* Adding a delta to what was before. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_DELTA_SUM_H
#define COTEL_EXPORTERS_PROMETHEUS_DELTA_SUM_H

#include "delta.h"

/* Flags of a point: nothing was measured, which in Prometheus is no series. */
#define CT_PROM_NO_RECORDED_VALUE 1u

/* Whether a point begins where the series ends, or later: what it counts was not counted yet. */
bool ct_prom_delta_follows(const struct ct_prom_delta_series *series,
                           const cotel_point_data *point);

/* @param scratch for the point's buckets. @return false when memory is out. */
bool ct_prom_delta_add(struct ct_prom_delta_series *series, cotel_metric_type type,
                       const cotel_point_data *point, struct ct_prom_buckets *scratch);

#endif
