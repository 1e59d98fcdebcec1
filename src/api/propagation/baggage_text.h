/* SPDX-License-Identifier: Apache-2.0 */
/* What baggage is made of in any header: tokens, percent-encoded values, and room for so much. */
#ifndef COTEL_SRC_API_PROPAGATION_BAGGAGE_TEXT_H
#define COTEL_SRC_API_PROPAGATION_BAGGAGE_TEXT_H

#include <cotel/attribute.h>

/* Where text goes: what is written, or was decoded of what is read. */
struct ct_baggage_room {
    char *at;
    size_t left;
};

enum ct_baggage_verdict {
    CT_BAGGAGE_GOOD,
    CT_BAGGAGE_MALFORMED,
    CT_BAGGAGE_NO_ROOM /* nothing of it was taken */
};

/* Counts what is not good, for cotel_propagation_stats(). */
void ct_baggage_count(enum ct_baggage_verdict verdict);

/* Whether HTTP takes it for a name: RFC 7230, section 3.2.6. */
bool ct_is_token(cotel_str text);

/* Takes what comes before the first `separator`, and that, off the front of *text; all of it when
 * there is none. */
cotel_str ct_baggage_take_piece(cotel_str *text, char separator);

/* The next `size` bytes of the room; NULL when it has not that many. */
char *ct_room_take(struct ct_baggage_room *room, size_t size);

/* These are false when there is not enough room; then part of it may have been taken. */
bool ct_room_put(struct ct_baggage_room *room, cotel_str text);
bool ct_room_put_encoded(struct ct_baggage_room *room, cotel_str text, bool (*is_plain)(char c));

/* Decodes to where there is as much room as `text` has, and returns that. A percent sign without
 * two digits behind it stands for itself: W3C's grammar allows it, and nobody is served by losing
 * the value. */
cotel_str ct_percent_read(char *to, cotel_str text);

#endif
