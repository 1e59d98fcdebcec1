/* SPDX-License-Identifier: Apache-2.0 */
/* A span as processors see it: the slot, whose one user is the thread that starts or ends it. */
#include <cotel/sdk/processor.h>

#include "sdk/provider/provider.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/tracer.h"
#include "wire/field_numbers.h"

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
    const struct ct_body *body = &const_slot_of(span)->body;
    return cotel_str_n((const char *)body->data, body->size);
}

void cotel_span_data_view(const cotel_span_data *span, cotel_span_view *out)
{
    const struct ct_body *body = &const_slot_of(span)->body;
    if (!cotel_span_view_decode(bytes_of(span), out))
        memset(out, 0, sizeof *out);
    /* They are written at the very end; until then the body knows them. */
    out->dropped_attributes = body->dropped_attributes;
    out->dropped_events = body->dropped_events;
    out->dropped_links = body->dropped_links;
}

const cotel_scope_view *cotel_span_data_scope(const cotel_span_data *span)
{
    return &const_slot_of(span)->tracer->scope;
}

cotel_resource *cotel_span_data_resource(const cotel_span_data *span)
{
    return const_slot_of(span)->tracer->provider->resource;
}

bool cotel_span_data_is_sampled(const cotel_span_data *span)
{
    return const_slot_of(span)->sampled;
}

/* The index tells fast that there is none. */
bool cotel_span_data_get(const cotel_span_data *span, cotel_str key, cotel_value_view *out)
{
    cotel_span_view view = {.bytes = bytes_of(span)};
    if (ct_body_find(&const_slot_of(span)->body, key).data == NULL)
        return false;
    return cotel_span_view_get(&view, key, out);
}

bool cotel_span_data_set(cotel_span_data *span, const cotel_attribute *attribute)
{
    return ct_body_set(&slot_of(span)->body, attribute);
}

bool cotel_span_data_remove(cotel_span_data *span, cotel_str key)
{
    return ct_body_remove(&slot_of(span)->body, key);
}

bool cotel_span_data_rename(cotel_span_data *span, cotel_str from, cotel_str to)
{
    return ct_body_rename(&slot_of(span)->body, from, to);
}

void cotel_span_data_set_name(cotel_span_data *span, cotel_str name)
{
    ct_body_set_name(&slot_of(span)->body, name);
}

size_t cotel_span_data_encoded_size(const cotel_span_data *span)
{
    return const_slot_of(span)->body.size;
}

void cotel_span_data_encode(const cotel_span_data *span, void *out)
{
    cotel_str bytes = bytes_of(span);
    memcpy(out, bytes.data, bytes.size);
}

void cotel_span_processor_destroy(cotel_span_processor *processor)
{
    if (processor != NULL && processor->ops->destroy != NULL)
        processor->ops->destroy(processor);
}
