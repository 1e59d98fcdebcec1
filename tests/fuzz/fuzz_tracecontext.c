/* SPDX-License-Identifier: Apache-2.0 */
/* Any headers, one "name: value" a line: what can be extracted comes out the same after it was
 * injected and extracted again. */
#include <cotel/cotel.h>

#include "fuzz.h"

static void read_headers(const char *text, size_t size, cotel_headers *headers)
{
    const char *end = text + size;
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

static cotel_span_context context_of(const cotel_context *context)
{
    cotel_span span = cotel_context_span(context);
    return cotel_span_get_context(&span);
}

static const uint8_t known_flags = COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM;

static void check_round_trip(const cotel_context *context)
{
    cotel_headers headers = {0};
    cotel_inject(context, &cotel_headers_setter, &headers);
    cotel_context *again = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
    cotel_span_context one = context_of(context);
    cotel_span_context two = context_of(again);
    MUST(memcmp(&one.trace_id, &two.trace_id, sizeof(one.trace_id)) == 0);
    MUST(memcmp(&one.span_id, &two.span_id, sizeof(one.span_id)) == 0);
    /* Bits that W3C has not given a meaning yet are not sent on. */
    MUST((one.trace_flags & known_flags) == two.trace_flags);

    cotel_tracestate *state_one = cotel_context_tracestate(context);
    cotel_tracestate *state_two = cotel_context_tracestate(again);
    cotel_str a = cotel_tracestate_header(state_one);
    cotel_str b = cotel_tracestate_header(state_two);
    /* A tracestate that does not fit beside the rest is left out, and counted. */
    if (headers.dropped == 0)
        MUST(a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0));
    cotel_tracestate_unref(state_one);
    cotel_tracestate_unref(state_two);
    cotel_context_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cotel_headers headers = {0};
    read_headers((const char *)data, size, &headers);
    cotel_context *context = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
    cotel_span_context found = context_of(context);
    if (cotel_span_context_is_valid(&found)) {
        MUST(found.is_remote);
        check_round_trip(context);
    }
    cotel_context_unref(context);
    return 0;
}
