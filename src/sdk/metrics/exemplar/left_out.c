/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/exemplar/left_out.h"

#include "sdk/metrics/view/key_filter.h"
#include "wire/field_numbers.h"
#include "wire/str.h"
#include "wire/unique_keys.h"
#include "wire/value.h"
#include "wire/value_items.h"

/* Takes what a value needs at least off *room; false when that does not suffice. Texts only grow
 * when they are mended, and each item has a tag and a length; so the exact size, which looks at
 * every byte, is only asked for values that are small. Maps so large that finding equal keys would
 * allocate count as too large. */
static bool takes(size_t *room, const cotel_value *value, unsigned depth);

static bool takes_bytes(size_t *room, size_t size)
{
    if (size > *room)
        return false;
    *room -= size;
    return true;
}

static bool takes_array(size_t *room, const cotel_value *array, unsigned depth)
{
    size_t count = ct_value_item_count(array);
    for (size_t i = 0; i < count; i++) {
        cotel_value item = ct_value_item(array, i);
        if (!takes_bytes(room, 2) || !takes(room, &item, depth + 1))
            return false;
    }
    return true;
}

static bool takes_map(size_t *room, const cotel_value *map, unsigned depth)
{
    size_t count = map->as.map.items ? map->as.map.count : 0;
    if (count > CT_UNIQUE_KEYS_COMPARED)
        return false;
    for (size_t i = 0; i < count; i++) {
        const cotel_attribute *item = &map->as.map.items[i];
        if (!takes_bytes(room, item->key.data ? item->key.size : 0) ||
            !takes(room, &item->value, depth + 1))
            return false;
    }
    return true;
}

static bool takes(size_t *room, const cotel_value *value, unsigned depth)
{
    if (depth > CT_VALUE_MAX_DEPTH)
        return true; /* it becomes the empty value */
    if (ct_value_is_array(value))
        return takes_array(room, value, depth);
    if (value->type == COTEL_VALUE_MAP)
        return takes_map(room, value, depth);
    if (value->type == COTEL_VALUE_STRING || value->type == COTEL_VALUE_BYTES)
        return takes_bytes(room, value->as.string.data ? value->as.string.size : 0);
    return true;
}

static bool may_fit(const cotel_attribute *attribute, size_t room)
{
    return takes_bytes(&room, attribute->key.size) && takes(&room, &attribute->value, 1);
}

static bool is_set_again(const cotel_attribute *attribute, const cotel_attribute *end)
{
    for (const cotel_attribute *later = attribute + 1; later < end; later++) {
        if (ct_str_equal(attribute->key, later->key))
            return true;
    }
    return false;
}

static bool is_left_out(const cotel_attribute *attribute, const cotel_attribute *end,
                        const struct ct_key_filter *filter)
{
    bool has_key = attribute->key.data && attribute->key.size > 0;
    return has_key && !ct_key_filter_keeps(filter, attribute->key) && !is_set_again(attribute, end);
}

size_t ct_left_out_write(uint8_t *at, size_t room, const cotel_measurement *measurement,
                         const struct ct_key_filter *filter)
{
    size_t left = room, count = measurement->attributes ? measurement->attribute_count : 0;
    const cotel_attribute *end = measurement->attributes + count;
    size_t seen = count < CT_EXEMPLAR_MAX_ATTRIBUTES ? count : CT_EXEMPLAR_MAX_ATTRIBUTES;
    if (!filter)
        return 0;
    for (const cotel_attribute *item = end - seen; item < end; item++) {
        if (!is_left_out(item, end, filter) || !may_fit(item, left))
            continue;
        size_t size = ct_attribute_size(CT_EXEMPLAR_ATTRIBUTES, item, &ct_value_unlimited);
        if (size > left)
            continue;
        at = ct_attribute_write(at, CT_EXEMPLAR_ATTRIBUTES, item, &ct_value_unlimited);
        left -= size;
    }
    return room - left;
}
