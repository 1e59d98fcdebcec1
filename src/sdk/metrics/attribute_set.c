/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/attribute_set.h"

#include "base/utf8.h"
#include "wire/value_equal.h"
#include "wire/value_items.h"

/* Attributes that are arrays or maps are rare on metrics: of most of them only the type tells. */
uint32_t ct_value_hash(const cotel_value *value)
{
    size_t count = ct_value_is_array(value) ? ct_value_item_count(value) : 0;
    if (count > 0 && value->type == COTEL_VALUE_STRING_ARRAY)
        return ct_text_hash(value->as.strings.items[0]);
    if (count > 0 && value->type == COTEL_VALUE_INT_ARRAY)
        return ct_hash(value->as.integers.items, count * sizeof *value->as.integers.items);
    return (uint32_t)value->type;
}

bool ct_set_equal_slow_path(struct ct_attribute_set stored, struct ct_attribute_set given)
{
    return ct_attributes_equal(stored.items, stored.count, given.items, given.count);
}

static bool is_normal_text(cotel_str text)
{
    return text.size == 0 || (text.data != NULL && ct_utf8_is_valid(text.data, text.size));
}

static bool is_normal_value(const cotel_value *value)
{
    switch (value->type) {
    case COTEL_VALUE_STRING:
        return is_normal_text(value->as.string);
    case COTEL_VALUE_BOOL:
    case COTEL_VALUE_INT:
    case COTEL_VALUE_DOUBLE:
        return true;
    default:
        return false;
    }
}

static bool is_normal_attribute(struct ct_attribute_set set, size_t index)
{
    const cotel_attribute *attribute = &set.items[index];
    if (attribute->key.size == 0 || !is_normal_text(attribute->key) ||
        !is_normal_value(&attribute->value))
        return false;
    for (size_t i = 0; i < index; i++) {
        if (ct_texts_equal(set.items[i].key, attribute->key))
            return false;
    }
    return true;
}

bool ct_set_is_normal(struct ct_attribute_set set)
{
    if (set.count > CT_SET_PLAIN_MAX)
        return false;
    for (size_t i = 0; i < set.count; i++) {
        if (!is_normal_attribute(set, i))
            return false;
    }
    return true;
}

size_t ct_set_filter(struct ct_attribute_set given, const struct ct_key_filter *filter,
                     cotel_attribute *room)
{
    size_t kept = 0;
    for (size_t i = 0; i < given.count; i++) {
        if (ct_key_filter_keeps(filter, given.items[i].key))
            room[kept++] = given.items[i];
    }
    return kept;
}
