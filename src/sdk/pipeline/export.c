/* SPDX-License-Identifier: Apache-2.0 */
/* Between a pipeline and its exporter: batches begin, and their answers are counted. */
#include "base/deadline.h"
#include "sdk/pipeline/exporter_ops.h"
#include "sdk/pipeline/pipeline.h"

#include <assert.h>

int ct_pipeline_poll_fd(struct ct_pipeline *pipeline)
{
    cotel_exporter *exporter = pipeline->exporter;
    return CT_HAS_OP(exporter->ops, poll_fd) ? exporter->ops->poll_fd(exporter) : -1;
}

uint64_t ct_pipeline_exporter_deadline(struct ct_pipeline *pipeline)
{
    cotel_exporter *exporter = pipeline->exporter;
    if (!CT_HAS_OP(exporter->ops, next_deadline_ns))
        return COTEL_NEVER_NS;
    return exporter->ops->next_deadline_ns(exporter);
}

void ct_pipeline_drive_exporter(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    bool ready = pipeline->ready;
    pipeline->ready = false;
    if (!CT_HAS_OP(pipeline->exporter->ops, drive))
        return;
    if (ready || ct_pipeline_exporter_deadline(pipeline) <= now_ns)
        pipeline->exporter->ops->drive(pipeline->exporter);
}

/* ---- beginning ---- */

static struct cotel_export *free_operation(struct ct_pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        if (pipeline->operations[i].batch == NULL)
            return &pipeline->operations[i];
    }
    return NULL;
}

static size_t in_flight_room(const struct ct_pipeline *pipeline)
{
    return pipeline->in_flight_bytes < pipeline->max_in_flight_bytes
               ? pipeline->max_in_flight_bytes - pipeline->in_flight_bytes
               : 0;
}

static uint64_t export_deadline(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    uint64_t deadline = CT_DEADLINE_NEVER;
    uint64_t timeout_ns = pipeline->export_timeout_ns;
    if (timeout_ns != 0 && timeout_ns < CT_DEADLINE_NEVER - now_ns)
        deadline = now_ns + timeout_ns;
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        deadline = ct_deadline_earlier(deadline, pipeline->stop_deadline_ns);
    return deadline;
}

/* A flush is not to wait for what came after it; where order counts, it may have to. */
static bool takes_marked_only(struct ct_pipeline *pipeline)
{
    return pipeline->marked > 0 && !pipeline->queue.options.ordered &&
           ct_pipeline_state(pipeline) == CT_PIPELINE_RUNNING;
}

static cotel_batch *next_batch(struct ct_pipeline *pipeline)
{
    struct ct_batch_limits limits = {
        .records = pipeline->batch_records,
        .bytes = pipeline->batch_bytes,
        .marked_only = takes_marked_only(pipeline),
    };
    struct ct_batch_plan *plan = &pipeline->plan;
    if (!ct_batch_plan(plan, &pipeline->queue, &limits))
        return NULL;
    if (pipeline->active > 0 && plan->bytes > in_flight_room(pipeline))
        return NULL;
    atomic_fetch_add_explicit(&pipeline->in_flight, plan->records, memory_order_relaxed);
    cotel_batch *batch = ct_batch_take(plan, &pipeline->queue, pipeline->resource);
    if (batch == NULL)
        atomic_fetch_sub_explicit(&pipeline->in_flight, plan->records, memory_order_relaxed);
    return batch;
}

bool ct_pipeline_begin(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    cotel_batch *batch = next_batch(pipeline);
    pipeline->retry_ns = batch == NULL ? now_ns + CT_MEMORY_RETRY_NS : 0;
    if (batch == NULL)
        return false;
    struct cotel_export *operation = free_operation(pipeline);
    assert(operation != NULL);
    assert(pipeline->plan.marked <= pipeline->marked);
    pipeline->marked -= pipeline->plan.marked;
    *operation = (struct cotel_export){
        .pipeline = pipeline,
        .batch = batch,
        .deadline_ns = export_deadline(pipeline, now_ns),
        .number = ++pipeline->last_batch,
        .cancelled_for = COTEL_DROP_FAILED,
    };
    pipeline->active++;
    pipeline->in_flight_bytes += batch->bytes;
    pipeline->progress = true;
    pipeline->exporter->ops->begin(pipeline->exporter, operation, batch, operation->deadline_ns);
    return true;
}

/* ---- giving up ---- */

static void cancel(struct cotel_export *operation, cotel_drop_reason reason)
{
    cotel_exporter *exporter = operation->pipeline->exporter;
    operation->cancelled_for = reason;
    exporter->ops->cancel(exporter, operation);
    /* An exporter that does not keep to its contract must not keep its operation either. */
    if (operation->batch != NULL) {
        cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
        cotel_export_done(operation, &result);
    }
}

