/* SPDX-License-Identifier: Apache-2.0 */
/* Calling the processors of a provider, in their order. */
#ifndef COTEL_SRC_SDK_TRACE_SPAN_PROCESSORS_H
#define COTEL_SRC_SDK_TRACE_SPAN_PROCESSORS_H

#include "base/sized.h"
#include "sdk/provider/provider.h"
#include "sdk/trace/slot.h"

/* A slot is what processors know as cotel_span_data. */
static inline cotel_span_data *ct_span_data_of(struct ct_span_slot *slot)
{
    return (cotel_span_data *)slot;
}

static inline void ct_processors_on_start(const struct ct_provider *provider,
                                          struct ct_span_slot *slot, const cotel_context *parent)
{
    size_t count = ct_provider_processor_count(provider);
    if (!atomic_load_explicit(&provider->has_on_start, memory_order_relaxed))
        return;
    for (size_t i = 0; i < count; i++) {
        cotel_span_processor *processor = provider->processors[i];
        if (CT_HAS_OP(processor->ops, on_start))
            processor->ops->on_start(processor, ct_span_data_of(slot), parent);
    }
}

static inline void ct_processors_on_ending(const struct ct_provider *provider,
                                           struct ct_span_slot *slot)
{
    size_t count = ct_provider_processor_count(provider);
    if (!atomic_load_explicit(&provider->has_on_ending, memory_order_relaxed))
        return;
    for (size_t i = 0; i < count; i++) {
        cotel_span_processor *processor = provider->processors[i];
        if (CT_HAS_OP(processor->ops, on_ending))
            processor->ops->on_ending(processor, ct_span_data_of(slot));
    }
}

static inline void ct_processors_on_end(const struct ct_provider *provider,
                                        struct ct_span_slot *slot)
{
    size_t count = ct_provider_processor_count(provider);
    for (size_t i = 0; i < count; i++) {
        cotel_span_processor *processor = provider->processors[i];
        if (CT_HAS_OP(processor->ops, on_end))
            processor->ops->on_end(processor, ct_span_data_of(slot));
    }
}

#endif
