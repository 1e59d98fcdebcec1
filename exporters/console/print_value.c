/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "print.h"

/* As deep as the SDK ever stores them; it bounds the recursion on bytes of another origin. */
#define MAX_DEPTH 64

/* From here on a double needs no more digits to be told from every other one. */
#define LEAST_DIGITS 15
#define MOST_DIGITS 17

static void print_nested(struct ct_output *output, const cotel_value_view *value, unsigned depth);

static void put(struct ct_output *output, const char *text)
{
    ct_output_put(output, text, strlen(text));
}

static void print_text(struct ct_output *output, cotel_str text)
{
    put(output, "\"");
    ct_output_text(output, text);
    put(output, "\"");
}

/* In as few digits as tell it apart. */
static void print_double(struct ct_output *output, double value)
{
    char text[40] = "";
    for (int digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
        (void)snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    put(output, text);
}

static void print_bytes(struct ct_output *output, cotel_str bytes)
{
    put(output, "0x");
    for (size_t i = 0; i < bytes.size; i++)
        ct_output_format(output, "%02x", (unsigned char)bytes.data[i]);
}

static void print_array(struct ct_output *output, const cotel_value_view *array, unsigned depth)
{
    cotel_iterator items = cotel_value_view_items(array);
    cotel_value_view item;
    const char *before = "[";
    for (; cotel_iterator_next_value(&items, &item); before = ", ") {
        put(output, before);
        print_nested(output, &item, depth + 1);
    }
    put(output, *before == '[' ? "[]" : "]");
}

static void print_map(struct ct_output *output, const cotel_value_view *map, unsigned depth)
{
    cotel_iterator entries = cotel_value_view_items(map);
    cotel_attribute_view entry;
    const char *before = "{";
    for (; cotel_iterator_next_attribute(&entries, &entry); before = ", ") {
        put(output, before);
        print_text(output, entry.key);
        put(output, ": ");
        print_nested(output, &entry.value, depth + 1);
    }
    put(output, *before == '{' ? "{}" : "}");
}

static void print_nested(struct ct_output *output, const cotel_value_view *value, unsigned depth)
{
    if (depth > MAX_DEPTH) {
        put(output, "...");
        return;
    }
    switch (value->type) {
    case COTEL_VALUE_STRING:
        print_text(output, value->text);
        break;
    case COTEL_VALUE_BOOL:
        put(output, value->boolean ? "true" : "false");
        break;
    case COTEL_VALUE_INT:
        ct_output_format(output, "%" PRId64, value->integer);
        break;
    case COTEL_VALUE_DOUBLE:
        print_double(output, value->floating);
        break;
    case COTEL_VALUE_BYTES:
        print_bytes(output, value->text);
        break;
    case COTEL_VALUE_ARRAY:
        print_array(output, value, depth);
        break;
    case COTEL_VALUE_MAP:
        print_map(output, value, depth);
        break;
    default:
        put(output, "null");
        break;
    }
}

void ct_print_value(struct ct_output *output, const cotel_value_view *value)
{
    print_nested(output, value, 0);
}
