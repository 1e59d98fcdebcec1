/* SPDX-License-Identifier: Apache-2.0 */
/* Flushing: everything that was recorded before the call, acknowledged by the peer.
 *
 * The driver has the input take note of what there is when it comes to the request. A queue marks
 * in every chunk what is committed: whatever a thread ended before the call, or another one that
 * the caller knows to have finished, is before that mark; what busy threads add behind it is not
 * waited for, so a flush ends. A source is asked once more. Once all that is marked has left in
 * batches, it remains to wait for the answers of those up to the last one. Marks are
 * made for all who ask at the same time; who asks later gets marks when the earlier ones are used
 * up, and has to wait for that anyway. */
#include "base/deadline.h"
#include "sdk/pipeline/pipeline.h"
#include "sdk/pipeline/runtime_internal.h"

#include <stddef.h>

/* ---- the driver's side; the runtime's lock is held ---- */

static bool anybody_asks(const struct ct_pipeline *pipeline)
{
    for (const struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase == CT_FLUSH_ASKED)
            return true;
    }
    return pipeline->flush_soon;
}

static void mark(struct ct_pipeline *pipeline)
{
    pipeline->flush_soon = false;
    pipeline->input->mark(pipeline);
    for (struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase != CT_FLUSH_ASKED)
            continue;
        flush->phase = CT_FLUSH_DRAINING;
        flush->failed |= pipeline->failed;
        flush->lost = ct_pipeline_lost(pipeline);
    }
}

static void all_is_sent(struct ct_pipeline *pipeline)
{
    for (struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase != CT_FLUSH_DRAINING)
            continue;
        flush->phase = CT_FLUSH_SENT;
        flush->last_batch = pipeline->last_batch;
    }
}

static bool is_answered(const struct ct_pipeline *pipeline, uint64_t last_batch)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        const struct cotel_export *operation = &pipeline->operations[i];
        if (operation->batch != NULL && operation->number <= last_batch)
            return false;
    }
    for (const struct ct_part *part = pipeline->parts; part != NULL; part = part->next) {
        if (part->number <= last_batch)
            return false;
    }
    return true;
}

/* The trouble that a flush tells of is told. */
static void settle(struct ct_pipeline *pipeline, struct ct_flush *flush)
{
    flush->phase = CT_FLUSH_DONE;
    pipeline->failed = false;
    if (pipeline->lost < flush->lost)
        pipeline->lost = flush->lost;
}

static bool answer(struct ct_pipeline *pipeline)
{
    bool any = false;
    for (struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase != CT_FLUSH_SENT || !is_answered(pipeline, flush->last_batch))
            continue;
        settle(pipeline, flush);
        any = true;
    }
    return any;
}

void ct_pipeline_serve_flushes(struct ct_pipeline *pipeline)
{
    struct cotel_runtime *runtime = pipeline->runtime;
    (void)ct_fork_lock(&runtime->lock);
    if (!pipeline->input->has_marked(pipeline)) {
        all_is_sent(pipeline);
        if (anybody_asks(pipeline))
            mark(pipeline);
        if (!pipeline->input->has_marked(pipeline))
            all_is_sent(pipeline);
    }
    if (answer(pipeline))
        ct_runtime_tell_waiters(runtime);
    ct_fork_unlock(&runtime->lock);
}

void ct_pipeline_note_failure(struct ct_pipeline *pipeline, uint64_t batch)
{
    struct cotel_runtime *runtime = pipeline->runtime;
    bool concerns = false;
    (void)ct_fork_lock(&runtime->lock);
    for (struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase == CT_FLUSH_DONE ||
            (flush->phase == CT_FLUSH_SENT && batch > flush->last_batch))
            continue;
        flush->failed = true;
        concerns = true;
    }
    if (!concerns)
        pipeline->failed = true;
    ct_fork_unlock(&runtime->lock);
}

/* ---- the waiting side ---- */

cotel_status ct_pipeline_outcome(const struct ct_flush *flush)
{
    if (flush->phase != CT_FLUSH_DONE || flush->cut_off)
        return COTEL_STATUS_TIMEOUT;
    if (flush->failed)
        return COTEL_STATUS_EXPORT_FAILED;
    return flush->lost > flush->lost_before ? COTEL_STATUS_DATA_LOST : COTEL_STATUS_OK;
}

void ct_pipeline_leave(struct ct_pipeline *pipeline, const struct ct_flush *flush)
{
    struct ct_flush **link = &pipeline->flushes;
    while (*link != NULL && *link != flush)
        link = &(*link)->next;
    if (*link != NULL) /* in a child that was forked meanwhile, nobody waits */
        *link = flush->next;
}

static bool is_done(const void *flush)
{
    return ((const struct ct_flush *)flush)->phase == CT_FLUSH_DONE;
}

cotel_status ct_pipeline_begin_flush(struct ct_pipeline *pipeline, struct ct_flush *flush)
{
    cotel_runtime *runtime = pipeline->runtime;
    cotel_status status = COTEL_STATUS_SHUT_DOWN;
    if (ct_runtime_is_inside(runtime))
        return COTEL_STATUS_WOULD_DEADLOCK;
    (void)ct_fork_lock(&runtime->lock);
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_RUNNING) {
        *flush = (struct ct_flush){.next = pipeline->flushes, .lost_before = pipeline->lost};
        pipeline->flushes = flush;
        ct_runtime_interrupt(runtime);
        status = COTEL_STATUS_OK;
    }
    ct_fork_unlock(&runtime->lock);
    return status;
}

/* A flush that is given up hands what it knows to the next one. */
cotel_status ct_pipeline_await_flush(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                     uint64_t deadline_ns)
{
    cotel_runtime *runtime = pipeline->runtime;
    (void)ct_fork_lock(&runtime->lock);
    if (!ct_runtime_wait(runtime, is_done, flush, deadline_ns) && flush->failed)
        pipeline->failed = true;
    ct_pipeline_leave(pipeline, flush);
    ct_fork_unlock(&runtime->lock);
    return ct_pipeline_outcome(flush);
}

cotel_status ct_pipeline_flush(struct ct_pipeline *pipeline, uint64_t deadline_ns)
{
    struct ct_flush flush;
    if (pipeline->runtime == NULL)
        return COTEL_STATUS_OK;
    cotel_status status = ct_pipeline_begin_flush(pipeline, &flush);
    return status == COTEL_STATUS_OK ? ct_pipeline_await_flush(pipeline, &flush, deadline_ns)
                                     : status;
}
