/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the parent. Its threshold tells more than its flag: with it the child's count can still
 * be extrapolated, so the flag counts only where there is no threshold. */
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/composable.h"

struct parent_threshold {
    cotel_composable_sampler base;
    cotel_composable_sampler *root;
    char *description;
};

static bool is_sampled(cotel_parent_state parent)
{
    return parent == COTEL_PARENT_LOCAL_SAMPLED || parent == COTEL_PARENT_REMOTE_SAMPLED;
}

static void get_intent(cotel_composable_sampler *self,
                       const cotel_composable_parameters *parameters, cotel_sampling_intent *intent)
{
    if (parameters->parent_state == COTEL_PARENT_NONE) {
        ct_composable_ask(((const struct parent_threshold *)self)->root, parameters, intent);
        return;
    }
    intent->threshold = parameters->parent_threshold;
    intent->adjusted_count_reliable = intent->threshold != COTEL_THRESHOLD_NONE;
    if (!intent->adjusted_count_reliable && is_sampled(parameters->parent_state))
        intent->threshold = COTEL_THRESHOLD_ALL;
}

static const char *description(const cotel_composable_sampler *self)
{
    return ((const struct parent_threshold *)self)->description;
}

static void destroy(cotel_composable_sampler *self)
{
    struct parent_threshold *sampler = (struct parent_threshold *)self;
    cotel_composable_sampler_destroy(sampler->root);
    free(sampler->description);
    free(sampler);
}

static const cotel_composable_sampler_ops ops = {
    .size = sizeof ops,
    .get_intent = get_intent,
    .description = description,
    .destroy = destroy,
};

cotel_status cotel_composable_parent_threshold_create(cotel_composable_sampler *root,
                                                      cotel_composable_sampler **out)
{
    if (!out || !ct_composable_is_usable(root))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct parent_threshold *sampler = malloc(sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (asprintf(&sampler->description, "ComposableParentThreshold{root:%s}",
                 ct_composable_description(root)) < 0) {
        free(sampler);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    sampler->base.ops = &ops;
    sampler->root = root;
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
