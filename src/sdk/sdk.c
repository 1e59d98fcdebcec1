/* SPDX-License-Identifier: Apache-2.0 */
/* The providers that most programs have, one of tracers and one of meters: made, set as the global
 * ones, flushed, shut down. */
#include <cotel/sdk/sdk.h>

#include "base/deadline.h"
#include "base/fork.h"
#include "base/sized.h"
#include "sdk/exit.h"
#include "sdk/metrics/meter_provider.h"
#include "sdk/provider/provider.h"
#include "sdk/resource/resource.h"

#include <string.h>

static const cotel_sdk_options defaults = COTEL_SDK_OPTIONS_INIT;

static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static _Atomic(cotel_tracer_provider *) current;
static _Atomic(cotel_meter_provider *) current_meters; /* NULL: nothing is measured */

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

/* ---- tracers ---- */

static cotel_status create_with(const cotel_sdk_options *options, cotel_resource *resource,
                                cotel_span_processor *batch, cotel_tracer_provider **out)
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
    provider.resource = resource;
    return cotel_tracer_provider_create(&provider, out);
}

static cotel_status create_tracers(const cotel_sdk_options *options, cotel_resource *resource,
                                   cotel_tracer_provider **out)
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
    cotel_status status = create_with(options, resource, batch, out);
    if (status != COTEL_STATUS_OK)
        cotel_span_processor_destroy(batch);
    return status;
}

/* ---- meters ---- */

static cotel_status prepare_with(const cotel_meter_provider_options *options,
                                 cotel_metric_reader *periodic, struct ct_meter_provider **out)
{
    cotel_metric_reader *readers[COTEL_PROVIDER_MAX_READERS];
    cotel_meter_provider_options provider = *options;
    size_t count = provider.reader_count;
    if (count > COTEL_PROVIDER_MAX_READERS - (periodic != NULL) ||
        (count != 0 && provider.readers == NULL))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (count != 0)
        memcpy(readers, provider.readers, count * sizeof *readers);
    if (periodic != NULL)
        readers[count++] = periodic;
    provider.readers = readers;
    provider.reader_count = count;
    return count > 0 ? ct_meter_provider_prepare(&provider, out) : COTEL_STATUS_OK;
}

/* What can go wrong with the meter provider; *out is NULL when there is to be none. Its readers
 * pass with ct_meter_provider_begin(), but for the periodic one, *periodic, which is undone with
 * it. */
static cotel_status prepare_meters(const cotel_sdk_options *options, cotel_resource *resource,
                                   cotel_metric_reader **periodic, struct ct_meter_provider **out)
{
    cotel_meter_provider_options provider = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_status status = COTEL_STATUS_OK;
    if (options->metric_exporter != NULL) {
        status =
            cotel_periodic_reader_create(options->metric_exporter, options->periodic, periodic);
        if (status != COTEL_STATUS_OK)
            cotel_exporter_destroy(options->metric_exporter);
    }
    if (status == COTEL_STATUS_OK &&
        !ct_sized_read(&provider, sizeof provider, options->meter_provider))
        status = COTEL_STATUS_INVALID_ARGUMENT;
    if (provider.resource == NULL)
        provider.resource = resource;
    if (status == COTEL_STATUS_OK)
        status = prepare_with(&provider, *periodic, out);
    return status;
}

/* ---- both ---- */

struct providers {
    cotel_tracer_provider *tracers;
    struct ct_meter_provider *meters;
};

static cotel_status create_both(const cotel_sdk_options *options, cotel_resource *resource,
                                struct providers *out)
{
    cotel_metric_reader *periodic = NULL;
    cotel_status status = prepare_meters(options, resource, &periodic, &out->meters);
    if (status != COTEL_STATUS_OK)
        cotel_exporter_destroy(options->exporter);
    else
        status = create_tracers(options, resource, &out->tracers);
    if (status == COTEL_STATUS_OK)
        return status;
    ct_meter_provider_undo(out->meters);
    cotel_metric_reader_destroy(periodic);
    return status;
}

static cotel_status create(const cotel_sdk_options *options, struct providers *out)
{
    cotel_resource *resource = NULL;
    cotel_status status = named_resource(options, &resource);
    if (status != COTEL_STATUS_OK) {
        cotel_exporter_destroy(options->exporter);
        cotel_exporter_destroy(options->metric_exporter);
        return status;
    }
    status = create_both(options, resource, out);
    cotel_resource_unref(resource);
    return status;
}

