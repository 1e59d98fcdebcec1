/* SPDX-License-Identifier: Apache-2.0 */
/* Foreign text on a terminal: nothing in it may move the cursor, change colours or turn the line
 * round, and columns have to line up whatever script it is in. */
#ifndef COTEL_TOOLS_COTEL_VIEW_TEXT_H
#define COTEL_TOOLS_COTEL_VIEW_TEXT_H

#include "view/span.h"

#include <stdio.h>

/* Writes at most so many columns, with an ellipsis where text was cut off and control characters
 * as escapes. Returns the columns written. To NULL it only measures. Needs LC_CTYPE to be a UTF-8
 * locale; in another every byte beyond ASCII comes out as an escape. */
size_t ct_text_print(FILE *out, struct ct_text text, size_t max_columns);

struct ct_text ct_text_of(const char *literal);

#endif
