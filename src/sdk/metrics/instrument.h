/* SPDX-License-Identifier: Apache-2.0 */
/* An instrument: its streams, one for each view of each reader. It stays mapped while the process
 * lives; its streams are its provider's. */
#ifndef COTEL_SRC_SDK_METRICS_INSTRUMENT_H
#define COTEL_SRC_SDK_METRICS_INSTRUMENT_H

#include "api/meter_provider.h"
#include "sdk/metrics/meter.h"
#include "sdk/metrics/stream.h"

struct ct_sdk_instrument {
    struct ct_instrument_impl impl;
    struct ct_sdk_meter *meter;
    struct ct_instrument_info info; /* the name as it was first seen */
    bool refuses_negatives;
    size_t stream_count;
    struct ct_stream **streams;
    _Atomic(struct ct_sdk_instrument *) next; /* of its meter, in the order of their making */
};

/* The meter's instrument for what the API was asked for: one that is there, or a new one. Tells
 * diagnostics what is odd about it. NULL when memory is out. Under the API's registry lock. */
struct ct_instrument_impl *ct_sdk_instrument_get(struct ct_meter_impl *meter,
                                                 const struct ct_instrument_info *info);

/* The functions of instruments: record.c, bound.c. */
extern const struct ct_instrument_ops ct_sdk_instrument_ops;
struct ct_bound_impl *ct_sdk_instrument_bind(struct ct_instrument_impl *impl,
                                             const cotel_attribute *attributes, size_t count);

static inline struct ct_sdk_instrument *ct_sdk_instrument_of(struct ct_instrument_impl *impl)
{
    return (struct ct_sdk_instrument *)impl;
}

/* Whether a value may be recorded; counts those that may not. */
static inline bool ct_int_is_legal(const struct ct_sdk_instrument *instrument, int64_t value)
{
    if (CT_LIKELY(value >= 0 || !instrument->refuses_negatives))
        return true;
    ct_metric_count(&instrument->meter->provider->counters.refused, 1);
    return false;
}

static inline bool ct_double_is_legal(const struct ct_sdk_instrument *instrument, double value)
{
    /* A difference with itself is 0 for what is finite, and nothing else. */
    bool finite = value - value == 0;
    if (CT_LIKELY((finite && (value >= 0 || !instrument->refuses_negatives)) ||
                  instrument->info.kind == COTEL_INSTRUMENT_GAUGE ||
                  instrument->info.kind == COTEL_INSTRUMENT_OBSERVABLE_GAUGE))
        return true;
    ct_metric_count(&instrument->meter->provider->counters.refused, 1);
    return false;
}

#endif
