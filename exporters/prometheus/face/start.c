/* SPDX-License-Identifier: Apache-2.0 */
/* The set-up in one call. */
#include "registry.h"
#include "sized.h"

#include <cotel/sdk/meter_provider.h>

/* The readers' options of the caller's, and a producer more. */
struct reader_plan {
    cotel_metric_reader_options options;
    cotel_metric_producer *producers[COTEL_READER_MAX_PRODUCERS];
};

static bool plan_reader(struct reader_plan *plan, const cotel_metric_reader_options *given,
                        cotel_metric_producer *summaries)
{
    cotel_metric_reader_options_init(&plan->options);
    if (!ct_face_read_sized(&plan->options, sizeof plan->options, given))
        return false;
    size_t count = plan->options.producer_count;
    if (count >= COTEL_READER_MAX_PRODUCERS || (count > 0 && !plan->options.producers))
        return false;
    for (size_t i = 0; i < count; i++)
        plan->producers[i] = plan->options.producers[i];
    plan->producers[count] = summaries;
    plan->options.size = sizeof plan->options;
    plan->options.producers = plan->producers;
    plan->options.producer_count = count + 1;
    return true;
}

static cotel_status create_exporter(const cotel_prometheus_options *given,
                                    cotel_metric_producer *summaries,
                                    cotel_prometheus_exporter **out)
{
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    struct reader_plan plan;
    options.scope_labels = false;
    if (!ct_face_read_sized(&options, sizeof options, given) ||
        !plan_reader(&plan, options.reader, summaries))
        return COTEL_STATUS_INVALID_ARGUMENT;
    options.size = sizeof options;
    options.reader = &plan.options;
    return cotel_prometheus_exporter_create(&options, out);
}

static cotel_status create_provider(cotel_prometheus_exporter *exporter, cotel_meter_provider **out)
{
    cotel_metric_reader *reader = cotel_prometheus_exporter_as_reader(exporter);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.readers = &reader;
    options.reader_count = 1;
    cotel_status status = cotel_meter_provider_create(&options, out);
    if (status != COTEL_STATUS_OK)
        cotel_metric_reader_destroy(reader);
    return status;
}

static cotel_status set_up(struct cotel_prom_registry *registry,
                           const cotel_prometheus_options *options)
{
    cotel_metric_producer *summaries = cotel_prom_producer_create(NULL);
    if (!summaries)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_prometheus_exporter *exporter = NULL;
    cotel_status status = create_exporter(options, summaries, &exporter);
    if (status != COTEL_STATUS_OK) {
        summaries->ops->destroy(summaries);
        return status;
    }
    status = create_provider(exporter, &registry->own_provider);
    if (status != COTEL_STATUS_OK) {
        cotel_prometheus_exporter_destroy(exporter);
        return status;
    }
    registry->exporter = exporter;
    cotel_meter_provider_set_global(registry->own_provider);
    return COTEL_STATUS_OK;
}

static const cotel_prometheus_options *exporter_options(const cotel_prom_options *options)
{
    cotel_prom_options whole = COTEL_PROM_OPTIONS_INIT;
    (void)ct_face_read_sized(&whole, sizeof whole, options);
    return whole.exporter;
}

cotel_status cotel_prom_start(const cotel_prom_options *options, cotel_prom_registry **out)
{
    cotel_prom_registry *registry = NULL;
    if (!out)
        return COTEL_STATUS_INVALID_ARGUMENT;
    *out = NULL;
    cotel_status status = cotel_prom_registry_create(options, &registry);
    if (status == COTEL_STATUS_OK && !cotel_meter_provider_global())
        status = set_up(registry, exporter_options(options));
    if (status == COTEL_STATUS_OK)
        *out = registry;
    else
        cotel_prom_registry_destroy(registry);
    return status;
}
