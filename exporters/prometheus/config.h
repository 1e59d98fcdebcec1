/* SPDX-License-Identifier: Apache-2.0 */
/* The options of an exporter, checked and copied. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_CONFIG_H
#define COTEL_EXPORTERS_PROMETHEUS_CONFIG_H

#include <cotel/exporters/prometheus.h>

#include "exporters/prometheus/render.h"

#define CT_PROM_COMPONENT "prometheus_exporter"

struct ct_prom_config {
    char *host;
    uint16_t port;
    bool takes_next_port;
    char *path;
    bool listens;
    struct ct_prom_settings rendering; /* the patterns are ours */
    char *target_file;                 /* NULL: none; as all patterns of names, with %p */
    char *target_host;                 /* NULL: as it listens */
    cotel_resource *target_resource;
    char *textfile;                /* NULL: none */
    uint64_t textfile_interval_ns; /* 0: not on an interval */
    bool textfile_at_shutdown;
    uint64_t collect_timeout_ms;
    uint64_t client_timeout_ns;
    uint64_t idle_timeout_ns;
    uint32_t max_connections;
    size_t max_pending_bytes;
};

/* Lays the given options over the defaults. False: their size was not set. */
bool ct_prom_options_complete(const cotel_prometheus_options *given, cotel_prometheus_options *out);

/* INVALID_ARGUMENT, OUT_OF_MEMORY, or what detecting a resource came to; then there is nothing to
 * free. */
cotel_status ct_prom_config_init(struct ct_prom_config *config,
                                 const cotel_prometheus_options *options);

void ct_prom_config_fini(struct ct_prom_config *config);

/* The name of a file with "%p" as the number of this process, and "%%" as "%". To be freed; NULL:
 * memory is out. */
char *ct_prom_file_name(const char *pattern);

#endif
