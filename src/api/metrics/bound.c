/* SPDX-License-Identifier: Apache-2.0 */
#include "api/metrics/bound.h"

#include <stdlib.h>

#include "api/metrics/synchronous.h"
#include "base/sized.h"
#include "wire/attribute_copy.h"

struct ct_bound_answer {
    struct ct_bound_answer *next;
    const void *provider; /* NULL: forgotten */
    struct ct_bound_impl *impl;
};

static bool is_usable(const struct ct_bound_ops *ops, const struct ct_instrument_info *info)
{
    if (!CT_HAS_OP(ops, release))
        return false;
    return info->is_double ? CT_HAS_OP(ops, record_double) : CT_HAS_OP(ops, record_int);
}

static struct ct_bound_impl *ask(const struct ct_bound *bound)
{
    struct ct_instrument_impl *instrument = ct_instrument_impl(bound->instrument);
    if (!instrument || !CT_HAS_OP(instrument->ops, bind))
        return NULL;
    struct ct_bound_impl *impl =
        instrument->ops->bind(instrument, bound->attributes, bound->attribute_count);
    return impl && is_usable(impl->ops, &bound->instrument->info) ? impl : NULL;
}

static struct ct_bound_impl *answer_of(struct ct_bound *bound, const void *provider)
{
    struct ct_bound_answer *answer = bound->answers;
    for (; answer; answer = answer->next) {
        if (answer->provider == provider)
            return answer->impl;
    }
    answer = malloc(sizeof *answer);
    if (!answer)
        return NULL;
    *answer = (struct ct_bound_answer){.next = bound->answers, .provider = provider};
    answer->impl = ask(bound);
    if (!answer->impl) {
        free(answer);
        return NULL;
    }
    bound->answers = answer;
    return answer->impl;
}

void ct_bound_bind(struct ct_bound *bound, void *provider)
{
    /* Release pairs with ct_bound_impl(). */
    atomic_store_explicit(&bound->impl, provider ? answer_of(bound, provider) : NULL,
                          memory_order_release);
}

void ct_bound_forget(struct ct_bound *bound, const void *provider)
{
    for (struct ct_bound_answer *answer = bound->answers; answer; answer = answer->next) {
        if (answer->provider == provider)
            answer->provider = NULL;
    }
}

struct ct_bound *ct_bound_create(struct ct_instrument *instrument,
                                 const cotel_attribute *attributes, size_t count)
{
    struct ct_bound *bound = instrument ? calloc(1, sizeof *bound) : NULL;
    if (!bound)
        return NULL;
    bound->attributes = ct_attributes_copy(attributes, count, &bound->attribute_count);
    if (!bound->attributes) {
        free(bound);
        return NULL;
    }
    atomic_init(&bound->impl, NULL);
    bound->instrument = instrument;

    ct_registry_lock(&ct_meters);
    if (instrument->meter)
        ct_bound_bind(bound, ct_meter_provider(instrument->meter));
    ct_list_add(&instrument->bounds, &bound->node);
    ct_registry_unlock(&ct_meters);
    return bound;
}

void ct_bound_destroy(struct ct_bound *bound)
{
    if (!bound)
        return;
    ct_registry_lock(&ct_meters);
    ct_list_remove(&bound->node);
    ct_registry_unlock(&ct_meters);

    for (struct ct_bound_answer *answer = bound->answers, *next; answer; answer = next) {
        next = answer->next;
        answer->impl->ops->release(answer->impl);
        free(answer);
    }
    free(bound->attributes);
    free(bound);
}

#define DEFINE_BIND(name, verb, kind, number, word, is_double)                                     \
    cotel_bound_##name *cotel_##name##_bind(cotel_##name *name, const cotel_attribute *attributes, \
                                            size_t count)                                          \
    {                                                                                              \
        return (cotel_bound_##name *)ct_bound_create((struct ct_instrument *)name, attributes,     \
                                                     count);                                       \
    }                                                                                              \
    void cotel_bound_##name##_unbind(cotel_bound_##name *bound)                                    \
    {                                                                                              \
        ct_bound_destroy((struct ct_bound *)bound);                                                \
    }
CT_SYNCHRONOUS_INSTRUMENTS(DEFINE_BIND)
