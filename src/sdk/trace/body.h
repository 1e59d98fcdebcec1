/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a span as it grows: an opentelemetry.proto.trace.v1.Span message, written as things
 * are set. Protobuf allows the fields of a message in any order, so whatever comes is appended, and
 * at the end only the end time and the dropped counts are missing.
 *
 * What may be replaced (an attribute, the name, the status) is physically taken out: the tail moves
 * down and the offsets are mended. So a value that was overwritten or removed is nowhere any more.
 *
 * Attributes are found through an index of (hash, offset): the hash preselects, keys are compared.
 *
 * No locking here: whoever holds the slot is alone. */
#ifndef COTEL_SRC_SDK_TRACE_BODY_H
#define COTEL_SRC_SDK_TRACE_BODY_H

#include <cotel/sdk/provider.h>
#include <cotel/trace.h>

#include "sdk/trace/live_memory.h"
#include "wire/value.h"

/* The largest a span may grow: offsets are 32 bits wide, and lengths leave room for arithmetic. */
#define CT_BODY_MAX_SIZE (1u << 30)

/* What is kept free behind `capacity` for the end time (9 bytes) and three dropped counts (6 each),
 * so that ending a span needs no memory. */
#define CT_BODY_TAIL 32

struct ct_index_entry {
    uint32_t hash;
    uint32_t offset;
};

struct ct_body {
    uint8_t *data;
    uint32_t size;
    uint32_t capacity; /* without the tail */
    struct ct_index_entry *index;
    uint32_t attribute_count;
    uint32_t index_capacity;
    uint32_t name_offset;
    uint32_t status_offset; /* 0: no status yet */
    uint32_t event_count;
    uint32_t link_count;
    uint32_t dropped_attributes;
    uint32_t dropped_events;
    uint32_t dropped_links;
    uint32_t dropped_nested; /* attributes of events and links */
    uint32_t out_of_memory;
    bool values_cut; /* to the limits of length or depth */
    const cotel_span_limits *limits;
    struct ct_live_memory *memory;
    uint64_t memory_serial;
    /* The memory that the slot brings along. */
    uint8_t *inline_data;
    struct ct_index_entry *inline_index;
};

/* What is known of a span when it starts. */
struct ct_body_head {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    cotel_span_id parent_span_id;
    bool has_parent;
    uint32_t flags;
    cotel_span_kind kind;
    uint64_t start_unix_ns;
    cotel_str name;
    cotel_str tracestate;
};

/* Starts over with a head. `inline_data`, `inline_index`, `limits` and `memory` are set already. */
void ct_body_begin(struct ct_body *body, const struct ct_body_head *head, uint32_t capacity,
                   uint32_t index_capacity);

/* Gives back what was allocated. */
void ct_body_end(struct ct_body *body);

/* Sets one attribute of any kind; a refusal is counted in the body. @return false when refused.
 * body_short.h has the faster ones for the common kinds. */
bool ct_body_set(struct ct_body *body, const cotel_attribute *attribute);

/* @return false when there is no such attribute. */
bool ct_body_remove(struct ct_body *body, cotel_str key);

/* Gives the attribute at `from` the key `to`. @return false when `from` is not there, `to` is
 * empty, or memory is out (nothing has changed then). */
bool ct_body_rename(struct ct_body *body, cotel_str from, cotel_str to);

/* The KeyValue message of an attribute, without tag and length; empty when there is none. */
cotel_str ct_body_find(const struct ct_body *body, cotel_str key);

void ct_body_set_name(struct ct_body *body, cotel_str name);
void ct_body_set_status(struct ct_body *body, cotel_status_code code, cotel_str description);

/* `own` are attributes that cotel adds: they give way to those of the same key in `attributes`. */
void ct_body_add_event(struct ct_body *body, cotel_str name, uint64_t time_unix_ns,
                       const cotel_attribute *own, size_t own_count,
                       const cotel_attribute *attributes, size_t count);
void ct_body_add_link(struct ct_body *body, const cotel_link *link);

/* Adds the end time; once. Other changes may still follow. */
void ct_body_put_end_time(struct ct_body *body, uint64_t end_unix_ns);

/* Adds the dropped counts; once, last of all. Now data and size are the finished span. */
void ct_body_finish(struct ct_body *body);

/* Whether all that was set is there. */
static inline bool ct_body_is_whole(const struct ct_body *body)
{
    return (body->dropped_attributes | body->dropped_events | body->dropped_links |
            body->dropped_nested | body->out_of_memory | body->values_cut) == 0;
}

#endif
