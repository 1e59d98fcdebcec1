/* SPDX-License-Identifier: Apache-2.0 */
#include "common/telemetry.h"
#include "common/measure.h"

#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* What the end of the program may wait for a collector that does not answer. */
#define SHUTDOWN_TIMEOUT_MS 3000

void telemetry_start(const char *service)
{
    /* The library prints nothing by itself; a program with a log hands it over like this. */
    cotel_diagnostics_set(cotel_diagnostics_to_file, NULL, COTEL_LOG_WARNING);

    measure_start();
    setenv("OTEL_SERVICE_NAME", service, 0);
    /* Not every receiver of traces takes metrics: they go where somebody wants them. */
    setenv("OTEL_METRICS_EXPORTER", "none", 0);
    cotel_status status = cotel_sdk_init_from_env();
    if (status != COTEL_STATUS_OK) /* no reason to stop: every call is now a safe no-op */
        fprintf(stderr, "%s: no telemetry: %s\n", service, cotel_status_text(status));
}

static void print_counts(const char *service, const cotel_sdk_counts *counts)
{
    uint64_t exported = 0;
    uint64_t dropped = 0;
    for (size_t i = 0; i < counts->pipeline_count; i++) {
        exported += counts->pipelines[i].accepted;
        for (int reason = 0; reason < COTEL_DROP_REASONS; reason++)
            dropped += counts->pipelines[i].dropped[reason];
    }
    printf("%s: started %" PRIu64 "  ended %" PRIu64 "  exported %" PRIu64 "  dropped %" PRIu64
           "\n",
           service, counts->started, counts->ended, exported, dropped);
}

void telemetry_send(const char *service)
{
    /* Shut down before reading the counts, so that what was given up counts as dropped. */
    cotel_tracer_provider *provider = cotel_tracer_provider_global();
    if (provider)
        cotel_tracer_provider_shutdown(provider, SHUTDOWN_TIMEOUT_MS, NULL);

    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(provider, &counts);
    print_counts(service, &counts);
    fflush(stdout);
}

static void linger(time_t seconds)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigtimedwait(&signals, NULL, &(struct timespec){.tv_sec = seconds});
}

void telemetry_end(void)
{
    const char *seconds = getenv("AGENT_LINGER_S");
    if (seconds && *seconds)
        linger(strtol(seconds, NULL, 10));
    cotel_sdk_shutdown(SHUTDOWN_TIMEOUT_MS, NULL);
}
