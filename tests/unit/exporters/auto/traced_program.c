/* SPDX-License-Identifier: Apache-2.0 */
/* A program that is set up by its environment alone: it makes one span, and tells how it went. */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>

#define SHUTDOWN_MS 5000

int main(void)
{
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_WARNING);
    cotel_status init = cotel_sdk_init_from_env();
    cotel_span span = cotel_span_start(cotel_tracer_get("traced_program", NULL), "work", NULL);
    cotel_span_set_string(&span, "text", "abcdef");
    cotel_span_set_int(&span, "number", 7);
    cotel_span_end(&span);
    cotel_status shutdown = cotel_sdk_shutdown(SHUTDOWN_MS, NULL);
    (void)fprintf(stderr, "init %s, shutdown %s\n", cotel_status_name(init),
                  cotel_status_name(shutdown));
    return 0;
}
