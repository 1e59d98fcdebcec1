/* SPDX-License-Identifier: Apache-2.0 */
/* Getting instruments that are recorded, and asking whether it is worth it. */
#include "api/metrics/synchronous.h"

#include "base/sized.h"

static bool is_enabled(const struct ct_instrument *instrument)
{
    const struct ct_instrument_impl *impl = ct_instrument_impl(instrument);
    return impl && CT_HAS_OP(impl->ops, enabled) && impl->ops->enabled(impl);
}

#define DEFINE_GET(name, verb, kind, number, word, is_double)                             \
    cotel_##name *cotel_##name##_get(cotel_meter *meter, const char *instrument_name,     \
                                     const cotel_instrument_options *options)             \
    {                                                                                     \
        return (cotel_##name *)ct_instrument_get(meter, kind, is_double, instrument_name, \
                                                 options);                                \
    }
CT_SYNCHRONOUS_INSTRUMENTS(DEFINE_GET)

#define DEFINE_ENABLED(name, verb, kind, number, word, is_double) \
    bool cotel_##name##_enabled(const cotel_##name *name)         \
    {                                                             \
        return is_enabled((const struct ct_instrument *)name);    \
    }
CT_SYNCHRONOUS_INSTRUMENTS(DEFINE_ENABLED)
