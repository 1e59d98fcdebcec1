/* SPDX-License-Identifier: Apache-2.0 */
/* A meter of the SDK's. It stays mapped while the process lives. */
#ifndef COTEL_SRC_SDK_METRICS_METER_H
#define COTEL_SRC_SDK_METRICS_METER_H

#include "api/meter_provider.h"
#include "sdk/metrics/meter_provider.h"

struct ct_sdk_instrument;

struct ct_sdk_meter {
    struct ct_meter_impl impl;
    struct ct_meter_provider *provider;
    /* Whether its instruments record: it is enabled, and its provider is up. */
    _Atomic bool on;
    cotel_scope_view scope;
    _Atomic(struct ct_sdk_instrument *) first; /* appended to under the API's registry lock */
    struct ct_sdk_instrument *last;
    _Atomic(struct ct_sdk_meter *) next; /* of its provider, in the order of their making */
};

struct ct_meter_impl *ct_sdk_meter_create(cotel_meter_provider *provider,
                                          const struct ct_scope *scope);

/* Asks the configurator anew. The provider's lock is held. */
void ct_sdk_meter_configure(struct ct_sdk_meter *meter);

static inline bool ct_sdk_meter_is_on(const struct ct_sdk_meter *meter)
{
    /* Acquire: who sees it switched off again after a fence is outside (provider/quiesce.c). */
    return atomic_load_explicit(&meter->on, memory_order_acquire);
}

#endif
