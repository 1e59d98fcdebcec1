/* SPDX-License-Identifier: Apache-2.0 */
/* What spans and metrics have in common when they are printed. */
#ifndef COTEL_EXPORTERS_CONSOLE_PRINT_PARTS_H
#define COTEL_EXPORTERS_CONSOLE_PRINT_PARTS_H

#include "print.h"

/* Labels of a record's lines, aligned. */
#define CT_LINE(label) "  " label

/* As it is; for what is cotel's own. */
void ct_print_string(struct ct_output *output, const char *text);

/* A line, unless the text is empty. */
void ct_print_line(struct ct_output *output, const char *label, cotel_str text);

/* In UTC, as ISO 8601 has it. */
void ct_print_time(struct ct_output *output, uint64_t unix_ns);

/* A line for each. */
void ct_print_attributes(struct ct_output *output, const char *indent, cotel_iterator attributes);

/* In hex, within a line. */
void ct_print_ids(struct ct_output *output, const cotel_trace_id *trace_id,
                  const cotel_span_id *span_id);

/* Lines on the service and the scope; `scope` may be NULL. */
void ct_print_origin(struct ct_output *output, const cotel_scope_view *scope,
                     const cotel_resource *resource);

#endif
