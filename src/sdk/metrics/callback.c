/* SPDX-License-Identifier: Apache-2.0 */
/* Adding, running and removing callbacks.
 *
 * One lock for all of the process guards the lists; it is never held while a callback runs. One
 * reader of a provider at a time runs its callbacks, so none runs twice at once. A callback that is
 * removed while it runs stays in its list until it returns, and who releases it waits for that,
 * unless it is the callback itself. */
#include "sdk/metrics/callback.h"

#include "base/deadline.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A callback that takes longer is told of. */
#define SLOW_NS (CT_NS_PER_SECOND)

struct ct_callback_impl {
    struct ct_callback_impl *next;
    struct ct_sdk_meter *meter;
    cotel_observable_callback function;
    void *user;
    uint64_t number; /* in the order of their adding, which is that of the list */
    bool linked;     /* in its provider's list; the provider may be gone otherwise */
    bool removed;
    bool released; /* from inside itself: freed when it returns */
    bool running;
    pthread_t runner;
    size_t count;
    struct ct_sdk_instrument *instruments[];
};

struct observer {
    struct cotel_observer base;
    const struct ct_callback_impl *callback;
    const struct ct_observation *observation;
};

static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static uint64_t last_number;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void lock_callbacks(void)
{
    /* A child: who waited in the parent does not wait here. */
    if (ct_fork_lock(&lock))
        changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
}

/* ---- what a callback observes ---- */

static struct ct_sdk_instrument *instrument_of(const struct observer *observer,
                                               const struct ct_instrument_impl *impl)
{
    for (size_t i = 0; i < observer->callback->count; i++) {
        if (&observer->callback->instruments[i]->impl == impl)
            return observer->callback->instruments[i];
    }
    return NULL;
}

static void refuse(const struct observer *observer)
{
    ct_metric_count(&observer->observation->provider->counters.refused, 1);
}

static void observe_double(cotel_observer *base, struct ct_instrument_impl *impl, double value,
                           const cotel_attribute *attributes, size_t count)
{
    struct observer *observer = (struct observer *)base;
    struct ct_sdk_instrument *instrument = instrument_of(observer, impl);
    if (instrument == NULL || !instrument->info.is_double)
        refuse(observer);
    else if (ct_double_is_legal(instrument, value))
        ct_instrument_observe(instrument, observer->observation,
                              (union ct_number){.floating = value}, ct_set_of(attributes, count));
}

static void observe_int(cotel_observer *base, struct ct_instrument_impl *impl, int64_t value,
                        const cotel_attribute *attributes, size_t count)
{
    struct observer *observer = (struct observer *)base;
    struct ct_sdk_instrument *instrument = instrument_of(observer, impl);
    if (instrument != NULL && instrument->info.is_double)
        observe_double(base, impl, (double)value, attributes, count);
    else if (instrument == NULL)
        refuse(observer);
    else
        ct_instrument_observe(instrument, observer->observation,
                              (union ct_number){.integer = value}, ct_set_of(attributes, count));
}

static const struct ct_observer_ops observer_ops = {
    .size = sizeof observer_ops, .observe_int = observe_int, .observe_double = observe_double};

/* ---- lists; the lock is held ---- */

static struct ct_callback_impl **list_of(const struct ct_callback_impl *callback)
{
    return &callback->meter->provider->callbacks;
}

static void link_callback(struct ct_callback_impl *callback)
{
    struct ct_callback_impl **link = list_of(callback);
    while (*link != NULL)
        link = &(*link)->next;
    *link = callback;
    callback->number = ++last_number;
    callback->linked = true;
}

static void unlink_callback(struct ct_callback_impl *callback)
{
    if (!callback->linked)
        return;
    struct ct_callback_impl **link = list_of(callback);
    while (*link != callback)
        link = &(*link)->next;
    *link = callback->next;
    callback->linked = false;
}

/* ---- adding and removing ---- */

