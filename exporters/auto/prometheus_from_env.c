/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/prometheus.h>
#include <cotel/prom.h>

#include <stdlib.h>
#include <string.h>

#include "readers_from_env.h"

static char *copy_text(cotel_str text)
{
    return text.size > 0 ? strndup(text.data, text.size) : strdup("");
}

cotel_metric_producer *ct_prometheus_summaries(void)
{
    return cotel_prom_producer_create(NULL);
}

static cotel_status create(const cotel_prometheus_options *options, struct ct_readers *readers)
{
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_producer *summaries = ct_prometheus_summaries();
    cotel_prometheus_options with_summaries = *options;
    reader.producers = &summaries;
    reader.producer_count = summaries != NULL;
    with_summaries.reader = &reader;
    cotel_status status = cotel_prometheus_exporter_create(&with_summaries, &readers->prometheus);
    if (status != COTEL_STATUS_OK && summaries != NULL)
        summaries->ops->destroy(summaries);
    return status;
}

cotel_status ct_prometheus_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    char *host = copy_text(env->prometheus_host.text);
    char *target_file = copy_text(env->prometheus_target_file.text);
    cotel_status status = COTEL_STATUS_OUT_OF_MEMORY;
    options.host = host;
    options.port = (uint16_t)env->prometheus_port.number;
    options.target_file = target_file && *target_file ? target_file : NULL;
    if (host && target_file)
        status = create(&options, readers);
    free(host);
    free(target_file);
    if (status != COTEL_STATUS_OK)
        return status;
    readers->served = cotel_prometheus_exporter_as_reader(readers->prometheus);
    readers->items[readers->count++] = readers->served;
    return status;
}

void ct_prometheus_let_go(cotel_prometheus_exporter *exporter)
{
    cotel_prometheus_exporter_destroy(exporter);
}
