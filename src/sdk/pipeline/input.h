/* SPDX-License-Identifier: Apache-2.0 */
/* Where a pipeline's batches come from: a queue that threads fill (queue_input.c), or a source that
 * is asked when it is time (collecting_input.c).
 *
 * An input is a struct with its pipeline as the first member, and this table. Whatever follows once
 * there is a batch, the pipeline does, and knows no difference. Entries that are marked as optional
 * may be NULL. */
#ifndef COTEL_SRC_SDK_PIPELINE_INPUT_H
#define COTEL_SRC_SDK_PIPELINE_INPUT_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/stats.h>

#include "sdk/pipeline/queue.h"

struct ct_pipeline;

struct ct_input {
    const char *items; /* what is counted, in messages */

    /* ---- the driver only ---- */

    /* Looks what there is, before each batch. */
    void (*look)(struct ct_pipeline *pipeline, uint64_t now_ns);
    /* Whether a batch should begin, going by the last look. */
    bool (*is_ripe)(struct ct_pipeline *pipeline, uint64_t now_ns);
    /* The next batch, with a reference, its items counted as in flight, and the deadline of its
     * export; NULL: not now. */
    cotel_batch *(*take)(struct ct_pipeline *pipeline, uint64_t now_ns, uint64_t *deadline_ns);
    /* All batches of this turn have begun. Optional. */
    void (*end_turn)(struct ct_pipeline *pipeline, uint64_t now_ns);
    /* When a batch may become ripe by the passing of time. */
    uint64_t (*due_ns)(struct ct_pipeline *pipeline);

    /* Before a sleep: asks to be woken by what comes, and looks once more. Optional.
     * @return when to look at the latest; 0: at once. */
    uint64_t (*prepare_sleep)(struct ct_pipeline *pipeline, uint64_t now_ns);
    /* When what comes is to wake the driver. Optional. */
    void (*set_wake)(struct ct_pipeline *pipeline, enum ct_wake wake);
    /* Whether somebody has to drive from now on: the worker that is to be started, or the program
     * in its loop. */
    bool (*needs_driver)(struct ct_pipeline *pipeline, bool worker, uint64_t now_ns);

    /* Takes note of what flushes wait for from now on. */
    void (*mark)(struct ct_pipeline *pipeline);
    /* Whether some of that has not left in a batch yet. */
    bool (*has_marked)(struct ct_pipeline *pipeline);

    /* In a shutdown: whether nothing more will come. */
    bool (*is_exhausted)(struct ct_pipeline *pipeline);
    /* Forgets what waits; @return how many items that were. */
    uint64_t (*discard)(struct ct_pipeline *pipeline);
    void (*forked)(struct ct_pipeline *pipeline);

    /* ---- any thread ---- */

    /* A shutdown begins. Optional. */
    void (*refuse)(struct ct_pipeline *pipeline);
    /* Items that were lost before a batch could have them, the shutdown's left out. Optional. */
    uint64_t (*lost)(struct ct_pipeline *pipeline);
    /* Fills in what was offered and what waits, and adds what was dropped before a batch had it. */
    void (*count)(struct ct_pipeline *pipeline, cotel_pipeline_stats *out);

    /* ---- the end ---- */

    /* From now on nobody finds it any more; what is in it stays. Optional. */
    void (*close)(struct ct_pipeline *pipeline);
    void (*fini)(struct ct_pipeline *pipeline);
};

#endif
