/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a producer's metrics and points are such that a receiver can make sense of them. */
#ifndef COTEL_SRC_SDK_METRICS_POINT_CHECK_H
#define COTEL_SRC_SDK_METRICS_POINT_CHECK_H

#include <cotel/sdk/metric_data.h>

/* A type that there is, with a temporality if it has one. */
bool ct_metric_head_is_good(const cotel_metric_head *head);

bool ct_point_is_good(const cotel_metric_data *metric, const cotel_point *point);

#endif
