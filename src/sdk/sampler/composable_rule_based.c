/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/sized.h"
#include "sdk/sampler/composable.h"
#include "sdk/sampler/rule_attributes.h"
#include "sdk/sampler/rule_copy.h"

struct rule_based {
    cotel_composable_sampler base;
    char *description;
    size_t count;
    cotel_sampling_rule rules[];
};

static uint32_t parent_bit(cotel_parent_state parent)
{
    switch (parent) {
    case COTEL_PARENT_REMOTE_SAMPLED:
    case COTEL_PARENT_REMOTE_NOT_SAMPLED:
        return COTEL_RULE_PARENT_REMOTE;
    case COTEL_PARENT_LOCAL_SAMPLED:
    case COTEL_PARENT_LOCAL_NOT_SAMPLED:
        return COTEL_RULE_PARENT_LOCAL;
    default:
        return COTEL_RULE_PARENT_NONE;
    }
}

/* A kind that there is not is none that a rule could name. */
static uint32_t kind_bit(cotel_span_kind kind)
{
    return kind >= 0 && (unsigned)kind < 32 ? COTEL_RULE_SPAN_KIND(kind) : 0;
}

static bool matches(const cotel_sampling_rule *rule, const cotel_composable_parameters *parameters)
{
    if (rule->parents != 0 && !(rule->parents & parent_bit(parameters->parent_state)))
        return false;
    if (rule->span_kinds != 0 && !(rule->span_kinds & kind_bit(parameters->kind)))
        return false;
    return ct_rule_values_match(&rule->attribute_values, parameters) &&
           ct_rule_patterns_match(&rule->attribute_patterns, parameters) &&
           (!rule->predicate || rule->predicate(rule->user, parameters));
}

/* Without a match the intent stays as it came: none. */
static void get_intent(cotel_composable_sampler *self,
                       const cotel_composable_parameters *parameters, cotel_sampling_intent *intent)
{
    const struct rule_based *sampler = (const struct rule_based *)self;
    for (size_t i = 0; i < sampler->count; i++) {
        if (matches(&sampler->rules[i], parameters)) {
            ct_composable_ask(sampler->rules[i].sampler, parameters, intent);
            return;
        }
    }
}

static const char *description(const cotel_composable_sampler *self)
{
    return ((const struct rule_based *)self)->description;
}

static void release(struct rule_based *sampler)
{
    for (size_t i = 0; i < sampler->count; i++)
        ct_rule_release(&sampler->rules[i]);
    free(sampler->description);
    free(sampler);
}

static void destroy(cotel_composable_sampler *self)
{
    struct rule_based *sampler = (struct rule_based *)self;
    for (size_t i = 0; i < sampler->count; i++) {
        const cotel_sampling_rule *rule = &sampler->rules[i];
        cotel_composable_sampler_destroy(rule->sampler);
        if (rule->destroy_user)
            rule->destroy_user(rule->user);
    }
    release(sampler);
}

static const cotel_composable_sampler_ops ops = {
    .size = sizeof ops,
    .get_intent = get_intent,
    .description = description,
    .destroy = destroy,
};

/* "ComposableRuleBased{[sampler,sampler]}", in the order of the rules; NULL when memory is out. */
static char *describe(const struct rule_based *sampler)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (!stream)
        return NULL;
    (void)fputs("ComposableRuleBased{[", stream);
    for (size_t i = 0; i < sampler->count; i++)
        (void)fprintf(stream, "%s%s", i > 0 ? "," : "",
                      ct_composable_description(sampler->rules[i].sampler));
    (void)fputs("]}", stream);
    return ct_description_finish(stream, &text);
}

/* The rule of an array whose elements are as large as the first one says; false when it says none.
 * One of an older header has no conditions beyond its end. */
static bool read_rule(const cotel_sampling_rule *rules, size_t index, cotel_sampling_rule *out)
{
    memset(out, 0, sizeof *out);
    const char *at = (const char *)rules + index * rules->size;
    return rules->size >= offsetof(cotel_sampling_rule, attribute_values) &&
           ct_sized_read(out, sizeof *out, at);
}

static bool was_given_before(const struct rule_based *sampler, const cotel_composable_sampler *one)
{
    for (size_t i = 0; i < sampler->count; i++) {
        if (sampler->rules[i].sampler == one)
            return ct_composable_is_owned(one);
    }
    return false;
}

static cotel_status add_rules(struct rule_based *sampler, const cotel_sampling_rule *rules,
                              size_t count)
{
    cotel_sampling_rule rule;
    for (size_t i = 0; i < count; i++) {
        if (!read_rule(rules, i, &rule) || !ct_rule_is_valid(&rule) ||
            was_given_before(sampler, rule.sampler))
            return COTEL_STATUS_INVALID_ARGUMENT;
        if (!ct_rule_copy(&sampler->rules[sampler->count++], &rule))
            return COTEL_STATUS_OUT_OF_MEMORY;
    }
    sampler->description = describe(sampler);
    return sampler->description ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

cotel_status cotel_composable_rule_based_create(const cotel_sampling_rule *rules, size_t count,
                                                cotel_composable_sampler **out)
{
    if (!out || (count > 0 && !rules))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct rule_based *sampler = calloc(1, sizeof *sampler + count * sizeof *rules);
    if (!sampler)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    cotel_status status = add_rules(sampler, rules, count);
    if (status != COTEL_STATUS_OK) {
        release(sampler);
        return status;
    }
    *out = &sampler->base;
    return COTEL_STATUS_OK;
}
