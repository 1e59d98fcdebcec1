/* SPDX-License-Identifier: Apache-2.0 */
/* What a program does with a span: each call goes to the SDK's table, or nowhere. No locks and no
 * thread-locals here; all that costs is the SDK's. */
#define COTEL_NO_INLINE /* the functions themselves are defined here */
#include <cotel/trace.h>

#include "api/span_call.h"
#include "wire/str.h"

cotel_span cotel_span_wrap(const cotel_span_context *context)
{
    cotel_span span = cotel_span_none();
    if (!context)
        return span;
    span.trace_id = context->trace_id;
    span.span_id = context->span_id;
    span.trace_flags = context->trace_flags;
    span.state = context->is_remote ? COTEL_SPAN_STATE_REMOTE : 0;
    return span;
}

static const cotel_tracestate *borrowed_tracestate(const cotel_span *span)
{
    if (!span->slot || !(span->state & COTEL_SPAN_STATE_TRACESTATE))
        return NULL;
    const struct ct_span_ops *ops = ct_span_ops(span);
    return CT_REACHES(ops, tracestate_borrowed) ? ops->tracestate_borrowed(span) : NULL;
}

cotel_span_context cotel_span_get_context(const cotel_span *span)
{
    cotel_span_context context = cotel_span_context_none();
    if (!span)
        return context;
    context.trace_id = span->trace_id;
    context.span_id = span->span_id;
    context.trace_flags = span->trace_flags;
    context.is_remote = (span->state & COTEL_SPAN_STATE_REMOTE) != 0;
    context.tracestate = borrowed_tracestate(span);
    return context;
}

bool cotel_span_is_recording(const cotel_span *span)
{
    return ct_span_is_live(span) && CT_REACHES(ct_span_ops(span), is_recording) &&
           ct_span_ops(span)->is_recording(span);
}

void cotel_span_set_string_n(const cotel_span *span, const char *key, size_t key_size,
                             const char *value, size_t value_size)
{
    CT_SPAN_CALL(span, set_string, ct_str(key, key_size), ct_str(value, value_size));
}

void cotel_span_set_bool_n(const cotel_span *span, const char *key, size_t key_size, bool value)
{
    CT_SPAN_CALL(span, set_bool, ct_str(key, key_size), value);
}

void cotel_span_set_int_n(const cotel_span *span, const char *key, size_t key_size, int64_t value)
{
    CT_SPAN_CALL(span, set_int, ct_str(key, key_size), value);
}

void cotel_span_set_double_n(const cotel_span *span, const char *key, size_t key_size, double value)
{
    CT_SPAN_CALL(span, set_double, ct_str(key, key_size), value);
}

void cotel_span_set_string(const cotel_span *span, const char *key, const char *value)
{
    CT_SPAN_CALL(span, set_string, cotel_str_of(key), cotel_str_of(value));
}

void cotel_span_set_bool(const cotel_span *span, const char *key, bool value)
{
    CT_SPAN_CALL(span, set_bool, cotel_str_of(key), value);
}

void cotel_span_set_int(const cotel_span *span, const char *key, int64_t value)
{
    CT_SPAN_CALL(span, set_int, cotel_str_of(key), value);
}

void cotel_span_set_double(const cotel_span *span, const char *key, double value)
{
    CT_SPAN_CALL(span, set_double, cotel_str_of(key), value);
}

void cotel_span_set_attributes(const cotel_span *span, const cotel_attribute *attributes,
                               size_t count)
{
    if (attributes && count > 0)
        CT_SPAN_CALL(span, set_attributes, attributes, count);
}

void cotel_span_set_attribute(const cotel_span *span, const cotel_attribute *attribute)
{
    cotel_span_set_attributes(span, attribute, 1);
}

void cotel_span_add_event_at(const cotel_span *span, const char *name, size_t name_size,
                             uint64_t time_unix_ns, const cotel_attribute *attributes, size_t count)
{
    CT_SPAN_CALL(span, add_event, ct_str(name, name_size), time_unix_ns, attributes,
                 attributes ? count : 0);
}

void cotel_span_add_event(const cotel_span *span, const char *name,
                          const cotel_attribute *attributes, size_t count)
{
    CT_SPAN_CALL(span, add_event, cotel_str_of(name), 0, attributes, attributes ? count : 0);
}

void cotel_span_add_link(const cotel_span *span, const cotel_link *link)
{
    if (link)
        CT_SPAN_CALL(span, add_link, link);
}

void cotel_span_set_status_n(const cotel_span *span, cotel_status_code code,
                             const char *description, size_t description_size)
{
    CT_SPAN_CALL(span, set_status, code, ct_str(description, description_size));
}

void cotel_span_set_status(const cotel_span *span, cotel_status_code code, const char *description)
{
    CT_SPAN_CALL(span, set_status, code, cotel_str_of(description));
}

void cotel_span_update_name_n(const cotel_span *span, const char *name, size_t name_size)
{
    CT_SPAN_CALL(span, update_name, ct_str(name, name_size));
}

void cotel_span_update_name(const cotel_span *span, const char *name)
{
    CT_SPAN_CALL(span, update_name, cotel_str_of(name));
}

/* Reaches spans that do not record too: the SDK counts them, and holds their tracestate. */
void cotel_span_end_at(const cotel_span *span, uint64_t end_unix_ns)
{
    if (span && span->slot && CT_REACHES(ct_span_ops(span), end))
        ct_span_ops(span)->end(span, end_unix_ns);
}

void cotel_span_end(const cotel_span *span)
{
    cotel_span_end_at(span, 0);
}
