/* SPDX-License-Identifier: Apache-2.0 */
/* The pieces of a line of an exposition. What is read moves the cursor on; what is not there fails
 * with the reason. Texts point into the line, or, where they had escapes, into the exposition. */
#ifndef COTEL_TOOLS_COTEL_METRICS_LEX_H
#define COTEL_TOOLS_COTEL_METRICS_LEX_H

#include "metrics/exposition.h"

enum { CT_LEX_MAX_LABELS = 128 };

struct ct_cursor {
    const char *at;
    const char *end; /* of the line */
    bool is_openmetrics;
    struct ct_exposition *exposition; /* whose memory is taken */
    struct ct_fault *fault;
};

/* Is the character next? It is taken then. */
bool ct_lex_take(struct ct_cursor *cursor, char character);

/* One space in OpenMetrics, any number of blanks in the text format. False: there is none. */
bool ct_lex_gap(struct ct_cursor *cursor);

/* Blanks where the text format allows them, and OpenMetrics does not. */
void ct_lex_blanks(struct ct_cursor *cursor);

/* Up to the next blank; empty at the end. */
struct ct_text ct_lex_word(struct ct_cursor *cursor);

/* A metric's name, without quotes or in them. */
bool ct_lex_metric_name(struct ct_cursor *cursor, struct ct_text *name);

/* "{...}". With `name`, a name in quotes may stand first, and goes there. */
bool ct_lex_labels(struct ct_cursor *cursor, struct ct_labels *labels, struct ct_text *name);

bool ct_lex_number(struct ct_cursor *cursor, double *number);

/* In the unit that the format has. */
bool ct_lex_time(struct ct_cursor *cursor, struct ct_time *time);

/* The rest of the line as a help text. */
bool ct_lex_help(struct ct_cursor *cursor, struct ct_text *help);

#endif
