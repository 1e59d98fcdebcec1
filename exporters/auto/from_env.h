/* SPDX-License-Identifier: Apache-2.0 */
/* Making things of what the environment says. */
#ifndef COTEL_EXPORTERS_AUTO_FROM_ENV_H
#define COTEL_EXPORTERS_AUTO_FROM_ENV_H

#include <cotel/sdk/sdk.h>

#include "env.h"

/* An exporter of a signal over OTLP, with the signal's part of the environment. */
cotel_status ct_otlp_from_env(const struct ct_env_otlp *env, cotel_signal signal,
                              cotel_exporter **out);

/* The sampler of OTEL_TRACES_SAMPLER, with its argument. */
cotel_status ct_sampler_from_env(const struct ct_env *env, cotel_sampler **out);

/* Jaeger's remote one, with its argument. Where it cannot be had that is told, and it is another.
 */
cotel_status ct_jaeger_remote_from_env(const struct ct_env *env, cotel_sampler **out);

void ct_limits_from_env(const struct ct_env *env, cotel_span_limits *limits);

/* Sets the global propagator, if the environment names any. Fails when memory is out. */
cotel_status ct_propagators_from_env(const struct ct_env *env);

/* A processor for each exporter that is named, as far as it can be had. `processors` has room for
 * COTEL_PROVIDER_MAX_PROCESSORS. Returns how many there are. */
size_t ct_processors_from_env(const struct ct_env *env, cotel_span_processor **processors);

/* Tells diagnostics what is in force: the main things as information, each variable that is set for
 * debugging. */
void ct_tell_env(void);

#endif
