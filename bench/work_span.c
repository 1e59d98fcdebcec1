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

/* CPU of the calling thread for a call of `work`, in slices; between them `rest`, untimed, empties
 * the queue: a thread that ends spans without a pause outruns any export, and what would be
 * measured then is memory that nobody has touched before. */
static double call_ns(const struct setup *setup, void (*rest)(const struct setup *), size_t slice,
                      void (*work)(cotel_tracer *), cotel_tracer *tracer, size_t count)
{
    uint64_t spent = 0;
    for (size_t done = 0; done < count; done += slice) {
        uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < slice; i++)
            work(tracer);
        spent += clock_ns(CLOCK_THREAD_CPUTIME_ID) - began;
        if (rest != NULL)
            rest(setup);
    }
    return (double)spent / (double)((count + slice - 1) / slice * slice);
}

static void drive(const struct setup *setup)
{
    (void)cotel_tracer_provider_drive(setup->provider);
}

/* The calling thread's own cost: the queue is emptied by the same thread, between the slices. */
static double alone_ns(const struct setup *setup, void (*work)(cotel_tracer *), size_t count)
{
    return call_ns(setup, drive, SLICE, work, setup->tracer, count);
}

/* With the worker at work on another processor. Where that shares a core with this one, as it may
 * on a virtual machine without saying so, each slows the other down. */
static double beside_worker_ns(const struct setup *setup, void (*work)(cotel_tracer *),
                               size_t count)
{
    return call_ns(setup, setup_drain, SLICE, work, setup->tracer, count);
}

static double without_queue_ns(cotel_tracer *tracer, size_t count)
{
    return call_ns(NULL, NULL, SLICE, root, tracer, count);
}

void work_span(const struct effort *effort)
{
    struct samples floor = {.count = 0}, w1 = {.count = 0}, w1n = {.count = 0};
    struct samples busy = {.count = 0}, w4 = {.count = 0}, w4b = {.count = 0};
    cotel_batch_processor_options queue = setup_large_queue();
    struct setup on = setup_make(discard_exporter(false), &queue, NULL, COTEL_WORKER_THREAD);
    struct setup driven = setup_make(discard_exporter(false), &queue, NULL, COTEL_WORKER_CALLER);
    struct setup off = setup_make(discard_exporter(false), &queue, cotel_sampler_always_off(),
                                  COTEL_WORKER_THREAD);
    cotel_tracer *none = cotel_tracer_get("cotel.bench", NULL);

    beside_worker_ns(&on, root, effort->spans); /* warm up */
    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&floor, floor_ns(effort->spans));
        samples_add(&w1, alone_ns(&driven, root, effort->spans));
        samples_add(&busy, beside_worker_ns(&on, root, effort->spans));
        samples_add(&w1n, alone_ns(&driven, nested, effort->spans) / NESTED);
        samples_add(&w4, without_queue_ns(off.tracer, effort->spans));
        samples_add(&w4b, without_queue_ns(none, effort->spans));
    }
    double lost = (double)(setup_lost(&on) + setup_lost(&driven));
    report_add("floor_ns", samples_median(&floor), "ns", "two clock readings and one memcpy", NULL);
    report_add("w1_ns", samples_median(&w1), "ns", "a root span, five attributes", "3.0 x floor");
    report_add("w1_over_floor", samples_median(&w1) / samples_median(&floor), "x", "", "3.0");
    report_add("w1_busy_ns", samples_median(&busy), "ns", "with the worker at work beside it",
               NULL);
    report_add("w1_dropped", lost, "spans", "of all of W1", "0");
    report_add("w1n_ns", samples_median(&w1n), "ns", "the same three deep, a span", NULL);
    report_add("w4_ns", samples_median(&w4), "ns", "the same unsampled", "40");
    report_add("w4b_ns", samples_median(&w4b), "ns", "the same without an SDK", "15");
    setup_end(&on);
    setup_end(&driven);
    setup_end(&off);
}
