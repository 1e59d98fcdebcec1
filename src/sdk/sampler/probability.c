/* SPDX-License-Identifier: Apache-2.0 */
/* A share of traces by their randomness, whatever the parent says. The short form of a composite
 * sampler with a composable probability. */
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/consistency.h"
#include "sdk/sampler/number_text.h"
#include "sdk/sampler/sampler.h"

#define COMPONENT "probability_sampler"
#define DESCRIPTION_SIZE (sizeof "ProbabilitySampler{}" + CT_NUMBER_TEXT_SIZE)

static const char unknown_randomness[] =
    "presumes that the trace id of a parent is random, which its flags do not say: the caller "
    "should use W3C Trace Context Level 2";

struct probability_sampler {
    cotel_sampler base;
    uint64_t threshold;
    atomic_bool has_warned;
    char description[DESCRIPTION_SIZE];
};

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    struct probability_sampler *sampler = (struct probability_sampler *)self;
    struct ct_consistency consistency;
    ct_consistency_read(parameters, &consistency);
    bool sampled = consistency.randomness >= sampler->threshold;
    result->decision = sampled ? COTEL_SAMPLING_RECORD_AND_SAMPLE : COTEL_SAMPLING_DROP;
    ct_consistency_answer(&consistency, sampled ? sampler->threshold : COTEL_THRESHOLD_NONE,
                          result);
    if (ct_sampler_has_parent(parameters) && !parameters->random &&
        !consistency.randomness_is_explicit)
        ct_sampler_warn_once(&sampler->has_warned, COMPONENT, unknown_randomness);
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct probability_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    free(self);
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .destroy = destroy,
};

cotel_status cotel_sampler_probability_create(double ratio, cotel_sampler **out)
{
    char text[CT_NUMBER_TEXT_SIZE];
    if (!out || !ct_ratio_is_valid(ratio))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct probability_sampler *sampler = calloc(1, sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    sampler->threshold = ct_threshold_of(ratio, CT_THRESHOLD_PRECISION);
    (void)snprintf(sampler->description, sizeof sampler->description, "ProbabilitySampler{%s}",
                   ct_double_text(ratio, text));
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
