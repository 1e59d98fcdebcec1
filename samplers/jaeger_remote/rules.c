/* SPDX-License-Identifier: Apache-2.0 */
#include "samplers/jaeger_remote/rules.h"

#include "samplers/jaeger_remote/operations.h"

#include <stdlib.h>

struct ct_jaeger_rules {
    cotel_sampler *sampler; /* which decides; NULL: what follows does */
    enum ct_jaeger_kind kind;
    struct ct_jaeger_share share;
    struct ct_jaeger_limiter limiter; /* of CT_JAEGER_RATE_LIMITING */
    struct ct_jaeger_operations operations;
    double ratio;
    double per_second;
    size_t attribute_count; /* 0, or 2 */
    cotel_attribute share_attributes[2];
    cotel_attribute limit_attributes[2];
};

/* The names and words are those of OpenTelemetry's remote sampler for Go. */
static void describe(cotel_attribute attributes[2], const char *type, double parameter)
{
    attributes[0] =
        cotel_attribute_of("jaeger.sampler.type", cotel_value_string(cotel_str_of(type)));
    attributes[1] = cotel_attribute_of("jaeger.sampler.param", cotel_value_double(parameter));
}

struct ct_jaeger_rules *ct_jaeger_rules_of_sampler(cotel_sampler *sampler)
{
    struct ct_jaeger_rules *rules = calloc(1, sizeof *rules);
    if (rules != NULL)
        rules->sampler = sampler;
    return rules;
}

/* ---- rules of a strategy ---- */

/* A rule with a share and, from what was there before, its credit. NULL: memory is out. */
static struct ct_jaeger_rule *create_rule(const struct ct_jaeger_rules *rules, cotel_str name,
                                          double ratio, const struct ct_jaeger_rule *before,
                                          uint64_t now_ns)
{
    struct ct_jaeger_rule *rule = ct_jaeger_rule_create(name);
    if (rule == NULL)
        return NULL;
    rule->share = ct_jaeger_share_of(ratio);
    ct_jaeger_limiter_init(&rule->floor, rules->per_second);
    if (before != NULL)
        ct_jaeger_limiter_inherit(&rule->floor, &before->floor, now_ns);
    describe(rule->attributes, "probabilistic", ratio);
    return rule;
}

/* From the last to the first: of two operations with the same name the last one counts. */
static bool add_operations(struct ct_jaeger_rules *rules, const struct ct_jaeger_strategy *strategy,
                           const struct ct_jaeger_rules *before, uint64_t now_ns)
{
    for (size_t i = strategy->operation_count; i > 0; i--) {
        const struct ct_jaeger_operation *operation = &strategy->operations[i - 1];
        const cotel_str name = {operation->name, operation->name_size};
        if (ct_jaeger_operations_find(&rules->operations, name) != NULL)
            continue;
        struct ct_jaeger_rule *rule =
            create_rule(rules, name, operation->ratio,
                        ct_jaeger_operations_find(&before->operations, name), now_ns);
        if (rule == NULL || ct_jaeger_operations_add(&rules->operations, rule) == NULL)
            return false;
    }
    return true;
}

/* NULL: it is left to the default share. */
static struct ct_jaeger_rule *learn(struct ct_jaeger_rules *rules, cotel_str name,
                                    const struct ct_jaeger_rule *before, uint64_t now_ns)
{
    if (!(rules->per_second > 0) || name.size > CT_JAEGER_LEARNED_NAME_BYTES ||
        ct_jaeger_operations_are_full(&rules->operations))
        return NULL;
    struct ct_jaeger_rule *rule = create_rule(rules, name, rules->ratio, before, now_ns);
    if (rule == NULL)
        return NULL;
    rule->is_learned = true;
    return ct_jaeger_operations_add(&rules->operations, rule);
}

/* One whose credit is whole again is as good as one that was never seen, so names that are gone
 * make room. */
static void keep_learned(struct ct_jaeger_rules *rules, const struct ct_jaeger_rules *before,
                         uint64_t now_ns)
{
    const struct ct_jaeger_rule *rule;
    for (size_t i = 0; i < before->operations.slot_count; i++) {
        rule = ct_jaeger_operations_at(&before->operations, i);
        if (rule == NULL || !rule->is_learned || ct_jaeger_limiter_is_full(&rule->floor, now_ns))
            continue;
        const cotel_str name = {rule->name, rule->name_size};
        if (ct_jaeger_operations_find(&rules->operations, name) == NULL)
            (void)learn(rules, name, rule, now_ns); /* or not: it will be learned anew */
    }
}

