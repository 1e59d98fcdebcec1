/* SPDX-License-Identifier: Apache-2.0 */
/* A cotel_point as the data point message of its type: fields in the order of their numbers, and
 * what is zero left out, as protobuf's own writers do. The second function writes exactly the bytes
 * that the first one counts, and returns the place behind them. The point was checked before. */
#ifndef COTEL_SRC_SDK_METRICS_POINT_ENCODE_H
#define COTEL_SRC_SDK_METRICS_POINT_ENCODE_H

#include <cotel/sdk/metric_data.h>

size_t ct_point_size(cotel_metric_type type, const cotel_point *point);
uint8_t *ct_point_write(uint8_t *at, cotel_metric_type type, const cotel_point *point);

#endif