static void install(const struct providers *providers)
{
    cotel_tracer_provider_set_global(providers->tracers);
    if (providers->meters == NULL)
        return;
    ct_meter_provider_begin(providers->meters);
    cotel_meter_provider_set_global(&providers->meters->base);
}

cotel_status cotel_sdk_init(const cotel_sdk_options *given)
{
    cotel_sdk_options options = defaults;
    struct providers providers = {NULL, NULL};
    if (!ct_sized_read(&options, sizeof options, given))
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = COTEL_STATUS_LIMIT_REACHED;
    (void)ct_fork_lock(&lock);
    if (atomic_load_explicit(&current, memory_order_relaxed) == NULL) {
        status = create(&options, &providers);
        if (status == COTEL_STATUS_OK) {
            install(&providers);
            atomic_store_explicit(&current_meters,
                                  providers.meters != NULL ? &providers.meters->base : NULL,
                                  memory_order_relaxed);
            atomic_store_explicit(&current, providers.tracers, memory_order_release);
        }
    } else {
        cotel_exporter_destroy(options.exporter);
        cotel_exporter_destroy(options.metric_exporter);
    }
    ct_fork_unlock(&lock);
    if (status == COTEL_STATUS_OK)
        ct_exit_arrange(options.exit_flush_ms);
    return status;
}

static cotel_status first_trouble(cotel_status first, cotel_status next)
{
    return first != COTEL_STATUS_OK ? first : next;
}

/* Spans begin to leave before anybody waits for the peer of the metrics, who may be stuck. */
cotel_status cotel_sdk_flush(uint64_t timeout_ms)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms);
    cotel_tracer_provider *tracers = cotel_tracer_provider_global();
    cotel_meter_provider *meters = cotel_meter_provider_global();
    cotel_status status = COTEL_STATUS_OK, of_meters = COTEL_STATUS_OK;
    if (tracers != NULL)
        status = ct_provider_start_flush(tracers);
    if (meters != NULL)
        of_meters = cotel_meter_provider_flush(meters, timeout_ms);
    if (tracers != NULL && status == COTEL_STATUS_OK)
        status = cotel_tracer_provider_flush(tracers, ct_deadline_remaining_ms(deadline_ns));
    return first_trouble(status, of_meters);
}

/* Both or none: whoever is inside one of them can't wait for it. */
static cotel_status shut_both_down(cotel_tracer_provider *tracers, cotel_meter_provider *meters,
                                   uint64_t timeout_ms, uint64_t *abandoned)
{
    uint64_t deadline_ns = ct_deadline_after_ms(timeout_ms), points = 0, spans = 0;
    cotel_status of_meters = COTEL_STATUS_OK;
    cotel_status status = ct_provider_start_flush(tracers);
    if (status == COTEL_STATUS_WOULD_DEADLOCK)
        return status;
    /* First, since callbacks of the last collection may still make spans. */
    if (meters != NULL)
        of_meters = cotel_meter_provider_shutdown(meters, timeout_ms, &points);
    if (of_meters == COTEL_STATUS_WOULD_DEADLOCK)
        return of_meters;
    status = cotel_tracer_provider_shutdown(tracers, ct_deadline_remaining_ms(deadline_ns), &spans);
    if (abandoned != NULL)
        *abandoned = points + spans;
    cotel_meter_provider_destroy(meters);
    cotel_tracer_provider_destroy(tracers);
    return first_trouble(status, of_meters);
}

/* Whoever takes the providers away is the one to shut them down. */
cotel_status cotel_sdk_shutdown(uint64_t timeout_ms, uint64_t *abandoned)
{
    if (abandoned != NULL)
        *abandoned = 0;
    cotel_tracer_provider *tracers = atomic_exchange_explicit(&current, NULL, memory_order_acq_rel);
    if (tracers == NULL)
        return COTEL_STATUS_OK;
    cotel_meter_provider *meters = atomic_load_explicit(&current_meters, memory_order_relaxed);
    cotel_status status = shut_both_down(tracers, meters, timeout_ms, abandoned);
    if (status == COTEL_STATUS_WOULD_DEADLOCK)
        atomic_store_explicit(&current, tracers, memory_order_release);
    return status;
}
