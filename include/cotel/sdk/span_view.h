/* SPDX-License-Identifier: Apache-2.0 */
/** @file span_view.h
 *  Reading a finished span, for exporters, processors and tests.
 *
 *  A finished span is the bytes of an opentelemetry.proto.trace.v1.Span. A view points into them:
 *  it copies and allocates nothing, and is good as long as the bytes are.
 */
#ifndef COTEL_SDK_SPAN_VIEW_H
#define COTEL_SDK_SPAN_VIEW_H

#include <cotel/attribute.h>
#include <cotel/span_context.h>
#include <cotel/trace.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** An instrumentation scope. Lives for ever. */
typedef struct cotel_scope_view {
    cotel_str name;
    cotel_str version;
    cotel_str schema_url;
    const cotel_attribute *attributes;
    size_t attribute_count;
    cotel_str encoded; /**< an opentelemetry.proto.common.v1.InstrumentationScope message */
} cotel_scope_view;

/** A value in its encoded form. STRING and BYTES are in `text`; ARRAY and MAP are walked with
 *  cotel_value_view_items(). */
typedef struct cotel_value_view {
    cotel_value_type type; /**< EMPTY, STRING, BOOL, INT, DOUBLE, ARRAY, MAP or BYTES */
    bool boolean;
    int64_t integer;
    double floating;
    cotel_str text; /**< of STRING and BYTES; of ARRAY and MAP the encoded message */
} cotel_value_view;

typedef struct cotel_attribute_view {
    cotel_str key;
    cotel_value_view value;
} cotel_attribute_view;

/** A span. Every text is borrowed from the bytes. */
typedef struct cotel_span_view {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    cotel_span_id parent_span_id; /**< zeros: a root span */
    cotel_str tracestate;
    cotel_str name;
    cotel_span_kind kind;
    uint32_t flags; /**< as in OTLP: trace flags, and whether the parent is remote */
    uint64_t start_unix_ns;
    uint64_t end_unix_ns;
    cotel_status_code status;
    cotel_str status_description;
    uint32_t dropped_attributes;
    uint32_t dropped_events;
    uint32_t dropped_links;
    cotel_str bytes; /**< what the iterators walk */
} cotel_span_view;

typedef struct cotel_event_view {
    cotel_str name;
    uint64_t time_unix_ns;
    uint32_t dropped_attributes;
    cotel_str bytes; /**< what cotel_event_view_attributes() walks */
} cotel_event_view;

typedef struct cotel_link_view {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    cotel_str tracestate;
    uint32_t flags;
    uint32_t dropped_attributes;
    cotel_str bytes; /**< what cotel_link_view_attributes() walks */
} cotel_link_view;

/** Walks one kind of field of a message. A plain value; its members are private. */
typedef struct cotel_iterator {
    const char *at;
    const char *end;
    uint32_t field;
    uint32_t reserved;
} cotel_iterator;

/* All of these: any thread; never block, never allocate. Since 0.1. */

/** Reads the span that `bytes` encode. @return false, with *out undefined, when they do not. */
COTEL_API bool cotel_span_view_decode(cotel_str bytes, cotel_span_view *out);

/** Iterators over attributes, events and links in the order in which they are stored. */
COTEL_API cotel_iterator cotel_span_view_attributes(const cotel_span_view *span);
COTEL_API cotel_iterator cotel_span_view_events(const cotel_span_view *span);
COTEL_API cotel_iterator cotel_span_view_links(const cotel_span_view *span);
COTEL_API cotel_iterator cotel_event_view_attributes(const cotel_event_view *event);
COTEL_API cotel_iterator cotel_link_view_attributes(const cotel_link_view *link);

/** Steps to the next one. @return false at the end, or where the bytes are malformed. */
COTEL_API bool cotel_iterator_next_attribute(cotel_iterator *iterator, cotel_attribute_view *out);
COTEL_API bool cotel_iterator_next_event(cotel_iterator *iterator, cotel_event_view *out);
COTEL_API bool cotel_iterator_next_link(cotel_iterator *iterator, cotel_link_view *out);

/** Walks the elements of an ARRAY, or the entries of a MAP (as attributes). */
COTEL_API cotel_iterator cotel_value_view_items(const cotel_value_view *value);
COTEL_API bool cotel_iterator_next_value(cotel_iterator *iterator, cotel_value_view *out);

/** Looks up one attribute. @return false when it is not there. */
COTEL_API bool cotel_span_view_get(const cotel_span_view *span, cotel_str key,
                                   cotel_value_view *out);

COTEL_END_DECLS

#endif
