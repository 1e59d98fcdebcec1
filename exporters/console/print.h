/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COTEL_EXPORTERS_CONSOLE_PRINT_H
#define COTEL_EXPORTERS_CONSOLE_PRINT_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/metric_data.h>

#include "output.h"

/* A value, much as JSON writes it. */
void ct_print_value(struct ct_output *output, const cotel_value_view *value);

/* A span with all that it holds, in several lines, and an empty one. */
void ct_print_span(struct ct_output *output, const cotel_span_view *span,
                   const cotel_scope_view *scope, const cotel_resource *resource);

/* A metric with all its points, the same way. */
void ct_print_metric(struct ct_output *output, const cotel_metric_data *metric,
                     const cotel_scope_view *scope, const cotel_resource *resource);

#endif
