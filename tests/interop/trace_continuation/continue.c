/* SPDX-License-Identifier: Apache-2.0 */
/* One hop of a trace: takes its context from the environment (TRACEPARENT, TRACESTATE), starts a
 * span, and prints the headers with which the next hop goes on, a line `key: value` each. */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>

static void print_headers(void)
{
    cotel_headers headers = {0};
    cotel_inject(NULL, &cotel_headers_setter, &headers);
    for (size_t i = 0; i < headers.count; i++)
        printf("%s: %s\n", headers.items[i].key, headers.items[i].value);
}

int main(void)
{
    if (cotel_sdk_init_from_env() != COTEL_STATUS_OK)
        return 1;
    cotel_context *caller = cotel_extract(cotel_context_empty(), &cotel_environment_getter, NULL);
    cotel_span_options options = COTEL_SPAN_OPTIONS_INIT;
    options.parent = caller;
    cotel_span_scope scope =
        cotel_span_scope_start(cotel_tracer_get("interop", NULL), "c hop", &options);
    print_headers();
    cotel_span_scope_end(&scope);
    cotel_context_unref(caller);
    return cotel_sdk_shutdown(5000, NULL) == COTEL_STATUS_OK ? 0 : 1;
}
