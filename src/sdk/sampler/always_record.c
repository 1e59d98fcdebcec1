/* SPDX-License-Identifier: Apache-2.0 */
/* Lets processors see what its root drops, such as those that make metrics of spans. */
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/sampler.h"

struct always_record_sampler {
    cotel_sampler base;
    cotel_sampler *root;
    char *description;
};

static cotel_sampling_decision at_least_record(cotel_sampling_decision decision)
{
    return decision == COTEL_SAMPLING_DROP ? COTEL_SAMPLING_RECORD_ONLY : decision;
}

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    cotel_sampler *root = ((struct always_record_sampler *)self)->root;
    root->ops->should_sample(root, parameters, result);
    result->decision = at_least_record(result->decision);
}

static bool is_fixed(const cotel_sampler *self, cotel_parent_state parent,
                     cotel_sampling_decision *decision)
{
    const cotel_sampler *root = ((const struct always_record_sampler *)self)->root;
    if (!ct_sampler_is_fixed(root, parent, decision))
        return false;
    *decision = at_least_record(*decision);
    return true;
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct always_record_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    struct always_record_sampler *sampler = (struct always_record_sampler *)self;
    cotel_sampler_destroy(sampler->root);
    free(sampler->description);
    free(sampler);
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .destroy = destroy,
    .is_fixed = is_fixed,
};

cotel_status cotel_sampler_always_record_create(cotel_sampler *root, cotel_sampler **out)
{
    if (!out || !ct_sampler_is_usable(root))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct always_record_sampler *sampler = malloc(sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (asprintf(&sampler->description, "AlwaysRecordSampler{%s}", ct_sampler_description(root)) <
        0) {
        free(sampler);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    sampler->base.ops = &ops;
    sampler->root = root;
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
