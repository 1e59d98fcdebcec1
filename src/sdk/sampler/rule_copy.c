/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/rule_copy.h"

#include <stdlib.h>

#include "sdk/sampler/composable.h"

static bool texts_are_there(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!texts || !texts[i])
            return false;
    }
    return true;
}

bool ct_rule_is_valid(const cotel_sampling_rule *rule)
{
    const cotel_rule_attribute_values *values = &rule->attribute_values;
    const cotel_rule_attribute_patterns *patterns = &rule->attribute_patterns;
    return ct_composable_is_usable(rule->sampler) &&
           texts_are_there(values->values, values->value_count) &&
           texts_are_there(patterns->included, patterns->included_count) &&
           texts_are_there(patterns->excluded, patterns->excluded_count);
}

static bool copy_text(const char **to, const char *from)
{
    if (!from)
        return true;
    *to = strdup(from);
    return *to != NULL;
}

/* One block: the pointers, then the texts. */
static bool copy_texts(const char *const **to, size_t *to_count, const char *const *from,
                       size_t count)
{
    size_t size = count * sizeof *from;
    for (size_t i = 0; i < count; i++)
        size += strlen(from[i]) + 1;
    if (count == 0)
        return true;
    const char **texts = malloc(size);
    if (!texts)
        return false;
    char *end = (char *)(texts + count);
    for (size_t i = 0; i < count; i++) {
        texts[i] = end;
        end = stpcpy(end, from[i]) + 1;
    }
    *to = texts;
    *to_count = count;
    return true;
}

bool ct_rule_copy(cotel_sampling_rule *to, const cotel_sampling_rule *from)
{
    *to = *from;
    memset(&to->attribute_values, 0, sizeof to->attribute_values);
    memset(&to->attribute_patterns, 0, sizeof to->attribute_patterns);
    const cotel_rule_attribute_values *values = &from->attribute_values;
    const cotel_rule_attribute_patterns *patterns = &from->attribute_patterns;
    return copy_text(&to->attribute_values.key, values->key) &&
           copy_text(&to->attribute_patterns.key, patterns->key) &&
           copy_texts(&to->attribute_values.values, &to->attribute_values.value_count,
                      values->values, values->value_count) &&
           copy_texts(&to->attribute_patterns.included, &to->attribute_patterns.included_count,
                      patterns->included, patterns->included_count) &&
           copy_texts(&to->attribute_patterns.excluded, &to->attribute_patterns.excluded_count,
                      patterns->excluded, patterns->excluded_count);
}

void ct_rule_release(cotel_sampling_rule *rule)
{
    free((void *)(uintptr_t)rule->attribute_values.key);
    free((void *)(uintptr_t)rule->attribute_values.values);
    free((void *)(uintptr_t)rule->attribute_patterns.key);
    free((void *)(uintptr_t)rule->attribute_patterns.included);
    free((void *)(uintptr_t)rule->attribute_patterns.excluded);
}
