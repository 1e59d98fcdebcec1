/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/samplers/jaeger_remote.h>

#include <stdlib.h>

#include "from_env.h"
#include "jaeger_argument.h"

/* The options of an argument; `endpoint` is its URL, or NULL. The service's name is the sampler's
 * to find out: it asks the environment too. */
static cotel_status create(const struct ct_jaeger_argument *argument, const char *endpoint,
                           cotel_sampler **out)
{
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    cotel_status status = COTEL_STATUS_OK;
    options.endpoint = endpoint;
    if (argument->has_polling_interval)
        options.polling_interval_ms = argument->polling_interval_ms;
    if (argument->has_initial_rate)
        status =
            cotel_sampler_trace_id_ratio_create(argument->initial_rate, &options.initial_sampler);
    if (status != COTEL_STATUS_OK)
        return status;
    status = cotel_jaeger_remote_sampler_create(&options, out);
    if (status != COTEL_STATUS_OK)
        cotel_sampler_destroy(options.initial_sampler);
    return status;
}

static cotel_status create_from(const struct ct_env *env, cotel_sampler **out)
{
    struct ct_jaeger_argument argument;
    cotel_str wrong;
    char *endpoint = NULL;
    /* It can be read, or would not have come here. */
    (void)ct_jaeger_argument_read(&argument, env->sampler_argument.text, &wrong);
    if (argument.has_endpoint) {
        endpoint = strndup(argument.endpoint.data, argument.endpoint.size);
        if (!endpoint)
            return COTEL_STATUS_OUT_OF_MEMORY;
    }
    cotel_status status = create(&argument, endpoint, out);
    free(endpoint);
    return status;
}

/* A program that asks for a sampler which cannot be had is traced all the same, as by default. */
cotel_status ct_jaeger_remote_from_env(const struct ct_env *env, cotel_sampler **out)
{
    cotel_status status = create_from(env, out);
    if (status == COTEL_STATUS_OK)
        return status;
    cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                             "the sampler jaeger_remote cannot be had (%s): all roots are sampled",
                             cotel_status_text(status));
    *out = cotel_sampler_always_on();
    return COTEL_STATUS_OK;
}
