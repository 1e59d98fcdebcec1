/* SPDX-License-Identifier: Apache-2.0 */
/* Reads OTLP/JSON of metrics, a request on each line, as the file exporter and the Collector write
 * it.
 *
 * What becomes of names, units, scopes and all types is the Prometheus exporter's business: the
 * metrics are given to one as a producer, and its OpenMetrics is read. Of several points of a
 * series the newest counts, and deltas are added up. */
#ifndef COTEL_TOOLS_COTEL_METRICS_OTLP_H
#define COTEL_TOOLS_COTEL_METRICS_OTLP_H

#include "metrics/exposition.h"

/* Adds to an empty exposition. Several resources get labels job and instance, as Prometheus has
 * them. */
bool ct_read_otlp(struct ct_text text, struct ct_exposition *exposition, struct ct_fault *fault);

#endif
