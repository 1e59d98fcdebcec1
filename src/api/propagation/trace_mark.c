/* SPDX-License-Identifier: Apache-2.0 */
#include "api/propagation/trace_mark.h"

#include <stdlib.h>

#include "api/context.h"
#include "api/context_counts.h"

struct marked {
    cotel_trace_id trace_id;
    cotel_span_id span_id;
    enum ct_trace_mark mark;
};

static const struct cotel_context_key key = {.name = "trace mark"};

static bool same_trace(const cotel_trace_id *a, const cotel_trace_id *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static bool same_span(const cotel_span_id *a, const cotel_span_id *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

enum ct_trace_mark ct_trace_mark_of(const cotel_context *context)
{
    const cotel_span *span = &context->span;
    const struct marked *marked = ct_context_values_get(context->values, &key);
    if (!marked || !same_trace(&marked->trace_id, &span->trace_id))
        return CT_TRACE_UNMARKED;
    if (marked->mark == CT_TRACE_DEFERRED && !same_span(&marked->span_id, &span->span_id))
        return CT_TRACE_UNMARKED;
    return marked->mark;
}

/* NULL for no mark, and when memory is out, which is counted. */
static struct marked *marked_create(const cotel_span *span, enum ct_trace_mark mark)
{
    if (mark == CT_TRACE_UNMARKED)
        return NULL;
    struct marked *marked = malloc(sizeof *marked);
    if (!marked) {
        ct_context_count(CT_CONTEXT_NOT_STORED);
        return NULL;
    }
    *marked = (struct marked){span->trace_id, span->span_id, mark};
    return marked;
}

cotel_context *ct_context_with_remote(const cotel_context *base, const cotel_span *span,
                                      enum ct_trace_mark mark)
{
    cotel_span remote = *span;
    remote.state = COTEL_SPAN_STATE_REMOTE;
    if (same_trace(&base->span.trace_id, &span->trace_id) &&
        same_span(&base->span.span_id, &span->span_id))
        remote.trace_flags |= base->span.trace_flags & COTEL_TRACE_FLAG_RANDOM;
    return ct_context_create(
        &remote, ct_context_inherit_tracestate(base, &remote),
        ct_context_values_set(base->values, &key, marked_create(span, mark), free));
}
