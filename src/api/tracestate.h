/* SPDX-License-Identifier: Apache-2.0 */
/* A tracestate being put together: members that still point into the caller's text. A header may
 * come in several pieces (HTTP allows that), so pieces are added one by one. */
#ifndef COTEL_SRC_API_TRACESTATE_H
#define COTEL_SRC_API_TRACESTATE_H

#include <cotel/span_context.h>

#define CT_TRACESTATE_MAX_KEY_SIZE 256
#define CT_TRACESTATE_MAX_VALUE_SIZE 256

struct ct_tracestate_member {
    cotel_str key;
    cotel_str value;
};

/* There is room for the member that falls off again. */
struct ct_tracestate_list {
    size_t count;
    size_t size;     /* of all pieces, as they came in */
    bool over_limit; /* it has to be discarded for its length, not for what it says */
    struct ct_tracestate_member members[COTEL_TRACESTATE_MAX_MEMBERS + 1];
};

/* The empty list. */
void ct_tracestate_list_init(struct ct_tracestate_list *list);

/* Adds the members of one piece. False when the whole list has to be discarded: a member is
 * malformed, there are too many, or the pieces are too long together. Of equal keys only the
 * first is kept, yet all count. */
bool ct_tracestate_list_add(struct ct_tracestate_list *list, cotel_str header);

/* A new reference; NULL when the list is empty or memory is out. */
cotel_tracestate *ct_tracestate_list_build(const struct ct_tracestate_list *list);

#endif
