/* SPDX-License-Identifier: Apache-2.0 */
/* From a collection to the bytes of an answer. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_EXPOSITION_H
#define COTEL_EXPORTERS_PROMETHEUS_EXPOSITION_H

#include <cotel/exporters/prometheus.h>

/* cotel_prometheus_exporter_render() of arguments that are right. What the exposition owns is from
 * malloc(). */
cotel_status ct_prom_expose(cotel_prometheus_exporter *exporter, uint64_t timeout_ms,
                            cotel_prometheus_exposition *exposition);

/* What the answer is called. Static. */
const char *ct_prom_content_type(cotel_prometheus_format format, cotel_prometheus_version version,
                                 cotel_prometheus_escaping escaping);

#endif
