/* SPDX-License-Identifier: Apache-2.0 */
/* Counts, latencies and a value that is asked for, with a way from a number to the trace behind it.
 */
#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdlib.h>
#include <unistd.h>

/* Asked for once in each collection. */
static void observe_processors(cotel_observer *observer, void *processors)
{
    cotel_observe(observer, processors, sysconf(_SC_NPROCESSORS_ONLN), NULL, 0);
}

int main(int argc, char **argv)
{
    long calls = argc > 1 ? strtol(argv[1], NULL, 10) : 10;
    cotel_sdk_init_from_env(); /* the OTEL_* variables say where metrics and spans go */

    cotel_tracer *tracer = cotel_tracer_get("example.metrics", NULL);
    cotel_meter *meter = cotel_meter_get("example.metrics", NULL);
    cotel_instrument_options tokens_of = COTEL_INSTRUMENT_OPTIONS_INIT;
    tokens_of.unit = "{token}";
    cotel_instrument_options duration_of = COTEL_INSTRUMENT_OPTIONS_INIT;
    duration_of.unit = "s";
    duration_of.description = "How long a call of the model takes";
    cotel_counter *tokens = cotel_counter_get(meter, "example.tokens", &tokens_of);
    cotel_double_histogram *duration =
        cotel_double_histogram_get(meter, "example.call.duration", &duration_of);
    cotel_observable *processors =
        cotel_observable_gauge_get(meter, "example.processors", NULL, NULL, NULL);
    cotel_callback *asked =
        cotel_observable_add_callback(&processors, 1, observe_processors, processors);

    /* These attributes never change: they are looked up once. */
    const cotel_attribute model = cotel_attribute_string("gen_ai.request.model", "gpt-4o");
    cotel_bound_counter *tokens_of_model = cotel_counter_bind(tokens, &model, 1);

    for (long i = 0; i < calls; i++) {
        /* What is recorded inside leads to this span: that is an exemplar. */
        cotel_span_scope scope = cotel_span_scope_start(tracer, "call", NULL);
        const cotel_attribute attributes[] = {model, cotel_attribute_bool("cached", i % 2)};
        cotel_bound_counter_add(tokens_of_model, 100);
        cotel_double_histogram_record(duration, 0.25 * (double)i, attributes, 2);
        cotel_span_scope_end(&scope);
    }

    cotel_bound_counter_unbind(tokens_of_model);
    cotel_status status = cotel_sdk_shutdown(2000, NULL); /* collects and sends what is left */
    cotel_callback_remove(asked);
    return status; /* 0 is success */
}
