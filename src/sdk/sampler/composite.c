/* SPDX-License-Identifier: Apache-2.0 */
/* Decides for a nest of composable samplers: asks the outermost for a threshold, holds it against
 * the trace's randomness, and sees to the span's attributes and tracestate. All that the nest says
 * about one span stands on the stack; what is allocated is a tracestate, where it changes. */
#include <stdio.h>
#include <stdlib.h>

#include "base/sized.h"
#include "sdk/sampler/composable.h"
#include "sdk/sampler/consistency.h"
#include "sdk/sampler/sampler.h"
#include "sdk/thread.h"

struct composite_sampler {
    cotel_sampler base;
    cotel_composable_sampler *root;
    char *description;
};

static cotel_composable_parameters ask_by(const cotel_sampling_parameters *parameters,
                                          const struct ct_consistency *consistency)
{
    cotel_parent_state state =
        ct_sampler_parent_state(ct_sampler_has_parent(parameters), parameters->parent_is_remote,
                                parameters->parent->trace_flags);
    bool sampled = (parameters->parent->trace_flags & COTEL_TRACE_FLAG_SAMPLED) != 0;
    bool is_broken = sampled && ct_consistency_is_broken(consistency);
    return (cotel_composable_parameters){
        .size = sizeof(cotel_composable_parameters),
        .parent_context = parameters->parent_context,
        .parent = parameters->parent,
        .parent_state = state,
        .parent_threshold = is_broken ? COTEL_THRESHOLD_NONE : consistency->parent_threshold,
        .tracestate = consistency->tracestate,
        .kind = parameters->kind,
        .name = parameters->name,
        .attributes = parameters->attributes,
        .attribute_count = parameters->attribute_count,
        .links = parameters->links,
        .link_count = parameters->link_count};
}

/* A new number for a decision that no other has to agree with. Without memory for the thread's
 * generator it is one that each threshold but 0 rejects. */
static uint64_t fresh_randomness(void)
{
    struct ct_thread *thread = ct_thread_self();
    return thread ? ct_random_next(&thread->random) >> (64 - CT_THRESHOLD_BITS) : 0;
}

static bool is_sampled(const cotel_sampling_intent *intent,
                       const struct ct_consistency *consistency)
{
    if (intent->threshold >= COTEL_THRESHOLD_NONE)
        return false;
    if (intent->threshold == COTEL_THRESHOLD_ALL)
        return true;
    uint64_t randomness =
        intent->adjusted_count_reliable ? consistency->randomness : fresh_randomness();
    return randomness >= intent->threshold;
}

static void provide_attributes(const cotel_sampling_intent *intent,
                               const cotel_composable_parameters *parameters,
                               cotel_sampling_result *result)
{
    cotel_attribute *room = CT_MEMBER(result, room, NULL);
    size_t count = 0;
    for (size_t i = 0; room && i < intent->attributes_provider_count; i++) {
        size_t left = COTEL_SAMPLING_ROOM - count;
        size_t given = intent->attributes_providers[i].provide(intent->attributes_providers[i].user,
                                                               parameters, room + count, left);
        count += given < left ? given : left;
    }
    result->attributes = room;
    result->attribute_count = count;
}

/* A new reference to what the providers make of the parent's tracestate. */
static cotel_tracestate *provided_tracestate(const cotel_sampling_intent *intent,
                                             const cotel_tracestate *parents,
                                             cotel_sampling_decision decision)
{
    cotel_tracestate *state = cotel_tracestate_ref(parents);
    for (size_t i = 0; i < intent->tracestate_provider_count; i++) {
        cotel_tracestate *next = intent->tracestate_providers[i].provide(
            intent->tracestate_providers[i].user, state, decision);
        cotel_tracestate_unref(state);
        state = next;
    }
    return state;
}

static void provide_tracestate(const cotel_sampling_intent *intent,
                               const struct ct_consistency *consistency, uint64_t threshold,
                               cotel_sampling_result *result)
{
    if (intent->tracestate_provider_count == 0) {
        ct_consistency_answer(consistency, threshold, result);
        return;
    }
    cotel_tracestate *with_threshold;
    cotel_tracestate *state =
        provided_tracestate(intent, consistency->tracestate, result->decision);
    if (ct_consistency_write(consistency, state, threshold, &with_threshold)) {
        cotel_tracestate_unref(state);
        state = with_threshold;
    }
    result->sets_tracestate = true;
    result->tracestate = state;
}

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    struct ct_consistency consistency;
    ct_consistency_read(parameters, &consistency);
    const cotel_composable_parameters question = ask_by(parameters, &consistency);
    cotel_sampling_intent intent; /* its places for providers need no clearing */
    intent.size = sizeof intent;
    intent.threshold = COTEL_THRESHOLD_NONE;
    intent.adjusted_count_reliable = false;
    intent.attributes_provider_count = intent.tracestate_provider_count = 0;
    ct_composable_ask(((struct composite_sampler *)self)->root, &question, &intent);

    bool sampled = is_sampled(&intent, &consistency);
    result->decision = sampled ? COTEL_SAMPLING_RECORD_AND_SAMPLE : COTEL_SAMPLING_DROP;
    if (sampled && intent.attributes_provider_count > 0)
        provide_attributes(&intent, &question, result);
    bool tells = sampled && intent.adjusted_count_reliable;
    provide_tracestate(&intent, &consistency, tells ? intent.threshold : COTEL_THRESHOLD_NONE,
                       result);
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct composite_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    struct composite_sampler *sampler = (struct composite_sampler *)self;
    cotel_composable_sampler_destroy(sampler->root);
    free(sampler->description);
    free(sampler);
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .destroy = destroy,
};

cotel_status cotel_sampler_composite_create(cotel_composable_sampler *root, cotel_sampler **out)
{
    if (!out || !ct_composable_is_usable(root))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct composite_sampler *sampler = malloc(sizeof *sampler);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (asprintf(&sampler->description, "CompositeSampler{%s}", ct_composable_description(root)) <
        0) {
        free(sampler);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    sampler->base.ops = &ops;
    sampler->root = root;
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
