/* SPDX-License-Identifier: Apache-2.0 */
/* Recording: what is done a million times a second. An SDK's instrument was seen to have its
 * functions when it was bound, so all there is to do is to find it and the current context. What an
 * SDK could not bind is recorded through the instrument. */
#include "api/context_stack.h"
#include "api/metrics/synchronous.h"

#define DEFINE_RECORD_WITH(word, number)                                                       \
    CT_ALWAYS_INLINE void record_##word(const struct ct_instrument *instrument, number value,  \
                                        const cotel_attribute *attributes, size_t count,       \
                                        const cotel_context *context)                          \
    {                                                                                          \
        struct ct_instrument_impl *impl = ct_instrument_impl(instrument);                      \
        if (impl)                                                                              \
            impl->ops->record_##word(impl, value, attributes, attributes ? count : 0,          \
                                     context ? context : ct_context_current_or_null());        \
    }                                                                                          \
    CT_ALWAYS_INLINE void record_bound_##word(const struct ct_bound *bound, number value)      \
    {                                                                                          \
        struct ct_bound_impl *impl = ct_bound_impl(bound);                                     \
        if (CT_LIKELY(impl))                                                                   \
            impl->ops->record_##word(impl, value, ct_context_current_or_null());               \
        else if (bound)                                                                        \
            record_##word(bound->instrument, value, bound->attributes, bound->attribute_count, \
                          NULL);                                                               \
    }
DEFINE_RECORD_WITH(int, int64_t)
DEFINE_RECORD_WITH(double, double)

#define DEFINE_RECORD(name, verb, kind, number, word, is_double)                              \
    void cotel_##name##_##verb(cotel_##name *name, number value,                              \
                               const cotel_attribute *attributes, size_t count)               \
    {                                                                                         \
        record_##word((const struct ct_instrument *)name, value, attributes, count, NULL);    \
    }                                                                                         \
    void cotel_##name##_##verb##_in(cotel_##name *name, number value,                         \
                                    const cotel_attribute *attributes, size_t count,          \
                                    const cotel_context *context)                             \
    {                                                                                         \
        record_##word((const struct ct_instrument *)name, value, attributes, count, context); \
    }                                                                                         \
    void cotel_bound_##name##_##verb(cotel_bound_##name *bound, number value)                 \
    {                                                                                         \
        record_bound_##word((const struct ct_bound *)bound, value);                           \
    }
CT_SYNCHRONOUS_INSTRUMENTS(DEFINE_RECORD)
