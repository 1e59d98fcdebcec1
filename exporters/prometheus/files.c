/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/files.h"

#include "exporters/prometheus/atomic_file.h"
#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/exposition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void ct_prom_file_done(cotel_prometheus_exporter *exporter, const char *path, int error)
{
    ct_prom_count(error == 0 ? &exporter->counters.files : &exporter->counters.file_failures, 1);
    if (error != 0)
        cotel_diagnostics_limited(&exporter->file_limit, COTEL_LOG_WARNING, CT_PROM_COMPONENT,
                                  "%s could not be written: %s", path, strerror(error));
}

/* ---- expositions ---- */

static int write_exposition(cotel_prometheus_exporter *exporter, const char *path,
                            const cotel_prometheus_exposition *exposition, bool lasts)
{
    int error = ct_prom_file_replace(path, exposition->body, exposition->length, lasts);
    ct_prom_file_done(exporter, path, error);
    return error;
}

static void tell_failure(cotel_prometheus_exporter *exporter, cotel_status status)
{
    ct_prom_count(&exporter->counters.file_failures, 1);
    cotel_diagnostics_limited(&exporter->file_limit, COTEL_LOG_WARNING, CT_PROM_COMPONENT,
                              "the textfile was not written: %s", cotel_status_text(status));
}

void ct_prom_textfile_write(cotel_prometheus_exporter *exporter, uint64_t timeout_ms, bool lasts)
{
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    if (!exporter->config.textfile)
        return;
    char *path = ct_prom_file_name(exporter->config.textfile);
    cotel_status status =
        path ? ct_prom_expose(exporter, timeout_ms, &exposition) : COTEL_STATUS_OUT_OF_MEMORY;
    if (status == COTEL_STATUS_OK)
        (void)write_exposition(exporter, path, &exposition, lasts);
    else if (status != COTEL_STATUS_SHUT_DOWN)
        tell_failure(exporter, status);
    cotel_prometheus_exposition_fini(&exposition);
    free(path);
}

cotel_status cotel_prometheus_exporter_write_file(cotel_prometheus_exporter *exporter,
                                                  const char *path, cotel_prometheus_format format,
                                                  uint64_t timeout_ms)
{
    cotel_prometheus_exposition exposition = COTEL_PROMETHEUS_EXPOSITION_INIT;
    exposition.format = format;
    if (!path || path[0] == '\0')
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_status status = cotel_prometheus_exporter_render(exporter, timeout_ms, &exposition);
    if (status != COTEL_STATUS_OK)
        return status;
    int error = write_exposition(exporter, path, &exposition, true);
    cotel_prometheus_exposition_fini(&exposition);
    errno = error;
    return error == 0 ? COTEL_STATUS_OK : COTEL_STATUS_SYSTEM_ERROR;
}
