/* SPDX-License-Identifier: Apache-2.0 */
/* Making a meter provider of its options. */
#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"
#include "sdk/fork.h"
#include "sdk/metrics/collect.h"
#include "sdk/metrics/meter.h"
#include "sdk/pipeline/runtime.h"

static const cotel_meter_provider_options defaults = COTEL_METER_PROVIDER_OPTIONS_INIT;

void cotel_meter_provider_options_init(cotel_meter_provider_options *options)
{
    if (options != NULL)
        *options = defaults;
}

static void nameless(cotel_meter_provider *base)
{
    static cotel_diagnostics_limit limit;
    (void)base;
    cotel_diagnostics_limited(&limit, COTEL_LOG_WARNING, "meter_provider",
                              "a meter was asked for without a name");
}

static const struct ct_meter_provider_ops provider_ops = {
    .size = sizeof provider_ops, .get_meter = ct_sdk_meter_create, .nameless = nameless};

static bool are_usable(cotel_metric_reader *const *readers, size_t count)
{
    if (count > COTEL_PROVIDER_MAX_READERS || (count != 0 && readers == NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (readers[i] == readers[j])
                return false;
        }
        if (readers[i] == NULL)
            return false;
    }
    return true;
}

static bool is_valid(const cotel_meter_provider_options *options)
{
    return are_usable(options->readers, options->reader_count) &&
           (options->view_count == 0 || options->views != NULL) &&
           (unsigned)options->exemplar_filter <= COTEL_EXEMPLAR_FILTER_ALWAYS_OFF &&
           (options->worker == COTEL_WORKER_THREAD || options->worker == COTEL_WORKER_CALLER);
}

static cotel_status take_resource(struct ct_meter_provider *provider, cotel_resource *resource)
{
    if (resource == NULL)
        return cotel_resource_detect(COTEL_DETECT_ALL, &provider->resource);
    provider->resource = cotel_resource_ref(resource);
    return COTEL_STATUS_OK;
}

/* All or none. */
static cotel_status attach_readers(struct ct_meter_provider *provider,
                                   const cotel_meter_provider_options *options)
{
    struct ct_reader_source source = {.collect = ct_meter_provider_collect, .user = provider};
    for (; provider->reader_count < options->reader_count; provider->reader_count++) {
        cotel_metric_reader *reader = options->readers[provider->reader_count];
        cotel_status status = ct_reader_attach(reader, &source);
        if (status != COTEL_STATUS_OK)
            return status;
        provider->readers[provider->reader_count] = reader;
        provider->collectors[provider->reader_count].reader = reader;
    }
    return COTEL_STATUS_OK;
}

static cotel_status fill_in(struct ct_meter_provider *provider,
                            const cotel_meter_provider_options *options)
{
    provider->base.ops = &provider_ops;
    provider->worker = options->worker;
    provider->exemplar_filter = options->exemplar_filter;
    provider->configurator = options->configurator;
    provider->configurator_user = options->configurator_user;
    provider->runtime = ct_runtime_create(options->worker);
    if (provider->runtime == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = take_resource(provider, options->resource);
    if (status == COTEL_STATUS_OK)
        status = ct_views_create(options->views, options->view_count, options->view_matching_mode,
                                 &provider->views);
    return status == COTEL_STATUS_OK ? attach_readers(provider, options) : status;
}

void ct_meter_provider_undo(struct ct_meter_provider *provider)
{
    if (provider == NULL)
        return;
    for (size_t i = 0; i < provider->reader_count; i++)
        ct_reader_detach(provider->readers[i]);
    ct_views_destroy(provider->views);
    cotel_resource_unref(provider->resource);
    if (provider->runtime != NULL) {
        ct_runtime_stop(provider->runtime);
        ct_runtime_destroy(provider->runtime);
    }
    ct_meter_provider_give(provider);
}

cotel_status ct_meter_provider_prepare(const cotel_meter_provider_options *given,
                                       struct ct_meter_provider **out)
{
    cotel_meter_provider_options options = defaults;
    if (!ct_sized_read(&options, sizeof options, given) || !is_valid(&options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    ct_sdk_forked();
    struct ct_meter_provider *provider = ct_meter_provider_take();
    if (provider == NULL)
        return COTEL_STATUS_LIMIT_REACHED;
    cotel_status status = fill_in(provider, &options);
    if (status == COTEL_STATUS_OK)
        *out = provider;
    else
        ct_meter_provider_undo(provider);
    return status;
}

void ct_meter_provider_begin(struct ct_meter_provider *provider)
{
    ct_meter_provider_set_whole(provider, true);
    atomic_store_explicit(&provider->shut_down, false, memory_order_release);
    ct_readers_start(provider->readers, provider->reader_count, provider->runtime,
                     provider->resource);
}

cotel_status cotel_meter_provider_create(const cotel_meter_provider_options *options,
                                         cotel_meter_provider **out)
{
    struct ct_meter_provider *provider = NULL;
    if (out == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = ct_meter_provider_prepare(options, &provider);
    if (status != COTEL_STATUS_OK)
        return status;
    ct_meter_provider_begin(provider);
    *out = &provider->base;
    return COTEL_STATUS_OK;
}
