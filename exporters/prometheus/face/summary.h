/* SPDX-License-Identifier: Apache-2.0 */
/* Summaries as producers see them. */
#ifndef COTEL_EXPORTERS_PROMETHEUS_FACE_SUMMARY_H
#define COTEL_EXPORTERS_PROMETHEUS_FACE_SUMMARY_H

#include "metric.h"

#include <cotel/sdk/metric_reader.h>

/* Writes the summaries of a registry, and nothing of its other metrics. */
void ct_face_write_summaries(struct cotel_prom_registry *registry, cotel_metric_writer *writer);

#endif
