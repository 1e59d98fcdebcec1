/* SPDX-License-Identifier: Apache-2.0 */
/** @file otlp.h
 *  OTLP: to Jaeger, Tempo, the OpenTelemetry Collector, and whatever else speaks it.
 */
#ifndef COTEL_EXPORTERS_OTLP_H
#define COTEL_EXPORTERS_OTLP_H

#include <cotel/exporters/otlp_file.h>
#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>

#endif