static bool fill_operations(struct ct_jaeger_rules *rules,
                            const struct ct_jaeger_strategy *strategy, size_t max_operations,
                            const struct ct_jaeger_rules *before, uint64_t now_ns)
{
    if (rules->kind != CT_JAEGER_PER_OPERATION)
        return true;
    if (!ct_jaeger_operations_init(&rules->operations, max_operations) ||
        !add_operations(rules, strategy, before, now_ns))
        return false;
    keep_learned(rules, before, now_ns);
    return true;
}

struct ct_jaeger_rules *ct_jaeger_rules_of_strategy(const struct ct_jaeger_strategy *strategy,
                                                    size_t max_operations, bool adds_attributes,
                                                    const struct ct_jaeger_rules *before,
                                                    uint64_t now_ns)
{
    struct ct_jaeger_rules *rules = calloc(1, sizeof *rules);
    if (rules == NULL)
        return NULL;
    rules->kind = strategy->kind;
    rules->ratio = strategy->ratio;
    rules->per_second = strategy->per_second;
    rules->share = ct_jaeger_share_of(strategy->ratio);
    rules->attribute_count = adds_attributes ? 2 : 0;
    describe(rules->share_attributes, "probabilistic", strategy->ratio);
    describe(rules->limit_attributes, "ratelimiting", strategy->per_second);
    ct_jaeger_limiter_init(&rules->limiter, strategy->per_second);
    ct_jaeger_limiter_inherit(&rules->limiter, &before->limiter, now_ns);
    if (fill_operations(rules, strategy, max_operations, before, now_ns))
        return rules;
    ct_jaeger_rules_destroy(rules);
    return NULL;
}

void ct_jaeger_rules_destroy(struct ct_jaeger_rules *rules)
{
    if (rules == NULL)
        return;
    ct_jaeger_operations_fini(&rules->operations);
    free(rules);
}

/* ---- deciding ---- */

bool ct_jaeger_rules_have_limits(const struct ct_jaeger_rules *rules)
{
    return rules->sampler == NULL && rules->kind != CT_JAEGER_PROBABILISTIC;
}

bool ct_jaeger_rules_are_crowded(const struct ct_jaeger_rules *rules)
{
    return rules->sampler == NULL && rules->kind == CT_JAEGER_PER_OPERATION &&
           ct_jaeger_operations_are_full(&rules->operations);
}

static void take(const struct ct_jaeger_rules *rules, const cotel_attribute *attributes,
                 cotel_sampling_result *result)
{
    result->decision = COTEL_SAMPLING_RECORD_AND_SAMPLE;
    result->attributes = attributes;
    result->attribute_count = rules->attribute_count;
}

static void decide_by_operation(struct ct_jaeger_rules *rules,
                                const cotel_sampling_parameters *parameters,
                                cotel_sampling_result *result, uint64_t now_ns)
{
    struct ct_jaeger_rule *rule = ct_jaeger_operations_find(&rules->operations, parameters->name);
    if (rule == NULL)
        rule = learn(rules, parameters->name, NULL, now_ns);
    if (rule == NULL) {
        if (ct_jaeger_share_takes(&rules->share, &parameters->trace_id))
            take(rules, rules->share_attributes, result);
        return;
    }
    /* What the share takes counts for the lower bound too. */
    bool is_due = ct_jaeger_limiter_take(&rule->floor, now_ns);
    if (ct_jaeger_share_takes(&rule->share, &parameters->trace_id))
        take(rules, rule->attributes, result);
    else if (is_due)
        take(rules, rules->limit_attributes, result);
}

void ct_jaeger_rules_decide(struct ct_jaeger_rules *rules,
                            const cotel_sampling_parameters *parameters,
                            cotel_sampling_result *result, uint64_t now_ns)
{
    if (rules->sampler != NULL) {
        rules->sampler->ops->should_sample(rules->sampler, parameters, result);
        return;
    }
    result->decision = COTEL_SAMPLING_DROP;
    switch (rules->kind) {
    case CT_JAEGER_PROBABILISTIC:
        if (ct_jaeger_share_takes(&rules->share, &parameters->trace_id))
            take(rules, rules->share_attributes, result);
        break;
    case CT_JAEGER_RATE_LIMITING:
        if (ct_jaeger_limiter_take(&rules->limiter, now_ns))
            take(rules, rules->limit_attributes, result);
        break;
    case CT_JAEGER_PER_OPERATION:
        decide_by_operation(rules, parameters, result, now_ns);
        break;
    }
}
