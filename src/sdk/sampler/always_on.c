/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/sampler.h>

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    result->decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

static bool is_fixed(const cotel_sampler *self, cotel_parent_state parent,
                     cotel_sampling_decision *decision)
{
    *decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
    return true;
}

static const char *description(const cotel_sampler *self)
{
    return "AlwaysOnSampler";
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .is_fixed = is_fixed,
};

cotel_sampler *cotel_sampler_always_on(void)
{
    static cotel_sampler sampler = {.ops = &ops};
    return &sampler;
}
