/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_SAMPLER: the one place that makes samplers of its words. Each word names a sampler
 * for roots, and whether other spans follow their parent. */
#include "from_env.h"

static cotel_status always_on(const struct ct_env *env, cotel_sampler **out)
{
    *out = cotel_sampler_always_on();
    return COTEL_STATUS_OK;
}

static cotel_status always_off(const struct ct_env *env, cotel_sampler **out)
{
    *out = cotel_sampler_always_off();
    return COTEL_STATUS_OK;
}

static cotel_status trace_id_ratio(const struct ct_env *env, cotel_sampler **out)
{
    return cotel_sampler_trace_id_ratio_create(env->sampler_argument.ratio, out);
}

/* A sampler with an argument of its own: its two words go into env_table.c, the argument into
 * env_sampler_argument.c, and two lines here. */
static const struct {
    cotel_status (*create_root)(const struct ct_env *env, cotel_sampler **out);
    bool follows_parent;
} samplers[] = {
    [CT_ENV_ALWAYS_ON] = {always_on, false},
    [CT_ENV_ALWAYS_OFF] = {always_off, false},
    [CT_ENV_TRACE_ID_RATIO] = {trace_id_ratio, false},
    [CT_ENV_PARENT_ALWAYS_ON] = {always_on, true},
    [CT_ENV_PARENT_ALWAYS_OFF] = {always_off, true},
    [CT_ENV_PARENT_TRACE_ID_RATIO] = {trace_id_ratio, true},
    [CT_ENV_JAEGER_REMOTE] = {ct_jaeger_remote_from_env, false},
    [CT_ENV_PARENT_JAEGER_REMOTE] = {ct_jaeger_remote_from_env, true},
};

static cotel_status follow_parent(cotel_sampler *root, cotel_sampler **out)
{
    cotel_parent_based_options options = {.size = sizeof options, .root = root};
    cotel_status status = cotel_sampler_parent_based_create(&options, out);
    if (status != COTEL_STATUS_OK)
        cotel_sampler_destroy(root);
    return status;
}

cotel_status ct_sampler_from_env(const struct ct_env *env, cotel_sampler **out)
{
    cotel_status status = samplers[env->sampler.word].create_root(env, out);
    if (status != COTEL_STATUS_OK || !samplers[env->sampler.word].follows_parent)
        return status;
    return follow_parent(*out, out);
}
