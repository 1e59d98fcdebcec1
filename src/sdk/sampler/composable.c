/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/composable.h"

#include <stdlib.h>

#include "base/sized.h"

bool ct_composable_is_usable(const cotel_composable_sampler *sampler)
{
    return sampler && CT_HAS_OP(sampler->ops, get_intent);
}

bool ct_composable_is_owned(const cotel_composable_sampler *sampler)
{
    return CT_HAS_OP(sampler->ops, destroy);
}

const char *ct_composable_description(const cotel_composable_sampler *sampler)
{
    const char *description = NULL;
    if (CT_HAS_OP(sampler->ops, description))
        description = sampler->ops->description(sampler);
    return description ? description : "Unnamed";
}

char *ct_description_finish(FILE *stream, char **text)
{
    bool failed = ferror(stream) != 0;
    if (fclose(stream) == 0 && !failed)
        return *text;
    free(*text);
    return NULL;
}

void cotel_composable_sampler_destroy(cotel_composable_sampler *sampler)
{
    if (sampler && ct_composable_is_owned(sampler))
        sampler->ops->destroy(sampler);
}

bool cotel_sampling_intent_add_attributes(cotel_sampling_intent *intent,
                                          cotel_attributes_provider provide, void *user)
{
    if (!CT_HAS(intent, attributes_providers) || !provide ||
        intent->attributes_provider_count >= COTEL_SAMPLING_PROVIDERS)
        return false;
    size_t place = intent->attributes_provider_count++;
    intent->attributes_providers[place].provide = provide;
    intent->attributes_providers[place].user = user;
    return true;
}

bool cotel_sampling_intent_add_tracestate(cotel_sampling_intent *intent,
                                          cotel_tracestate_provider provide, void *user)
{
    if (!CT_HAS(intent, tracestate_providers) || !provide ||
        intent->tracestate_provider_count >= COTEL_SAMPLING_PROVIDERS)
        return false;
    size_t place = intent->tracestate_provider_count++;
    intent->tracestate_providers[place].provide = provide;
    intent->tracestate_providers[place].user = user;
    return true;
}
