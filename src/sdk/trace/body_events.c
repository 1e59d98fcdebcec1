/* SPDX-License-Identifier: Apache-2.0 */
/* Events and links of a span's body: written once, never changed. */
#include "sdk/trace/body.h"

#include "sdk/trace/body_internal.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

/* The most attributes that cotel adds to an event of its own. */
#define MOST_OWN 4

static bool has_key(const cotel_attribute *attributes, size_t count, cotel_str key)
{
    for (size_t i = 0; i < count; i++) {
        if (attributes[i].key.size == key.size && attributes[i].key.data != NULL &&
            memcmp(attributes[i].key.data, key.data, key.size) == 0)
            return true;
    }
    return false;
}

/* Attributes of one event or link: cotel's own first, then the user's, as one limited list. */
struct attribute_list {
    const cotel_attribute *own[MOST_OWN];
    uint32_t own_count;
    const cotel_attribute *attributes;
    size_t count;
    struct ct_value_limits limits;
    uint32_t most;
    uint32_t dropped;
    size_t size;
};

static void list_measure(struct attribute_list *list, uint32_t field)
{
    uint32_t own_most = list->own_count < list->most ? list->own_count : list->most;
    uint32_t own_dropped = list->own_count - own_most;
    list->own_count = own_most;
    list->most -= own_most;
    list->size = ct_attributes_size(field, list->attributes, list->count, &list->limits, list->most,
                                    &list->dropped);
    list->dropped += own_dropped;
    for (uint32_t i = 0; i < own_most; i++)
        list->size += ct_attribute_size(field, list->own[i], &list->limits);
}

static uint8_t *list_write(uint8_t *at, const struct attribute_list *list, uint32_t field)
{
    for (uint32_t i = 0; i < list->own_count; i++)
        at = ct_attribute_write(at, field, list->own[i], &list->limits);
    return ct_attributes_write(at, field, list->attributes, list->count, &list->limits, list->most);
}

static struct attribute_list list_of(struct ct_body *body, const cotel_attribute *attributes,
                                     size_t count, uint32_t most)
{
    struct attribute_list list = {.attributes = attributes,
                                  .count = attributes != NULL ? count : 0,
                                  .limits = {.length = body->limits->value_length,
                                             .depth = body->limits->value_depth,
                                             .cut = &body->values_cut},
                                  .most = most};
    return list;
}

static size_t dropped_size(uint32_t field, uint32_t dropped)
{
    return dropped == 0 ? 0 : ct_field_varint_size(field, dropped);
}

void ct_body_add_event(struct ct_body *body, cotel_str name, uint64_t time_unix_ns,
                       const cotel_attribute *own, size_t own_count,
                       const cotel_attribute *attributes, size_t count)
{
    if (body->event_count >= body->limits->events) {
        body->dropped_events++;
        return;
    }
    struct attribute_list list =
        list_of(body, attributes, count, body->limits->attributes_per_event);
    for (size_t i = 0; i < own_count && list.own_count < MOST_OWN; i++) {
        if (!has_key(list.attributes, list.count, own[i].key))
            list.own[list.own_count++] = &own[i];
    }
    list_measure(&list, CT_EVENT_ATTRIBUTES);
    size_t name_size = ct_text_size(name, UINT32_MAX);
    size_t size = 1 + sizeof time_unix_ns + ct_field_bytes_size(CT_EVENT_NAME, name_size) +
                  list.size + dropped_size(CT_EVENT_DROPPED_ATTRIBUTES, list.dropped);
    if (!ct_body_room(body, ct_field_bytes_size(CT_SPAN_EVENTS, size))) {
        body->dropped_events++;
        return;
    }
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_EVENTS, size);
    at = ct_put_field_fixed64(at, CT_EVENT_TIME, time_unix_ns);
    at = ct_text_write(ct_put_length(at, CT_EVENT_NAME, name_size), name, UINT32_MAX);
    at = list_write(at, &list, CT_EVENT_ATTRIBUTES);
    if (list.dropped != 0)
        at = ct_put_field_varint(at, CT_EVENT_DROPPED_ATTRIBUTES, list.dropped);
    ct_body_append(body, at);
    body->event_count++;
    body->dropped_nested += list.dropped;
}

/* OTLP's flags: the trace flags, and whether the linked context came from another process. */
static uint32_t link_flags(const cotel_span_context *context)
{
    return context->trace_flags | 0x100u | (context->is_remote ? 0x200u : 0);
}

static uint8_t *put_link(uint8_t *at, const cotel_span_context *context, cotel_str state,
                         const struct attribute_list *list)
{
    at = ct_put_field_bytes(at, CT_LINK_TRACE_ID, &context->trace_id, sizeof context->trace_id);
    at = ct_put_field_bytes(at, CT_LINK_SPAN_ID, &context->span_id, sizeof context->span_id);
    if (state.size != 0)
        at = ct_put_field_bytes(at, CT_LINK_TRACE_STATE, state.data, state.size);
    at = list_write(at, list, CT_LINK_ATTRIBUTES);
    if (list->dropped != 0)
        at = ct_put_field_varint(at, CT_LINK_DROPPED_ATTRIBUTES, list->dropped);
    return ct_put_field_fixed32(at, CT_LINK_FLAGS, link_flags(context));
}

void ct_body_add_link(struct ct_body *body, const cotel_link *link)
{
    cotel_str state = cotel_tracestate_header(link->context.tracestate);
    bool says_something = cotel_span_context_is_valid(&link->context) || state.size != 0 ||
                          (link->attributes != NULL && link->attribute_count != 0);
    if (!says_something || body->link_count >= body->limits->links) {
        body->dropped_links++;
        return;
    }
    struct attribute_list list =
        list_of(body, link->attributes, link->attribute_count, body->limits->attributes_per_link);
    list_measure(&list, CT_LINK_ATTRIBUTES);
    size_t size = ct_field_bytes_size(CT_LINK_TRACE_ID, sizeof link->context.trace_id) +
                  ct_field_bytes_size(CT_LINK_SPAN_ID, sizeof link->context.span_id) +
                  (state.size != 0 ? ct_field_bytes_size(CT_LINK_TRACE_STATE, state.size) : 0) +
                  list.size + dropped_size(CT_LINK_DROPPED_ATTRIBUTES, list.dropped) + 5;
    if (!ct_body_room(body, ct_field_bytes_size(CT_SPAN_LINKS, size))) {
        body->dropped_links++;
        return;
    }
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_LINKS, size);
    ct_body_append(body, put_link(at, &link->context, state, &list));
    body->link_count++;
    body->dropped_nested += list.dropped;
}
