/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/composable_sampler.h>

#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/number_text.h"
#include "sdk/sampler/threshold.h"

#define DESCRIPTION_SIZE (sizeof "ComposableProbability{}" + CT_NUMBER_TEXT_SIZE)

struct composable_probability {
    cotel_composable_sampler base;
    uint64_t threshold;
    char description[DESCRIPTION_SIZE];
};

static void get_intent(cotel_composable_sampler *self,
                       const cotel_composable_parameters *parameters, cotel_sampling_intent *intent)
{
    intent->threshold = ((const struct composable_probability *)self)->threshold;
    intent->adjusted_count_reliable = true;
}

static const char *description(const cotel_composable_sampler *self)
{
    return ((const struct composable_probability *)self)->description;
}

static void destroy(cotel_composable_sampler *self)
{
    free(self);
}

static const cotel_composable_sampler_ops ops = {
    .size = sizeof ops,
    .get_intent = get_intent,
    .description = description,
    .destroy = destroy,
};

cotel_status cotel_composable_probability_create(double ratio, cotel_composable_sampler **out)
{
    char text[CT_NUMBER_TEXT_SIZE];
    if (!out || (ratio != 0.0 && !ct_ratio_is_valid(ratio)))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (ratio == 0.0) {
        *out = cotel_composable_always_off();
        return COTEL_STATUS_OK;
    }
    struct composable_probability *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    sampler->threshold = ct_threshold_of(ratio, CT_THRESHOLD_PRECISION);
    (void)snprintf(sampler->description, sizeof sampler->description, "ComposableProbability{%s}",
                   ct_double_text(ratio, text));
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
