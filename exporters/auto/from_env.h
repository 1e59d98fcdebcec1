/* SPDX-License-Identifier: Apache-2.0 */
/* Making things of what the environment says. */
#ifndef COTEL_EXPORTERS_AUTO_FROM_ENV_H
#define COTEL_EXPORTERS_AUTO_FROM_ENV_H

#include <cotel/sdk/sdk.h>

#include "env_table.h"

/* An exporter over OTLP. */
cotel_status ct_otlp_from_env(const struct ct_env *env, cotel_exporter **out);

/* The URL for traces, for the caller to free; NULL when memory is out. */
char *ct_otlp_endpoint(const struct ct_env *env);

cotel_status ct_sampler_from_env(const struct ct_env *env, cotel_sampler **out);

/* The limits, where the special variable goes before the general one. */
void ct_limits_from_env(const struct ct_env *env, cotel_span_limits *limits);

/* A processor for each exporter that is named, as far as it can be had. `processors` has room for
 * COTEL_PROVIDER_MAX_PROCESSORS. Returns how many there are. */
size_t ct_processors_from_env(const struct ct_env *env, cotel_span_processor **processors);

#endif
