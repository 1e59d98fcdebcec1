/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the text formats: 0.0.4 and, strictly, OpenMetrics 1.0, both with names in quotes. One
 * pass, in time that grows with the text and no faster, whatever is in it. */
#ifndef COTEL_TOOLS_COTEL_METRICS_PARSE_H
#define COTEL_TOOLS_COTEL_METRICS_PARSE_H

#include "metrics/exposition.h"

enum ct_text_format { CT_TEXT_PROMETHEUS, CT_TEXT_OPENMETRICS };

/* What the text looks like: OpenMetrics ends in "# EOF". */
enum ct_text_format ct_text_format_of(struct ct_text text);

/* Adds to an empty exposition, which points into the text then. False: *fault tells the line, and
 * what came before it is in the exposition. */
bool ct_parse(struct ct_text text, enum ct_text_format format, struct ct_exposition *exposition,
              struct ct_fault *fault);

#endif
