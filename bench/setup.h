/* SPDX-License-Identifier: Apache-2.0 */
/* Providers for the measurements. */
#ifndef COTEL_BENCH_SETUP_H
#define COTEL_BENCH_SETUP_H

#include <cotel/sdk/sdk.h>

struct setup {
    cotel_tracer_provider *provider;
    cotel_tracer *tracer;
};

/* A queue in which a measurement's spans find room whatever the worker does. */
cotel_batch_processor_options setup_large_queue(void);

/* A provider with one batch processor (none if `exporter` is NULL), and a tracer of it. Ends the
 * program when that is not to be had. `sampler` NULL: the default. */
struct setup setup_make(cotel_exporter *exporter, const cotel_batch_processor_options *batch,
                        cotel_sampler *sampler, cotel_worker_mode worker);

/* Waits until nothing is queued or in flight. The queue is not flushed: it empties as it would
 * anyway. */
void setup_drain(const struct setup *setup);

/* Flushes, and returns how many spans were lost since it was made. */
uint64_t setup_lost(const struct setup *setup);

/* Shuts down and frees. */
void setup_end(struct setup *setup);

/* Spans and bytes that are waiting. */
cotel_pipeline_stats setup_pipeline(const struct setup *setup);

#endif
