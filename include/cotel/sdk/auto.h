/* SPDX-License-Identifier: Apache-2.0 */
/** @file auto.h
 *  Setting cotel up from the environment, with every exporter there is (libcotel-all).
 *
 *  Implements: configuration/sdk-environment-variables.md; protocol/exporter.md.
 */
#ifndef COTEL_SDK_AUTO_H
#define COTEL_SDK_AUTO_H

#include <cotel/sdk/sdk.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** cotel_sdk_init() from OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_EXPORTER (otlp,
 *  console, none; a comma list), OTEL_TRACES_SAMPLER(_ARG), OTEL_BSP_*, OTEL_EXPORTER_OTLP_*
 *  (general and _TRACES_), span limits, and OTEL_SDK_DISABLED; with the specification's defaults,
 *  so OTLP over HTTP to localhost:4318. A value that cannot be used is told to diagnostics and its
 *  default taken.
 *  @return as cotel_sdk_init(); OK when OTEL_SDK_DISABLED is true. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_sdk_init_from_env(void);

COTEL_END_DECLS

#endif
