/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline whose batches come from a source that is asked every so often: metrics.
 *
 * What one collection brings goes out one batch after the other, and all of it before the next
 * collection. A collection that is due while the one before is still on its way is made when that
 * is done, once; then the schedule goes on as it was. */
#ifndef COTEL_SRC_SDK_PIPELINE_COLLECTING_INPUT_H
#define COTEL_SRC_SDK_PIPELINE_COLLECTING_INPUT_H

#include "sdk/metrics/writer.h"
#include "sdk/pipeline/pipeline.h"

/* Whoever is asked; all on the thread that drives, with no lock held. */
struct ct_pipeline_source {
    /* Collects; should be done by the deadline. `out` comes empty, and may stay so. */
    void (*collect)(void *user, uint64_t deadline_ns, struct ct_metric_batches *out);
    void *user;
};

struct ct_collecting_options {
    uint64_t interval_ns; /* between the beginnings of two collections; at least 1 */
    uint64_t timeout_ns;  /* for what one collection exports, and for collecting it; 0: none */
};

/* Takes the exporter over, on success only.
 * @return OK, INVALID_ARGUMENT (such an exporter can't be used), OUT_OF_MEMORY. */
cotel_status ct_collecting_input_create(cotel_exporter *exporter,
                                        const struct ct_collecting_options *options,
                                        const struct ct_pipeline_source *source,
                                        struct ct_pipeline **out);

/* Attaches it to a runtime, whose worker is started: the first collection comes an interval later.
 * @return as ct_pipeline_attach(). */
cotel_status ct_collecting_input_start(struct ct_pipeline *pipeline, cotel_runtime *runtime,
                                       cotel_resource *resource);

#endif
