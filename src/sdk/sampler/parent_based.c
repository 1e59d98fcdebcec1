/* SPDX-License-Identifier: Apache-2.0 */
/* Follows the parent, so that a trace is sampled as a whole: one of five samplers decides, by
 * whether there is a parent, where it lives, and whether it is sampled. */
#include <stdio.h>
#include <stdlib.h>

#include "base/sized.h"
#include "sdk/sampler/consistency.h"
#include "sdk/sampler/sampler.h"

struct parent_based_sampler {
    cotel_sampler base;
    cotel_sampler *branches[COTEL_PARENT_STATES];
    char *description;
};

static cotel_parent_state branch_of(const cotel_sampling_parameters *parameters)
{
    return ct_sampler_parent_state(ct_sampler_has_parent(parameters), parameters->parent_is_remote,
                                   parameters->parent->trace_flags);
}

/* What a sampler of the user's answers to is its own affair; but a threshold that is handed on as
 * it came must be one under which the span can have been sampled, or counts come out wrong. */
static void check_threshold(const cotel_sampling_parameters *parameters,
                            cotel_sampling_result *result)
{
    struct ct_consistency consistency;
    if (result->decision != COTEL_SAMPLING_RECORD_AND_SAMPLE || result->sets_tracestate)
        return;
    ct_consistency_read(parameters, &consistency);
    if (ct_consistency_is_broken(&consistency))
        ct_consistency_answer(&consistency, COTEL_THRESHOLD_NONE, result);
}

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    struct parent_based_sampler *sampler = (struct parent_based_sampler *)self;
    cotel_sampler *decider = sampler->branches[branch_of(parameters)];
    decider->ops->should_sample(decider, parameters, result);
    if (ct_sampler_tracestate(parameters))
        check_threshold(parameters, result);
}

static bool is_fixed(const cotel_sampler *self, cotel_parent_state parent,
                     cotel_sampling_decision *decision)
{
    const struct parent_based_sampler *sampler = (const struct parent_based_sampler *)self;
    return ct_sampler_is_fixed(sampler->branches[parent], parent, decision);
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct parent_based_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    struct parent_based_sampler *sampler = (struct parent_based_sampler *)self;
    for (size_t i = 0; i < COTEL_PARENT_STATES; i++)
        cotel_sampler_destroy(sampler->branches[i]);
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

static void choose_branches(cotel_sampler *branches[COTEL_PARENT_STATES],
                            const cotel_parent_based_options *options)
{
    cotel_sampler *defaults[COTEL_PARENT_STATES] = {
        [COTEL_PARENT_REMOTE_SAMPLED] = cotel_sampler_always_on(),
        [COTEL_PARENT_REMOTE_NOT_SAMPLED] = cotel_sampler_always_off(),
        [COTEL_PARENT_LOCAL_SAMPLED] = cotel_sampler_always_on(),
        [COTEL_PARENT_LOCAL_NOT_SAMPLED] = cotel_sampler_always_off(),
    };
    branches[COTEL_PARENT_NONE] = CT_MEMBER(options, root, NULL);
    branches[COTEL_PARENT_REMOTE_SAMPLED] = CT_MEMBER(options, remote_sampled, NULL);
    branches[COTEL_PARENT_REMOTE_NOT_SAMPLED] = CT_MEMBER(options, remote_not_sampled, NULL);
    branches[COTEL_PARENT_LOCAL_SAMPLED] = CT_MEMBER(options, local_sampled, NULL);
    branches[COTEL_PARENT_LOCAL_NOT_SAMPLED] = CT_MEMBER(options, local_not_sampled, NULL);
    for (size_t i = 0; i < COTEL_PARENT_STATES; i++)
        branches[i] = branches[i] ? branches[i] : defaults[i];
}

/* All can be asked, and none that somebody must free is there twice. */
static bool branches_are_good(cotel_sampler *const branches[COTEL_PARENT_STATES])
{
    for (size_t i = 0; i < COTEL_PARENT_STATES; i++) {
        if (!ct_sampler_is_usable(branches[i]))
            return false;
        for (size_t j = 0; j < i; j++) {
            if (branches[i] == branches[j] && ct_sampler_is_owned(branches[i]))
                return false;
        }
    }
    return true;
}

/* NULL when memory is out. */
static char *describe(cotel_sampler *const branches[COTEL_PARENT_STATES])
{
    char *text = NULL;
    int size = asprintf(&text,
                        "ParentBased{root:%s,remoteParentSampled:%s,remoteParentNotSampled:%s,"
                        "localParentSampled:%s,localParentNotSampled:%s}",
                        ct_sampler_description(branches[COTEL_PARENT_NONE]),
                        ct_sampler_description(branches[COTEL_PARENT_REMOTE_SAMPLED]),
                        ct_sampler_description(branches[COTEL_PARENT_REMOTE_NOT_SAMPLED]),
                        ct_sampler_description(branches[COTEL_PARENT_LOCAL_SAMPLED]),
                        ct_sampler_description(branches[COTEL_PARENT_LOCAL_NOT_SAMPLED]));
    return size < 0 ? NULL : text;
}

cotel_status cotel_sampler_parent_based_create(const cotel_parent_based_options *options,
                                               cotel_sampler **out)
{
    cotel_sampler *branches[COTEL_PARENT_STATES];
    choose_branches(branches, options);
    if (!out || !branches_are_good(branches))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct parent_based_sampler *sampler = malloc(sizeof *sampler);
    char *text = describe(branches);
    if (!sampler || !text) {
        free(sampler);
        free(text);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    sampler->base.ops = &ops;
    memcpy(sampler->branches, branches, sizeof branches);
    sampler->description = text;
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
