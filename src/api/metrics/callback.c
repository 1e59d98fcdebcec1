/* SPDX-License-Identifier: Apache-2.0 */
/* A callback is enrolled once with each provider that its meter is bound to, and stays so when that
 * is replaced: what the SDK calls is run() here, which knows whether it is this one's turn. So
 * changing providers back and forth costs nothing, waits for nobody, and an SDK that still is
 * collecting for a provider that was replaced calls nobody's function.
 *
 * An enrolment lies in the callback's list before the SDK hears of it. A child that was forked just
 * then finds it without the SDK's answer: it never gets its turn, and is never freed. */
#include "api/metrics/callback.h"

#include <stdlib.h>

#include "base/sized.h"

struct enrolment {
    struct enrolment *next;
    _Atomic(cotel_callback *) callback; /* NULL: not its turn */
    const void *provider;               /* NULL: forgotten */
    struct ct_meter_impl *meter;
    struct ct_callback_impl *impl; /* NULL: not answered */
};

struct cotel_callback {
    struct ct_node node; /* of the meter's */

    /* Constant. */
    cotel_meter *meter; /* NULL: of no meter, since its instruments are not */
    cotel_observable_callback function;
    void *user;
    bool is_for_ever;

    struct enrolment *enrolments; /* under the registry's lock */

    size_t instrument_count;
    struct ct_instrument *instruments[];
};

static void run(cotel_observer *observer, void *user)
{
    const struct enrolment *enrolment = user;
    /* Acquire pairs with the release in ct_callback_bind(): the callback is complete. It lasts
     * while this runs, unless it removes itself, after which nothing here looks at it. */
    const cotel_callback *callback =
        atomic_load_explicit(&enrolment->callback, memory_order_acquire);
    if (callback)
        callback->function(observer, callback->user);
}

/* The last one of the three functions tells that the table reaches over all. */
static bool takes_callbacks(const struct ct_meter_ops *ops)
{
    return CT_REACHES(ops, release_callback) && ops->add_callback && ops->remove_callback &&
           ops->release_callback;
}

/* What the SDK has for the callback's instruments. */
static size_t get_impls(const cotel_callback *callback, struct ct_instrument_impl **impls)
{
    size_t count = 0;
    for (size_t i = 0; i < callback->instrument_count; i++) {
        struct ct_instrument_impl *impl = ct_instrument_impl(callback->instruments[i]);
        if (impl)
            impls[count++] = impl;
    }
    return count;
}

static struct enrolment *enrol(cotel_callback *callback, const void *provider)
{
    struct ct_meter_impl *meter = ct_meter_impl(callback->meter);
    struct ct_instrument_impl *impls[COTEL_CALLBACK_MAX_INSTRUMENTS];
    size_t count = get_impls(callback, impls);
    struct enrolment *enrolment =
        meter && count > 0 && takes_callbacks(meter->ops) ? malloc(sizeof *enrolment) : NULL;
    if (!enrolment)
        return NULL;

    *enrolment =
        (struct enrolment){.next = callback->enrolments, .provider = provider, .meter = meter};
    callback->enrolments = enrolment;
    enrolment->impl = meter->ops->add_callback(meter, impls, count, run, enrolment);
    if (enrolment->impl)
        return enrolment;
    callback->enrolments = enrolment->next;
    free(enrolment);
    return NULL;
}

static struct enrolment *enrolment_with(cotel_callback *callback, const void *provider)
{
    struct enrolment *enrolment = callback->enrolments;
    for (; enrolment; enrolment = enrolment->next) {
        if (enrolment->provider == provider && enrolment->impl)
            return enrolment;
    }
    return enrol(callback, provider);
}

void ct_callback_bind(cotel_callback *callback, void *provider)
{
    const struct enrolment *now = provider ? enrolment_with(callback, provider) : NULL;
    struct enrolment *enrolment = callback->enrolments;
    /* Release: see run(). */
    for (; enrolment; enrolment = enrolment->next)
        atomic_store_explicit(&enrolment->callback, enrolment == now ? callback : NULL,
                              memory_order_release);
}

