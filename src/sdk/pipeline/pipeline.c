/* SPDX-License-Identifier: Apache-2.0 */
/* What the driver does for one pipeline in each of its turns, and what the pipeline counts. */
#include "sdk/pipeline/pipeline.h"

#include "base/deadline.h"

bool ct_pipeline_has_capacity(const struct ct_pipeline *pipeline)
{
    return pipeline->active == 0 || (pipeline->active < pipeline->concurrency &&
                                     pipeline->in_flight_bytes < pipeline->max_in_flight_bytes);
}

static void begin_batches(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    const struct ct_input *input = pipeline->input;
    for (uint32_t i = pipeline->active; i < pipeline->concurrency && pipeline->parts != NULL; i++)
        ct_pipeline_resume(pipeline);
    for (uint32_t i = 0; i < CT_BEGINS_A_TURN; i++) {
        input->look(pipeline, now_ns);
        if (!ct_pipeline_has_capacity(pipeline) || !input->is_ripe(pipeline, now_ns))
            return;
        if (!ct_pipeline_begin(pipeline, now_ns))
            return;
    }
}

void ct_pipeline_step(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    pipeline->progress = false;
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED)
        return;
    ct_pipeline_drive_exporter(pipeline, now_ns);
    ct_pipeline_expire(pipeline, now_ns);
    ct_pipeline_serve_flushes(pipeline);
    begin_batches(pipeline, now_ns);
    if (pipeline->input->end_turn != NULL)
        pipeline->input->end_turn(pipeline, now_ns);
    ct_pipeline_serve_flushes(pipeline);
    ct_pipeline_serve_shutdown(pipeline, now_ns);
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
    if (ct_pipeline_has_capacity(pipeline))
        deadline = ct_deadline_earlier(deadline, pipeline->input->due_ns(pipeline));
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
    *out = (cotel_pipeline_stats){
        .exporter = pipeline->exporter->ops->type,
        .in_flight = load(&pipeline->in_flight),
        .accepted = load(&pipeline->accepted),
        .batches = load(&pipeline->batches),
    };
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        out->dropped[i] = load(&pipeline->dropped[i]);
    pipeline->input->count(pipeline, out);
}
