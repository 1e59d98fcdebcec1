/* SPDX-License-Identifier: Apache-2.0 */
/* What samplers are asked in tests. */
#ifndef COTEL_TESTS_UNIT_SDK_SAMPLER_PARAMETERS_H
#define COTEL_TESTS_UNIT_SDK_SAMPLER_PARAMETERS_H

#include <cotel/sdk/sampler.h>

#include <endian.h>

static inline cotel_trace_id trace_id_of(uint64_t high, uint64_t low)
{
    cotel_trace_id id;
    uint64_t words[2] = {htobe64(high), htobe64(low)};
    memcpy(id.bytes, words, sizeof id.bytes);
    return id;
}

static inline cotel_span a_parent(uint8_t flags)
{
    cotel_span parent;
    memset(&parent, 0, sizeof parent);
    parent.trace_id = trace_id_of(1, 2);
    parent.span_id.bytes[7] = 3;
    parent.trace_flags = flags;
    return parent;
}

static inline cotel_span no_parent(void)
{
    cotel_span parent;
    memset(&parent, 0, sizeof parent);
    return parent;
}

static inline cotel_sampling_decision ask(cotel_sampler *sampler, const cotel_span *parent,
                                          bool is_remote, cotel_trace_id id)
{
    cotel_sampling_parameters parameters = {
        .size = sizeof parameters,
        .parent_context = cotel_context_empty(),
        .parent = parent,
        .parent_is_remote = is_remote,
        .trace_id = id,
        .kind = COTEL_SPAN_KIND_INTERNAL,
        .name = cotel_str_of("asked"),
    };
    cotel_sampling_result result = {.size = sizeof result};
    sampler->ops->should_sample(sampler, &parameters, &result);
    if (result.sets_tracestate)
        cotel_tracestate_unref(result.tracestate);
    return result.decision;
}

#endif
