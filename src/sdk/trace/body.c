/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/trace/body.h"

#include "sdk/trace/body_internal.h"
#include "wire/field_numbers.h"
#include "wire/text.h"
#include "wire/writer.h"

#include <stdlib.h>

void ct_body_end(struct ct_body *body)
{
    if (body->data != body->inline_data) {
        ct_live_memory_give(body->memory, body->memory_serial, body->capacity + CT_BODY_TAIL);
        free(body->data);
        body->data = body->inline_data;
    }
    if (body->index != body->inline_index) {
        ct_live_memory_give(body->memory, body->memory_serial,
                            body->index_capacity * sizeof *body->index);
        free(body->index);
        body->index = body->inline_index;
    }
}

/* Leaves what is there in place; counts when memory is out. */
static void *grown(struct ct_body *body, void *old, bool is_inline, size_t used, size_t old_size,
                   size_t new_size)
{
    size_t more = is_inline ? new_size : new_size - old_size;
    if (!ct_live_memory_take(body->memory, body->memory_serial, more)) {
        body->out_of_memory++;
        return NULL;
    }
    void *data = is_inline ? malloc(new_size) : realloc(old, new_size);
    if (data == NULL) {
        ct_live_memory_give(body->memory, body->memory_serial, more);
        body->out_of_memory++;
        return NULL;
    }
    if (is_inline && used != 0)
        memcpy(data, old, used);
    return data;
}

bool ct_body_grow(struct ct_body *body, size_t size)
{
    if (size > CT_BODY_MAX_SIZE - body->size) {
        body->out_of_memory++;
        return false;
    }
    size_t needed = body->size + size + CT_BODY_TAIL;
    size_t capacity = 2 * ((size_t)body->capacity + CT_BODY_TAIL);
    while (capacity < needed)
        capacity *= 2;
    uint8_t *data = grown(body, body->data, body->data == body->inline_data, body->size,
                          body->capacity + CT_BODY_TAIL, capacity);
    if (data == NULL)
        return false;
    body->data = data;
    body->capacity = (uint32_t)(capacity - CT_BODY_TAIL);
    return true;
}

bool ct_body_grow_index(struct ct_body *body)
{
    size_t capacity = 2 * (size_t)body->index_capacity;
    struct ct_index_entry *index = grown(
        body, body->index, body->index == body->inline_index, body->attribute_count * sizeof *index,
        body->index_capacity * sizeof *index, capacity * sizeof *index);
    if (index == NULL)
        return false;
    body->index = index;
    body->index_capacity = (uint32_t)capacity;
    return true;
}

/* Tag, length and content of the length-delimited field at `at`. Its tag has one byte. */
static uint32_t unit_size(const uint8_t *at)
{
    uint32_t size = 0, bytes = 1;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = at[bytes++];
        size |= (uint32_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return size + bytes;
    }
}

void ct_body_take_out(struct ct_body *body, uint32_t offset)
{
    uint32_t size = unit_size(body->data + offset);
    uint32_t behind = offset + size;
    memmove(body->data + offset, body->data + behind, body->size - behind);
    body->size -= size;
    for (uint32_t i = 0; i < body->attribute_count; i++) {
        if (body->index[i].offset > offset)
            body->index[i].offset -= size;
    }
    if (body->name_offset > offset)
        body->name_offset -= size;
    if (body->status_offset > offset)
        body->status_offset -= size;
}

static uint8_t *put_head(uint8_t *at, const struct ct_body_head *head)
{
    at = ct_put_field_bytes(at, CT_SPAN_TRACE_ID, &head->trace_id, sizeof head->trace_id);
    at = ct_put_field_bytes(at, CT_SPAN_SPAN_ID, &head->span_id, sizeof head->span_id);
    if (head->has_parent)
        at = ct_put_field_bytes(at, CT_SPAN_PARENT_SPAN_ID, &head->parent_span_id,
                                sizeof head->parent_span_id);
    at = ct_put_field_fixed32(at, CT_SPAN_FLAGS, head->flags);
    at = ct_put_field_varint(at, CT_SPAN_KIND, head->kind);
    return ct_put_field_fixed64(at, CT_SPAN_START_TIME, head->start_unix_ns);
}

