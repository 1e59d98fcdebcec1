/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that a program does to be traced and measured: one call at its start, two at its
 * end. */
#ifndef AGENTS_COMMON_TELEMETRY_H
#define AGENTS_COMMON_TELEMETRY_H

/* Sets cotel up from the environment: the OTEL_* variables say where spans and metrics go and how.
 * OTEL_SERVICE_NAME, when it is not set, becomes `service`; OTEL_METRICS_EXPORTER none. */
void telemetry_start(const char *service);

/* Sends the last spans, then prints to stdout what became of this program's. Nothing is traced any
 * more. */
void telemetry_send(const char *service);

/* Sends the last metrics, and ends all. With AGENT_LINGER_S=N in the environment that is N seconds
 * later, or at SIGINT or SIGTERM: until then whoever reads metrics from outside finds them. */
void telemetry_end(void);

#endif
