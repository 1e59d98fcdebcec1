/* SPDX-License-Identifier: Apache-2.0 */
#include "env_parse.h"
#include "from_env.h"

static double ratio_from_env(const struct ct_env *env)
{
    double ratio = 1.0;
    if (env->sampler_arg && !ct_env_parse_ratio(cotel_str_of(env->sampler_arg), &ratio))
        cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                                 "OTEL_TRACES_SAMPLER_ARG=%s is no ratio of 0 to 1; 1 is taken",
                                 env->sampler_arg);
    return ratio;
}

static cotel_status root_from_env(const struct ct_env *env, cotel_sampler **out)
{
    switch (env->sampler) {
    case CT_ENV_TRACE_ID_RATIO:
    case CT_ENV_PARENT_TRACE_ID_RATIO:
        return cotel_sampler_trace_id_ratio_create(ratio_from_env(env), out);
    case CT_ENV_ALWAYS_OFF:
    case CT_ENV_PARENT_ALWAYS_OFF:
        *out = cotel_sampler_always_off();
        return COTEL_STATUS_OK;
    default:
        *out = cotel_sampler_always_on();
        return COTEL_STATUS_OK;
    }
}

cotel_status ct_sampler_from_env(const struct ct_env *env, cotel_sampler **out)
{
    cotel_sampler *root;
    cotel_status status = root_from_env(env, &root);
    if (status != COTEL_STATUS_OK)
        return status;
    if (env->sampler < CT_ENV_PARENT_ALWAYS_ON) {
        *out = root;
        return COTEL_STATUS_OK;
    }
    cotel_parent_based_options options = {.size = sizeof options, .root = root};
    status = cotel_sampler_parent_based_create(&options, out);
    if (status != COTEL_STATUS_OK)
        cotel_sampler_destroy(root);
    return status;
}
