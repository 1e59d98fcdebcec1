/* SPDX-License-Identifier: Apache-2.0 */
/* Spans, events and links. A known field of the wrong wire type makes the whole message malformed;
 * unknown fields are passed over, since a newer writer may add some. */
#include "sdk/view/read.h"
#include "wire/field_numbers.h"
#include "wire/str.h"

/* Kinds and codes that the schema does not have (0 is "unspecified") read as the default. */
static bool read_kind(const struct ct_wire_field *field, cotel_span_kind *out)
{
    uint64_t number;
    bool is_good = ct_read_varint(field, &number);
    bool is_known = number >= COTEL_SPAN_KIND_INTERNAL && number <= COTEL_SPAN_KIND_CONSUMER;
    *out = is_known ? (cotel_span_kind)number : COTEL_SPAN_KIND_INTERNAL;
    return is_good;
}

static bool read_code(const struct ct_wire_field *field, cotel_status_code *out)
{
    uint64_t number;
    bool is_good = ct_read_varint(field, &number);
    *out = number <= COTEL_STATUS_CODE_ERROR ? (cotel_status_code)number : COTEL_STATUS_CODE_UNSET;
    return is_good;
}

static bool read_status_field(const struct ct_wire_field *field, cotel_span_view *out)
{
    switch (field->number) {
    case CT_STATUS_MESSAGE:
        return ct_read_text(field, &out->status_description);
    case CT_STATUS_CODE:
        return read_code(field, &out->status);
    default:
        return true;
    }
}

static bool read_status(const struct ct_wire_field *field, cotel_span_view *out)
{
    struct ct_wire_reader reader = ct_wire_field_message(field);
    struct ct_wire_field inner;
    while (ct_wire_next(&reader, &inner)) {
        if (!read_status_field(&inner, out))
            return false;
    }
    return field->type == CT_WIRE_BYTES && !reader.malformed;
}

static bool read_span_field(const struct ct_wire_field *field, cotel_span_view *out)
{
    switch (field->number) {
    case CT_SPAN_TRACE_ID:
        return ct_read_id(field, out->trace_id.bytes, sizeof out->trace_id.bytes);
    case CT_SPAN_SPAN_ID:
        return ct_read_id(field, out->span_id.bytes, sizeof out->span_id.bytes);
    case CT_SPAN_TRACE_STATE:
        return ct_read_text(field, &out->tracestate);
    case CT_SPAN_PARENT_SPAN_ID:
        return ct_read_id(field, out->parent_span_id.bytes, sizeof out->parent_span_id.bytes);
    case CT_SPAN_NAME:
        return ct_read_text(field, &out->name);
    case CT_SPAN_KIND:
        return read_kind(field, &out->kind);
    case CT_SPAN_START_TIME:
        return ct_read_fixed64(field, &out->start_unix_ns);
    case CT_SPAN_END_TIME:
        return ct_read_fixed64(field, &out->end_unix_ns);
    case CT_SPAN_ATTRIBUTES:
    case CT_SPAN_EVENTS:
    case CT_SPAN_LINKS:
        return field->type == CT_WIRE_BYTES;
    case CT_SPAN_DROPPED_ATTRIBUTES:
        return ct_read_uint32(field, &out->dropped_attributes);
    case CT_SPAN_DROPPED_EVENTS:
        return ct_read_uint32(field, &out->dropped_events);
    case CT_SPAN_DROPPED_LINKS:
        return ct_read_uint32(field, &out->dropped_links);
    case CT_SPAN_STATUS:
        return read_status(field, out);
    case CT_SPAN_FLAGS:
        return ct_read_fixed32(field, &out->flags);
    default:
        return true;
    }
}

bool cotel_span_view_decode(cotel_str bytes, cotel_span_view *out)
{
    if (!out || (!bytes.data && bytes.size != 0))
        return false;
    *out = (cotel_span_view){.kind = COTEL_SPAN_KIND_INTERNAL, .bytes = bytes};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_span_field(&field, out))
            return false;
    }
    return !reader.malformed;
}

static bool read_event_field(const struct ct_wire_field *field, cotel_event_view *out)
{
    switch (field->number) {
    case CT_EVENT_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_EVENT_NAME:
        return ct_read_text(field, &out->name);
    case CT_EVENT_DROPPED_ATTRIBUTES:
        return ct_read_uint32(field, &out->dropped_attributes);
    default:
        return true;
    }
}

static bool read_event(cotel_str bytes, cotel_event_view *out)
{
    *out = (cotel_event_view){.bytes = bytes};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_event_field(&field, out))
            return false;
    }
    return !reader.malformed;
}

static bool read_link_field(const struct ct_wire_field *field, cotel_link_view *out)
{
    switch (field->number) {
    case CT_LINK_TRACE_ID:
        return ct_read_id(field, out->trace_id.bytes, sizeof out->trace_id.bytes);
    case CT_LINK_SPAN_ID:
        return ct_read_id(field, out->span_id.bytes, sizeof out->span_id.bytes);
    case CT_LINK_TRACE_STATE:
        return ct_read_text(field, &out->tracestate);
    case CT_LINK_DROPPED_ATTRIBUTES:
        return ct_read_uint32(field, &out->dropped_attributes);
    case CT_LINK_FLAGS:
        return ct_read_fixed32(field, &out->flags);
    default:
        return true;
    }
}

static bool read_link(cotel_str bytes, cotel_link_view *out)
{
    *out = (cotel_link_view){.bytes = bytes};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_link_field(&field, out))
            return false;
    }
    return !reader.malformed;
}

static cotel_str nothing(void)
{
    return cotel_str_n(NULL, 0);
}

cotel_iterator cotel_span_view_attributes(const cotel_span_view *span)
{
    return ct_iterator_of(span ? span->bytes : nothing(), CT_SPAN_ATTRIBUTES);
}

cotel_iterator cotel_span_view_events(const cotel_span_view *span)
{
    return ct_iterator_of(span ? span->bytes : nothing(), CT_SPAN_EVENTS);
}

cotel_iterator cotel_span_view_links(const cotel_span_view *span)
{
    return ct_iterator_of(span ? span->bytes : nothing(), CT_SPAN_LINKS);
}

cotel_iterator cotel_event_view_attributes(const cotel_event_view *event)
{
    return ct_iterator_of(event ? event->bytes : nothing(), CT_EVENT_ATTRIBUTES);
}

cotel_iterator cotel_link_view_attributes(const cotel_link_view *link)
{
    return ct_iterator_of(link ? link->bytes : nothing(), CT_LINK_ATTRIBUTES);
}

bool cotel_iterator_next_event(cotel_iterator *iterator, cotel_event_view *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return read_event(message, out) || ct_iterator_stop(iterator);
}

bool cotel_iterator_next_link(cotel_iterator *iterator, cotel_link_view *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return read_link(message, out) || ct_iterator_stop(iterator);
}

bool cotel_span_view_get(const cotel_span_view *span, cotel_str key, cotel_value_view *out)
{
    cotel_iterator iterator = cotel_span_view_attributes(span);
    cotel_attribute_view attribute;
    key = ct_str(key.data, key.size);
    while (out && cotel_iterator_next_attribute(&iterator, &attribute)) {
        if (!ct_str_equal(attribute.key, key))
            continue;
        *out = attribute.value;
        return true;
    }
    return false;
}
