/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/sampler/rule_attributes.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/wildcard.h"
#include "sdk/sampler/number_text.h"
#include "wire/str.h"
#include "wire/value_items.h"

/* Whether a condition takes a value's text. */
typedef bool (*takes_text)(const void *condition, cotel_str text);

/* Of equal keys the last one is what the span will have. */
static const cotel_value *find(const cotel_composable_parameters *parameters, cotel_str key)
{
    for (size_t i = parameters->attributes ? parameters->attribute_count : 0; i > 0; i--) {
        const cotel_attribute *attribute = &parameters->attributes[i - 1];
        if (ct_str_equal(ct_str(attribute->key.data, attribute->key.size), key))
            return &attribute->value;
    }
    return NULL;
}

static cotel_str bool_text(bool value)
{
    return cotel_str_of(value ? "true" : "false");
}

static cotel_str int_text(int64_t value, char room[CT_NUMBER_TEXT_SIZE])
{
    int size = snprintf(room, CT_NUMBER_TEXT_SIZE, "%" PRId64, value);
    return cotel_str_n(room, (size_t)size);
}

/* False for what has no text that anybody would compare. */
static bool text_of(const cotel_value *value, char room[CT_NUMBER_TEXT_SIZE], cotel_str *out)
{
    switch (value->type) {
    case COTEL_VALUE_EMPTY:
        *out = cotel_str_of("");
        return true;
    case COTEL_VALUE_STRING:
        *out = ct_str(value->as.string.data, value->as.string.size);
        return true;
    case COTEL_VALUE_BOOL:
        *out = bool_text(value->as.boolean);
        return true;
    case COTEL_VALUE_INT:
        *out = int_text(value->as.integer, room);
        return true;
    case COTEL_VALUE_DOUBLE:
        *out = cotel_str_of(ct_double_text(value->as.floating, room));
        return true;
    default:
        return false;
    }
}

static bool any_text(const cotel_value *value, takes_text takes, const void *condition)
{
    char room[CT_NUMBER_TEXT_SIZE];
    cotel_str text;
    if (text_of(value, room, &text))
        return takes(condition, text);
    size_t count = ct_value_is_array(value) ? ct_value_item_count(value) : 0;
    for (size_t i = 0; i < count; i++) {
        cotel_value item = ct_value_item(value, i);
        if (text_of(&item, room, &text) && takes(condition, text))
            return true;
    }
    return false;
}

static bool is_among(const void *condition, cotel_str text)
{
    const cotel_rule_attribute_values *expected = condition;
    for (size_t i = 0; i < expected->value_count; i++) {
        if (ct_str_equal(cotel_str_of(expected->values[i]), text))
            return true;
    }
    return false;
}

static bool matches_any(const char *const *patterns, size_t count, cotel_str text)
{
    for (size_t i = 0; i < count; i++) {
        if (ct_wildcard_matches(patterns[i], strlen(patterns[i]), text.data, text.size))
            return true;
    }
    return false;
}

static bool is_included(const void *condition, cotel_str text)
{
    const cotel_rule_attribute_patterns *patterns = condition;
    if (matches_any(patterns->excluded, patterns->excluded_count, text))
        return false;
    return patterns->included_count == 0 ||
           matches_any(patterns->included, patterns->included_count, text);
}

bool ct_rule_values_match(const cotel_rule_attribute_values *condition,
                          const cotel_composable_parameters *parameters)
{
    if (!condition->key)
        return true;
    const cotel_value *value = find(parameters, cotel_str_of(condition->key));
    return value && any_text(value, is_among, condition);
}

bool ct_rule_patterns_match(const cotel_rule_attribute_patterns *condition,
                            const cotel_composable_parameters *parameters)
{
    if (!condition->key)
        return true;
    const cotel_value *value = find(parameters, cotel_str_of(condition->key));
    return value && any_text(value, is_included, condition);
}
