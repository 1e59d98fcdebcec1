/* SPDX-License-Identifier: Apache-2.0 */
/* The seam between the API and an SDK for metrics, as provider.h is for traces: tables of
 * functions, size first, both sides only append, and a function beyond the other side's `size`
 * counts as absent.
 *
 * Lifetimes: meters, instruments and observers that an SDK gives to the API stay mapped while the
 * process lives. What it gives for a bound instrument or a callback lives until it is released. */
#ifndef COTEL_SRC_API_METER_PROVIDER_H
#define COTEL_SRC_API_METER_PROVIDER_H

#include <cotel/metrics.h>

#include "api/provider.h"

/* What an instrument is. All of it is kept by the API for ever; texts are as the user gave them. */
struct ct_instrument_info {
    cotel_instrument_kind kind;
    bool is_double;
    cotel_str name;
    cotel_str unit;
    cotel_str description;
    const double *boundaries; /* NULL: no advice */
    size_t boundary_count;
    const cotel_str *attribute_keys; /* NULL: no advice */
    size_t attribute_key_count;
};

/* ---- instruments ---- */

/* What an SDK's instrument begins with. Several of the API's instruments may share one: the same
 * name in another case, or with other advice. */
struct ct_instrument_impl {
    const struct ct_instrument_ops *ops;
};

/* What an SDK gives for a bound instrument begins with this. */
struct ct_bound_impl {
    const struct ct_bound_ops *ops;
};

/* `context` is the one to sample exemplars from; NULL: the empty one. Any thread. */
struct ct_instrument_ops {
    size_t size;
    /* One of the two, as the instrument is of integers or of doubles. Not on observables. */
    void (*record_int)(struct ct_instrument_impl *instrument, int64_t value,
                       const cotel_attribute *attributes, size_t count,
                       const cotel_context *context);
    void (*record_double)(struct ct_instrument_impl *instrument, double value,
                          const cotel_attribute *attributes, size_t count,
                          const cotel_context *context);
    bool (*enabled)(const struct ct_instrument_impl *instrument);
    /* NULL when memory is out: then the API records through the instrument, and asks again when the
     * provider changes. Under the API's registry lock, otherwise once for each provider. */
    struct ct_bound_impl *(*bind)(struct ct_instrument_impl *instrument,
                                  const cotel_attribute *attributes, size_t count);
};

struct ct_bound_ops {
    size_t size;
    void (*record_int)(struct ct_bound_impl *bound, int64_t value, const cotel_context *context);
    void (*record_double)(struct ct_bound_impl *bound, double value, const cotel_context *context);
    /* Frees it; nobody is recording through it any more. Also after its provider was destroyed. */
    void (*release)(struct ct_bound_impl *bound);
};

/* ---- callbacks ---- */

/* What cotel_observer is. `instrument` is what an SDK gave for the API's instrument: not this one
 * if the provider was replaced meanwhile, so it is compared with those that the callback was added
 * for, and not followed before. Integers come to instruments of doubles as doubles. */
struct cotel_observer {
    const struct ct_observer_ops *ops;
};

struct ct_observer_ops {
    size_t size;
    void (*observe_int)(cotel_observer *observer, struct ct_instrument_impl *instrument,
                        int64_t value, const cotel_attribute *attributes, size_t count);
    void (*observe_double)(cotel_observer *observer, struct ct_instrument_impl *instrument,
                           double value, const cotel_attribute *attributes, size_t count);
};

/* A callback at an SDK: begins with nothing in particular. */
struct ct_callback_impl;

/* ---- meters and providers ---- */

struct ct_meter_impl {
    const struct ct_meter_ops *ops;
};

struct ct_meter_ops {
    size_t size;
    /* The meter's instrument; NULL when it can't be had. Under the API's registry lock: the rules
     * of ct_provider_ops.get_tracer hold for the first three. `info` lives for ever. */
    struct ct_instrument_impl *(*get_instrument)(struct ct_meter_impl *meter,
                                                 const struct ct_instrument_info *info);
    /* Adds a callback for these instruments of this meter, 1 to COTEL_CALLBACK_MAX_INSTRUMENTS;
     * they are copied, and the same one may come twice. Not added at all if one of the three
     * functions for callbacks is missing. */
    struct ct_callback_impl *(*add_callback)(struct ct_meter_impl *meter,
                                             struct ct_instrument_impl *const *instruments,
                                             size_t count, cotel_observable_callback callback,
                                             void *user);
    /* It will not be called again, once it returns if it is running. Does not wait. `callback`
     * stays allocated until it is released. */
    void (*remove_callback)(struct ct_meter_impl *meter, struct ct_callback_impl *callback);
    /* Without a lock of the API's, behind calls of the three above: tells diagnostics what came up
     * in them. */
    void (*tell)(struct ct_meter_impl *meter);
    /* Without a lock of the API's: waits until a removed callback does not run any more, unless it
     * runs on this thread, and frees it. Also after the provider was destroyed. */
    void (*release_callback)(struct ct_meter_impl *meter, struct ct_callback_impl *callback);
};

/* What cotel_meter_provider is. */
struct cotel_meter_provider {
    const struct ct_meter_provider_ops *ops;
};

struct ct_meter_provider_ops {
    size_t size;
    /* As ct_provider_ops. */
    struct ct_meter_impl *(*get_meter)(cotel_meter_provider *provider,
                                       const struct ct_scope *scope);
    void (*nameless)(cotel_meter_provider *provider);
};

/* Tells the API that a provider will not be used again: its meters, instruments, bound ones and
 * callbacks become no-ops. Callbacks are removed from it before this returns; bound ones and
 * callbacks are released when the user is done with them. Called by the SDK at destroy, without a
 * lock that remove_callback takes. Exported by libcotel-api, part of the
 * seam. */
COTEL_API void cotel_meter_provider_forget(cotel_meter_provider *provider);

#endif
