/* SPDX-License-Identifier: Apache-2.0 */
/** @file prometheus.h
 *  Metrics as Prometheus reads them (libcotel-prometheus).
 *
 *  Implements: metrics/sdk_exporters/prometheus.md; compatibility/prometheus_and_openmetrics.md.
 */
#ifndef COTEL_EXPORTERS_PROMETHEUS_H
#define COTEL_EXPORTERS_PROMETHEUS_H

#include <cotel/sdk/metric_reader.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** What names of metrics and labels become before anything is negotiated. */
typedef enum cotel_prometheus_translation {
    COTEL_PROMETHEUS_UNDERSCORES_WITH_SUFFIXES = 0,    /**< foo.bar, By: foo_bar_bytes_total */
    COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES = 1, /**< foo_bar */
    COTEL_PROMETHEUS_UTF8_WITH_SUFFIXES = 2,           /**< foo.bar_bytes_total */
    COTEL_PROMETHEUS_NO_TRANSLATION = 3                /**< foo.bar */
} cotel_prometheus_translation;

/** The formats of an exposition. */
typedef enum cotel_prometheus_format {
    COTEL_PROMETHEUS_TEXT = 0,       /**< text/plain; version=0.0.4 */
    COTEL_PROMETHEUS_OPENMETRICS = 1 /**< application/openmetrics-text; version=1.0.0 */
} cotel_prometheus_format;

/** How names that a reader may not understand are written: what it has negotiated. */
typedef enum cotel_prometheus_escaping {
    COTEL_PROMETHEUS_ESCAPE_UNDERSCORES = 0, /**< the default of those who do not ask */
    COTEL_PROMETHEUS_ALLOW_UTF8 = 1,         /**< as they are, in quotes */
    COTEL_PROMETHEUS_ESCAPE_DOTS = 2,
    COTEL_PROMETHEUS_ESCAPE_VALUES = 3
} cotel_prometheus_escaping;

COTEL_END_DECLS

#endif
