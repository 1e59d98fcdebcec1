/* SPDX-License-Identifier: Apache-2.0 */
/* Through the whole pipeline and OTLP to a sink on loopback: as fast as it goes with nothing lost,
 * over HTTP and over gRPC (W2), and at a million spans a second in bursts with default settings,
 * over HTTP (W2b). */
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

static cotel_exporter *must_have(cotel_status status, cotel_exporter *exporter)
{
    if (status == COTEL_STATUS_OK)
        return exporter;
    fprintf(stderr, "no OTLP exporter: %s\n", cotel_status_text(status));
    exit(1);
}

static cotel_exporter *http_exporter_to(int port)
{
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d/v1/traces", port);
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = endpoint;
    cotel_exporter *exporter = NULL;
    cotel_status status = cotel_otlp_http_exporter_create(&options, &exporter);
    return must_have(status, exporter);
}

#ifdef BENCH_HAS_GRPC
static cotel_exporter *grpc_exporter_to(int port)
{
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d", port);
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.endpoint = endpoint;
    cotel_exporter *exporter = NULL;
    cotel_status status = cotel_otlp_grpc_exporter_create(&options, &exporter);
    return must_have(status, exporter);
}

#endif

static const struct transport {
    void (*serve)(int listener);
    cotel_exporter *(*exporter_to)(int port);
    const char *rate_key, *rate_what, *rate_mark;
    const char *cpu_key, *cpu_mark;
    const char *lost_key;
} transports[] = {
    {sink_serve_http, http_exporter_to, "w2_http_spans_per_s",
     "a million spans to a sink over OTLP/HTTP", "2000000", "w2_http_cpu_s_per_m", "0.6",
     "w2_lost"},
#ifdef BENCH_HAS_GRPC
    {sink_serve_grpc, grpc_exporter_to, "w2_grpc_spans_per_s",
     "a million spans to a sink over OTLP/gRPC", "half of HTTP's", "w2_grpc_cpu_s_per_m", NULL,
     "w2_grpc_lost"},
#endif
};

enum { TRANSPORTS = sizeof transports / sizeof *transports };

/* A transport with a sink of its own, and the figures of its W2. */
struct way {
    const struct transport *transport;
    struct sink sink;
    struct samples rate;
    struct samples cpu;
    double lost;
};

static void way_open(struct way *way, const struct transport *transport)
{
    *way = (struct way){.transport = transport};
    if (sink_start(&way->sink, transport->serve) == 0)
        return;
    perror("sink");
    exit(1);
}

static struct setup way_setup(const struct way *way, const cotel_batch_processor_options *options)
{
    cotel_exporter *exporter = way->transport->exporter_to(way->sink.port);
    return setup_make(exporter, options, NULL, COTEL_WORKER_THREAD);
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

static void run_w2(struct way *way, size_t spans)
{
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.max_queue_size = 1u << 17; /* so that bytes are the bound */
    struct setup setup = way_setup(way, &options);
    uint64_t cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), wall = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < spans; i++) {
        if (i % PACE_SPANS == 0)
            pace(&setup);
        workload_root(setup.tracer);
    }
    way->lost += (double)setup_lost(&setup);
    double wall_s = (double)(clock_ns(CLOCK_MONOTONIC) - wall) / 1e9;
    double cpu_s = (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / 1e9;
    samples_add(&way->rate, (double)spans / wall_s);
    samples_add(&way->cpu, cpu_s * 1e6 / (double)spans);
    setup_end(&setup);
}

static void wait_until(uint64_t at_ns)
{
    while (clock_ns(CLOCK_MONOTONIC) < at_ns)
        ;
}

static double run_w2b(const struct way *way, size_t spans)
{
    struct setup setup = way_setup(way, NULL);
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

static void report_w2(struct way *way)
{
    const struct transport *transport = way->transport;
    report_add(transport->rate_key, samples_median(&way->rate), "1/s", transport->rate_what,
               transport->rate_mark);
    report_add(transport->cpu_key, samples_median(&way->cpu), "s", "CPU of the process for it",
               transport->cpu_mark);
    report_add(transport->lost_key, way->lost, "spans", "", "0");
}

static void report_w2b(struct samples *lost)
{
    report_add("w2b_lost_median", samples_median(lost), "spans",
               "a million at 1 M/s in bursts of 100, default settings", NULL);
    report_add("w2b_lost_worst", samples_worst(lost), "spans", "", NULL);
}

/* The transports take turns: they are to be compared. */
void work_otlp(const struct effort *effort)
{
    struct way ways[TRANSPORTS];
    struct samples w2b = {.count = 0};
    for (size_t i = 0; i < TRANSPORTS; i++)
        way_open(&ways[i], &transports[i]);
    for (size_t i = 0; i < effort->w2_repeats; i++) {
        for (size_t j = 0; j < TRANSPORTS; j++)
            run_w2(&ways[j], effort->w2_spans);
    }
    double rss = peak_rss_mb();
    for (size_t i = 0; i < effort->w2b_runs; i++)
        samples_add(&w2b, run_w2b(&ways[0], effort->w2_spans));
    for (size_t i = 0; i < TRANSPORTS; i++) {
        sink_stop(&ways[i].sink);
        report_w2(&ways[i]);
    }
    report_add("w2_rss_mb", rss, "MB", "peak memory of the process so far", NULL);
    report_w2b(&w2b);
}
