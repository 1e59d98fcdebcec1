/* SPDX-License-Identifier: Apache-2.0 */
/* Any headers, one "name: value" a line: what can be extracted as B3, in one header or several,
 * comes out the same after it was injected in either form and extracted again. */
#include "headers.h"

/* What `b3` says of a context. */
static void write_single(const cotel_context *context, cotel_headers *headers)
{
    inject_with(cotel_propagator_b3(), context, headers);
    MUST(headers->count == 1);
}

static void check_round_trip(const cotel_context *context, const cotel_propagator *propagator)
{
    cotel_headers sent = {0}, before = {0}, after = {0};
    inject_with(propagator, context, &sent);
    cotel_context *again = extract_with(propagator, &sent);
    cotel_span_context one = identity_of(context), two = identity_of(again);
    MUST(same_ids(&one, &two));
    MUST(one.trace_flags == two.trace_flags);
    /* Debug and the deferred decision too, which no span shows. */
    write_single(context, &before);
    write_single(again, &after);
    MUST(strcmp(before.items[0].value, after.items[0].value) == 0);
    cotel_context_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cotel_headers headers = {0};
    read_headers(data, size, &headers);
    cotel_context *context = extract_with(cotel_propagator_b3(), &headers);
    cotel_span_context found = identity_of(context);
    if (context != cotel_context_empty()) {
        MUST(cotel_span_context_is_valid(&found) && found.is_remote);
        MUST((found.trace_flags & ~COTEL_TRACE_FLAG_SAMPLED) == 0);
        check_round_trip(context, cotel_propagator_b3());
        check_round_trip(context, cotel_propagator_b3_multi());
    }
    cotel_context_unref(context);
    return 0;
}
