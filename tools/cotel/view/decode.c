/* SPDX-License-Identifier: Apache-2.0 */
/* The check before protobuf-c bounds how deep the recursion over values goes (CT_PROTO_MAX_DEPTH)
 * and vouches for the text. Every copy_ returns false when memory is out. */
#include "view/decode.h"

#include "proto/check.h"
#include "proto/trace_service.pb-c.h"

#include <stdio.h>
#include <string.h>

typedef Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest pb_request;
typedef Opentelemetry__Proto__Trace__V1__ResourceSpans pb_resource_spans;
typedef Opentelemetry__Proto__Trace__V1__ScopeSpans pb_scope_spans;
typedef Opentelemetry__Proto__Trace__V1__Span pb_span;
typedef Opentelemetry__Proto__Trace__V1__Span__Event pb_event;
typedef Opentelemetry__Proto__Trace__V1__Span__Link pb_link;
typedef Opentelemetry__Proto__Common__V1__AnyValue pb_value;
typedef Opentelemetry__Proto__Common__V1__KeyValue pb_attribute;

#define REQUEST_TYPE \
    (&ct_opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor)

static bool copy_text(struct ct_arena *arena, struct ct_text *to, ProtobufCBinaryData from)
{
    char *copy = ct_arena_alloc(arena, from.len);
    if (!copy)
        return false;
    if (from.len > 0)
        memcpy(copy, from.data, from.len);
    *to = (struct ct_text){copy, from.len};
    return true;
}

static bool copy_value(struct ct_arena *arena, struct ct_value *to, const pb_value *from);

static bool copy_attributes(struct ct_arena *arena, struct ct_attributes *to,
                            pb_attribute *const *from, size_t count)
{
    to->items = ct_arena_array(arena, count, sizeof(*to->items));
    if (!to->items)
        return false;
    to->count = count;

    for (size_t i = 0; i < count; i++)
        if (!copy_text(arena, &to->items[i].key, from[i]->key) ||
            !copy_value(arena, &to->items[i].value, from[i]->value))
            return false;
    return true;
}

static bool copy_array(struct ct_arena *arena, struct ct_value *to, pb_value *const *from,
                       size_t count)
{
    struct ct_value *items = ct_arena_array(arena, count, sizeof(*items));
    if (!items)
        return false;
    to->kind = CT_VALUE_ARRAY;
    to->as.array.items = items;
    to->as.array.count = count;

    for (size_t i = 0; i < count; i++)
        if (!copy_value(arena, &items[i], from[i]))
            return false;
    return true;
}

/* Leaves a value that is not there, or of a kind that traces do not have, at CT_VALUE_NONE. */
static bool copy_value(struct ct_arena *arena, struct ct_value *to, const pb_value *from)
{
    if (!from)
        return true;

    switch (from->value_case) {
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_STRING_VALUE:
        to->kind = CT_VALUE_TEXT;
        return copy_text(arena, &to->as.text, from->string_value);
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BYTES_VALUE:
        to->kind = CT_VALUE_BYTES;
        return copy_text(arena, &to->as.text, from->bytes_value);
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_BOOL_VALUE:
        to->kind = CT_VALUE_BOOL;
        to->as.boolean = from->bool_value;
        return true;
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_INT_VALUE:
        to->kind = CT_VALUE_INT;
        to->as.integer = from->int_value;
        return true;
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_DOUBLE_VALUE:
        to->kind = CT_VALUE_DOUBLE;
        to->as.number = from->double_value;
        return true;
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_ARRAY_VALUE:
        return copy_array(arena, to, from->array_value->values, from->array_value->n_values);
    case OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_KVLIST_VALUE:
        to->kind = CT_VALUE_MAP;
        return copy_attributes(arena, &to->as.map, from->kvlist_value->values,
                               from->kvlist_value->n_values);
    default:
        return true;
    }
}

static bool copy_resource(struct ct_origin *to, const pb_resource_spans *from)
{
    if (!copy_text(&to->arena, &to->resource_schema_url, from->schema_url))
        return false;
    if (!from->resource)
        return true;
    to->dropped_resource_attributes = from->resource->dropped_attributes_count;
    return copy_attributes(&to->arena, &to->resource, from->resource->attributes,
                           from->resource->n_attributes);
}

