/* SPDX-License-Identifier: Apache-2.0 */
/* What processors change in a span. In on_start nobody else has the span yet, in on_ending nobody
 * else can get at it any more: so there is nothing to lock. */
#include <cotel/sdk/processor.h>

#include "sdk/trace/body_index.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/span_end.h"
#include "wire/str.h"

#include <stdlib.h>

static struct ct_span_slot *slot_of(cotel_span_data *span)
{
    return (struct ct_span_slot *)span;
}

/* A text that a processor read from the span itself would be moved, or freed, by the very change it
 * is given to. It is copied first: then *copy is to be freed. @return false when memory is out. */
static bool take_along(struct ct_body *body, cotel_str *text, char **copy)
{
    uintptr_t start = (uintptr_t)body->data, at = (uintptr_t)text->data;
    *copy = NULL;
    if (text->size == 0 || at < start || at >= start + body->size)
        return true;
    *copy = malloc(text->size);
    if (*copy == NULL) {
        body->out_of_memory++;
        return false;
    }
    memcpy(*copy, text->data, text->size);
    text->data = *copy;
    return true;
}

static bool take_value_along(struct ct_body *body, cotel_value *value, char **copy)
{
    *copy = NULL;
    if (value->type == COTEL_VALUE_STRING)
        return take_along(body, &value->as.string, copy);
    return value->type != COTEL_VALUE_BYTES || take_along(body, &value->as.bytes, copy);
}

bool cotel_span_data_set(cotel_span_data *span, const cotel_attribute *attribute)
{
    if (span == NULL || attribute == NULL)
        return false;
    struct ct_body *body = &slot_of(span)->body;
    cotel_attribute own = *attribute;
    char *key, *value = NULL;
    bool set = take_along(body, &own.key, &key) && take_value_along(body, &own.value, &value)
                   ? ct_body_set(body, &own)
                   : ct_body_refuse(body);
    free(key);
    free(value);
    return set;
}

bool cotel_span_data_remove(cotel_span_data *span, cotel_str key)
{
    return span != NULL && ct_body_remove(&slot_of(span)->body, key);
}

bool cotel_span_data_rename(cotel_span_data *span, cotel_str from, cotel_str to)
{
    if (span == NULL)
        return false;
    struct ct_body *body = &slot_of(span)->body;
    char *own_from, *own_to = NULL;
    bool renamed = take_along(body, &from, &own_from) && take_along(body, &to, &own_to) &&
                   ct_body_rename(body, from, to);
    free(own_from);
    free(own_to);
    return renamed;
}

void cotel_span_data_set_name(cotel_span_data *span, cotel_str name)
{
    if (span == NULL)
        return;
    struct ct_body *body = &slot_of(span)->body;
    char *own;
    name = ct_str(name.data, name.size);
    if (take_along(body, &name, &own))
        ct_body_set_name(body, name);
    free(own);
}

void cotel_span_data_set_status(cotel_span_data *span, cotel_status_code code,
                                cotel_str description)
{
    if (span == NULL)
        return;
    struct ct_body *body = &slot_of(span)->body;
    char *own;
    description = ct_str(description.data, description.size);
    if (take_along(body, &description, &own))
        ct_body_set_status(body, code, description);
    free(own);
}

void cotel_span_data_add_event(cotel_span_data *span, cotel_str name, uint64_t time_unix_ns,
                               const cotel_attribute *attributes, size_t count)
{
    if (span == NULL)
        return;
    struct ct_span_slot *slot = slot_of(span);
    char *own;
    name = ct_str(name.data, name.size);
    if (time_unix_ns == 0)
        time_unix_ns = ct_slot_now_unix_ns(slot);
    if (take_along(&slot->body, &name, &own))
        ct_body_add_event(&slot->body, name, time_unix_ns, NULL, 0, attributes, count);
    else
        slot->body.dropped_events++;
    free(own);
}

void cotel_span_data_add_link(cotel_span_data *span, const cotel_link *link)
{
    if (span != NULL && link != NULL)
        ct_body_add_link(&slot_of(span)->body, link);
}
