/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a program does to be traced: one call at its start, one at its end. */
#ifndef AGENTS_COMMON_TELEMETRY_H
#define AGENTS_COMMON_TELEMETRY_H

/* Sets cotel up from the environment: the OTEL_* variables say where spans go and how.
 * OTEL_SERVICE_NAME, when it is not set, becomes `service`. */
void telemetry_start(const char *service);

/* Sends what is left, then prints to stdout what became of this program's spans. */
void telemetry_end(const char *service);

#endif
