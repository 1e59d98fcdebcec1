/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver does for one pipeline in each of its turns, and what the pipeline counts. */
#include "sdk/pipeline/pipeline.h"

#include "base/deadline.h"

static uint64_t later(uint64_t now_ns, uint64_t delay_ns)
{
    return delay_ns < CT_DEADLINE_NEVER - now_ns ? now_ns + delay_ns : CT_DEADLINE_NEVER;
}

bool ct_pipeline_has_capacity(const struct ct_pipeline *pipeline)
{
    return pipeline->active == 0 || (pipeline->active < pipeline->concurrency &&
                                     pipeline->in_flight_bytes < pipeline->max_in_flight_bytes);
}

bool ct_pipeline_is_ripe(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    const struct ct_queue_counts *waiting = &pipeline->waiting;
    if (waiting->records == 0 || now_ns < pipeline->retry_ns)
        return false;
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        return now_ns < pipeline->stop_deadline_ns;
    if (pipeline->marked > 0)
        return true;
    return waiting->records >= pipeline->batch_records || waiting->bytes >= pipeline->batch_bytes ||
           now_ns >= pipeline->due_ns || ct_queue_is_pressed(&pipeline->queue);
}

/* The queue is empty and the delay has passed: a good time to give memory back. */
static void rest(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    pipeline->due_ns = later(now_ns, pipeline->delay_ns);
    ct_queue_trim(&pipeline->queue);
}

static void begin_batches(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    for (uint32_t i = pipeline->active; i < pipeline->concurrency && pipeline->parts != NULL; i++)
        ct_pipeline_resume(pipeline);
    for (uint32_t i = 0; i < CT_BEGINS_A_TURN; i++) {
        ct_queue_tidy(&pipeline->queue, pipeline->batch_records, &pipeline->waiting);
        if (!ct_pipeline_has_capacity(pipeline) || !ct_pipeline_is_ripe(pipeline, now_ns))
            return;
        if (!ct_pipeline_begin(pipeline, now_ns))
            return;
        pipeline->due_ns = later(now_ns, pipeline->delay_ns);
    }
}

static void tell_drops(struct ct_pipeline *pipeline)
{
    uint64_t lost = atomic_load_explicit(&pipeline->queue.lost, memory_order_relaxed);
    if (lost == pipeline->told_lost)
        return;
    pipeline->told_lost = lost;
    cotel_diagnostics_limited(
        &pipeline->drop_limit, COTEL_LOG_WARNING, pipeline->exporter->ops->type,
        "spans are dropped before their export, %llu so far", (unsigned long long)lost);
}

void ct_pipeline_step(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    pipeline->progress = false;
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED)
        return;
    if (pipeline->due_ns == 0)
        pipeline->due_ns = later(now_ns, pipeline->delay_ns);
    ct_pipeline_drive_exporter(pipeline, now_ns);
    ct_pipeline_expire(pipeline, now_ns);
    ct_pipeline_serve_flushes(pipeline);
    begin_batches(pipeline, now_ns);
    if (pipeline->waiting.records == 0 && now_ns >= pipeline->due_ns)
        rest(pipeline, now_ns);
    ct_pipeline_serve_flushes(pipeline);
    ct_pipeline_serve_shutdown(pipeline, now_ns);
    tell_drops(pipeline);
}

static uint64_t operations_deadline(const struct ct_pipeline *pipeline)
{
    uint64_t deadline = CT_DEADLINE_NEVER;
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        if (pipeline->operations[i].batch != NULL)
            deadline = ct_deadline_earlier(deadline, pipeline->operations[i].deadline_ns);
    }
    return deadline;
}

uint64_t ct_pipeline_deadline(struct ct_pipeline *pipeline)
{
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED)
        return CT_DEADLINE_NEVER;
    uint64_t deadline =
        ct_deadline_earlier(ct_pipeline_exporter_deadline(pipeline), operations_deadline(pipeline));
    if (ct_pipeline_has_capacity(pipeline)) {
        uint64_t next = pipeline->delay_ns > 0 ? pipeline->due_ns : CT_DEADLINE_NEVER;
        if (pipeline->waiting.records > 0 && pipeline->retry_ns > 0)
            next = pipeline->retry_ns;
        deadline = ct_deadline_earlier(deadline, next);
    }
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        deadline = ct_deadline_earlier(deadline, pipeline->stop_deadline_ns);
    return deadline;
}

static uint64_t load(_Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void ct_pipeline_stats(struct ct_pipeline *pipeline, cotel_pipeline_stats *out)
{
    struct ct_queue *queue = &pipeline->queue;
    struct ct_queue_counts waiting;
    ct_queue_count(queue, &waiting);
    *out = (cotel_pipeline_stats){
        .exporter = pipeline->exporter->ops->type,
        .offered = load(&queue->drained) + waiting.records + load(&queue->refused),
        .queued = waiting.records,
        .queued_bytes = waiting.bytes,
        .in_flight = load(&pipeline->in_flight),
        .accepted = load(&pipeline->accepted),
        .batches = load(&pipeline->batches),
    };
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        out->dropped[i] = load(&queue->dropped[i]);
    if (ct_pipeline_state(pipeline) != CT_PIPELINE_STOPPED)
        return;
    /* Whoever was about to commit when the shutdown ended has done so for nothing. */
    out->dropped[COTEL_DROP_SHUTDOWN] += waiting.records;
    out->queued = 0;
    out->queued_bytes = 0;
}
