/* SPDX-License-Identifier: Apache-2.0 */
/* Walking arrays of every kind in one way. */
#ifndef COTEL_SRC_WIRE_VALUE_ITEMS_H
#define COTEL_SRC_WIRE_VALUE_ITEMS_H

#include <cotel/attribute.h>

static inline bool ct_value_is_array(const cotel_value *value)
{
    return value->type == COTEL_VALUE_ARRAY ||
           (value->type >= COTEL_VALUE_STRING_ARRAY && value->type <= COTEL_VALUE_DOUBLE_ARRAY);
}

/* Every kind of array begins with the same two members, so one of them reads them all. */
static inline size_t ct_value_item_count(const cotel_value *array)
{
    return array->as.array.items ? array->as.array.count : 0;
}

/* An item of any kind of array as a value of its own. */
static inline cotel_value ct_value_item(const cotel_value *array, size_t index)
{
    switch (array->type) {
    case COTEL_VALUE_ARRAY:
        return array->as.array.items[index];
    case COTEL_VALUE_STRING_ARRAY:
        return cotel_value_string(array->as.strings.items[index]);
    case COTEL_VALUE_BOOL_ARRAY:
        return cotel_value_bool(array->as.booleans.items[index]);
    case COTEL_VALUE_INT_ARRAY:
        return cotel_value_int(array->as.integers.items[index]);
    default:
        return cotel_value_double(array->as.floatings.items[index]);
    }
}

#endif
