/* SPDX-License-Identifier: Apache-2.0 */
/* What a `baggage` header says, read by other code than cotel's: each entry as a text of its own,
 * NAME=VALUE and a line ;NAME or ;NAME=VALUE for each property, values decoded. */
#ifndef COTEL_TESTS_SUPPORT_BAGGAGE_TEXT_H
#define COTEL_TESTS_SUPPORT_BAGGAGE_TEXT_H

#include "header_cases.h"

struct baggage_text {
    size_t count;
    const char *entries[CASE_MAX_LINES];
    size_t used;
    char text[CASE_MAX_TEXT];
};

void baggage_text_of_header(struct baggage_text *out, const char *header);

/* What the case asks for, in the same form. */
void baggage_text_of_case(struct baggage_text *out, const struct header_case *c);

/* Order does not matter, for entries. */
bool baggage_text_equal(const struct baggage_text *one, const struct baggage_text *other);

#endif
