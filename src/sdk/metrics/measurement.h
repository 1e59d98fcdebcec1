/* SPDX-License-Identifier: Apache-2.0 */
/* Which measurements may become exemplars, and how they are offered. */
#ifndef COTEL_SRC_SDK_METRICS_MEASUREMENT_H
#define COTEL_SRC_SDK_METRICS_MEASUREMENT_H

#include "base/clock.h"
#include "sdk/metrics/instrument.h"
#include "sdk/metrics/record.h"

/* The ordinary case, a measurement outside of all spans, costs two tests. */
static inline bool ct_measurement_is_sampled(const struct ct_sdk_instrument *instrument,
                                             const cotel_context *context)
{
    cotel_exemplar_filter filter = instrument->meter->provider->exemplar_filter;
    if (filter != COTEL_EXEMPLAR_FILTER_TRACE_BASED)
        return filter == COTEL_EXEMPLAR_FILTER_ALWAYS_ON;
    return context != NULL &&
           (cotel_context_span_pointer(context)->trace_flags & COTEL_TRACE_FLAG_SAMPLED) != 0;
}

/* Returns its first argument. */
static inline const cotel_measurement *ct_measurement_fill(
    cotel_measurement *measurement, const struct ct_sdk_instrument *instrument,
    union ct_number number, struct ct_attribute_set set, const cotel_context *context)
{
    *measurement = (cotel_measurement){
        .is_double = instrument->info.is_double,
        .integer = instrument->info.is_double ? 0 : number.integer,
        .floating = instrument->info.is_double ? number.floating : (double)number.integer,
        .time_unix_ns = ct_clock_fast_to_unix_ns(ct_clock_fast_ns()),
        .attributes = set.items,
        .attribute_count = set.count,
        .context = context,
    };
    return measurement;
}

#endif
