/* SPDX-License-Identifier: Apache-2.0 */
/* The one provider that most programs have: made, set as the global one, flushed, shut down. */
#include <cotel/sdk/sdk.h>

#include "base/fork.h"
#include "base/sized.h"
#include "sdk/exit.h"
#include "sdk/resource/resource.h"

#include <string.h>

static const cotel_sdk_options defaults = COTEL_SDK_OPTIONS_INIT;

static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static _Atomic(cotel_tracer_provider *) current;

void cotel_sdk_options_init(cotel_sdk_options *options)
{
    if (options != NULL)
        *options = defaults;
}

/* service.name over what the resource says. */
static cotel_status named_resource(const cotel_sdk_options *options, cotel_resource **out)
{
    cotel_resource *resource = cotel_resource_ref(options->provider.resource);
    cotel_status status = COTEL_STATUS_OK;
    if (resource == NULL)
        status = cotel_resource_detect(COTEL_DETECT_ALL, &resource);
    if (status != COTEL_STATUS_OK || options->service_name == NULL) {
        *out = resource;
        return status;
    }
    status = ct_resource_with_service_name(resource, options->service_name, out);
    cotel_resource_unref(resource);
    return status;
}

static cotel_status create_with(const cotel_sdk_options *options, cotel_span_processor *batch,
                                cotel_tracer_provider **out)
{
    cotel_span_processor *processors[COTEL_PROVIDER_MAX_PROCESSORS];
    cotel_tracer_provider_options provider = options->provider;
    size_t count = provider.processor_count;
    if (count > COTEL_PROVIDER_MAX_PROCESSORS - (batch != NULL) ||
        (count != 0 && provider.processors == NULL))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (count != 0)
        memcpy(processors, provider.processors, count * sizeof *processors);
    if (batch != NULL)
        processors[count++] = batch;
    provider.processors = processors;
    provider.processor_count = count;
    cotel_status status = named_resource(options, &provider.resource);
    if (status != COTEL_STATUS_OK)
        return status;
    status = cotel_tracer_provider_create(&provider, out);
    cotel_resource_unref(provider.resource);
    return status;
}

static cotel_status create(const cotel_sdk_options *options, cotel_tracer_provider **out)
{
    cotel_span_processor *batch = NULL;
    if (options->exporter != NULL) {
        cotel_status status =
            cotel_batch_processor_create(options->exporter, &options->batch, &batch);
        if (status != COTEL_STATUS_OK) {
            cotel_exporter_destroy(options->exporter);
            return status;
        }
    }
    cotel_status status = create_with(options, batch, out);
    if (status != COTEL_STATUS_OK)
        cotel_span_processor_destroy(batch);
    return status;
}

cotel_status cotel_sdk_init(const cotel_sdk_options *given)
{
    cotel_sdk_options options = defaults;
    if (!ct_sized_read(&options, sizeof options, given))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = COTEL_STATUS_LIMIT_REACHED;
    cotel_tracer_provider *provider = NULL;
    (void)ct_fork_lock(&lock);
    if (atomic_load_explicit(&current, memory_order_relaxed) == NULL) {
        status = create(&options, &provider);
        if (status == COTEL_STATUS_OK)
            atomic_store_explicit(&current, provider, memory_order_release);
    } else {
        cotel_exporter_destroy(options.exporter);
    }
    ct_fork_unlock(&lock);
    if (status == COTEL_STATUS_OK) {
        cotel_tracer_provider_set_global(provider);
        ct_exit_arrange(options.exit_flush_ms);
    }
    return status;
}

cotel_status cotel_sdk_flush(uint64_t timeout_ms)
{
    cotel_tracer_provider *provider = cotel_tracer_provider_global();
    return provider != NULL ? cotel_tracer_provider_flush(provider, timeout_ms) : COTEL_STATUS_OK;
}

/* Whoever takes the provider away is the one to shut it down. */
cotel_status cotel_sdk_shutdown(uint64_t timeout_ms, uint64_t *abandoned)
{
    if (abandoned != NULL)
        *abandoned = 0;
    cotel_tracer_provider *provider =
        atomic_exchange_explicit(&current, NULL, memory_order_acq_rel);
    if (provider == NULL)
        return COTEL_STATUS_OK;
    cotel_status status = cotel_tracer_provider_shutdown(provider, timeout_ms, abandoned);
    if (status == COTEL_STATUS_WOULD_DEADLOCK) {
        atomic_store_explicit(&current, provider, memory_order_release);
        return status;
    }
    cotel_tracer_provider_destroy(provider);
    return status;
}
