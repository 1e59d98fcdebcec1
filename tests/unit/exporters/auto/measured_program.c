/* SPDX-License-Identifier: Apache-2.0 */
/* A program that is set up by its environment alone: it counts and measures once, inside a span,
 * waits as many milliseconds as it is told to, and tells how it went. With "idle" in place of that
 * it measures nothing. */
#include <cotel/cotel.h>
#include <cotel/metrics.h>
#include <cotel/sdk/auto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SHUTDOWN_MS 5000

static void measure(void)
{
    const cotel_attribute model = cotel_attribute_string("model", "gpt-4o");
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.unit = "{token}";
    cotel_meter *meter = cotel_meter_get("measured_program", NULL);
    cotel_counter_add(cotel_counter_get(meter, "tokens", &options), 42, &model, 1);
    cotel_double_histogram_record(cotel_double_histogram_get(meter, "latency", NULL), 3.5, NULL, 0);
    cotel_up_down_counter_add(cotel_up_down_counter_get(meter, "agents", NULL), -1, NULL, 0);
}

static void measure_in_span(void)
{
    COTEL_SPAN_SCOPE(scope, cotel_tracer_get("measured_program", NULL), "work", NULL);
    measure();
}

static void wait_ms(long ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        continue;
}

int main(int argc, char **argv)
{
    bool is_idle = argc > 1 && strcmp(argv[1], "idle") == 0;
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_WARNING);
    cotel_status init = cotel_sdk_init_from_env();
    if (!is_idle)
        measure_in_span();
    if (argc > 1)
        wait_ms(is_idle ? 500 : strtol(argv[1], NULL, 10));
    cotel_status shutdown = cotel_sdk_shutdown(SHUTDOWN_MS, NULL);
    (void)fprintf(stderr, "init %s, shutdown %s\n", cotel_status_name(init),
                  cotel_status_name(shutdown));
    return 0;
}
