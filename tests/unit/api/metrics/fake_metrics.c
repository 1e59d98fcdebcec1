/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_metrics.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/metrics/instrument.h"

struct fake_bound {
    struct ct_bound_impl base;
    struct fake_instrument *instrument;
    size_t attribute_count;
};

struct fake_callback {
    struct fake_callback *next;
    struct fake_provider *provider;
    cotel_observable_callback callback;
    void *user;
    unsigned running;
    pthread_t runner;
    bool removed;
    bool released;
    size_t instrument_count;
    struct ct_instrument_impl *instruments[COTEL_CALLBACK_MAX_INSTRUMENTS];
};

struct fake_observer {
    cotel_observer base;
    struct fake_callback *callback;
};

void (*fake_in_get_instrument)(void);
void (*fake_in_tell)(void);

/* ---- instruments ---- */

static void note(struct fake_instrument *instrument, int64_t value, size_t count,
                 const cotel_context *context)
{
    atomic_fetch_add(&instrument->records, 1);
    atomic_fetch_add(&instrument->sum, value);
    atomic_store(&instrument->last_count, count);
    atomic_store(&instrument->last_context, context);
}

static void record_int(struct ct_instrument_impl *instrument, int64_t value,
                       const cotel_attribute *attributes, size_t count,
                       const cotel_context *context)
{
    note((struct fake_instrument *)instrument, value, count, context);
}

static void record_double(struct ct_instrument_impl *instrument, double value,
                          const cotel_attribute *attributes, size_t count,
                          const cotel_context *context)
{
    note((struct fake_instrument *)instrument, (int64_t)value, count, context);
}

static bool enabled(const struct ct_instrument_impl *instrument)
{
    return !((const struct fake_instrument *)instrument)->provider->disabled;
}

static struct ct_bound_impl *bind_instrument(struct ct_instrument_impl *impl,
                                             const cotel_attribute *attributes, size_t count)
{
    struct fake_instrument *instrument = (struct fake_instrument *)impl;
    struct fake_bound *bound = instrument->provider->refuses_bounds ? NULL : malloc(sizeof *bound);
    if (!bound)
        return NULL;
    atomic_fetch_add(&instrument->provider->bounds, 1);
    *bound = (struct fake_bound){{&fake_bound_ops}, instrument, count};
    return &bound->base;
}

struct ct_instrument_ops fake_instrument_ops = {.size = sizeof fake_instrument_ops,
                                                .record_int = record_int,
                                                .record_double = record_double,
                                                .enabled = enabled,
                                                .bind = bind_instrument};

static void record_bound_int(struct ct_bound_impl *impl, int64_t value,
                             const cotel_context *context)
{
    const struct fake_bound *bound = (const struct fake_bound *)impl;
    note(bound->instrument, value, bound->attribute_count, context);
}

static void record_bound_double(struct ct_bound_impl *impl, double value,
                                const cotel_context *context)
{
    record_bound_int(impl, (int64_t)value, context);
}

static void release_bound(struct ct_bound_impl *impl)
{
    struct fake_bound *bound = (struct fake_bound *)impl;
    atomic_fetch_add(&bound->instrument->provider->bounds_released, 1);
    free(bound);
}

struct ct_bound_ops fake_bound_ops = {.size = sizeof fake_bound_ops,
                                      .record_int = record_bound_int,
                                      .record_double = record_bound_double,
                                      .release = release_bound};

/* ---- callbacks ---- */

static void observe_int(cotel_observer *observer, struct ct_instrument_impl *instrument,
                        int64_t value, const cotel_attribute *attributes, size_t count)
{
    struct fake_callback *callback = ((struct fake_observer *)observer)->callback;
    for (size_t i = 0; i < callback->instrument_count; i++) {
        if (callback->instruments[i] == instrument) {
            struct fake_instrument *found = (struct fake_instrument *)instrument;
            atomic_fetch_add(&found->observations, 1);
            note(found, value, count, NULL);
            return;
        }
    }
    callback->provider->refused_observations++;
}

static void observe_double(cotel_observer *observer, struct ct_instrument_impl *instrument,
                           double value, const cotel_attribute *attributes, size_t count)
{
    observe_int(observer, instrument, (int64_t)value, attributes, count);
}

struct ct_observer_ops fake_observer_ops = {
    .size = sizeof fake_observer_ops, .observe_int = observe_int, .observe_double = observe_double};

static struct fake_provider *of_meter(struct ct_meter_impl *meter)
{
    return (struct fake_provider *)(void *)((char *)meter - offsetof(struct fake_provider, meter));
}

static struct ct_callback_impl *add_callback(struct ct_meter_impl *meter,
                                             struct ct_instrument_impl *const *instruments,
                                             size_t count, cotel_observable_callback function,
                                             void *user)
{
    struct fake_provider *provider = of_meter(meter);
    struct fake_callback *callback =
        provider->refuses_callbacks ? NULL : calloc(1, sizeof *callback);
    if (!callback)
        return NULL;
    callback->provider = provider;
    callback->callback = function;
    callback->user = user;
    callback->instrument_count = count;
    memcpy(callback->instruments, instruments, count * sizeof *instruments);
    pthread_mutex_lock(&provider->lock);
    callback->next = provider->callbacks;
    provider->callbacks = callback;
    provider->callbacks_added++;
    pthread_mutex_unlock(&provider->lock);
    return (struct ct_callback_impl *)callback;
}

