/* SPDX-License-Identifier: Apache-2.0 */
/* The files of an exporter: the one that tells Prometheus where to scrape, and the one that
 * node_exporter reads. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FILES_H
#define COTEL_EXPORTERS_PROMETHEUS_FILES_H

#include "exporters/prometheus/config.h"
#include "exporters/prometheus/sockets.h"
#include "exporters/prometheus/text.h"

/* What the target file says: a list of one target. False: memory is out. */
bool ct_prom_target_describe(const struct ct_prom_config *config,
                             const struct ct_prom_sockets *sockets, struct ct_prom_text *text);

/* Collects and writes the textfile; does nothing without one. Failures are counted and told, but
 * not that there is nothing to collect from. `lasts`: as ct_prom_file_replace(). */
void ct_prom_textfile_write(cotel_prometheus_exporter *exporter, uint64_t timeout_ms, bool lasts);

/* Counts that a file was written, or tells why not. `error`: what errno said. */
void ct_prom_file_done(cotel_prometheus_exporter *exporter, const char *path, int error);

#endif
