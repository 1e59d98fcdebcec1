/* SPDX-License-Identifier: Apache-2.0 */
/* A sampler asked about one span, as a provider asks it. Public API only. */
#ifndef COTEL_TESTS_SPEC_ASK_SAMPLER_H
#define COTEL_TESTS_SPEC_ASK_SAMPLER_H

#include "../support/sdk_fixture.h"

#include <cotel/sdk/composable_sampler.h>

#include <endian.h>

/* The low 56 bits of these are 8 and 7 followed by zeros and digits f: around one half. */
#define TRACE_AT_HALF "0af7651916cd43ddff80000000000000"
#define TRACE_BELOW_HALF "0af7651916cd43dd007fffffffffffff"

struct question {
    const char *trace_id;   /* NULL: TRACE_AT_HALF */
    bool has_parent;        /* else a root span, of which the rest of the parent does not count */
    bool is_remote;         /* the parent */
    uint8_t flags;          /* the parent's; for a root span, those that its id gives it */
    const char *tracestate; /* the parent's; NULL: none */
    cotel_span_kind kind;
    const cotel_attribute *attributes;
    size_t attribute_count;
};

struct answer {
    cotel_sampling_decision decision;
    char tracestate[COTEL_TRACESTATE_MAX_SIZE + 1];
    bool sets_tracestate;
    size_t attribute_count;
    cotel_attribute attributes[COTEL_SAMPLING_ROOM];
};

static inline struct answer ask(cotel_sampler *sampler, const struct question *question)
{
    const char *hex = question->trace_id ? question->trace_id : TRACE_AT_HALF;
    const char *header = question->tracestate ? question->tracestate : "";
    cotel_tracestate *state = cotel_tracestate_parse(header, strlen(header));
    struct answer answer = {.decision = COTEL_SAMPLING_DROP};
    cotel_span parent = cotel_span_none();
    cotel_sampling_parameters parameters = {.size = sizeof parameters,
                                            .parent_context = cotel_context_empty(),
                                            .parent = &parent,
                                            .parent_is_remote = question->is_remote,
                                            .kind = question->kind,
                                            .name = cotel_str_of("span"),
                                            .attributes = question->attributes,
                                            .attribute_count = question->attribute_count,
                                            .tracestate = state};
    cotel_sampling_result result = {.size = sizeof result, .room = answer.attributes};
    assert_true(cotel_trace_id_from_hex(hex, strlen(hex), &parameters.trace_id));
    parameters.random = (question->flags & COTEL_TRACE_FLAG_RANDOM) != 0;
    if (question->has_parent) {
        parent.trace_id = parameters.trace_id;
        parent.span_id.bytes[7] = 1;
        parent.trace_flags = question->flags;
    }
    sampler->ops->should_sample(sampler, &parameters, &result);

    cotel_str text = cotel_tracestate_header(result.sets_tracestate ? result.tracestate : state);
    if (text.size > 0)
        memcpy(answer.tracestate, text.data, text.size);
    answer.decision = result.decision;
    answer.sets_tracestate = result.sets_tracestate;
    answer.attribute_count = result.attribute_count;
    assert_true(result.attributes == answer.attributes || result.attribute_count == 0);
    if (result.sets_tracestate)
        cotel_tracestate_unref(result.tracestate);
    cotel_tracestate_unref(state);
    return answer;
}

static inline bool is_sampled(cotel_sampler *sampler, const struct question *question)
{
    return ask(sampler, question).decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

static inline const char *describe(const cotel_sampler *sampler)
{
    return sampler->ops->description(sampler);
}

#endif
