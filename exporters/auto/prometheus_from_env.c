/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/exporters/prometheus.h>

#include <stdlib.h>
#include <string.h>

#include "readers_from_env.h"

cotel_status ct_prometheus_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_prometheus_options options = COTEL_PROMETHEUS_OPTIONS_INIT;
    cotel_str host = env->prometheus_host.text;
    char *copy = strndup(host.data, host.size);
    if (!copy)
        return COTEL_STATUS_OUT_OF_MEMORY;
    options.host = copy;
    options.port = (uint16_t)env->prometheus_port.number;
    cotel_status status = cotel_prometheus_exporter_create(&options, &readers->prometheus);
    free(copy);
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
