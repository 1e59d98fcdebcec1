/* SPDX-License-Identifier: Apache-2.0 */
/* In place of jaeger_remote_from_env.c, where that sampler is not built. */
#include "from_env.h"

cotel_status ct_jaeger_remote_from_env(const struct ct_env *env, cotel_sampler **out)
{
    cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                             "the sampler jaeger_remote is not in this build: all roots are "
                             "sampled");
    *out = cotel_sampler_always_on();
    return COTEL_STATUS_OK;
}
