/* SPDX-License-Identifier: Apache-2.0 */
/* An SDK for metrics that adds up what comes over the seam. As the seam demands, its meters,
 * instruments and observers are never unmapped, it runs callbacks without a lock that removing one
 * takes, and it waits for a callback only when that is released. */
#ifndef COTEL_TESTS_UNIT_API_METRICS_FAKE_METRICS_H
#define COTEL_TESTS_UNIT_API_METRICS_FAKE_METRICS_H

#include <pthread.h>
#include <stdatomic.h>

#include "api/meter_provider.h"

#define FAKE_MAX_INSTRUMENTS 64
#define FAKE_TEXT_SIZE 64

struct fake_provider;

struct fake_instrument {
    struct ct_instrument_impl base;
    struct fake_provider *provider;
    const struct ct_instrument_info *info;
    _Atomic unsigned records;
    _Atomic int64_t sum; /* doubles are cut off */
    _Atomic size_t last_count;
    _Atomic(const cotel_context *) last_context;
    _Atomic unsigned observations;
};

struct fake_callback;

struct fake_provider {
    cotel_meter_provider base;
    struct ct_meter_impl meter; /* the same for all scopes */
    bool refuses;               /* to give meters */
    bool refuses_instruments;   /* and these */
    bool refuses_bounds;
    bool refuses_callbacks;
    bool disabled;
    char last_scope[FAKE_TEXT_SIZE];
    size_t last_attribute_count;
    /* How often it was asked. */
    unsigned meters;
    unsigned instruments_asked;
    unsigned nameless;
    size_t instrument_count;
    struct fake_instrument instruments[FAKE_MAX_INSTRUMENTS]; /* later ones share the last */
    _Atomic unsigned bounds;
    _Atomic unsigned bounds_released;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t done;
    struct fake_callback *callbacks;
    unsigned callbacks_added;
    unsigned callbacks_removed;
    unsigned callbacks_released;
    unsigned refused_observations;
};

void fake_provider_init(struct fake_provider *provider);

/* What it gave for an instrument of the API's. */
struct fake_instrument *fake_find(struct fake_provider *provider, const void *instrument);

/* Runs each callback once. */
void fake_collect(struct fake_provider *provider);

/* The tables, whose sizes a test may change. */
extern struct ct_meter_provider_ops fake_provider_ops;
extern struct ct_meter_ops fake_meter_ops;
extern struct ct_instrument_ops fake_instrument_ops;
extern struct ct_bound_ops fake_bound_ops;
extern struct ct_observer_ops fake_observer_ops;

/* Run inside of each get_instrument, under the registry's lock, and of each tell, without it;
 * unless NULL. */
extern void (*fake_in_get_instrument)(void);
extern void (*fake_in_tell)(void);

#endif
