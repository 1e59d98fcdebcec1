/* SPDX-License-Identifier: Apache-2.0 */
/* The lines that both text formats have. */
#ifndef COTEL_TOOLS_COTEL_METRICS_WRITE_LINE_H
#define COTEL_TOOLS_COTEL_METRICS_WRITE_LINE_H

#include "metrics/exposition.h"

#include <stdio.h>

/* "# TYPE name" and what follows; the name has a suffix. */
void ct_write_metadata(FILE *out, const char *keyword, struct ct_text name, const char *suffix,
                       const char *text);

/* "# HELP", if there is one. */
void ct_write_help(FILE *out, const struct ct_family *family, const char *suffix,
                   bool is_openmetrics);

void ct_write_sample(FILE *out, const struct ct_family *family, const struct ct_sample *sample,
                     bool is_openmetrics);

#endif
