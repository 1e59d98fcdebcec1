/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of metrics, as the environment names them. */
#ifndef COTEL_EXPORTERS_AUTO_READERS_FROM_ENV_H
#define COTEL_EXPORTERS_AUTO_READERS_FROM_ENV_H

#include <cotel/exporters/prometheus.h>
#include <cotel/sdk/meter_provider.h>

#include "env.h"

struct ct_readers {
    size_t count;
    cotel_metric_reader *items[COTEL_PROVIDER_MAX_READERS];
    cotel_prometheus_exporter *prometheus; /* NULL: none */
    cotel_metric_reader *served;           /* its reader, which is one of the items */
};

/* One for each exporter that is named, as far as it can be had. */
void ct_readers_from_env(const struct ct_env *env, struct ct_readers *readers);

/* To be called when a provider has them, or will not: what nobody has is destroyed. */
void ct_readers_let_go(struct ct_readers *readers, bool are_taken);

/* Adds the one that serves Prometheus. NOT_FOUND: it is not in this build, which is told. */
cotel_status ct_prometheus_from_env(const struct ct_env *env, struct ct_readers *readers);

/* What brings the summaries of cotel/prom.h to a reader, which takes it over. NULL: they are not in
 * this build, or memory is out. */
cotel_metric_producer *ct_prometheus_summaries(void);

/* Gives a reference back; with the last one it is gone, and its reader. Takes NULL. */
void ct_prometheus_let_go(cotel_prometheus_exporter *exporter);

#endif
