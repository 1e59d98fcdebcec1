/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/provider/processors.h"

#include "sdk/trace/span_processors.h"

static bool has(const struct ct_provider *provider, const cotel_span_processor *processor)
{
    size_t count = ct_provider_processor_count(provider);
    size_t i = 0;
    while (i < count && provider->processors[i] != processor)
        i++;
    return i < count;
}

cotel_status ct_processors_attach(struct ct_provider *provider, cotel_span_processor *processor)
{
    size_t count = ct_provider_processor_count(provider);
    if (processor == NULL || processor->ops == NULL || has(provider, processor))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (count == COTEL_PROVIDER_MAX_PROCESSORS)
        return COTEL_STATUS_LIMIT_REACHED;
    cotel_processor_host host = {
        .size = sizeof host, .resource = provider->resource, .runtime = provider->runtime};
    if (CT_HAS_OP(processor->ops, attach)) {
        cotel_status status = processor->ops->attach(processor, &host);
        if (status != COTEL_STATUS_OK)
            return status;
    }
    if (CT_HAS_OP(processor->ops, on_start))
        atomic_store_explicit(&provider->has_on_start, true, memory_order_relaxed);
    if (CT_HAS_OP(processor->ops, on_ending))
        atomic_store_explicit(&provider->has_on_ending, true, memory_order_relaxed);
    provider->processors[count] = processor;
    atomic_store_explicit(&provider->processor_count, count + 1, memory_order_release);
    return COTEL_STATUS_OK;
}

cotel_status ct_processors_attach_all(struct ct_provider *provider,
                                      cotel_span_processor *const *processors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cotel_status status = ct_processors_attach(provider, processors[i]);
        if (status != COTEL_STATUS_OK) {
            uint64_t abandoned = 0;
            (void)ct_processors_shutdown(provider, 0, &abandoned);
            return status;
        }
    }
    return COTEL_STATUS_OK;
}

cotel_status ct_processors_flush(struct ct_provider *provider, uint64_t deadline_ns)
{
    cotel_status first = COTEL_STATUS_OK;
    size_t count = ct_provider_processor_count(provider);
    for (size_t i = 0; i < count; i++) {
        cotel_span_processor *processor = provider->processors[i];
        if (!CT_HAS_OP(processor->ops, flush))
            continue;
        cotel_status status = processor->ops->flush(processor, deadline_ns);
        if (first == COTEL_STATUS_OK)
            first = status;
    }
    return first;
}

cotel_status ct_processors_shutdown(struct ct_provider *provider, uint64_t deadline_ns,
                                    uint64_t *abandoned)
{
    cotel_status first = COTEL_STATUS_OK;
    size_t count = ct_provider_processor_count(provider);
    for (size_t i = 0; i < count; i++) {
        cotel_span_processor *processor = provider->processors[i];
        if (!CT_HAS_OP(processor->ops, shutdown))
            continue;
        cotel_status status = processor->ops->shutdown(processor, deadline_ns, abandoned);
        if (first == COTEL_STATUS_OK)
            first = status;
    }
    return first;
}

void ct_processors_destroy(struct ct_provider *provider)
{
    size_t count = ct_provider_processor_count(provider);
    atomic_store_explicit(&provider->processor_count, 0, memory_order_relaxed);
    for (size_t i = 0; i < count; i++)
        cotel_span_processor_destroy(provider->processors[i]);
}