struct ct_callback_impl *ct_sdk_callback_add(struct ct_meter_impl *meter,
                                             struct ct_instrument_impl *const *instruments,
                                             size_t count, cotel_observable_callback function,
                                             void *user)
{
    struct ct_callback_impl *callback =
        calloc(1, sizeof *callback + count * sizeof callback->instruments[0]);
    if (callback == NULL) {
        ct_metric_count(&((struct ct_sdk_meter *)meter)->provider->counters.out_of_memory, 1);
        return NULL;
    }
    callback->meter = (struct ct_sdk_meter *)meter;
    callback->function = function;
    callback->user = user;
    for (size_t i = 0; i < count; i++) {
        if (instruments[i] != NULL)
            callback->instruments[callback->count++] = ct_sdk_instrument_of(instruments[i]);
    }
    lock_callbacks();
    link_callback(callback);
    ct_fork_unlock(&lock);
    return callback;
}

void ct_sdk_callback_remove(struct ct_meter_impl *meter, struct ct_callback_impl *callback)
{
    (void)meter;
    lock_callbacks();
    callback->removed = true;
    if (!callback->running)
        unlink_callback(callback);
    ct_fork_unlock(&lock);
}

void ct_sdk_callback_release(struct ct_meter_impl *meter, struct ct_callback_impl *callback)
{
    (void)meter;
    lock_callbacks();
    bool inside = callback->running && pthread_equal(callback->runner, pthread_self());
    callback->released = inside;
    while (callback->running && !inside)
        (void)pthread_cond_wait(&changed, &lock.mutex);
    if (!inside)
        unlink_callback(callback);
    ct_fork_unlock(&lock);
    if (!inside)
        free(callback);
}

/* ---- running ---- */

static void tell_slow(uint64_t began_ns)
{
    static cotel_diagnostics_limit limit;
    uint64_t took_ns = ct_clock_monotonic_ns() - began_ns;
    if (took_ns >= SLOW_NS)
        cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "meter",
                                  "a callback took %llu ms; all metrics wait for it",
                                  (unsigned long long)(took_ns / CT_NS_PER_MS));
}

/* The lock is held, but not while it runs. @return the next one. */
static struct ct_callback_impl *run(struct ct_callback_impl *callback,
                                    const struct ct_observation *observation)
{
    if (callback->removed || !ct_sdk_meter_is_on(callback->meter))
        return callback->next;
    struct observer observer = {{&observer_ops}, callback, observation};
    callback->running = true;
    callback->runner = pthread_self();
    ct_fork_unlock(&lock);
    uint64_t began_ns = ct_clock_monotonic_ns();
    callback->function(&observer.base, callback->user);
    tell_slow(began_ns);
    lock_callbacks();
    callback->running = false;
    struct ct_callback_impl *next = callback->next;
    if (callback->removed)
        unlink_callback(callback);
    if (callback->released)
        free(callback);
    (void)pthread_cond_broadcast(&changed);
    return next;
}

/* The lock is held. @return false when the deadline came first. */
static bool begin_observing(struct ct_meter_provider *provider, uint64_t deadline_ns)
{
    struct timespec until = ct_deadline_timespec(deadline_ns);
    while (provider->observing) {
        if (ct_deadline_passed(deadline_ns))
            return false;
        (void)pthread_cond_clockwait(&changed, &lock.mutex, CLOCK_MONOTONIC, &until);
    }
    provider->observing = true;
    return true;
}

cotel_status ct_callbacks_run(const struct ct_observation *observation, uint64_t deadline_ns)
{
    struct ct_meter_provider *provider = observation->provider;
    lock_callbacks();
    bool began = begin_observing(provider, deadline_ns);
    struct ct_callback_impl *callback = began ? provider->callbacks : NULL;
    uint64_t last = last_number; /* what callbacks add has its turn in the next collection */
    while (callback != NULL && callback->number <= last && !ct_deadline_passed(deadline_ns) &&
           !ct_observation_is_the_parents(observation))
        callback = run(callback, observation);
    bool all = began && (callback == NULL || callback->number > last);
    if (began)
        provider->observing = false;
    (void)pthread_cond_broadcast(&changed);
    ct_fork_unlock(&lock);
    return all ? COTEL_STATUS_OK : COTEL_STATUS_TIMEOUT;
}

void ct_callbacks_forked(struct ct_meter_provider *provider)
{
    lock_callbacks();
    provider->observing = false;
    for (struct ct_callback_impl *at = provider->callbacks; at != NULL; at = at->next)
        at->running = false;
    ct_fork_unlock(&lock);
}
