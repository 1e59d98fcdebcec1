/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

int main(void)
{
    cotel_sdk_init_from_env(); /* the OTEL_* variables say where spans go */
    cotel_tracer *tracer = cotel_tracer_get("first.span", NULL);

    cotel_span span = cotel_span_start(tracer, "say_hello", NULL);
    cotel_span_set_string(&span, "greeting", "hello, world");
    cotel_span_end(&span);

    return cotel_sdk_shutdown(2000, NULL); /* sends what is left; 0 is success */
}
