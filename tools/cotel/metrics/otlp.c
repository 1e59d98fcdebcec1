/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/otlp.h"

#include "metrics/otlp_produce.h"
#include "metrics/parse.h"

#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/meter_provider.h>

#include <string.h>

enum { TIMEOUT_MS = 60 * 1000, MESSAGE_COLUMNS = 400 };

/* What the exporter leaves out it tells. */
static void tell(void *user, cotel_log_level level, const char *component, const char *message)
{
    fputs("cotel metrics: ", stderr);
    ct_text_print(stderr, ct_text_of(message), MESSAGE_COLUMNS);
    fputc('\n', stderr);
}

static cotel_status make_resource(const struct ct_otlp_producer *producer, cotel_resource **out)
{
    const Opentelemetry__Proto__Resource__V1__Resource *resource =
        ct_otlp_producer_resource(producer);
    struct ct_arena arena = {0};

    size_t count = resource ? resource->n_attributes : 0;
    const cotel_attribute *attributes =
        ct_otlp_attributes(&arena, resource ? resource->attributes : NULL, count, 0);
    cotel_status status = attributes ? cotel_resource_create(attributes, count, NULL, out)
                                     : COTEL_STATUS_OUT_OF_MEMORY;
    ct_arena_fini(&arena);
    return status;
}

static cotel_status make_exporter(struct ct_otlp_producer *producer,
                                  cotel_prometheus_exporter **out)
{
    cotel_metric_producer *const producers[] = {&producer->base};
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;

    reader.producers = producers;
    reader.producer_count = 1;
    options.reader = &reader;
    options.listen = false;
    return cotel_prometheus_exporter_create(&options, out);
}

/* The exporter has to be destroyed either way; its reader passes with success. */
static cotel_status make_provider(const struct ct_otlp_producer *producer,
                                  cotel_prometheus_exporter *exporter, cotel_meter_provider **out)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_metric_reader *reader = cotel_prometheus_exporter_as_reader(exporter);

    cotel_status status = make_resource(producer, &options.resource);
    if (status != COTEL_STATUS_OK)
        return status;
    options.readers = &reader;
    options.reader_count = 1;
    status = cotel_meter_provider_create(&options, out);
    cotel_resource_unref(options.resource);
    return status;
}

static cotel_status render(struct ct_otlp_producer *producer,
                           cotel_prometheus_exposition *exposition)
{
    cotel_prometheus_exporter *exporter;
    cotel_meter_provider *provider;

    cotel_status status = make_exporter(producer, &exporter);
    if (status != COTEL_STATUS_OK)
        return status;
    status = make_provider(producer, exporter, &provider);
    if (status == COTEL_STATUS_OK) {
        status = cotel_prometheus_exporter_render(exporter, TIMEOUT_MS, exposition);
        cotel_meter_provider_destroy(provider);
    }
    cotel_prometheus_exporter_destroy(exporter);
    return status;
}

static bool read_rendered(const cotel_prometheus_exposition *rendered,
                          struct ct_exposition *exposition, struct ct_fault *fault)
{
    char *text = ct_exposition_text(exposition, rendered->length);

    if (!text)
        return ct_fault_set(fault, "memory is out");
    memcpy(text, rendered->body, rendered->length);
    return ct_parse((struct ct_text){text, rendered->length}, CT_TEXT_OPENMETRICS, exposition,
                    fault);
}

static bool convert(struct ct_otlp_producer *producer, struct ct_exposition *exposition,
                    struct ct_fault *fault)
{
    cotel_prometheus_exposition rendered = COTEL_PROMETHEUS_EXPOSITION_INIT;

    rendered.format = COTEL_PROMETHEUS_OPENMETRICS;
    cotel_diagnostics_set(tell, NULL, COTEL_LOG_WARNING);
    cotel_status status = render(producer, &rendered);
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_WARNING);
    bool is_read = status == COTEL_STATUS_OK && !producer->failed
                       ? read_rendered(&rendered, exposition, fault)
                       : ct_fault_set(fault, cotel_status_text(status));
    cotel_prometheus_exposition_fini(&rendered);
    return is_read;
}

bool ct_read_otlp(struct ct_text text, struct ct_exposition *exposition, struct ct_fault *fault)
{
    struct ct_otlp_lines lines = {0};
    struct ct_otlp_producer producer;
    bool is_read = false;

    if (ct_otlp_lines_read(&lines, text, fault)) {
        *fault = (struct ct_fault){0};
        is_read = ct_otlp_producer_init(&producer, &lines) ? convert(&producer, exposition, fault)
                                                           : ct_fault_set(fault, "memory is out");
        ct_otlp_producer_fini(&producer);
    }
    ct_otlp_lines_fini(&lines);
    return is_read;
}
