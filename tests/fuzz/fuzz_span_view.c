/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a span: the view reads no byte outside, and every text that it hands out lies within
 * the input. */
#include <cotel/sdk/span_view.h>

#include "fuzz.h"

/* Deeper values are not walked, so that the walk stays linear in the input. */
enum { MAX_DEPTH = 8 };

static const char *begin;
static const char *end;

static void check_text(cotel_str text)
{
    MUST(text.size == 0 || (text.data >= begin && text.data + text.size <= end));
}

static void walk_value(const cotel_value_view *value, int depth)
{
    check_text(value->text);
    if (depth == MAX_DEPTH)
        return;
    cotel_iterator items = cotel_value_view_items(value);
    if (value->type == COTEL_VALUE_ARRAY) {
        cotel_value_view item;
        while (cotel_iterator_next_value(&items, &item))
            walk_value(&item, depth + 1);
    } else if (value->type == COTEL_VALUE_MAP) {
        cotel_attribute_view entry;
        while (cotel_iterator_next_attribute(&items, &entry)) {
            check_text(entry.key);
            walk_value(&entry.value, depth + 1);
        }
    }
}

static void walk_attributes(cotel_iterator iterator)
{
    cotel_attribute_view attribute;
    while (cotel_iterator_next_attribute(&iterator, &attribute)) {
        check_text(attribute.key);
        walk_value(&attribute.value, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin = (const char *)data;
    end = begin + size;
    cotel_span_view span;
    if (!cotel_span_view_decode(cotel_str_n(begin, size), &span))
        return 0;

    check_text(span.name);
    check_text(span.tracestate);
    check_text(span.status_description);
    walk_attributes(cotel_span_view_attributes(&span));
    cotel_event_view event;
    for (cotel_iterator i = cotel_span_view_events(&span); cotel_iterator_next_event(&i, &event);) {
        check_text(event.name);
        walk_attributes(cotel_event_view_attributes(&event));
    }
    cotel_link_view link;
    for (cotel_iterator i = cotel_span_view_links(&span); cotel_iterator_next_link(&i, &link);) {
        check_text(link.tracestate);
        walk_attributes(cotel_link_view_attributes(&link));
    }
    cotel_value_view value;
    if (cotel_span_view_get(&span, cotel_str_of("key"), &value))
        walk_value(&value, 0);
    return 0;
}
