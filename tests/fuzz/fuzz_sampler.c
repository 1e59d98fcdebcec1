/* SPDX-License-Identifier: Apache-2.0 */
/* Samplers with any argument, asked about any trace: the text of an argument is taken as a ratio or
 * not at all, a ratio has a sampler or is refused, and what a sampler answers is consistent. */
#include "fuzz.h"

#include "exporters/auto/env_parse.h"
#include "sdk/sampler/ot_entry.h"
#include "sdk/sampler/sampler.h"
#include "sdk/sampler/threshold.h"
#include "wire/str.h"

struct trace {
    cotel_trace_id id;
    cotel_span parent;
    cotel_tracestate *tracestate;
};

static struct trace take_trace(struct input *input)
{
    struct trace trace = {.parent = cotel_span_none()};
    for (size_t i = 0; i < sizeof trace.id.bytes; i++)
        trace.id.bytes[i] = take_byte(input);
    uint8_t flags = take_byte(input);
    if (flags & 0x80u) {
        trace.parent.trace_id = trace.id;
        trace.parent.span_id.bytes[0] = 1;
        trace.parent.trace_flags = flags & 0x03u;
    }
    trace.tracestate = cotel_tracestate_parse((const char *)input->at, input->left);
    return trace;
}

static cotel_str ot_of(const cotel_tracestate *state)
{
    return cotel_tracestate_get(state, cotel_str_of(CT_OT_KEY));
}

/* A sampled span may tell a threshold that its randomness reaches; a dropped one tells none. */
static void check_answer(const struct trace *trace, const cotel_sampling_result *result)
{
    cotel_str before = ot_of(trace->tracestate), after = before;
    if (result->sets_tracestate)
        after = ot_of(result->tracestate);
    cotel_str rv = ct_ot_get(before, cotel_str_of("rv"));
    MUST(ct_str_equal(rv, ct_ot_get(after, cotel_str_of("rv"))));
    cotel_str th = ct_ot_get(after, cotel_str_of("th"));
    uint64_t threshold, randomness = 0;
    if (result->decision != COTEL_SAMPLING_RECORD_AND_SAMPLE) {
        MUST(result->decision == COTEL_SAMPLING_DROP && !th.data);
        return;
    }
    for (size_t i = 9; i < sizeof trace->id.bytes; i++)
        randomness = randomness << 8 | trace->id.bytes[i];
    (void)ct_randomness_read(rv, &randomness);
    MUST(!th.data || (ct_threshold_read(th, &threshold) && randomness >= threshold));
}

static void ask(cotel_sampler *sampler, const struct trace *trace)
{
    cotel_attribute room[COTEL_SAMPLING_ROOM];
    cotel_sampling_parameters parameters = {.size = sizeof parameters,
                                            .parent_context = cotel_context_empty(),
                                            .parent = &trace->parent,
                                            .trace_id = trace->id,
                                            .tracestate = trace->tracestate};
    cotel_sampling_result result = {.size = sizeof result, .room = room};
    sampler->ops->should_sample(sampler, &parameters, &result);
    check_answer(trace, &result);
    if (result.sets_tracestate)
        cotel_tracestate_unref(result.tracestate);
    cotel_sampler_destroy(sampler);
}

static void ask_probability(double ratio, const struct trace *trace)
{
    cotel_sampler *sampler = NULL;
    cotel_status status = cotel_sampler_probability_create(ratio, &sampler);
    uint64_t threshold = cotel_sampling_threshold(ratio);
    MUST((status == COTEL_STATUS_OK) == (ratio <= 1.0 && threshold != COTEL_THRESHOLD_NONE));
    MUST(threshold <= COTEL_THRESHOLD_NONE);
    if (sampler)
        ask(sampler, trace);
}

static void ask_composite(double ratio, const struct trace *trace)
{
    cotel_composable_sampler *root = NULL, *follow = NULL;
    cotel_sampler *sampler = NULL;
    if (cotel_composable_probability_create(ratio, &root) != COTEL_STATUS_OK)
        return;
    MUST(cotel_composable_parent_threshold_create(root, &follow) == COTEL_STATUS_OK);
    MUST(cotel_sampler_composite_create(follow, &sampler) == COTEL_STATUS_OK);
    ask(sampler, trace);
}

static void make_trace_id_ratio(double ratio)
{
    cotel_sampler *sampler = NULL;
    cotel_status status = cotel_sampler_trace_id_ratio_create(ratio, &sampler);
    MUST((status == COTEL_STATUS_OK) == (ratio >= 0.0 && ratio <= 1.0));
    cotel_sampler_destroy(sampler);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t text_size;
    const char *text = take_text(&input, 40, &text_size);
    double ratio = 0;
    if (ct_env_parse_ratio(cotel_str_n(text, text_size), &ratio))
        MUST(ratio >= 0.0 && ratio <= 1.0);
    else if (text_size >= sizeof ratio)
        memcpy(&ratio, text, sizeof ratio);
    struct trace trace = take_trace(&input);
    make_trace_id_ratio(ratio);
    ask_probability(ratio, &trace);
    ask_composite(ratio, &trace);
    cotel_tracestate_unref(trace.tracestate);
    return 0;
}
