/* SPDX-License-Identifier: Apache-2.0 */
#include "setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FLUSH_MS 30000
#define SETUP_BATCH 512

static void check(cotel_status status, const char *what)
{
    if (status == COTEL_STATUS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, cotel_status_text(status));
    exit(1);
}

cotel_batch_processor_options setup_large_queue(void)
{
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.max_export_batch_size = SETUP_BATCH;
    options.max_queue_size = 1u << 20;
    options.max_queue_bytes = (size_t)1 << 29;
    return options;
}

struct setup setup_make(cotel_exporter *exporter, const cotel_batch_processor_options *batch,
                        cotel_sampler *sampler, cotel_worker_mode worker)
{
    struct setup setup;
    cotel_span_processor *processor = NULL;
    cotel_tracer_provider_options options = COTEL_TRACER_PROVIDER_OPTIONS_INIT;
    if (exporter != NULL) {
        check(cotel_batch_processor_create(exporter, batch, &processor), "batch processor");
        options.processors = &processor;
        options.processor_count = 1;
    }
    options.sampler = sampler;
    options.worker = worker;
    check(cotel_tracer_provider_create(&options, &setup.provider), "tracer provider");
    setup.tracer = cotel_tracer_provider_get_tracer(setup.provider, "cotel.bench", NULL);
    return setup;
}

cotel_pipeline_stats setup_pipeline(const struct setup *setup)
{
    cotel_sdk_counts counts = {.size = sizeof counts};
    cotel_sdk_stats(setup->provider, &counts);
    return counts.pipelines[0];
}

void setup_drain(const struct setup *setup)
{
    const struct timespec nap = {.tv_sec = 0, .tv_nsec = 20000};
    /* Less than a batch waits for its delay. */
    for (;;) {
        cotel_pipeline_stats pipeline = setup_pipeline(setup);
        if (pipeline.queued < SETUP_BATCH && pipeline.in_flight == 0)
            return;
        nanosleep(&nap, NULL);
    }
}

uint64_t setup_lost(const struct setup *setup)
{
    (void)cotel_tracer_provider_flush(setup->provider, FLUSH_MS);
    cotel_pipeline_stats pipeline = setup_pipeline(setup);
    return pipeline.offered - pipeline.accepted;
}

void setup_end(struct setup *setup)
{
    (void)cotel_tracer_provider_shutdown(setup->provider, FLUSH_MS, NULL);
    cotel_tracer_provider_destroy(setup->provider);
}
