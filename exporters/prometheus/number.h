/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text: in the fewest digits that are read back as the same number, whatever the
 * program's locale. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_NUMBER_H
#define COTEL_EXPORTERS_PROMETHEUS_NUMBER_H

#include <stdint.h>

#include "text.h"

void ct_prom_number_int(struct ct_prom_text *out, int64_t number);
void ct_prom_number_uint(struct ct_prom_text *out, uint64_t number);

/* A value: whole numbers without a point; NaN, +Inf and -Inf by these names. */
void ct_prom_number_double(struct ct_prom_text *out, double number);

/* A number inside a label, le or quantile, in the one form that all clients give it, so that it
 * always is the same label. OpenMetrics wants a point in it. */
void ct_prom_number_label(struct ct_prom_text *out, double number, bool with_point);

#endif
