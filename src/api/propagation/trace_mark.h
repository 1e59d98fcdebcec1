/* SPDX-License-Identifier: Apache-2.0 */
/* What B3 and Jaeger say of a trace beyond what a span can hold, kept in the context beside it. A
 * mark knows the span that it came with: a new trace that is begun in that context has none.
 *
 * Debug is said of a trace, so all its spans hand it on. That the sampling decision is deferred is
 * true only until somebody decides, and each span that is started does; so it is handed on only
 * for the very span that came in, by a program that merely passes it through. */
#ifndef COTEL_SRC_API_PROPAGATION_TRACE_MARK_H
#define COTEL_SRC_API_PROPAGATION_TRACE_MARK_H

#include <cotel/trace.h>

enum ct_trace_mark { CT_TRACE_UNMARKED, CT_TRACE_DEBUG, CT_TRACE_DEFERRED };

/* The mark of the span in a context. */
enum ct_trace_mark ct_trace_mark_of(const cotel_context *context);

/* A context like `base` with a span that came in, and its mark in place of an older one. What
 * another format said of the same span, and this one can't, stays: tracestate and random flag. */
cotel_context *ct_context_with_remote(const cotel_context *base, const cotel_span *span,
                                      enum ct_trace_mark mark);

#endif