void ct_body_begin(struct ct_body *body, const struct ct_body_head *head, uint32_t capacity,
                   uint32_t index_capacity)
{
    body->data = body->inline_data;
    body->capacity = capacity - CT_BODY_TAIL;
    body->index = body->inline_index;
    body->index_capacity = index_capacity;
    body->attribute_count = body->event_count = body->link_count = 0;
    body->dropped_attributes = body->dropped_events = body->dropped_links = 0;
    body->dropped_nested = body->out_of_memory = 0;
    body->values_cut = false;
    body->status_offset = 0;
    body->size = (uint32_t)(put_head(body->data, head) - body->data);
    body->name_offset = 0;
    ct_body_set_name(body, head->name);
    if (head->tracestate.size != 0 &&
        ct_body_room(body, ct_field_bytes_size(CT_SPAN_TRACE_STATE, head->tracestate.size)))
        ct_body_append(body, ct_put_field_bytes(body->data + body->size, CT_SPAN_TRACE_STATE,
                                                head->tracestate.data, head->tracestate.size));
}

/* A short plain name is checked while it is copied. @return false: it is not one. */
static bool append_short_name(struct ct_body *body, cotel_str name)
{
    if (name.size >= 128 || !ct_body_room(body, 2 + name.size))
        return false;
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_NAME, name.size);
    if (!ct_copy_ascii(at, name.data, name.size))
        return false;
    ct_body_append(body, at + name.size);
    return true;
}

static bool append_name(struct ct_body *body, cotel_str name)
{
    size_t size = ct_text_size(name, UINT32_MAX);
    if (!ct_body_room(body, ct_field_bytes_size(CT_SPAN_NAME, size)))
        return false;
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_NAME, size);
    ct_body_append(body, ct_text_write(at, name, UINT32_MAX));
    return true;
}

void ct_body_set_name(struct ct_body *body, cotel_str name)
{
    uint32_t old = body->name_offset, start = body->size;
    if (!append_short_name(body, name) && !append_name(body, name))
        return;
    body->name_offset = start;
    if (old != 0)
        ct_body_take_out(body, old);
}

/* The code is written last, and always: it is the last byte of the field. */
static cotel_status_code status_of(const struct ct_body *body)
{
    if (body->status_offset == 0)
        return COTEL_STATUS_CODE_UNSET;
    const uint8_t *unit = body->data + body->status_offset;
    return (cotel_status_code)unit[unit_size(unit) - 1];
}

void ct_body_set_status(struct ct_body *body, cotel_status_code code, cotel_str description)
{
    if ((code != COTEL_STATUS_CODE_OK && code != COTEL_STATUS_CODE_ERROR) ||
        status_of(body) == COTEL_STATUS_CODE_OK)
        return;
    size_t text = code == COTEL_STATUS_CODE_ERROR ? ct_text_size(description, UINT32_MAX) : 0;
    size_t size = (text != 0 ? ct_field_bytes_size(CT_STATUS_MESSAGE, text) : 0) + 2;
    if (!ct_body_room(body, ct_field_bytes_size(CT_SPAN_STATUS, size)))
        return;
    if (body->status_offset != 0)
        ct_body_take_out(body, body->status_offset);
    body->status_offset = body->size;
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_STATUS, size);
    if (text != 0)
        at = ct_text_write(ct_put_length(at, CT_STATUS_MESSAGE, text), description, UINT32_MAX);
    ct_body_append(body, ct_put_field_varint(at, CT_STATUS_CODE, code));
}

/* Into the tail if need be, which has room for it. */
void ct_body_put_end_time(struct ct_body *body, uint64_t end_unix_ns)
{
    ct_body_append(body,
                   ct_put_field_fixed64(body->data + body->size, CT_SPAN_END_TIME, end_unix_ns));
}

static uint8_t *put_dropped(uint8_t *at, uint32_t field, uint32_t count)
{
    return count == 0 ? at : ct_put_field_varint(at, field, count);
}

void ct_body_finish(struct ct_body *body)
{
    uint8_t *at = body->data + body->size;
    at = put_dropped(at, CT_SPAN_DROPPED_ATTRIBUTES, body->dropped_attributes);
    at = put_dropped(at, CT_SPAN_DROPPED_EVENTS, body->dropped_events);
    at = put_dropped(at, CT_SPAN_DROPPED_LINKS, body->dropped_links);
    ct_body_append(body, at);
}
