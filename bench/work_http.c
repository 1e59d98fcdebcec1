/* SPDX-License-Identifier: Apache-2.0 */
/* Through the whole pipeline and OTLP/HTTP to a sink on loopback: as fast as it goes with nothing
 * lost (W2), and at a million spans a second in bursts with default settings (W2b). */
#include "measure.h"
#include "report.h"
#include "setup.h"
#include "sink.h"
#include "workload.h"
#include "works.h"

#include <cotel/exporters/otlp.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

/* How often the driver looks at what is waiting, and from where on it lets the worker catch up. */
#define PACE_SPANS 256
#define PACE_BYTES (4u << 20)

#define BURST_SPANS 100
#define BURST_NS 100000

static cotel_exporter *exporter_to(const struct sink *sink)
{
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d/v1/traces", sink->port);
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = endpoint;
    cotel_exporter *exporter = NULL;
    if (cotel_otlp_http_exporter_create(&options, &exporter) != COTEL_STATUS_OK) {
        fputs("no OTLP/HTTP exporter\n", stderr);
        exit(1);
    }
    return exporter;
}

static void pace(const struct setup *setup)
{
    const struct timespec nap = {.tv_sec = 0, .tv_nsec = 20000};
    while (setup_pipeline(setup).queued_bytes > PACE_BYTES)
        nanosleep(&nap, NULL);
}

static double peak_rss_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

struct w2 {
    struct samples rate;
    struct samples cpu;
    double lost;
};

static void run_w2(const struct sink *sink, size_t spans, struct w2 *w2)
{
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.max_queue_size = 1u << 17; /* so that bytes are the bound */
    struct setup setup = setup_make(exporter_to(sink), &options, NULL, COTEL_WORKER_THREAD);
    uint64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), wall = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < spans; i++) {
        if (i % PACE_SPANS == 0)
            pace(&setup);
        workload_root(setup.tracer);
    }
    w2->lost += (double)setup_lost(&setup);
    double wall_s = (double)(clock_ns(CLOCK_MONOTONIC) - wall) / 1e9;
    double cpu_s = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e9;
    samples_add(&w2->rate, (double)spans / wall_s);
    samples_add(&w2->cpu, cpu_s * 1e6 / (double)spans);
    setup_end(&setup);
}

static void wait_until(uint64_t at_ns)
{
    while (clock_ns(CLOCK_MONOTONIC) < at_ns)
        ;
}

static double run_w2b(const struct sink *sink, size_t spans)
{
    struct setup setup = setup_make(exporter_to(sink), NULL, NULL, COTEL_WORKER_THREAD);
    uint64_t next_ns = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < spans; i += BURST_SPANS) {
        for (size_t j = 0; j < BURST_SPANS; j++)
            workload_root(setup.tracer);
        next_ns += BURST_NS;
        wait_until(next_ns);
    }
    double lost = (double)setup_lost(&setup);
    setup_end(&setup);
    return lost;
}

void work_http(const struct effort *effort)
{
    struct sink sink;
    struct w2 w2 = {.lost = 0};
    struct samples w2b = {.count = 0};
    if (sink_start(&sink) != 0) {
        perror("sink");
        exit(1);
    }
    for (size_t i = 0; i < effort->w2_repeats; i++)
        run_w2(&sink, effort->w2_spans, &w2);
    double rss = peak_rss_mb();
    for (size_t i = 0; i < effort->w2b_runs; i++)
        samples_add(&w2b, run_w2b(&sink, effort->w2_spans));
    sink_stop(&sink);

    report_add("w2_http_spans_per_s", samples_median(&w2.rate), "1/s",
               "a million spans to a sink over OTLP/HTTP", "2000000");
    report_add("w2_http_cpu_s_per_m", samples_median(&w2.cpu), "s", "CPU of the process for it",
               "0.6");
    report_add("w2_lost", w2.lost, "spans", "", "0");
    report_add("w2_rss_mb", rss, "MB", "peak memory of the process so far", NULL);
    report_add("w2b_lost_median", samples_median(&w2b), "spans",
               "a million at 1 M/s in bursts of 100, default settings", NULL);
    report_add("w2b_lost_worst", samples_worst(&w2b), "spans", "", NULL);
}
