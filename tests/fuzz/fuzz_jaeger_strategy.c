/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an answer of Jaeger's sampling API: refused, or a strategy within its bounds, by
 * which spans are decided over, as often as they come. */
#include "samplers/jaeger_remote/rules.h"

#include "fuzz.h"

enum { MOST = 8, SPANS = 24 };

#define SECOND UINT64_C(1000000000)

static void must_be_ratio(double ratio)
{
    MUST(ratio >= 0 && ratio <= 1);
}

static void must_be_in_bounds(const struct ct_jaeger_strategy *strategy)
{
    must_be_ratio(strategy->ratio);
    MUST(strategy->per_second >= 0 && strategy->per_second <= INT32_MAX);
    MUST(strategy->operation_count <= MOST);
    MUST(strategy->left_out == 0 || strategy->operation_count == MOST);
    for (size_t i = 0; i < strategy->operation_count; i++) {
        must_be_ratio(strategy->operations[i].ratio);
        MUST(strlen(strategy->operations[i].name) == strategy->operations[i].name_size);
    }
}

static void decide(struct ct_jaeger_rules *rules, cotel_str name, uint8_t salt, uint64_t now_ns)
{
    const cotel_span none = {.state = 0};
    cotel_sampling_parameters parameters = {
        .size = sizeof parameters,
        .parent_context = cotel_context_empty(),
        .parent = &none,
        .name = name,
    };
    memset(&parameters.trace_id, salt, sizeof parameters.trace_id);
    cotel_sampling_result result = {.size = sizeof result};
    ct_jaeger_rules_decide(rules, &parameters, &result, now_ns);
    bool is_taken = result.decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
    MUST(is_taken || result.decision == COTEL_SAMPLING_DROP);
    MUST(result.attribute_count == (is_taken ? 2 : 0));
    MUST(!is_taken || result.attributes[1].value.type == COTEL_VALUE_DOUBLE);
}

/* By the names of the strategy, and by pieces of the answer itself. */
static void decide_much(struct ct_jaeger_rules *rules, const struct ct_jaeger_strategy *strategy,
                        const char *json, size_t size, uint64_t now_ns)
{
    for (size_t i = 0; i < strategy->operation_count; i++) {
        const struct ct_jaeger_operation *operation = &strategy->operations[i];
        decide(rules, cotel_str_n(operation->name, operation->name_size), 0, now_ns);
    }
    for (size_t i = 0; i < SPANS && i < size; i++)
        decide(rules, cotel_str_n(json + i, (size - i) % 7), (uint8_t)json[i], now_ns + i * SECOND);
}

static void use(const struct ct_jaeger_strategy *strategy, const char *json, size_t size)
{
    struct ct_jaeger_rules *before = ct_jaeger_rules_of_sampler(NULL);
    for (uint64_t round = 1; round < 4; round++) {
        struct ct_jaeger_rules *rules =
            ct_jaeger_rules_of_strategy(strategy, MOST, true, before, round * 10 * SECOND);
        MUST(rules != NULL);
        decide_much(rules, strategy, json, size, round * 10 * SECOND);
        ct_jaeger_rules_destroy(before);
        before = rules;
    }
    ct_jaeger_rules_destroy(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ct_jaeger_strategy strategy;
    const char *wrong = ct_jaeger_strategy_read(&strategy, (const char *)data, size, MOST);
    if (wrong == NULL) {
        must_be_in_bounds(&strategy);
        use(&strategy, (const char *)data, size);
    }
    ct_jaeger_strategy_fini(&strategy);
    return 0;
}
