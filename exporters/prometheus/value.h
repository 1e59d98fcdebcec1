/* SPDX-License-Identifier: Apache-2.0 */
/* Values of attributes as text: strings as they are, everything else as JSON.
 *
 * Implements: common/README.md "AnyValue representation for non-OTLP protocols". */
#ifndef COTEL_EXPORTERS_PROMETHEUS_VALUE_H
#define COTEL_EXPORTERS_PROMETHEUS_VALUE_H

#include <cotel/sdk/span_view.h>

#include "text.h"

/* One that was encoded. */
void ct_prom_value_view_put(struct ct_prom_text *out, const cotel_value_view *value);

/* One as it was given. */
void ct_prom_value_put(struct ct_prom_text *out, const cotel_value *value);

#endif
