/* SPDX-License-Identifier: Apache-2.0 */
/* An object is built member by member; one that cannot be had makes its object fail, and that its
 * own, up to the line, which then is not written. */
#include "view/render_json.h"

#include "view/json_value.h"
#include "view/tree.h"

#include <stdlib.h>

struct member {
    const char *key;
    json_t *value; /* taken over */
};

/* Every value is taken over, also on failure. */
static json_t *object_of(const struct member *members, size_t count)
{
    json_t *object = json_object();
    bool complete = object != NULL;

    for (size_t i = 0; i < count; i++)
        if (json_object_set_new(object, members[i].key, members[i].value) != 0)
            complete = false;
    if (complete)
        return object;
    json_decref(object);
    return NULL;
}

#define OBJECT_OF(members) object_of((members), sizeof(members) / sizeof((members)[0]))

/* A name for a number of the schema, or the number when it has none. */
static json_t *named(const char *const *names, size_t count, unsigned number)
{
    return number < count ? json_string(names[number]) : json_integer(number);
}

static json_t *kind(const struct ct_span *span)
{
    static const char *const names[] = {"unspecified", "internal", "server",
                                        "client",      "producer", "consumer"};
    return named(names, sizeof(names) / sizeof(names[0]), span->kind);
}

static json_t *status(const struct ct_span *span)
{
    static const char *const names[] = {"unset", "ok", "error"};
    const struct member members[] = {
        {"code", named(names, sizeof(names) / sizeof(names[0]), span->status)},
        {"message", ct_json_text(span->status_message)},
    };
    return OBJECT_OF(members);
}

static json_t *event_json(const struct ct_event *event)
{
    const struct member members[] = {
        {"name", ct_json_text(event->name)},
        {"time_unix_ns", ct_json_unsigned(event->time_unix_ns)},
        {"attributes", ct_json_attributes(&event->attributes)},
        {"dropped_attributes_count", json_integer(event->dropped_attributes)},
    };
    return OBJECT_OF(members);
}

static json_t *link_json(const struct ct_link *link)
{
    const struct member members[] = {
        {"trace_id", ct_json_hex(link->trace_id, CT_TRACE_ID_SIZE)},
        {"span_id", ct_json_hex(link->span_id, CT_SPAN_ID_SIZE)},
        {"trace_state", ct_json_text(link->trace_state)},
        {"flags", json_integer(link->flags)},
        {"attributes", ct_json_attributes(&link->attributes)},
        {"dropped_attributes_count", json_integer(link->dropped_attributes)},
    };
    return OBJECT_OF(members);
}

/* Takes the element over. */
static bool append(json_t *array, json_t *element)
{
    return json_array_append_new(array, element) == 0;
}

static json_t *whole_or_null(json_t *array, bool complete)
{
    if (complete)
        return array;
    json_decref(array);
    return NULL;
}

static json_t *events_json(const struct ct_span *span)
{
    json_t *array = json_array();
    bool complete = array != NULL;

    for (size_t i = 0; complete && i < span->event_count; i++)
        complete = append(array, event_json(&span->events[i]));
    return whole_or_null(array, complete);
}

static json_t *links_json(const struct ct_span *span)
{
    json_t *array = json_array();
    bool complete = array != NULL;

    for (size_t i = 0; complete && i < span->link_count; i++)
        complete = append(array, link_json(&span->links[i]));
    return whole_or_null(array, complete);
}

static json_t *scope_json(const struct ct_origin *origin)
{
    const struct member members[] = {
        {"name", ct_json_text(origin->scope_name)},
        {"version", ct_json_text(origin->scope_version)},
        {"schema_url", ct_json_text(origin->scope_schema_url)},
        {"attributes", ct_json_attributes(&origin->scope_attributes)},
        {"dropped_attributes_count", json_integer(origin->dropped_scope_attributes)},
    };
    return OBJECT_OF(members);
}

static json_t *resource_json(const struct ct_origin *origin)
{
    const struct member members[] = {
        {"schema_url", ct_json_text(origin->resource_schema_url)},
        {"attributes", ct_json_attributes(&origin->resource)},
        {"dropped_attributes_count", json_integer(origin->dropped_resource_attributes)},
    };
    return OBJECT_OF(members);
}

static json_t *span_json(const struct ct_span *span)
{
    const struct member members[] = {
        {"span_id", ct_json_hex(span->span_id, CT_SPAN_ID_SIZE)},
        {"parent_span_id",
         ct_json_hex(span->parent_span_id, span->has_parent ? CT_SPAN_ID_SIZE : 0)},
        {"name", ct_json_text(span->name)},
        {"service", ct_json_text(span->origin->service)},
        {"kind", kind(span)},
        {"start_unix_ns", ct_json_unsigned(span->start_unix_ns)},
        {"end_unix_ns", ct_json_unsigned(span->end_unix_ns)},
        {"status", status(span)},
        {"attributes", ct_json_attributes(&span->attributes)},
        {"events", events_json(span)},
        {"links", links_json(span)},
        {"trace_state", ct_json_text(span->trace_state)},
        {"flags", json_integer(span->flags)},
        {"dropped_attributes_count", json_integer(span->dropped_attributes)},
        {"dropped_events_count", json_integer(span->dropped_events)},
        {"dropped_links_count", json_integer(span->dropped_links)},
        {"scope", scope_json(span->origin)},
        {"resource", resource_json(span->origin)},
    };
    return OBJECT_OF(members);
}

static json_t *spans_json(const struct ct_trace *trace)
{
    struct ct_tree tree;

    if (!ct_tree_init(&tree, &trace->spans))
        return NULL;
    json_t *array = json_array();
    bool complete = array != NULL;
    for (size_t i = 0; complete && i < tree.count; i++)
        if (tree.rows[i].kind == CT_ROW_SPAN)
            complete = append(array, span_json(tree.rows[i].span));
    ct_tree_fini(&tree);
    return whole_or_null(array, complete);
}

bool ct_render_json(FILE *out, const struct ct_trace *trace)
{
    const struct member members[] = {
        {"trace_id", ct_json_hex(trace->id, CT_TRACE_ID_SIZE)},
        {"has_root", json_boolean(trace->has_root)},
        {"duplicate_spans", json_integer((json_int_t)trace->duplicates)},
        {"spans", spans_json(trace)},
    };

    json_t *object = OBJECT_OF(members);
    if (!object)
        return false;
    char *line = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (!line)
        return false;
    fprintf(out, "%s\n", line);
    free(line);
    return true;
}
