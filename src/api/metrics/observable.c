/* SPDX-License-Identifier: Apache-2.0 */
/* Instruments that are not recorded but asked: getting them, and answering. */
#include "api/metrics/callback.h"
#include "api/metrics/instrument.h"
#include "base/sized.h"

static cotel_observable *get(cotel_meter *meter, cotel_instrument_kind kind, bool is_double,
                             const char *name, const cotel_instrument_options *options,
                             cotel_observable_callback callback, void *user)
{
    struct ct_instrument *instrument = ct_instrument_get(meter, kind, is_double, name, options);
    if (callback)
        ct_callback_add_for_ever(instrument, callback, user);
    return (cotel_observable *)instrument;
}

#define DEFINE_GET(name, kind, is_double)                                                         \
    cotel_observable *cotel_observable_##name##_get(                                              \
        cotel_meter *meter, const char *instrument_name, const cotel_instrument_options *options, \
        cotel_observable_callback callback, void *user)                                           \
    {                                                                                             \
        return get(meter, kind, is_double, instrument_name, options, callback, user);             \
    }
DEFINE_GET(counter, COTEL_INSTRUMENT_OBSERVABLE_COUNTER, false)
DEFINE_GET(double_counter, COTEL_INSTRUMENT_OBSERVABLE_COUNTER, true)
DEFINE_GET(up_down_counter, COTEL_INSTRUMENT_OBSERVABLE_UP_DOWN_COUNTER, false)
DEFINE_GET(double_up_down_counter, COTEL_INSTRUMENT_OBSERVABLE_UP_DOWN_COUNTER, true)
DEFINE_GET(gauge, COTEL_INSTRUMENT_OBSERVABLE_GAUGE, false)
DEFINE_GET(double_gauge, COTEL_INSTRUMENT_OBSERVABLE_GAUGE, true)

void cotel_observe(cotel_observer *observer, cotel_observable *instrument, int64_t value,
                   const cotel_attribute *attributes, size_t count)
{
    struct ct_instrument_impl *impl = ct_instrument_impl((const struct ct_instrument *)instrument);
    if (!impl || !observer)
        return;
    if (instrument->instrument.info.is_double)
        cotel_observe_double(observer, instrument, (double)value, attributes, count);
    else if (CT_HAS_OP(observer->ops, observe_int))
        observer->ops->observe_int(observer, impl, value, attributes, attributes ? count : 0);
}

void cotel_observe_double(cotel_observer *observer, cotel_observable *instrument, double value,
                          const cotel_attribute *attributes, size_t count)
{
    struct ct_instrument_impl *impl = ct_instrument_impl((const struct ct_instrument *)instrument);
    if (impl && observer && CT_HAS_OP(observer->ops, observe_double))
        observer->ops->observe_double(observer, impl, value, attributes, attributes ? count : 0);
}
