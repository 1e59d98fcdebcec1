/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping an exporter's thread, its sockets and its files. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_LIFECYCLE_H
#define COTEL_EXPORTERS_PROMETHEUS_LIFECYCLE_H

#include <cotel/exporters/prometheus.h>

/* The locks, also anew in a forked child. */
void ct_prom_lifecycle_init(cotel_prometheus_exporter *exporter);
void ct_prom_lifecycle_fini(cotel_prometheus_exporter *exporter);

/* cotel_prometheus_exporter_start(). `listen_error`: what errno said when it can't listen, which
 * may or may not be a failure. */
cotel_status ct_prom_start(cotel_prometheus_exporter *exporter, int *listen_error);

/* The end of all, by the deadline: the files are left as they should be, then the thread is
 * stopped. OK; TIMEOUT: the thread is inside a callback and left behind; SHUT_DOWN: it was before.
 */
cotel_status ct_prom_shut_down(cotel_prometheus_exporter *exporter, uint64_t deadline_ns);

#endif
