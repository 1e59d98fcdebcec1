/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of one point. Its attributes are the writer's `pairs`. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_POINTS_H
#define COTEL_EXPORTERS_PROMETHEUS_POINTS_H

#include "writer.h"

void ct_prom_write_point(struct ct_prom_writer *writer, const cotel_metric_data *data,
                         const cotel_point_data *point);

/* What has come as deltas. */
void ct_prom_write_delta(struct ct_prom_writer *writer, cotel_metric_type type,
                         const struct ct_prom_delta_series *series);

#endif
