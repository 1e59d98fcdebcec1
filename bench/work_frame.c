/* SPDX-License-Identifier: Apache-2.0 */
/* What a span costs on all threads together (W1x), against building and packing the same by
 * protobuf-c; and what making a request of 512 finished ones costs (W3). */
#include "discard_exporter.h"
#include "measure.h"
#include "protobuf_c_span.h"
#include "report.h"
#include "setup.h"
#include "workload.h"
#include "works.h"

#define BATCH 512

/* CPU of the process: the setters, the end, the queue, the worker's framing. */
static double whole_work_ns(const struct setup *setup, size_t count)
{
    uint64_t began = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        workload_root(setup->tracer);
    (void)cotel_tracer_provider_flush(setup->provider, 30000);
    return (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - began) / (double)count;
}

static double protobuf_c_ns(size_t count)
{
    uint64_t began = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        protobuf_c_span();
    return (double)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - began) / (double)count;
}

static double frame_ns(const struct setup *setup, size_t rounds)
{
    uint64_t spent = 0;
    for (size_t i = 0; i < rounds; i++) {
        for (size_t j = 0; j < BATCH; j++)
            workload_root(setup->tracer);
        uint64_t began = clock_ns(CLOCK_MONOTONIC);
        (void)cotel_tracer_provider_drive(setup->provider);
        spent += clock_ns(CLOCK_MONOTONIC) - began;
    }
    return (double)spent / (double)(rounds * BATCH);
}

void work_frame(const struct effort *effort)
{
    struct samples w1x = {.count = 0}, packed = {.count = 0}, w3 = {.count = 0};
    cotel_batch_processor_options queue = setup_large_queue();
    struct setup threaded = setup_make(discard_exporter(true), &queue, NULL, COTEL_WORKER_THREAD);
    struct setup driven = setup_make(discard_exporter(true), &queue, NULL, COTEL_WORKER_CALLER);

    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&w1x, whole_work_ns(&threaded, effort->spans));
        samples_add(&packed, protobuf_c_ns(effort->spans));
        samples_add(&w3, frame_ns(&driven, effort->spans / BATCH));
    }
    report_add("w1x_ns", samples_median(&w1x), "ns", "a span on all threads, CPU", NULL);
    report_add("w1x_protobuf_c_ns", samples_median(&packed), "ns",
               "building and packing it by protobuf-c, CPU", NULL);
    report_add("w3_ns", samples_median(&w3), "ns", "512 finished spans into a request, a span",
               "40");
    report_add("w3_lost", (double)setup_lost(&driven), "spans", "", "0");
    setup_end(&threaded);
    setup_end(&driven);
}
