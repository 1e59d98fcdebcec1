/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/sampler.h"

#include <cotel/sdk/diagnostics.h>

#include "base/sized.h"

bool ct_sampler_is_usable(const cotel_sampler *sampler)
{
    return sampler && CT_HAS_OP(sampler->ops, should_sample);
}

bool ct_sampler_is_fixed(const cotel_sampler *sampler, cotel_parent_state parent,
                         cotel_sampling_decision *decision)
{
    return CT_HAS_OP(sampler->ops, is_fixed) && sampler->ops->is_fixed(sampler, parent, decision);
}

const char *ct_sampler_description(const cotel_sampler *sampler)
{
    const char *description = NULL;
    if (CT_HAS_OP(sampler->ops, description))
        description = sampler->ops->description(sampler);
    return description ? description : "Unnamed";
}

bool ct_sampler_is_owned(const cotel_sampler *sampler)
{
    return CT_HAS_OP(sampler->ops, destroy);
}

void ct_sampler_warn_once(atomic_bool *has_warned, const char *component, const char *message)
{
    /* Relaxed: the flag guards nothing. The load keeps later spans from writing to a shared line.
     */
    if (!atomic_load_explicit(has_warned, memory_order_relaxed) &&
        !atomic_exchange_explicit(has_warned, true, memory_order_relaxed))
        cotel_diagnostics_report(COTEL_LOG_WARNING, component, "%s", message);
}

void cotel_sampler_destroy(cotel_sampler *sampler)
{
    if (sampler && ct_sampler_is_owned(sampler))
        sampler->ops->destroy(sampler);
}
