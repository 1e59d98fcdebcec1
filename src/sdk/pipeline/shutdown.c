/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a pipeline: send what is there until the deadline, then count the rest as abandoned.
 *
 * From the moment of the call a queue refuses new records, and a source is asked once more. A
 * thread that had passed that check may still commit; what the driver finds when it finishes it
 * takes, and what comes even later stays in its chunk, where ct_pipeline_stats() counts it as
 * dropped by the shutdown. The chunks stay until the pipeline is destroyed, which is when nobody is
 * in such a call any more. */
#include "base/deadline.h"
#include "sdk/pipeline/exporter_ops.h"
#include "sdk/pipeline/pipeline.h"
#include "sdk/pipeline/runtime_internal.h"

/* What the driver may take beyond the deadline before it is taken for stuck in an exporter. */
#define GRACE_NS (100 * CT_NS_PER_MS)

/* ---- the driver's side ---- */

/* The lock is held. */
static void cut_off_flushes(struct ct_pipeline *pipeline, bool all_sent)
{
    for (struct ct_flush *flush = pipeline->flushes; flush != NULL; flush = flush->next) {
        if (flush->phase != CT_FLUSH_DONE)
            flush->cut_off = !all_sent;
        flush->lost = ct_pipeline_lost(pipeline);
        flush->phase = CT_FLUSH_DONE;
    }
}

static void finish(struct ct_pipeline *pipeline)
{
    struct cotel_runtime *runtime = pipeline->runtime;
    bool exhausted = pipeline->input->is_exhausted(pipeline);
    ct_pipeline_cancel_all(pipeline, COTEL_DROP_SHUTDOWN);
    uint64_t left = pipeline->input->discard(pipeline);
    ct_pipeline_count_drops(pipeline, COTEL_DROP_SHUTDOWN, left);
    pipeline->abandoned += left;
    if (CT_HAS_OP(pipeline->exporter->ops, shutdown))
        pipeline->exporter->ops->shutdown(pipeline->exporter);
    (void)ct_fork_lock(&runtime->lock);
    cut_off_flushes(pipeline, exhausted && pipeline->abandoned == 0);
    /* Release: whoever sees it sees what was abandoned, and the exporter at rest. */
    atomic_store_explicit(&pipeline->state, CT_PIPELINE_STOPPED, memory_order_release);
    ct_runtime_tell_waiters(runtime);
    ct_fork_unlock(&runtime->lock);
}

void ct_pipeline_serve_shutdown(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    if (ct_pipeline_state(pipeline) != CT_PIPELINE_STOPPING)
        return;
    if (now_ns >= pipeline->stop_deadline_ns) {
        finish(pipeline);
        return;
    }
    if (!ct_pipeline_is_idle(pipeline))
        return;
    if (pipeline->input->is_exhausted(pipeline))
        finish(pipeline);
    else
        pipeline->progress = true; /* another turn at once */
}

/* ---- the waiting side ---- */

static bool is_stopped(const void *pipeline)
{
    return atomic_load_explicit(&((const struct ct_pipeline *)pipeline)->state,
                                memory_order_acquire) == CT_PIPELINE_STOPPED;
}

/* What an unfinished shutdown leaves behind, as far as one can tell from outside. */
static uint64_t given_up(struct ct_pipeline *pipeline)
{
    cotel_pipeline_stats stats;
    ct_pipeline_stats(pipeline, &stats);
    return stats.queued + stats.in_flight;
}

cotel_status ct_pipeline_begin_shutdown(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                        uint64_t deadline_ns)
{
    cotel_runtime *runtime = pipeline->runtime;
    cotel_status status = COTEL_STATUS_SHUT_DOWN;
    if (ct_runtime_is_inside(runtime))
        return COTEL_STATUS_WOULD_DEADLOCK;
    (void)ct_fork_lock(&runtime->lock);
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_RUNNING) {
        *flush = (struct ct_flush){
            .next = pipeline->flushes, .lost_before = pipeline->lost, .failed = pipeline->failed};
        pipeline->flushes = flush;
        pipeline->stop_deadline_ns = deadline_ns;
        if (pipeline->input->refuse != NULL)
            pipeline->input->refuse(pipeline);
        atomic_store_explicit(&pipeline->state, CT_PIPELINE_STOPPING, memory_order_release);
        ct_runtime_interrupt(runtime);
        status = COTEL_STATUS_OK;
    }
    ct_fork_unlock(&runtime->lock);
    return status;
}

/* Until when to wait for the driver: it may be inside an exporter. */
static uint64_t patience(uint64_t deadline_ns)
{
    uint64_t now_ns = ct_clock_monotonic_ns();
    return ct_pipeline_later(deadline_ns > now_ns ? deadline_ns : now_ns, GRACE_NS);
}

cotel_status ct_pipeline_await_shutdown(struct ct_pipeline *pipeline, struct ct_flush *flush,
                                        uint64_t *abandoned)
{
    cotel_runtime *runtime = pipeline->runtime;
    (void)ct_fork_lock(&runtime->lock);
    bool stopped =
        ct_runtime_wait(runtime, is_stopped, pipeline, patience(pipeline->stop_deadline_ns));
    *abandoned += stopped ? pipeline->abandoned : given_up(pipeline);
    ct_pipeline_leave(pipeline, flush);
    cotel_status status =
        stopped && pipeline->abandoned > 0 ? COTEL_STATUS_TIMEOUT : ct_pipeline_outcome(flush);
    ct_fork_unlock(&runtime->lock);
    return status;
}

cotel_status ct_pipeline_shutdown(struct ct_pipeline *pipeline, uint64_t deadline_ns,
                                  uint64_t *abandoned)
{
    struct ct_flush flush;
    if (pipeline->runtime == NULL) {
        atomic_store_explicit(&pipeline->state, CT_PIPELINE_STOPPED, memory_order_release);
        return COTEL_STATUS_OK;
    }
    cotel_status status = ct_pipeline_begin_shutdown(pipeline, &flush, deadline_ns);
    return status == COTEL_STATUS_OK ? ct_pipeline_await_shutdown(pipeline, &flush, abandoned)
                                     : status;
}
