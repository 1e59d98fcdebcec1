/* SPDX-License-Identifier: Apache-2.0 */
/* The spans of a trace, each id once. */
#ifndef COTEL_TOOLS_COTEL_VIEW_SPAN_SET_H
#define COTEL_TOOLS_COTEL_VIEW_SPAN_SET_H

#include "view/span.h"

/* Zeroed is empty. */
struct ct_span_set {
    struct ct_span **slots; /* NULL where free */
    size_t capacity;        /* a power of two */
    size_t count;
};

enum ct_span_set_result { CT_SPAN_SET_ADDED, CT_SPAN_SET_PRESENT, CT_SPAN_SET_OUT_OF_MEMORY };

/* The set owns the span only if it was added. */
enum ct_span_set_result ct_span_set_add(struct ct_span_set *set, struct ct_span *span);

/* NULL if there is none. */
struct ct_span *ct_span_set_find(const struct ct_span_set *set, const uint8_t id[CT_SPAN_ID_SIZE]);

/* Destroys the spans too. */
void ct_span_set_fini(struct ct_span_set *set);

#endif
