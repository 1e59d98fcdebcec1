/* SPDX-License-Identifier: Apache-2.0 */
/* Any headers, one "name: value" a line: what can be extracted comes out the same after it was
 * injected and extracted again. */
#include "headers.h"

static const uint8_t known_flags = COTEL_TRACE_FLAG_SAMPLED | COTEL_TRACE_FLAG_RANDOM;

static void check_round_trip(const cotel_context *context)
{
    cotel_headers headers = {0};
    cotel_inject(context, &cotel_headers_setter, &headers);
    cotel_context *again = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
    cotel_span_context one = identity_of(context);
    cotel_span_context two = identity_of(again);
    MUST(same_ids(&one, &two));
    /* Bits that W3C has not given a meaning yet are not sent on. */
    MUST((one.trace_flags & known_flags) == two.trace_flags);

    cotel_tracestate *state_one = cotel_context_tracestate(context);
    cotel_tracestate *state_two = cotel_context_tracestate(again);
    /* A tracestate that does not fit beside the rest is left out, and counted. */
    if (headers.dropped == 0)
        MUST(same_text(cotel_tracestate_header(state_one), cotel_tracestate_header(state_two)));
    cotel_tracestate_unref(state_one);
    cotel_tracestate_unref(state_two);
    cotel_context_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cotel_headers headers = {0};
    read_headers(data, size, &headers);
    cotel_context *context = cotel_extract(cotel_context_empty(), &cotel_headers_getter, &headers);
    cotel_span_context found = identity_of(context);
    if (cotel_span_context_is_valid(&found)) {
        MUST(found.is_remote);
        check_round_trip(context);
    }
    cotel_context_unref(context);
    return 0;
}
