/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_PROPAGATORS: the one place that makes a propagator of its words.
 *
 * A composite can never be freed, since some thread may be injecting with it while another becomes
 * the global one. So each that was ever made is kept, and found again when the same is asked for:
 * a program that initialises and shuts down in turns does not grow. */
#include <cotel/propagation.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "from_env.h"

static const cotel_propagator *(*const known_propagators[])(void) = {
    [CT_ENV_TRACECONTEXT] = cotel_propagator_tracecontext,
    [CT_ENV_BAGGAGE] = cotel_propagator_baggage,
    [CT_ENV_B3] = cotel_propagator_b3,
    [CT_ENV_B3_MULTI] = cotel_propagator_b3_multi,
    [CT_ENV_JAEGER] = cotel_propagator_jaeger,
};

struct kept {
    struct kept *next;
    struct ct_env_list list;
    cotel_propagator *composite;
};

/* Grows at its head and never shrinks, so it needs no lock, which a fork could find held. The
 * release store of a new head pairs with the acquire load of whoever searches. Two threads may both
 * add the same list; either will do. */
static _Atomic(struct kept *) all_kept;

static bool is_same_list(const struct ct_env_list *a, const struct ct_env_list *b)
{
    return a->count == b->count && memcmp(a->items, b->items, a->count * sizeof *a->items) == 0;
}

static cotel_propagator *create_composite(const struct ct_env_list *list)
{
    const cotel_propagator *propagators[CT_ENV_LIST_MAX];
    cotel_propagator *composite;
    for (size_t i = 0; i < list->count; i++)
        propagators[i] = known_propagators[list->items[i]]();
    cotel_status status = cotel_propagator_composite_create(propagators, list->count, &composite);
    return status == COTEL_STATUS_OK ? composite : NULL;
}

/* NULL when memory is out. */
static const cotel_propagator *keep(const struct ct_env_list *list)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (!kept)
        return NULL;
    kept->list = *list;
    kept->composite = create_composite(list);
    if (!kept->composite) {
        free(kept);
        return NULL;
    }
    kept->next = atomic_load_explicit(&all_kept, memory_order_acquire);
    while (!atomic_compare_exchange_weak_explicit(&all_kept, &kept->next, kept,
                                                  memory_order_release, memory_order_acquire))
        ;
    return kept->composite;
}

static const cotel_propagator *composite_of(const struct ct_env_list *list)
{
    const struct kept *kept = atomic_load_explicit(&all_kept, memory_order_acquire);
    while (kept && !is_same_list(&kept->list, list))
        kept = kept->next;
    return kept ? kept->composite : keep(list);
}

static const cotel_propagator *propagator_of(const struct ct_env_list *list)
{
    switch (list->count) {
    case 0:
        return cotel_propagator_none();
    case 1:
        return known_propagators[list->items[0]]();
    default:
        return composite_of(list);
    }
}

/* Without the variable the global one stays: it is the default, or what the program has set. */
cotel_status ct_propagators_from_env(const struct ct_env *env)
{
    if (!env->propagators.decided_by)
        return COTEL_STATUS_OK;
    const cotel_propagator *propagator = propagator_of(&env->propagators.list);
    if (!propagator)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_propagator_set_global(propagator);
    return COTEL_STATUS_OK;
}