static void remove_callback(struct ct_meter_impl *meter, struct ct_callback_impl *impl)
{
    struct fake_provider *provider = of_meter(meter);
    pthread_mutex_lock(&provider->lock);
    ((struct fake_callback *)impl)->removed = true;
    provider->callbacks_removed++;
    pthread_mutex_unlock(&provider->lock);
}

/* Under the lock. Frees what is removed, released and not running. */
static void sweep(struct fake_provider *provider)
{
    for (struct fake_callback **at = &provider->callbacks; *at;) {
        struct fake_callback *callback = *at;
        if (!callback->removed || !callback->released || callback->running) {
            at = &callback->next;
            continue;
        }
        *at = callback->next;
        free(callback);
    }
}

static void release_callback(struct ct_meter_impl *meter, struct ct_callback_impl *impl)
{
    struct fake_provider *provider = of_meter(meter);
    struct fake_callback *callback = (struct fake_callback *)impl;
    pthread_mutex_lock(&provider->lock);
    while (callback->running && !pthread_equal(callback->runner, pthread_self()))
        pthread_cond_wait(&provider->done, &provider->lock);
    callback->released = true;
    provider->callbacks_released++;
    sweep(provider);
    pthread_mutex_unlock(&provider->lock);
}

/* Under the lock, which it lets go meanwhile. */
static void run(struct fake_callback *callback)
{
    struct fake_observer observer = {{&fake_observer_ops}, callback};
    callback->running++;
    callback->runner = pthread_self();
    pthread_mutex_unlock(&callback->provider->lock);
    callback->callback(&observer.base, callback->user);
    pthread_mutex_lock(&callback->provider->lock);
    callback->running--;
    pthread_cond_broadcast(&callback->provider->done);
}

void fake_collect(struct fake_provider *provider)
{
    pthread_mutex_lock(&provider->lock);
    for (struct fake_callback *callback = provider->callbacks; callback;
         callback = callback->next) {
        if (!callback->removed && !callback->running)
            run(callback);
    }
    sweep(provider);
    pthread_mutex_unlock(&provider->lock);
}

/* ---- meters and providers ---- */

static struct fake_instrument *find(struct fake_provider *provider,
                                    const struct ct_instrument_info *info)
{
    for (size_t i = 0; i < provider->instrument_count; i++) {
        if (provider->instruments[i].info == info)
            return &provider->instruments[i];
    }
    return NULL;
}

struct fake_instrument *fake_find(struct fake_provider *provider, const void *instrument)
{
    struct fake_instrument *found =
        find(provider, &((const struct ct_instrument *)instrument)->info);
    assert(found);
    return found;
}

static struct fake_instrument *add_instrument(struct fake_provider *provider,
                                              const struct ct_instrument_info *info)
{
    size_t at = provider->instrument_count;
    if (at == FAKE_MAX_INSTRUMENTS)
        return &provider->instruments[at - 1];
    struct fake_instrument *instrument = &provider->instruments[at];
    instrument->base.ops = &fake_instrument_ops;
    instrument->provider = provider;
    instrument->info = info;
    provider->instrument_count++;
    return instrument;
}

static struct ct_instrument_impl *get_instrument(struct ct_meter_impl *meter,
                                                 const struct ct_instrument_info *info)
{
    struct fake_provider *provider = of_meter(meter);
    provider->instruments_asked++;
    if (fake_in_get_instrument)
        fake_in_get_instrument();
    if (provider->refuses_instruments)
        return NULL;
    struct fake_instrument *instrument = find(provider, info);
    return &(instrument ? instrument : add_instrument(provider, info))->base;
}

static void tell(struct ct_meter_impl *meter)
{
    if (fake_in_tell)
        fake_in_tell();
}

struct ct_meter_ops fake_meter_ops = {.size = sizeof fake_meter_ops,
                                      .get_instrument = get_instrument,
                                      .add_callback = add_callback,
                                      .remove_callback = remove_callback,
                                      .tell = tell,
                                      .release_callback = release_callback};

static struct ct_meter_impl *get_meter(cotel_meter_provider *self, const struct ct_scope *scope)
{
    struct fake_provider *provider = (struct fake_provider *)self;
    provider->meters++;
    snprintf(provider->last_scope, FAKE_TEXT_SIZE, "%.*s/%.*s/%.*s", (int)scope->name.size,
             scope->name.data, (int)scope->version.size, scope->version.data,
             (int)scope->schema_url.size, scope->schema_url.data);
    provider->last_attribute_count = scope->attribute_count;
    return provider->refuses ? NULL : &provider->meter;
}

static void nameless(cotel_meter_provider *self)
{
    ((struct fake_provider *)self)->nameless++;
}

struct ct_meter_provider_ops fake_provider_ops = {
    .size = sizeof fake_provider_ops, .get_meter = get_meter, .nameless = nameless};

void fake_provider_init(struct fake_provider *provider)
{
    memset(provider, 0, sizeof *provider);
    provider->base.ops = &fake_provider_ops;
    provider->meter.ops = &fake_meter_ops;
    pthread_mutex_init(&provider->lock, NULL);
    pthread_cond_init(&provider->done, NULL);
    fake_provider_ops.size = sizeof fake_provider_ops;
    fake_meter_ops.size = sizeof fake_meter_ops;
    fake_instrument_ops.size = sizeof fake_instrument_ops;
    fake_bound_ops.size = sizeof fake_bound_ops;
    fake_observer_ops.size = sizeof fake_observer_ops;
}