/* The SDK will not call it again, but may be doing so. */
static void cancel(struct enrolment *enrolment)
{
    /* Relaxed: it takes away, and publishes nothing. */
    atomic_store_explicit(&enrolment->callback, NULL, memory_order_relaxed);
    if (enrolment->provider && enrolment->impl)
        enrolment->meter->ops->remove_callback(enrolment->meter, enrolment->impl);
    enrolment->provider = NULL;
}

void ct_callback_forget(cotel_callback *callback, const void *provider)
{
    struct enrolment *enrolment = callback->enrolments;
    for (; enrolment; enrolment = enrolment->next) {
        if (enrolment->provider == provider)
            cancel(enrolment);
    }
}

static cotel_callback *create(cotel_meter *meter, size_t instrument_count,
                              cotel_observable_callback function, void *user)
{
    cotel_callback *callback =
        calloc(1, sizeof *callback + instrument_count * sizeof callback->instruments[0]);
    if (!callback)
        return NULL;
    callback->meter = meter;
    callback->function = function;
    callback->user = user;
    callback->instrument_count = instrument_count;
    return callback;
}

/* Under the lock; it has a meter. */
static void add(cotel_callback *callback)
{
    ct_callback_bind(callback, ct_meter_provider(callback->meter));
    ct_list_add(&callback->meter->callbacks, &callback->node);
}

/* Whether all are there, and of one meter; those of none go with any. */
static bool get_meter(cotel_observable *const *instruments, size_t count, cotel_meter **meter)
{
    *meter = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!instruments[i])
            return false;
        cotel_meter *one = instruments[i]->instrument.meter;
        if (one && *meter && one != *meter)
            return false;
        if (one)
            *meter = one;
    }
    return true;
}

cotel_callback *cotel_observable_add_callback(cotel_observable *const *instruments, size_t count,
                                              cotel_observable_callback function, void *user)
{
    cotel_meter *meter;
    if (!function || !instruments || count == 0 || count > COTEL_CALLBACK_MAX_INSTRUMENTS ||
        !get_meter(instruments, count, &meter))
        return NULL;
    cotel_callback *callback = create(meter, count, function, user);
    if (!callback)
        return NULL;
    for (size_t i = 0; i < count; i++)
        callback->instruments[i] = &instruments[i]->instrument;

    if (!meter)
        return callback;
    ct_registry_lock(&ct_meters);
    add(callback);
    ct_registry_unlock(&ct_meters);
    return callback;
}

/* Under the lock. */
static bool was_added_for_ever(const struct ct_instrument *instrument,
                               cotel_observable_callback function, const void *user)
{
    struct ct_node *node = ct_list_first(&instrument->meter->callbacks);
    for (; node; node = ct_list_next(node)) {
        const cotel_callback *callback = (const cotel_callback *)node;
        if (callback->is_for_ever && callback->instruments[0] == instrument &&
            callback->function == function && callback->user == user)
            return true;
    }
    return false;
}

void ct_callback_add_for_ever(struct ct_instrument *instrument, cotel_observable_callback function,
                              void *user)
{
    if (!instrument->meter)
        return;
    ct_registry_lock(&ct_meters);
    cotel_callback *callback = was_added_for_ever(instrument, function, user)
                                   ? NULL
                                   : create(instrument->meter, 1, function, user);
    if (callback) {
        callback->is_for_ever = true;
        callback->instruments[0] = instrument;
        add(callback);
    }
    ct_registry_unlock(&ct_meters);
}

/* Waits for those that are running on other threads. */
static void release(struct enrolment *enrolment)
{
    if (!enrolment->impl)
        return;
    enrolment->meter->ops->release_callback(enrolment->meter, enrolment->impl);
    free(enrolment);
}

void cotel_callback_remove(cotel_callback *callback)
{
    if (!callback)
        return;
    ct_registry_lock(&ct_meters);
    if (callback->meter)
        ct_list_remove(&callback->node);
    for (struct enrolment *one = callback->enrolments; one; one = one->next)
        cancel(one);
    ct_registry_unlock(&ct_meters);

    for (struct enrolment *one = callback->enrolments, *next; one; one = next) {
        next = one->next;
        release(one);
    }
    free(callback);
}
