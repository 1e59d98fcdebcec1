/* SPDX-License-Identifier: Apache-2.0 */
#include "value.h"

#include "json.h"
#include "number.h"

static void put_view(struct ct_prom_text *out, const cotel_value_view *value, unsigned depth);
static void put_value(struct ct_prom_text *out, const cotel_value *value, unsigned depth);

static void put_bytes(struct ct_prom_text *out, cotel_str bytes)
{
    ct_prom_text_putc(out, '"');
    ct_prom_json_base64(out, bytes);
    ct_prom_text_putc(out, '"');
}

static void put_view_items(struct ct_prom_text *out, const cotel_value_view *array, unsigned depth)
{
    cotel_iterator items = cotel_value_view_items(array);
    cotel_value_view item;
    ct_prom_text_putc(out, '[');
    for (bool is_first = true; cotel_iterator_next_value(&items, &item); is_first = false) {
        if (!is_first)
            ct_prom_text_putc(out, ',');
        put_view(out, &item, depth + 1);
    }
    ct_prom_text_putc(out, ']');
}

static void put_view_entries(struct ct_prom_text *out, const cotel_value_view *map, unsigned depth)
{
    cotel_iterator entries = cotel_value_view_items(map);
    cotel_attribute_view entry;
    ct_prom_text_putc(out, '{');
    for (bool is_first = true; cotel_iterator_next_attribute(&entries, &entry); is_first = false) {
        if (!is_first)
            ct_prom_text_putc(out, ',');
        ct_prom_json_string(out, entry.key);
        ct_prom_text_putc(out, ':');
        put_view(out, &entry.value, depth + 1);
    }
    ct_prom_text_putc(out, '}');
}

/* As it stands inside of JSON. */
static void put_view(struct ct_prom_text *out, const cotel_value_view *value, unsigned depth)
{
    if (depth > CT_PROM_MAX_DEPTH) {
        ct_prom_text_puts(out, "null");
        return;
    }
    switch (value->type) {
    case COTEL_VALUE_STRING:
        ct_prom_json_string(out, value->text);
        break;
    case COTEL_VALUE_BOOL:
        ct_prom_json_bool(out, value->boolean);
        break;
    case COTEL_VALUE_INT:
        ct_prom_number_int(out, value->integer);
        break;
    case COTEL_VALUE_DOUBLE:
        ct_prom_json_double(out, value->floating, true);
        break;
    case COTEL_VALUE_BYTES:
        put_bytes(out, value->text);
        break;
    case COTEL_VALUE_ARRAY:
        put_view_items(out, value, depth);
        break;
    case COTEL_VALUE_MAP:
        put_view_entries(out, value, depth);
        break;
    default:
        ct_prom_text_puts(out, "null");
        break;
    }
}

void ct_prom_value_view_put(struct ct_prom_text *out, const cotel_value_view *value)
{
    switch (value->type) {
    case COTEL_VALUE_EMPTY:
        break;
    case COTEL_VALUE_STRING:
        ct_prom_text_put(out, value->text);
        break;
    case COTEL_VALUE_BYTES:
        ct_prom_json_base64(out, value->text);
        break;
    case COTEL_VALUE_DOUBLE:
        ct_prom_json_double(out, value->floating, false);
        break;
    default:
        put_view(out, value, 1);
        break;
    }
}

static void put_map(struct ct_prom_text *out, const cotel_value *map, unsigned depth)
{
    ct_prom_text_putc(out, '{');
    for (size_t i = 0; i < map->as.map.count; i++) {
        if (i > 0)
            ct_prom_text_putc(out, ',');
        ct_prom_json_string(out, map->as.map.items[i].key);
        ct_prom_text_putc(out, ':');
        put_value(out, &map->as.map.items[i].value, depth + 1);
    }
    ct_prom_text_putc(out, '}');
}

/* The index-th item of an array of any kind, as a value. */
static cotel_value item_of(const cotel_value *array, size_t index)
{
    switch (array->type) {
    case COTEL_VALUE_STRING_ARRAY:
        return cotel_value_string(array->as.strings.items[index]);
    case COTEL_VALUE_BOOL_ARRAY:
        return cotel_value_bool(array->as.booleans.items[index]);
    case COTEL_VALUE_INT_ARRAY:
        return cotel_value_int(array->as.integers.items[index]);
    case COTEL_VALUE_DOUBLE_ARRAY:
        return cotel_value_double(array->as.floatings.items[index]);
    default:
        return array->as.array.items[index];
    }
}

static size_t item_count(const cotel_value *array)
{
    switch (array->type) {
    case COTEL_VALUE_STRING_ARRAY:
        return array->as.strings.count;
    case COTEL_VALUE_BOOL_ARRAY:
        return array->as.booleans.count;
    case COTEL_VALUE_INT_ARRAY:
        return array->as.integers.count;
    case COTEL_VALUE_DOUBLE_ARRAY:
        return array->as.floatings.count;
    default:
        return array->as.array.count;
    }
}

static void put_array(struct ct_prom_text *out, const cotel_value *array, unsigned depth)
{
    ct_prom_text_putc(out, '[');
    for (size_t i = 0; i < item_count(array); i++) {
        if (i > 0)
            ct_prom_text_putc(out, ',');
        cotel_value item = item_of(array, i);
        put_value(out, &item, depth + 1);
    }
    ct_prom_text_putc(out, ']');
}

/* As it stands inside of JSON. */
static void put_value(struct ct_prom_text *out, const cotel_value *value, unsigned depth)
{
    if (depth > CT_PROM_MAX_DEPTH || value->type == COTEL_VALUE_EMPTY) {
        ct_prom_text_puts(out, "null");
        return;
    }
    switch (value->type) {
    case COTEL_VALUE_STRING:
        ct_prom_json_string(out, value->as.string);
        break;
    case COTEL_VALUE_BOOL:
        ct_prom_json_bool(out, value->as.boolean);
        break;
    case COTEL_VALUE_INT:
        ct_prom_number_int(out, value->as.integer);
        break;
    case COTEL_VALUE_DOUBLE:
        ct_prom_json_double(out, value->as.floating, true);
        break;
    case COTEL_VALUE_BYTES:
        put_bytes(out, value->as.bytes);
        break;
    case COTEL_VALUE_MAP:
        put_map(out, value, depth);
        break;
    default:
        put_array(out, value, depth);
        break;
    }
}

void ct_prom_value_put(struct ct_prom_text *out, const cotel_value *value)
{
    switch (value->type) {
    case COTEL_VALUE_EMPTY:
        break;
    case COTEL_VALUE_STRING:
        ct_prom_text_put(out, value->as.string);
        break;
    case COTEL_VALUE_BYTES:
        ct_prom_json_base64(out, value->as.bytes);
        break;
    case COTEL_VALUE_DOUBLE:
        ct_prom_json_double(out, value->as.floating, false);
        break;
    default:
        put_value(out, value, 1);
        break;
    }
}
