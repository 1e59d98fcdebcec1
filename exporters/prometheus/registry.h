/* SPDX-License-Identifier: Apache-2.0 */
/* All exporters of the process, for what concerns them all: fork() and exit().
 *
 * A forked child has to close the sockets at once: a child that never uses cotel would else keep
 * the port, and connections would wait in it for ever. So this listens to fork() itself, besides
 * what the SDK tells readers at the child's first use, which reaches the children of _Fork() and
 * clone() too. Its lock is held over a fork; nothing is called with it held. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_REGISTRY_H
#define COTEL_EXPORTERS_PROMETHEUS_REGISTRY_H

#include <cotel/exporters/prometheus.h>

/* Held for a moment where a descriptor is not yet known by whom a forked child would ask. */
void ct_prom_registry_lock(void);
void ct_prom_registry_unlock(void);

/* Takes no reference: the exporter removes itself before it is freed. */
void ct_prom_registry_add(cotel_prometheus_exporter *exporter);
void ct_prom_registry_remove(cotel_prometheus_exporter *exporter);

#endif
