/* SPDX-License-Identifier: Apache-2.0 */
/* Reads back what ct_write_json() writes. */
#ifndef COTEL_TOOLS_COTEL_METRICS_READ_JSON_H
#define COTEL_TOOLS_COTEL_METRICS_READ_JSON_H

#include "metrics/exposition.h"

/* Does it begin as JSON does? */
bool ct_is_json(struct ct_text text);

/* Is it an object with families, and not OTLP? */
bool ct_is_exposition_json(struct ct_text text);

/* Adds to an empty exposition, which keeps copies. */
bool ct_read_json(struct ct_text text, struct ct_exposition *exposition, struct ct_fault *fault);

#endif
