/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/prometheus.h>

#include <stdlib.h>
#include <string.h>

#include "readers_from_env.h"

static char *copy_text(cotel_str text)
{
    return text.size > 0 ? strndup(text.data, text.size) : strdup("");
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
        status = cotel_prometheus_exporter_create(&options, &readers->prometheus);
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
