/* SPDX-License-Identifier: Apache-2.0 */
/* The span that everything is measured with: `llm_call`, kind client, five attributes set one by
 * one after the start, status OK. */
#ifndef COTEL_BENCH_WORKLOAD_H
#define COTEL_BENCH_WORKLOAD_H

#include <cotel/trace.h>

/* About what it takes encoded; what the floor copies. */
#define WORKLOAD_ENCODED_BYTES 220

static inline void workload_set(const cotel_span *span)
{
    cotel_span_set_string(span, "gen_ai.request.model", "gpt-4o");
    cotel_span_set_string(span, "gen_ai.agent.name", "writer");
    cotel_span_set_int(span, "gen_ai.usage.input_tokens", 1234);
    cotel_span_set_double(span, "agent.cost_usd", 0.0123);
    cotel_span_set_bool(span, "agent.cached", false);
    cotel_span_set_status(span, COTEL_STATUS_CODE_OK, NULL);
}

static inline void workload_root(cotel_tracer *tracer)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.root = true;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    cotel_span span = cotel_span_start(tracer, "llm_call", &options);
    workload_set(&span);
    cotel_span_end(&span);
}

/* `depth` spans within each other, each the current one's child. */
static inline void workload_nested(cotel_tracer *tracer, int depth)
{
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.kind = COTEL_SPAN_KIND_CLIENT;
    cotel_span span = cotel_span_start(tracer, "llm_call", &options);
    cotel_token token = cotel_span_activate(&span);
    workload_set(&span);
    if (depth > 1)
        workload_nested(tracer, depth - 1);
    cotel_context_detach(token);
    cotel_span_end(&span);
}

#endif
