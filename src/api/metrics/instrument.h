/* SPDX-License-Identifier: Apache-2.0 */
/* What every instrument is, whatever its kind: an identity within its meter, and the SDK's
 * instrument that it stands for at the moment. The public types of the kinds are this and nothing
 * else; that they are several is for the compiler of the user's code. */
#ifndef COTEL_SRC_API_METRICS_INSTRUMENT_H
#define COTEL_SRC_API_METRICS_INSTRUMENT_H

#include "api/chains.h"
#include "api/metrics/instrument_info.h"
#include "api/metrics/meter.h"

struct ct_instrument {
    struct ct_node node;                       /* of the meter's */
    _Atomic(struct ct_instrument_impl *) impl; /* NULL: records nothing */

    /* Constant once it can be found. */
    struct ct_chain_link link;
    cotel_meter *meter; /* NULL: the shared one, of no meter */
    struct ct_instrument_info info;

    /* Under the registry's lock. */
    struct ct_list bounds;
    void *asked; /* the provider that gave the answer */
    struct ct_instrument_impl *answer;
};

struct cotel_observable {
    struct ct_instrument instrument;
};

/* The instrument that is asked for, made if need be. Never NULL. */
struct ct_instrument *ct_instrument_get(cotel_meter *meter, cotel_instrument_kind kind,
                                        bool is_double, const char *name,
                                        const cotel_instrument_options *options);

/* Binds it, and what is bound to it, to what its meter's SDK gives for it. Under the registry's
 * lock; `provider` is the meter's. */
void ct_instrument_bind(struct ct_instrument *instrument, void *provider);

/* Forgets what a provider gave. Under the registry's lock. */
void ct_instrument_forget(struct ct_instrument *instrument, const void *provider);

/* The SDK's instrument, or NULL. */
static inline struct ct_instrument_impl *ct_instrument_impl(const struct ct_instrument *instrument)
{
    /* Acquire pairs with the release that bound it: the SDK's instrument is complete. */
    return instrument ? atomic_load_explicit(&instrument->impl, memory_order_acquire) : NULL;
}

#endif
