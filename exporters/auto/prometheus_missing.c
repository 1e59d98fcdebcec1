/* SPDX-License-Identifier: Apache-2.0 */
/* In place of prometheus_from_env.c, where that exporter is not built. */
#include "readers_from_env.h"

cotel_status ct_prometheus_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                             "the exporter for Prometheus is not in this build");
    return COTEL_STATUS_NOT_FOUND;
}

cotel_metric_producer *ct_prometheus_summaries(void)
{
    return NULL;
}

void ct_prometheus_let_go(cotel_prometheus_exporter *exporter) {}
