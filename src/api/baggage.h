/* SPDX-License-Identifier: Apache-2.0 */
/* A baggage being put together: entries that still point into somebody else's memory. */
#ifndef COTEL_SRC_API_BAGGAGE_H
#define COTEL_SRC_API_BAGGAGE_H

#include <cotel/baggage.h>

struct ct_baggage_list {
    cotel_baggage_entry *entries; /* the caller's, with room for max_count */
    size_t count;
    size_t max_count;
    size_t size; /* of names, values and metadata, as they will be stored */
};

/* The entries of `from`, for which there is room; it may be NULL and must outlive the list. */
void ct_baggage_list_init(struct ct_baggage_list *list, cotel_baggage_entry *room, size_t max_count,
                          const cotel_baggage *from);

/* Adds an entry, or replaces the one of its name, which is valid UTF-8 and not empty. False, with
 * the list as it was, beyond a limit. */
bool ct_baggage_list_put(struct ct_baggage_list *list, const cotel_baggage_entry *entry);

/* A new reference; NULL when the list is empty or memory is out. */
cotel_baggage *ct_baggage_list_build(const struct ct_baggage_list *list);

/* The baggage of a context. Borrowed; NULL when it has none. */
const cotel_baggage *ct_context_baggage_pointer(const cotel_context *context);

#endif
