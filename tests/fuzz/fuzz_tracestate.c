/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as tracestate: what is taken is within the limits, and its canonical form reads as
 * itself; changes keep both true. */
#include <cotel/span_context.h>

#include "fuzz.h"

static void check(const cotel_tracestate *state)
{
    cotel_str header = cotel_tracestate_header(state);
    MUST(header.size <= COTEL_TRACESTATE_MAX_SIZE);
    if (!state)
        return;
    cotel_tracestate *again = cotel_tracestate_parse(header.data, header.size);
    cotel_str same = cotel_tracestate_header(again);
    MUST(header.size == same.size && memcmp(header.data, same.data, same.size) == 0);
    cotel_tracestate_unref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    size_t key_size, value_size;
    const char *key = take_text(&input, 32, &key_size);
    const char *value = take_text(&input, 32, &value_size);
    cotel_tracestate *state = cotel_tracestate_parse((const char *)input.at, input.left);
    check(state);

    cotel_tracestate *set =
        cotel_tracestate_set(state, cotel_str_n(key, key_size), cotel_str_n(value, value_size));
    check(set);
    cotel_tracestate *removed = cotel_tracestate_remove(set, cotel_str_n(key, key_size));
    check(removed);
    MUST(cotel_tracestate_get(removed, cotel_str_n(key, key_size)).data == NULL);
    cotel_tracestate_unref(removed);
    cotel_tracestate_unref(set);
    cotel_tracestate_unref(state);
    return 0;
}
