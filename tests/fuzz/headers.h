/* SPDX-License-Identifier: Apache-2.0 */
/* Headers out of a fuzzer's bytes, and what fuzz targets for propagators compare. */
#ifndef COTEL_TESTS_FUZZ_HEADERS_H
#define COTEL_TESTS_FUZZ_HEADERS_H

#include <cotel/cotel.h>

#include "fuzz.h"

/* One "name: value" a line. */
static inline void read_headers(const uint8_t *data, size_t size, cotel_headers *headers)
{
    const char *text = (const char *)data, *end = text + size;
    while (text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));
        line_end = line_end ? line_end : end;
        const char *colon = memchr(text, ':', (size_t)(line_end - text));
        if (colon)
            cotel_headers_set(headers, cotel_str_n(text, (size_t)(colon - text)),
                              cotel_str_n(colon + 1, (size_t)(line_end - colon - 1)));
        text = line_end + 1;
    }
}

static inline cotel_span_context identity_of(const cotel_context *context)
{
    cotel_span span = cotel_context_span(context);
    return cotel_span_get_context(&span);
}

static inline bool same_ids(const cotel_span_context *a, const cotel_span_context *b)
{
    return memcmp(&a->trace_id, &b->trace_id, sizeof a->trace_id) == 0 &&
           memcmp(&a->span_id, &b->span_id, sizeof a->span_id) == 0;
}

static inline bool same_text(cotel_str a, cotel_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline cotel_context *extract_with(const cotel_propagator *propagator,
                                          cotel_headers *headers)
{
    return propagator->ops->extract(propagator, cotel_context_empty(), &cotel_headers_getter,
                                    headers);
}

static inline void inject_with(const cotel_propagator *propagator, const cotel_context *context,
                               cotel_headers *headers)
{
    propagator->ops->inject(propagator, context, &cotel_headers_setter, headers);
}

#endif
