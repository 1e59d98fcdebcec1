/* SPDX-License-Identifier: Apache-2.0 */
/* Names of metrics and labels: what the translation makes of them, and then, since a reader may not
 * take every name, what the negotiated escaping makes of that.
 *
 * Implements: metrics/sdk_exporters/prometheus.md "Interaction with Translation Strategy";
 * prometheus.io/docs/instrumenting/escaping_schemes. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_NAME_H
#define COTEL_EXPORTERS_PROMETHEUS_NAME_H

#include <cotel/exporters/prometheus.h>

#include "text.h"

/* Names of labels have no colons. */
enum ct_prom_name_kind { CT_PROM_METRIC_NAME, CT_PROM_LABEL_NAME };

/* Whether every reader takes it: [a-zA-Z_:][a-zA-Z0-9_:]*. */
bool ct_prom_name_is_plain(cotel_str name, enum ct_prom_name_kind kind);

/* Appends a unit's words as they stand in names. */
void ct_prom_name_unit(struct ct_prom_text *out, cotel_prometheus_translation translation,
                       cotel_str unit);

/* Appends the name of a metric. `unit` are the words of its unit.
 * @return false, with nothing appended, when nothing is left of it that tells it from others. */
bool ct_prom_name_metric(struct ct_prom_text *out, cotel_prometheus_translation translation,
                         cotel_str name, cotel_str unit, bool is_counter);

/* Appends the name of the label for an attribute, translated and escaped. */
void ct_prom_name_label(struct ct_prom_text *out, cotel_prometheus_translation translation,
                        cotel_prometheus_escaping escaping, cotel_str key);

/* Appends a name as the escaping has it; ALLOW_UTF8: as it is. */
void ct_prom_name_escape(struct ct_prom_text *out, cotel_prometheus_escaping escaping,
                         cotel_str name, enum ct_prom_name_kind kind);

#endif
