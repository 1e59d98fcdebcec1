/* SPDX-License-Identifier: Apache-2.0 */
/* Any headers, one "name: value" a line: what can be extracted in Jaeger's format comes out the
 * same after it was injected and extracted again. */
#include "headers.h"

static bool same_entries(const cotel_baggage *a, const cotel_baggage *b)
{
    cotel_baggage_entry one, two;
    if (cotel_baggage_count(a) != cotel_baggage_count(b))
        return false;
    for (size_t i = 0; cotel_baggage_at(a, i, &one); i++) {
        if (!cotel_baggage_get(b, one.name, &two) || !same_text(one.value, two.value))
            return false;
    }
    return true;
}

/* Flags, and debug, which no span shows. */
static void check_id(const cotel_headers *sent, const cotel_context *again)
{
    cotel_headers after = {0};
    inject_with(cotel_propagator_jaeger(), again, &after);
    const char *one = cotel_headers_get(sent, "uber-trace-id");
    const char *two = cotel_headers_get(&after, "uber-trace-id");
    MUST(!one == !two && (!one || strcmp(one, two) == 0));
}

static uint64_t over_limit(void)
{
    cotel_propagation_counts counts = {.size = sizeof counts};
    cotel_propagation_stats(&counts);
    return counts.over_limit;
}

static void check_round_trip(const cotel_context *context)
{
    cotel_headers sent = {0};
    uint64_t limited = over_limit();
    inject_with(cotel_propagator_jaeger(), context, &sent);
    cotel_context *again = extract_with(cotel_propagator_jaeger(), &sent);
    cotel_span_context one = identity_of(context), two = identity_of(again);
    MUST(same_ids(&one, &two));
    MUST(one.trace_flags == two.trace_flags);
    check_id(&sent, again);

    cotel_baggage *before = cotel_context_baggage(context);
    cotel_baggage *after = cotel_context_baggage(again);
    /* What does not fit is left out, and counted: broken UTF-8 takes nine times its size. */
    MUST(sent.dropped > 0 || over_limit() > limited || same_entries(before, after));
    cotel_baggage_unref(before);
    cotel_baggage_unref(after);
    cotel_context_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cotel_headers headers = {0};
    read_headers(data, size, &headers);
    cotel_context *context = extract_with(cotel_propagator_jaeger(), &headers);
    check_round_trip(context);
    cotel_context_unref(context);
    return 0;
}
