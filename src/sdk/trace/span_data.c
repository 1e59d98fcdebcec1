/* SPDX-License-Identifier: Apache-2.0 */
/* A span as processors see it: the slot, whose one user is the thread that starts or ends it. How
 * they change it is in span_data_change.c. */
#include <cotel/sdk/processor.h>

#include "base/sized.h"
#include "sdk/provider/provider.h"
#include "sdk/trace/body_index.h"
#include "sdk/trace/slot.h"
#include "sdk/trace/tracer.h"

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

cotel_span cotel_span_data_handle(const cotel_span_data *span)
{
    cotel_span handle = cotel_span_none();
    cotel_span_view view;
    if (span == NULL)
        return handle;
    const struct ct_span_slot *slot = const_slot_of(span);
    cotel_span_data_view(span, &view);
    handle.trace_id = view.trace_id;
    handle.span_id = view.span_id;
    handle.trace_flags = (uint8_t)view.flags;
    handle.slot = (void *)slot;
    handle.generation = ct_slot_generation(slot);
    handle.state = COTEL_SPAN_STATE_RECORDING;
    if (slot->tracestate != NULL)
        handle.state |= COTEL_SPAN_STATE_TRACESTATE;
    return handle;
}

/* The index tells fast that there is none. */
bool cotel_span_data_get(const cotel_span_data *span, cotel_str key, cotel_value_view *out)
{
    cotel_span_view view = {.bytes = bytes_of(span)};
    if (span == NULL || ct_body_find(&const_slot_of(span)->body, key).data == NULL)
        return false;
    return cotel_span_view_get(&view, key, out);
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