static bool copy_scope(struct ct_origin *to, const pb_scope_spans *from)
{
    if (!copy_text(&to->arena, &to->scope_schema_url, from->schema_url))
        return false;
    if (!from->scope)
        return true;
    to->dropped_scope_attributes = from->scope->dropped_attributes_count;
    return copy_text(&to->arena, &to->scope_name, from->scope->name) &&
           copy_text(&to->arena, &to->scope_version, from->scope->version) &&
           copy_attributes(&to->arena, &to->scope_attributes, from->scope->attributes,
                           from->scope->n_attributes);
}

static struct ct_origin *copy_origin(const pb_resource_spans *resource, const pb_scope_spans *scope)
{
    struct ct_origin *origin = ct_origin_create();
    if (!origin)
        return NULL;
    if (!copy_resource(origin, resource) || !copy_scope(origin, scope)) {
        ct_origin_unref(origin);
        return NULL;
    }

    const struct ct_value *service = ct_attributes_find(&origin->resource, "service.name");
    if (service && service->kind == CT_VALUE_TEXT)
        origin->service = service->as.text;
    return origin;
}

static bool copy_events(struct ct_span *to, const pb_span *from)
{
    to->events = ct_arena_array(&to->arena, from->n_events, sizeof(*to->events));
    if (!to->events)
        return false;
    to->event_count = from->n_events;

    for (size_t i = 0; i < from->n_events; i++) {
        const pb_event *event = from->events[i];
        to->events[i].time_unix_ns = event->time_unix_nano;
        to->events[i].dropped_attributes = event->dropped_attributes_count;
        if (!copy_text(&to->arena, &to->events[i].name, event->name) ||
            !copy_attributes(&to->arena, &to->events[i].attributes, event->attributes,
                             event->n_attributes))
            return false;
    }
    return true;
}

/* An id of another length stays zero. */
static bool copy_id(uint8_t *to, ProtobufCBinaryData from, size_t size)
{
    static const uint8_t zeros[CT_TRACE_ID_SIZE];

    if (from.len != size || memcmp(from.data, zeros, size) == 0)
        return false;
    memcpy(to, from.data, size);
    return true;
}

static bool copy_links(struct ct_span *to, const pb_span *from)
{
    to->links = ct_arena_array(&to->arena, from->n_links, sizeof(*to->links));
    if (!to->links)
        return false;
    to->link_count = from->n_links;

    for (size_t i = 0; i < from->n_links; i++) {
        const pb_link *link = from->links[i];
        copy_id(to->links[i].trace_id, link->trace_id, CT_TRACE_ID_SIZE);
        copy_id(to->links[i].span_id, link->span_id, CT_SPAN_ID_SIZE);
        to->links[i].flags = link->flags;
        to->links[i].dropped_attributes = link->dropped_attributes_count;
        if (!copy_text(&to->arena, &to->links[i].trace_state, link->trace_state) ||
            !copy_attributes(&to->arena, &to->links[i].attributes, link->attributes,
                             link->n_attributes))
            return false;
    }
    return true;
}

static bool copy_status(struct ct_span *to, const pb_span *from)
{
    if (!from->status)
        return true;
    to->status = (unsigned)from->status->code;
    return copy_text(&to->arena, &to->status_message, from->status->message);
}

static void copy_numbers(struct ct_span *to, const pb_span *from)
{
    to->flags = from->flags;
    to->kind = (unsigned)from->kind;
    to->start_unix_ns = from->start_time_unix_nano;
    to->end_unix_ns = from->end_time_unix_nano;
    to->dropped_attributes = from->dropped_attributes_count;
    to->dropped_events = from->dropped_events_count;
    to->dropped_links = from->dropped_links_count;
}

static bool copy_content(struct ct_span *to, const pb_span *from)
{
    copy_numbers(to, from);
    return copy_text(&to->arena, &to->name, from->name) &&
           copy_text(&to->arena, &to->trace_state, from->trace_state) && copy_status(to, from) &&
           copy_attributes(&to->arena, &to->attributes, from->attributes, from->n_attributes) &&
           copy_events(to, from) && copy_links(to, from);
}

