/* SPDX-License-Identifier: Apache-2.0 */
/* Rules from JSON, and asking them. */
#ifndef COTEL_TESTS_UNIT_SAMPLERS_JAEGER_REMOTE_RULES_SUPPORT_H
#define COTEL_TESTS_UNIT_SAMPLERS_JAEGER_REMOTE_RULES_SUPPORT_H

#include "samplers/jaeger_remote/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)
#define START (UINT64_C(12345) * SECOND)

/* Ids at the ends: any share takes the one, none but the whole takes the other. */
static const cotel_trace_id lowest_id = {{1}};
static const cotel_trace_id highest_id = {
    {1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255}};

static inline struct ct_jaeger_rules *rules_after(const struct ct_jaeger_rules *before,
                                                  const char *json, size_t most, uint64_t now_ns)
{
    struct ct_jaeger_strategy strategy;
    assert_null(ct_jaeger_strategy_read(&strategy, json, strlen(json), most));
    struct ct_jaeger_rules *rules =
        ct_jaeger_rules_of_strategy(&strategy, most, true, before, now_ns);
    assert_non_null(rules);
    ct_jaeger_strategy_fini(&strategy);
    return rules;
}

static inline struct ct_jaeger_rules *rules_of(const char *json, size_t most)
{
    struct ct_jaeger_rules *nothing = ct_jaeger_rules_of_sampler(NULL);
    struct ct_jaeger_rules *rules = rules_after(nothing, json, most, START);
    ct_jaeger_rules_destroy(nothing);
    return rules;
}

static inline cotel_sampling_result ask_rules(struct ct_jaeger_rules *rules, const char *name,
                                              const cotel_trace_id *id, uint64_t now_ns)
{
    const cotel_span none = {.state = 0};
    const cotel_sampling_parameters parameters = {
        .size = sizeof parameters,
        .parent_context = cotel_context_empty(),
        .parent = &none,
        .trace_id = *id,
        .name = cotel_str_of(name),
    };
    cotel_sampling_result result = {.size = sizeof result};
    ct_jaeger_rules_decide(rules, &parameters, &result, now_ns);
    assert_false(result.sets_tracestate);
    return result;
}

static inline bool takes(struct ct_jaeger_rules *rules, const char *name, const cotel_trace_id *id,
                         uint64_t now_ns)
{
    return ask_rules(rules, name, id, now_ns).decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

#endif
