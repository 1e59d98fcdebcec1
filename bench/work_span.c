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

/* Two readings of the clock and one copy of the encoded bytes: no span can do with less. */
static double floor_ns(size_t count)
{
    static char from[WORKLOAD_ENCODED_BYTES], to[WORKLOAD_ENCODED_BYTES];
    uint64_t sum = 0, began = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < count; i++) {
        sum += clock_ns(CLOCK_MONOTONIC);
        memcpy(to, from, sizeof to);
        __asm__ volatile("" ::"r"(to), "r"(from) : "memory");
        sum -= clock_ns(CLOCK_MONOTONIC);
    }
    __asm__ volatile("" ::"r"(sum));
    return (double)(clock_ns(CLOCK_MONOTONIC) - began) / (double)count;
}

static double root_ns(cotel_tracer *tracer, size_t count)
{
    uint64_t began = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < count; i++)
        workload_root(tracer);
    return (double)(clock_ns(CLOCK_MONOTONIC) - began) / (double)count;
}

static double nested_ns(cotel_tracer *tracer, size_t count)
{
    uint64_t began = clock_ns(CLOCK_MONOTONIC);
    for (size_t i = 0; i < count / 3; i++)
        workload_nested(tracer, 3);
    return (double)(clock_ns(CLOCK_MONOTONIC) - began) / (double)(count / 3 * 3);
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

    root_ns(on.tracer, effort->spans); /* warm up */
    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&floor, floor_ns(effort->spans));
        samples_add(&w1, root_ns(on.tracer, effort->spans));
        lost = (double)setup_lost(&on);
        samples_add(&w1n, nested_ns(on.tracer, effort->spans));
        lost = (double)setup_lost(&on);
        samples_add(&w4, root_ns(off.tracer, effort->spans));
        samples_add(&w4b, root_ns(none, effort->spans));
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