static bool copy_ids(struct ct_span *to, const pb_span *from)
{
    to->has_parent = copy_id(to->parent_span_id, from->parent_span_id, CT_SPAN_ID_SIZE);
    return copy_id(to->trace_id, from->trace_id, CT_TRACE_ID_SIZE) &&
           copy_id(to->span_id, from->span_id, CT_SPAN_ID_SIZE) &&
           (to->has_parent || from->parent_span_id.len == 0 ||
            from->parent_span_id.len == CT_SPAN_ID_SIZE);
}

static void reject(struct ct_decoded *out, const pb_span *span)
{
    out->rejected++;
    snprintf(
        out->reason, sizeof(out->reason),
        "a span needs a trace id of 16 bytes, a span id of 8 and, unless it is a root, a parent"
        " span id of 8, none all zero; refused one with %zu, %zu and %zu",
        span->trace_id.len, span->span_id.len, span->parent_span_id.len);
}

static bool copy_span(struct ct_decoded *out, struct ct_origin *origin, const pb_span *from)
{
    struct ct_span *span = ct_span_create(origin);
    if (!span)
        return false;

    if (!copy_ids(span, from)) {
        reject(out, from);
        ct_span_destroy(span);
        return true;
    }
    span->next = out->spans; /* so that nothing is lost when memory runs out in the next line */
    out->spans = span;
    return copy_content(span, from);
}

static bool copy_spans(struct ct_decoded *out, struct ct_origin *origin, const pb_scope_spans *from)
{
    struct ct_span *before = out->spans;

    for (size_t i = 0; i < from->n_spans; i++)
        if (!copy_span(out, origin, from->spans[i]))
            return false;

    size_t origin_share = from->n_spans ? origin->arena.size_bytes / from->n_spans : 0;
    for (struct ct_span *span = out->spans; span != before; span = span->next)
        span->size_bytes = span->arena.size_bytes + origin_share;
    return true;
}

static bool copy_request(struct ct_decoded *out, const pb_request *request)
{
    for (size_t i = 0; i < request->n_resource_spans; i++) {
        const pb_resource_spans *resource = request->resource_spans[i];
        for (size_t j = 0; j < resource->n_scope_spans; j++) {
            struct ct_origin *origin = copy_origin(resource, resource->scope_spans[j]);
            bool copied = origin && copy_spans(out, origin, resource->scope_spans[j]);
            ct_origin_unref(origin);
            if (!copied)
                return false;
        }
    }
    return true;
}

static enum ct_decode_result out_of_memory(struct ct_decoded *out)
{
    ct_span_destroy_list(out->spans);
    out->spans = NULL;
    snprintf(out->reason, sizeof(out->reason), "memory is out");
    return CT_DECODE_OUT_OF_MEMORY;
}

static enum ct_decode_result check(const void *bytes, size_t size_bytes, struct ct_decoded *out)
{
    struct ct_proto_fault fault;

    enum ct_proto_verdict verdict = ct_proto_check(REQUEST_TYPE, bytes, size_bytes, &fault);
    if (verdict == CT_PROTO_OK)
        return CT_DECODE_OK;
    snprintf(out->reason, sizeof(out->reason), "at byte %zu: %s", fault.offset, fault.reason);
    return verdict == CT_PROTO_TOO_LARGE ? CT_DECODE_TOO_LARGE : CT_DECODE_MALFORMED;
}

enum ct_decode_result ct_decode_protobuf(const void *bytes, size_t size_bytes,
                                         struct ct_decoded *out)
{
    *out = (struct ct_decoded){0};

    enum ct_decode_result checked = check(bytes, size_bytes, out);
    if (checked != CT_DECODE_OK)
        return checked;

    pb_request *request =
        (pb_request *)protobuf_c_message_unpack(REQUEST_TYPE, NULL, size_bytes, bytes);
    if (!request)
        return out_of_memory(out);
    bool copied = copy_request(out, request);
    protobuf_c_message_free_unpacked(&request->base, NULL);
    return copied ? CT_DECODE_OK : out_of_memory(out);
}
