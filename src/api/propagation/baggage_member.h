/* SPDX-License-Identifier: Apache-2.0 */
/* One member of a `baggage` header, read and written: W3C Baggage, section 3.2 "Header Content".
 *
 *     key=value;property;property-key=property-value
 *
 * Keys are tokens and stand for themselves: a percent sign in one is only that. Values are
 * percent-encoded. Properties are what the API calls metadata: opaque text that is handed on in the
 * form of the header, without the white space. */
#ifndef COTEL_SRC_API_PROPAGATION_BAGGAGE_MEMBER_H
#define COTEL_SRC_API_PROPAGATION_BAGGAGE_MEMBER_H

#include <cotel/baggage.h>

#include "api/propagation/baggage_text.h"

/* Both: a member takes the room that it has in a header, with a comma before it. */

/* Reads what is between two commas. *out points into `text` and the room; the value may be invalid
 * UTF-8. Properties that are none are left out, and counted. */
enum ct_baggage_verdict ct_baggage_member_read(cotel_str text, struct ct_baggage_room *room,
                                               cotel_baggage_entry *out);

/* Writes a comma and the member. A name that is no token is malformed, and so are properties whose
 * key is none: those are left out, and counted. */
enum ct_baggage_verdict ct_baggage_member_write(const cotel_baggage_entry *entry,
                                                struct ct_baggage_room *room);

#endif
