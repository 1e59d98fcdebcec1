/* SPDX-License-Identifier: Apache-2.0 */
/* A span as the viewer keeps it, whatever format it came in. Texts are UTF-8, may hold NULs and end
 * in none. */
#ifndef COTEL_TOOLS_COTEL_VIEW_SPAN_H
#define COTEL_TOOLS_COTEL_VIEW_SPAN_H

#include "view/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CT_TRACE_ID_SIZE = 16, CT_SPAN_ID_SIZE = 8 };

struct ct_text {
    const char *data;
    size_t size;
};

enum ct_value_kind {
    CT_VALUE_NONE,
    CT_VALUE_TEXT,
    CT_VALUE_BOOL,
    CT_VALUE_INT,
    CT_VALUE_DOUBLE,
    CT_VALUE_BYTES,
    CT_VALUE_ARRAY,
    CT_VALUE_MAP
};

struct ct_attributes {
    struct ct_attribute *items;
    size_t count;
};

struct ct_value {
    enum ct_value_kind kind;
    union {
        struct ct_text text; /* also of bytes */
        bool boolean;
        int64_t integer;
        double number;
        struct {
            struct ct_value *items;
            size_t count;
        } array;
        struct ct_attributes map;
    } as;
};

struct ct_attribute {
    struct ct_text key;
    struct ct_value value;
};

struct ct_event {
    struct ct_text name;
    uint64_t time_unix_ns;
    struct ct_attributes attributes;
    uint32_t dropped_attributes;
};

struct ct_link {
    uint8_t trace_id[CT_TRACE_ID_SIZE];
    uint8_t span_id[CT_SPAN_ID_SIZE];
    struct ct_text trace_state;
    struct ct_attributes attributes;
    uint32_t dropped_attributes;
    uint32_t flags;
};

enum ct_span_status { CT_SPAN_UNSET, CT_SPAN_OK, CT_SPAN_ERROR };

/* Resource and scope: what all spans of a group have in common. */
struct ct_origin {
    struct ct_arena arena;
    size_t references;
    struct ct_text service; /* service.name, or empty */
    struct ct_attributes resource;
    uint32_t dropped_resource_attributes;
    struct ct_text resource_schema_url;
    struct ct_text scope_name;
    struct ct_text scope_version;
    struct ct_attributes scope_attributes;
    uint32_t dropped_scope_attributes;
    struct ct_text scope_schema_url;
};

struct ct_span {
    struct ct_arena arena; /* holds the span itself and all that it points to but the origin */
    struct ct_origin *origin;
    struct ct_span *next; /* in a list of whoever holds it */
    size_t size_bytes;    /* with its share of the origin */

    uint8_t trace_id[CT_TRACE_ID_SIZE];
    uint8_t span_id[CT_SPAN_ID_SIZE];
    uint8_t parent_span_id[CT_SPAN_ID_SIZE];
    bool has_parent;
    uint32_t flags;
    struct ct_text trace_state;
    struct ct_text name;
    unsigned kind; /* as in the schema, also one that it does not have yet */
    uint64_t start_unix_ns;
    uint64_t end_unix_ns;
    unsigned status; /* an enum ct_span_status, or one that the schema does not have yet */
    struct ct_text status_message;

    struct ct_attributes attributes;
    uint32_t dropped_attributes;
    struct ct_event *events;
    size_t event_count;
    uint32_t dropped_events;
    struct ct_link *links;
    size_t link_count;
    uint32_t dropped_links;
};

/* NULL when memory is out. */
struct ct_origin *ct_origin_create(void);
void ct_origin_unref(struct ct_origin *origin);

/* A span that holds a reference to that origin; NULL when memory is out. */
struct ct_span *ct_span_create(struct ct_origin *origin);
void ct_span_destroy(struct ct_span *span);
void ct_span_destroy_list(struct ct_span *first);

bool ct_text_equals(struct ct_text text, const char *literal);

/* The value of the last attribute of that key; NULL if there is none. */
const struct ct_value *ct_attributes_find(const struct ct_attributes *attributes, const char *key);

#endif
