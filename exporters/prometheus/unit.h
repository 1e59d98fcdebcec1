/* SPDX-License-Identifier: Apache-2.0 */
/* Units as words: UCUM's "By/s" is "bytes_per_second" to Prometheus. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_UNIT_H
#define COTEL_EXPORTERS_PROMETHEUS_UNIT_H

#include "text.h"

/* Appends the words. What stands in braces is left out, as is a unit of 1; what is not in the table
 * stays as it is. Nothing is appended when there is nothing to say. */
void ct_prom_unit_put(struct ct_prom_text *out, cotel_str unit);

#endif
