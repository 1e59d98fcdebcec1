/* SPDX-License-Identifier: Apache-2.0 */
/* The meter provider from inside. Providers stand in a fixed table, so that a meter that is older
 * than its provider's end still points to one. */
#ifndef COTEL_SRC_SDK_METRICS_METER_PROVIDER_H
#define COTEL_SRC_SDK_METRICS_METER_PROVIDER_H

#include <cotel/sdk/meter_provider.h>

#include "api/meter_provider.h"
#include "base/fork.h"
#include "sdk/diagnostics/held.h"
#include "sdk/metrics/reader/reader.h"
#include "sdk/metrics/stream.h"
#include "sdk/metrics/view/views.h"

struct ct_sdk_meter;
struct ct_callback_impl;

/* What one reader's collections have left to be freed; the collector's. */
struct ct_collector {
    cotel_metric_reader *reader;
    struct ct_retired retired;
    uint64_t collections;
};

struct ct_meter_provider {
    struct cotel_meter_provider base;
    _Atomic bool taken;
    /* Complete, and not at its end: what a forked child puts in order. */
    _Atomic bool whole;
    _Atomic bool shut_down;
    cotel_worker_mode worker;
    cotel_resource *resource;
    cotel_runtime *runtime;
    struct ct_views *views; /* asked under the API's registry lock */
    cotel_exemplar_filter exemplar_filter;
    size_t reader_count;
    cotel_metric_reader *readers[COTEL_PROVIDER_MAX_READERS];
    struct ct_collector collectors[COTEL_PROVIDER_MAX_READERS];
    struct ct_metric_counters counters;

    /* Under the lock of callbacks (callback.c): */
    struct ct_callback_impl *callbacks;
    bool observing; /* some reader runs them */

    struct ct_fork_lock lock; /* guards what follows */
    cotel_meter_configurator configurator;
    void *configurator_user;
    _Atomic(struct ct_sdk_meter *) first; /* followed without the lock */
    struct ct_sdk_meter *last;
    struct ct_held_messages untold; /* what came up under the API's lock */
};

static inline struct ct_meter_provider *ct_meter_provider_of(cotel_meter_provider *provider)
{
    return (struct ct_meter_provider *)provider;
}

/* A place, shut down until its maker has filled it in; NULL when all are taken. */
struct ct_meter_provider *ct_meter_provider_take(void);
void ct_meter_provider_give(struct ct_meter_provider *provider);

/* A provider in two halves, for who has more to make that may fail: all that can go wrong, and then
 * nothing that can. Undoing leaves the caller what was the caller's; takes NULL. */
cotel_status ct_meter_provider_prepare(const cotel_meter_provider_options *given,
                                       struct ct_meter_provider **out);
void ct_meter_provider_begin(struct ct_meter_provider *provider);
void ct_meter_provider_undo(struct ct_meter_provider *provider);

void ct_meter_provider_set_whole(struct ct_meter_provider *provider, bool whole);

/* Whether the pointer is that of a provider, and whole. */
bool ct_meter_provider_is_there(const struct ct_meter_provider *provider);

/* Says what came up under the API's lock; without any lock. */
void ct_meter_provider_tell(struct ct_meter_provider *provider);

/* For all that are whole, under the table's lock. */
void ct_meter_provider_for_each(void (*function)(struct ct_meter_provider *provider));

/* In a forked child, for all of them. */
void ct_meter_providers_forked(void);

#endif
