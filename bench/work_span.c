/* SPDX-License-Identifier: Apache-2.0 */
/* A span on its own thread: W1, three deep (W1n), unsampled (W4), without an SDK (W4b); and the
 * floor that W1 is measured against. */
#include "discard_exporter.h"
#include "measure.h"
#include "report.h"
#include "setup.h"
#include "workload.h"
#include "works.h"

#include <string.h>

#define NESTED 3
#define SLICE 1000

/* Two readings of the clock and one copy of the encoded bytes: no span can do with less. */
static double floor_ns(size_t count)
{
    static char from[WORKLOAD_ENCODED_BYTES], to[WORKLOAD_ENCODED_BYTES];
    uint64_t sum = 0, began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++) {
        sum += clock_ns(CLOCK_MONOTONIC);
        memcpy(to, from, sizeof to);
        __asm__ volatile("" ::"r"(to), "r"(from) : "memory");
        sum -= clock_ns(CLOCK_MONOTONIC);
    }
    __asm__ volatile("" ::"r"(sum));
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / (double)count;
}

static void root(cotel_tracer *tracer)
{
    workload_root(tracer);
}

static void nested(cotel_tracer *tracer)
{
    workload_nested(tracer, NESTED);
}

/* CPU of the calling thread for a call of `work`. After each slice the worker empties the queue,
 * untimed: a thread that ends spans without a pause outruns any export, and what would be measured
 * then is memory that nobody has touched before. */
static double call_ns(const struct setup *setup, void (*work)(cotel_tracer *), cotel_tracer *tracer,
                      size_t count)
{
    uint64_t spent = 0;
    for (size_t done = 0; done < count; done += SLICE) {
        uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < SLICE; i++)
            work(tracer);
        spent += clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
        if (setup != NULL)
            setup_drain(setup);
    }
    return (double)spent / (double)(count / SLICE * SLICE);
}

void work_span(const struct effort *effort)
{
    struct samples floor = {.count = 0}, w1 = {.count = 0}, w1n = {.count = 0};
    struct samples w4 = {.count = 0}, w4b = {.count = 0};
    cotel_batch_processor_options queue = setup_large_queue();
    struct setup on = setup_make(discard_exporter(false), &queue, NULL, COTEL_WORKER_THREAD);
    struct setup off = setup_make(discard_exporter(false), &queue, cotel_sampler_always_off(),
                                  COTEL_WORKER_THREAD);
    cotel_tracer *none = cotel_tracer_get("cotel.bench", NULL);
    double lost = 0;

    call_ns(&on, root, on.tracer, effort->spans); /* warm up */
    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&floor, floor_ns(effort->spans));
        samples_add(&w1, call_ns(&on, root, on.tracer, effort->spans));
        samples_add(&w1n, call_ns(&on, nested, on.tracer, effort->spans) / NESTED);
        lost = (double)setup_lost(&on);
        samples_add(&w4, call_ns(NULL, root, off.tracer, effort->spans));
        samples_add(&w4b, call_ns(NULL, root, none, effort->spans));
    }
    report_add("floor_ns", samples_median(&floor), "ns", "two clock readings and one memcpy", NULL);
    report_add("w1_ns", samples_median(&w1), "ns", "a root span, five attributes", "3.0 x floor");
    report_add("w1_over_floor", samples_median(&w1) / samples_median(&floor), "x", "", "3.0");
    report_add("w1_dropped", lost, "spans", "of W1 and W1n", "0");
    report_add("w1n_ns", samples_median(&w1n), "ns", "the same three deep, a span", NULL);
    report_add("w4_ns", samples_median(&w4), "ns", "the same unsampled", "40");
    report_add("w4b_ns", samples_median(&w4b), "ns", "the same without an SDK", "15");
    setup_end(&on);
    setup_end(&off);
}