void ct_pipeline_expire(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        struct cotel_export *operation = &pipeline->operations[i];
        if (operation->batch != NULL && operation->deadline_ns <= now_ns)
            cancel(operation, ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING &&
                                      pipeline->stop_deadline_ns <= now_ns
                                  ? COTEL_DROP_SHUTDOWN
                                  : COTEL_DROP_TIMEOUT);
    }
}

void ct_pipeline_cancel_all(struct ct_pipeline *pipeline, cotel_drop_reason reason)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        if (pipeline->operations[i].batch != NULL)
            cancel(&pipeline->operations[i], reason);
    }
}

/* ---- answers ---- */

/* The time that the batch ran out of was what the shutdown had left for it. */
static bool was_cut_short(const cotel_export *operation)
{
    struct ct_pipeline *pipeline = operation->pipeline;
    return ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING &&
           operation->deadline_ns == pipeline->stop_deadline_ns;
}

static cotel_drop_reason reason_of(const cotel_export *operation, cotel_export_outcome outcome)
{
    switch (outcome) {
    case COTEL_EXPORT_REFUSED:
        return COTEL_DROP_REFUSED;
    case COTEL_EXPORT_TOO_LARGE:
        return COTEL_DROP_TOO_LARGE;
    case COTEL_EXPORT_TIMEOUT:
        return was_cut_short(operation) ? COTEL_DROP_SHUTDOWN : COTEL_DROP_TIMEOUT;
    case COTEL_EXPORT_CANCELLED:
        return operation->cancelled_for;
    case COTEL_EXPORT_ACCEPTED:
        return COTEL_DROP_REJECTED;
    case COTEL_EXPORT_FAILED:
        break;
    }
    return COTEL_DROP_FAILED;
}

/* @return how many records of the batch were not taken. */
static uint64_t count_answer(struct ct_pipeline *pipeline, const cotel_export *operation,
                             const cotel_export_result *result)
{
    uint64_t count = operation->batch->count;
    uint64_t lost = count;
    if (result->outcome == COTEL_EXPORT_ACCEPTED)
        lost = result->rejected < count ? result->rejected : count;
    cotel_drop_reason reason = reason_of(operation, result->outcome);
    atomic_fetch_add_explicit(&pipeline->accepted, count - lost, memory_order_relaxed);
    if (lost > 0)
        ct_queue_count_drops(&pipeline->queue, reason, lost);
    if (reason == COTEL_DROP_SHUTDOWN)
        pipeline->abandoned += lost;
    atomic_fetch_sub_explicit(&pipeline->in_flight, count, memory_order_relaxed);
    atomic_fetch_add_explicit(&pipeline->batches, 1, memory_order_relaxed);
    return lost;
}

static void tell_loss(struct ct_pipeline *pipeline, const cotel_export *operation,
                      const cotel_export_result *result, uint64_t lost)
{
    cotel_diagnostics_limited(
        &pipeline->export_limit, COTEL_LOG_ERROR, pipeline->exporter->ops->type,
        "%llu of %zu spans are lost (%s)%s%s", (unsigned long long)lost, operation->batch->count,
        cotel_drop_reason_name(reason_of(operation, result->outcome)),
        result->message != NULL ? ": " : "", result->message != NULL ? result->message : "");
}

/* What a peer that took everything has to say all the same. */
static void tell_remark(struct ct_pipeline *pipeline, const cotel_export_result *result)
{
    if (result->message != NULL && result->message[0] != '\0')
        cotel_diagnostics_limited(&pipeline->remark_limit, COTEL_LOG_WARNING,
                                  pipeline->exporter->ops->type, "%s", result->message);
}

void cotel_export_done(cotel_export *operation, const cotel_export_result *result)
{
    if (operation == NULL || operation->batch == NULL)
        return; /* a second answer */
    cotel_export_result known = {.outcome = COTEL_EXPORT_FAILED};
    ct_exporter_copy_result(&known, result);
    struct ct_pipeline *pipeline = operation->pipeline;
    uint64_t lost = count_answer(pipeline, operation, &known);
    if (lost > 0) {
        ct_pipeline_note_failure(pipeline, operation->number);
        tell_loss(pipeline, operation, &known, lost);
    } else {
        tell_remark(pipeline, &known);
    }
    cotel_batch *batch = operation->batch;
    operation->batch = NULL;
    pipeline->active--;
    pipeline->in_flight_bytes -= batch->bytes;
    pipeline->progress = true;
    cotel_batch_unref(batch);
}

void cotel_export_set_data(cotel_export *operation, void *data)
{
    if (operation != NULL)
        operation->data = data;
}

void *cotel_export_data(const cotel_export *operation)
{
    return operation != NULL ? operation->data : NULL;
}
