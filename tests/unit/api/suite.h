/* SPDX-License-Identifier: Apache-2.0 */
/* What cmocka.h needs before it, and short forms for what the tests of the API compare. */
#ifndef COTEL_TESTS_UNIT_API_SUITE_H
#define COTEL_TESTS_UNIT_API_SUITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define TRACE_ID_HEX "0af7651916cd43dd8448eb211c80319c"
#define SPAN_ID_HEX "b7ad6b7169203331"
#define TRACEPARENT "00-" TRACE_ID_HEX "-" SPAN_ID_HEX "-01"

#define assert_str_is(text, expected)                                  \
    do {                                                               \
        cotel_str actual_ = (text);                                    \
        assert_non_null(actual_.data);                                 \
        assert_int_equal(actual_.size, strlen(expected));              \
        assert_memory_equal(actual_.data, expected, strlen(expected)); \
    } while (0)

/* A span context with the ids above. */
static inline cotel_span_context sample_context(void)
{
    cotel_span_context context = cotel_span_context_none();
    (void)cotel_trace_id_from_hex(TRACE_ID_HEX, 32, &context.trace_id);
    (void)cotel_span_id_from_hex(SPAN_ID_HEX, 16, &context.span_id);
    context.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
    context.is_remote = true;
    return context;
}

/* A non-recording span with the ids above; its last byte is `number`. */
static inline cotel_span sample_span(uint8_t number)
{
    cotel_span_context context = sample_context();
    context.span_id.bytes[7] = number;
    return cotel_span_wrap(&context);
}

static inline cotel_tracestate *tracestate_of(const char *header)
{
    return cotel_tracestate_parse(header, strlen(header));
}

static inline bool same_span_id(const cotel_span *a, const cotel_span *b)
{
    return memcmp(&a->span_id, &b->span_id, sizeof a->span_id) == 0;
}

#endif
