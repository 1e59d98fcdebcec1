/* SPDX-License-Identifier: Apache-2.0 */
/* An instrument with its attributes, and what the SDK gave for both. What an SDK gave is kept until
 * it is unbound, since a thread that found it may still be recording through it: one for each
 * provider that there ever was, however often they change places. */
#ifndef COTEL_SRC_API_METRICS_BOUND_H
#define COTEL_SRC_API_METRICS_BOUND_H

#include <stdatomic.h>

#include "api/metrics/instrument.h"

struct ct_bound_answer;

struct ct_bound {
    struct ct_node node;                  /* of the instrument's */
    _Atomic(struct ct_bound_impl *) impl; /* NULL: records through the instrument */

    /* Constant. */
    struct ct_instrument *instrument;
    cotel_attribute *attributes; /* a copy */
    size_t attribute_count;

    struct ct_bound_answer *answers; /* under the registry's lock */
};

/* NULL when memory is out, and for the instrument NULL. */
struct ct_bound *ct_bound_create(struct ct_instrument *instrument,
                                 const cotel_attribute *attributes, size_t count);
void ct_bound_destroy(struct ct_bound *bound);

/* As those of instruments. */
void ct_bound_bind(struct ct_bound *bound, void *provider);
void ct_bound_forget(struct ct_bound *bound, const void *provider);

/* What the SDK gave for it, or NULL. */
static inline struct ct_bound_impl *ct_bound_impl(const struct ct_bound *bound)
{
    /* Acquire pairs with the release that bound it: what the SDK gave is complete. */
    return bound ? atomic_load_explicit(&bound->impl, memory_order_acquire) : NULL;
}

#endif
