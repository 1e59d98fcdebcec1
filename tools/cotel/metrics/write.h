/* SPDX-License-Identifier: Apache-2.0 */
/* Writes expositions; what became of it the stream tells (ferror). */
#ifndef COTEL_TOOLS_COTEL_METRICS_WRITE_H
#define COTEL_TOOLS_COTEL_METRICS_WRITE_H

#include "metrics/exposition.h"

#include <stdio.h>

/* Text 0.0.4, which has no exemplars, units and created times of families: these times become
 * gauges of their own, as the client libraries write them. */
void ct_write_prometheus(const struct ct_exposition *exposition, FILE *out);

/* OpenMetrics 1.0. A counter whose samples do not end in _total is of the type unknown there. */
void ct_write_openmetrics(const struct ct_exposition *exposition, FILE *out);

/* One JSON object; docs/metrics.md tells what is in it. False: memory is out. */
bool ct_write_json(const struct ct_exposition *exposition, FILE *out);

#endif
