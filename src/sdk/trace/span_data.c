/* SPDX-License-Identifier: Apache-2.0 */
/* A span as processors see it: the slot, whose one user is the thread that starts or ends it. */
#include <cotel/sdk/processor.h>

#include "base/sized.h"
#include "sdk/provider/provider.h"
#include "sdk/trace/body_index.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/tracer.h"
#include "wire/str.h"

#include <stdlib.h>

static struct ct_span_slot *slot_of(cotel_span_data *span)
{
    return (struct ct_span_slot *)span;
}

static const struct ct_span_slot *const_slot_of(const cotel_span_data *span)
{
    return (const struct ct_span_slot *)span;
}

static cotel_str bytes_of(const cotel_span_data *span)
{
    if (span == NULL)
        return cotel_str_n(NULL, 0);
    const struct ct_body *body = &const_slot_of(span)->body;
    return cotel_str_n((const char *)body->data, body->size);
}

void cotel_span_data_view(const cotel_span_data *span, cotel_span_view *out)
{
    if (out == NULL)
        return;
    if (!cotel_span_view_decode(bytes_of(span), out))
        memset(out, 0, sizeof *out);
    if (span == NULL)
        return;
    const struct ct_body *body = &const_slot_of(span)->body;
    /* They are written at the very end; until then the body knows them. */
    out->dropped_attributes = body->dropped_attributes;
    out->dropped_events = body->dropped_events;
    out->dropped_links = body->dropped_links;
}

const cotel_scope_view *cotel_span_data_scope(const cotel_span_data *span)
{
    return span != NULL ? &const_slot_of(span)->tracer->scope : NULL;
}

cotel_resource *cotel_span_data_resource(const cotel_span_data *span)
{
    return span != NULL ? const_slot_of(span)->tracer->provider->resource : NULL;
}

bool cotel_span_data_is_sampled(const cotel_span_data *span)
{
    return span != NULL && const_slot_of(span)->sampled;
}

/* The index tells fast that there is none. */
bool cotel_span_data_get(const cotel_span_data *span, cotel_str key, cotel_value_view *out)
{
    cotel_span_view view = {.bytes = bytes_of(span)};
    if (span == NULL || ct_body_find(&const_slot_of(span)->body, key).data == NULL)
        return false;
    return cotel_span_view_get(&view, key, out);
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

size_t cotel_span_data_encoded_size(const cotel_span_data *span)
{
    return bytes_of(span).size;
}

void cotel_span_data_encode(const cotel_span_data *span, void *out)
{
    cotel_str bytes = bytes_of(span);
    if (out != NULL && bytes.size != 0)
        memcpy(out, bytes.data, bytes.size);
}

void cotel_span_processor_destroy(cotel_span_processor *processor)
{
    if (processor != NULL && CT_HAS_OP(processor->ops, destroy))
        processor->ops->destroy(processor);
}
