/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/start_report.h"

#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/files.h"

#include <errno.h>
#include <string.h>

static void tell_listen_error(const struct ct_prom_config *config, int error)
{
    if (error == EADDRINUSE)
        cotel_diagnostics_report(COTEL_LOG_ERROR, CT_PROM_COMPONENT,
                                 "port %u of %s is taken, perhaps by another agent of this host: "
                                 "nothing can be scraped here; port 0, a port_policy or a "
                                 "target_file lets it take another one",
                                 (unsigned)config->port, config->host);
    else
        cotel_diagnostics_report(COTEL_LOG_ERROR, CT_PROM_COMPONENT,
                                 "%s:%u can't be listened on (%s): nothing can be scraped here",
                                 config->host, (unsigned)config->port, strerror(error));
}

/* With a target file the next port is as good: whoever scrapes reads it there. */
static void tell_address(const struct ct_prom_config *config, const struct ct_prom_sockets *sockets)
{
    cotel_log_level level = config->target_file != NULL ? COTEL_LOG_INFO : COTEL_LOG_WARNING;
    if (config->port != 0 && sockets->port != config->port)
        cotel_diagnostics_report(level, CT_PROM_COMPONENT,
                                 "port %u of %s is taken: metrics are at %s instead",
                                 (unsigned)config->port, config->host, sockets->address);
    else
        cotel_diagnostics_report(COTEL_LOG_INFO, CT_PROM_COMPONENT, "metrics are at http://%s%s",
                                 sockets->address, config->path);
    if (sockets->is_public)
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_PROM_COMPONENT,
                                 "%s is no loopback address: whoever can reach this machine can "
                                 "read the metrics, without a password",
                                 sockets->address);
}

void ct_prom_report_start(cotel_prometheus_exporter *exporter,
                          const struct ct_prom_start_report *report)
{
    if (report->listen_error != 0)
        tell_listen_error(&exporter->config, report->listen_error);
    if (report->sockets.count > 0)
        tell_address(&exporter->config, &report->sockets);
    if (report->wrote_target)
        ct_prom_file_done(exporter, exporter->config.target_file, report->target_error);
}
