/* SPDX-License-Identifier: Apache-2.0 */
/* What a meter is: an identity, the SDK's meter that it stands for at the moment, and what was made
 * of it. When the provider changes, all of that is bound anew, under the registry's lock. */
#ifndef COTEL_SRC_API_METRICS_METER_H
#define COTEL_SRC_API_METRICS_METER_H

#include "api/meter_provider.h"
#include "api/metrics/list.h"
#include "api/provider_slot.h"

struct cotel_meter {
    struct ct_registered registered;

    /* Under the registry's lock. Instruments are never taken out. */
    struct ct_list instruments;
    struct ct_list callbacks;
    size_t instrument_count;
};

extern struct ct_registry ct_meters __attribute__((visibility("hidden")));

/* Whether it is the one whose instruments record nothing. */
static inline bool ct_meter_is_shared(const cotel_meter *meter)
{
    return &meter->registered == ct_meters.shared;
}

/* The SDK's meter, or NULL. */
static inline struct ct_meter_impl *ct_meter_impl(const cotel_meter *meter)
{
    /* Acquire pairs with the release that bound it: the SDK's meter is complete. */
    return (struct ct_meter_impl *)atomic_load_explicit(&meter->registered.impl,
                                                        memory_order_acquire);
}

/* The provider that it is bound to, or NULL. Under the registry's lock. */
static inline void *ct_meter_provider(const cotel_meter *meter)
{
    return ct_provider_slot_of(&ct_meters, &meter->registered);
}

#endif
