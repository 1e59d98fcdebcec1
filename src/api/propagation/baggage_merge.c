/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/baggage_merge.h"

#include "api/baggage.h"
#include "api/propagation/counts.h"

/* The entries of `over` laid over those of `under`, as a new reference; NULL when memory is out. */
static cotel_baggage *merge(const cotel_baggage *under, const cotel_baggage *over)
{
    if (!under)
        return cotel_baggage_ref(over);

    cotel_baggage_entry entries[COTEL_BAGGAGE_MAX_ENTRIES], entry;
    struct ct_baggage_list list;
    ct_baggage_list_init(&list, entries, COTEL_BAGGAGE_MAX_ENTRIES, under);
    for (size_t i = 0; cotel_baggage_at(over, i, &entry); i++)
        ct_propagation_count(CT_PROPAGATION_OVER_LIMIT, !ct_baggage_list_put(&list, &entry));
    return ct_baggage_list_build(&list);
}

cotel_context *ct_context_add_baggage(const cotel_context *context, cotel_baggage *read)
{
    if (!read)
        return cotel_context_ref(context);
    cotel_baggage *merged = merge(ct_context_baggage_pointer(context), read);
    cotel_baggage_unref(read);
    if (!merged)
        return cotel_context_ref(context);
    cotel_context *extracted = cotel_context_with_baggage(context, merged);
    cotel_baggage_unref(merged);
    return extracted;
}
