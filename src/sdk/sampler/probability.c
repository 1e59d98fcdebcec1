/* SPDX-License-Identifier: Apache-2.0 */
/* A share of traces by their randomness, whatever the parent says. The short form of a composite
 * sampler with a composable probability. */
#include <cotel/sdk/diagnostics.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "sdk/sampler/consistency.h"
#include "sdk/sampler/number_text.h"
#include "sdk/sampler/sampler.h"

#define COMPONENT "probability_sampler"
#define DESCRIPTION_SIZE (sizeof "ProbabilitySampler{}" + CT_NUMBER_TEXT_SIZE)

struct probability_sampler {
    cotel_sampler base;
    uint64_t threshold;
    atomic_bool has_warned;
    char description[DESCRIPTION_SIZE];
};

static void warn_of_unknown_randomness(struct probability_sampler *sampler)
{
    /* Relaxed: the flag guards nothing. The load keeps later spans from writing to a shared line.
     */
    if (atomic_load_explicit(&sampler->has_warned, memory_order_relaxed) ||
        atomic_exchange_explicit(&sampler->has_warned, true, memory_order_relaxed))
        return;
    cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                             "presumes that the trace id of a parent is random, which its flags do "
                             "not say: the caller should use W3C Trace Context Level 2");
}

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
        warn_of_unknown_randomness(sampler);
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
