/* SPDX-License-Identifier: Apache-2.0 */
/* What diagnostics hear of a start. They are called without locks, so it is told afterwards. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_START_REPORT_H
#define COTEL_EXPORTERS_PROMETHEUS_START_REPORT_H

#include "exporters/prometheus/sockets.h"

#include <cotel/exporters/prometheus.h>

struct ct_prom_start_report {
    int listen_error;               /* why it does not listen; 0: it does, or was not to */
    struct ct_prom_sockets sockets; /* those that it listens on now */
    bool wrote_target;
    int target_error;
};

void ct_prom_report_start(cotel_prometheus_exporter *exporter,
                          const struct ct_prom_start_report *report);

#endif
