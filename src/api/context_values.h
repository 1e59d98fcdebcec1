/* SPDX-License-Identifier: Apache-2.0 */
/* The values of a context besides its span: a list that never changes, shared by all contexts that
 * were made from one another without touching a value. To set one is to copy the list; lists are
 * short, and read far more often than written. Baggage is such a value, under a key of cotel's. */
#ifndef COTEL_SRC_API_CONTEXT_VALUES_H
#define COTEL_SRC_API_CONTEXT_VALUES_H

#include <cotel/context.h>

#include "base/compiler.h"

struct cotel_context_key {
    const char *name;
};

/* NULL is the list without values. */
struct ct_context_values;

/* A list in which `key` has `value`, or without the key when the value is NULL, as a new
 * reference. The value passes in any case: where it can't be stored, that is counted, `destroy`
 * called, and the list the old one. */
struct ct_context_values *ct_context_values_set(struct ct_context_values *values,
                                                const cotel_context_key *key, void *value,
                                                void (*destroy)(void *value));

void *ct_context_values_get_slow_path(const struct ct_context_values *values,
                                      const cotel_context_key *key);
struct ct_context_values *ct_context_values_ref_slow_path(struct ct_context_values *values);
void ct_context_values_unref_slow_path(struct ct_context_values *values);

/* Inline, all three: asked for each span that becomes current and each context that is sent, and
 * then there are seldom any. */

/* NULL when it is not there. */
static inline void *ct_context_values_get(const struct ct_context_values *values,
                                          const cotel_context_key *key)
{
    return CT_LIKELY(!values) ? NULL : ct_context_values_get_slow_path(values, key);
}

static inline struct ct_context_values *ct_context_values_ref(struct ct_context_values *values)
{
    return CT_LIKELY(!values) ? NULL : ct_context_values_ref_slow_path(values);
}

static inline void ct_context_values_unref(struct ct_context_values *values)
{
    if (CT_UNLIKELY(values))
        ct_context_values_unref_slow_path(values);
}

#endif
