/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/composable_sampler.h>

static void want_all(cotel_composable_sampler *self, const cotel_composable_parameters *parameters,
                     cotel_sampling_intent *intent)
{
    intent->threshold = COTEL_THRESHOLD_ALL;
    intent->adjusted_count_reliable = true;
}

static const char *describe_on(const cotel_composable_sampler *self)
{
    return "ComposableAlwaysOn";
}

static const cotel_composable_sampler_ops on_ops = {
    .size = sizeof on_ops,
    .get_intent = want_all,
    .description = describe_on,
};

static void want_none(cotel_composable_sampler *self, const cotel_composable_parameters *parameters,
                      cotel_sampling_intent *intent)
{
    intent->threshold = COTEL_THRESHOLD_NONE;
    intent->adjusted_count_reliable = false;
}

static const char *describe_off(const cotel_composable_sampler *self)
{
    return "ComposableAlwaysOff";
}

static const cotel_composable_sampler_ops off_ops = {
    .size = sizeof off_ops,
    .get_intent = want_none,
    .description = describe_off,
};

cotel_composable_sampler *cotel_composable_always_on(void)
{
    static cotel_composable_sampler sampler = {.ops = &on_ops};
    return &sampler;
}

cotel_composable_sampler *cotel_composable_always_off(void)
{
    static cotel_composable_sampler sampler = {.ops = &off_ops};
    return &sampler;
}
