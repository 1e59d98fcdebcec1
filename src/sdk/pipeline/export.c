/* SPDX-License-Identifier: Apache-2.0 */
/* Between a pipeline and its exporter: batches begin, and their answers are counted. */
#include "base/deadline.h"
#include "sdk/pipeline/culprit.h"
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

/* A shutdown gives no more time than it has. */
static uint64_t cut_deadline(struct ct_pipeline *pipeline, uint64_t deadline_ns)
{
    return ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING
               ? ct_deadline_earlier(deadline_ns, pipeline->stop_deadline_ns)
               : deadline_ns;
}

uint64_t ct_pipeline_export_deadline(const struct ct_pipeline *pipeline, uint64_t now_ns)
{
    uint64_t timeout_ns = pipeline->export_timeout_ns;
    return timeout_ns != 0 ? ct_pipeline_later(now_ns, timeout_ns) : CT_DEADLINE_NEVER;
}

static void hand_over(struct ct_pipeline *pipeline, struct cotel_export *operation)
{
    pipeline->active++;
    pipeline->progress = true;
    pipeline->exporter->ops->begin(pipeline->exporter, operation, operation->batch,
                                   operation->deadline_ns);
}

void ct_pipeline_resume(struct ct_pipeline *pipeline)
{
    struct cotel_export *operation = free_operation(pipeline);
    assert(operation != NULL);
    ct_isolation_resume(pipeline, operation);
    operation->deadline_ns = cut_deadline(pipeline, operation->deadline_ns);
    hand_over(pipeline, operation);
}

bool ct_pipeline_begin(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    uint64_t deadline_ns = CT_DEADLINE_NEVER;
    cotel_batch *batch = pipeline->input->take(pipeline, now_ns, &deadline_ns);
    if (batch == NULL)
        return false;
    struct cotel_export *operation = free_operation(pipeline);
    assert(operation != NULL);
    *operation = (struct cotel_export){
        .pipeline = pipeline,
        .batch = batch,
        .deadline_ns = cut_deadline(pipeline, deadline_ns),
        .number = ++pipeline->last_batch,
        .cancelled_for = COTEL_DROP_FAILED,
    };
    pipeline->in_flight_bytes += batch->bytes;
    hand_over(pipeline, operation);
    return true;
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
    case COTEL_EXPORT_INVALID:
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

/* @return how many items of the batch were not taken. */
static uint64_t count_answer(struct ct_pipeline *pipeline, const cotel_export *operation,
                             const cotel_export_result *result)
{
    uint64_t count = operation->batch->items;
    uint64_t lost = count;
    if (result->outcome == COTEL_EXPORT_ACCEPTED)
        lost = result->rejected < count ? result->rejected : count;
    cotel_drop_reason reason = reason_of(operation, result->outcome);
    atomic_fetch_add_explicit(&pipeline->accepted, count - lost, memory_order_relaxed);
    if (lost > 0)
        ct_pipeline_count_drops(pipeline, reason, lost);
    if (reason == COTEL_DROP_SHUTDOWN)
        pipeline->abandoned += lost;
    atomic_fetch_sub_explicit(&pipeline->in_flight, count, memory_order_relaxed);
    return lost;
}

/* What a peer refuses for itself and not for its company: worth a line of its own. */
static bool name_culprit(struct ct_pipeline *pipeline, const cotel_export *operation,
                         const cotel_export_result *result)
{
    char culprit[CT_CULPRIT_SIZE];
    if (!ct_isolation_found(operation, result->outcome) ||
        !ct_culprit_name(operation->batch, culprit))
        return false;
    cotel_diagnostics_report(COTEL_LOG_ERROR, pipeline->exporter->ops->type, "%s is lost (%s)%s%s",
                             culprit, cotel_drop_reason_name(reason_of(operation, result->outcome)),
                             result->message != NULL ? ": " : "",
                             result->message != NULL ? result->message : "");
    return true;
}

static void tell_loss(struct ct_pipeline *pipeline, const cotel_export *operation,
                      const cotel_export_result *result, uint64_t lost)
{
    if (name_culprit(pipeline, operation, result))
        return;
    cotel_diagnostics_limited(
        &pipeline->export_limit, COTEL_LOG_ERROR, pipeline->exporter->ops->type,
        "%llu of %zu %s are lost (%s)%s%s", (unsigned long long)lost, operation->batch->items,
        pipeline->input->items, cotel_drop_reason_name(reason_of(operation, result->outcome)),
        result->message != NULL ? ": " : "", result->message != NULL ? result->message : "");
}

/* What a peer that took everything has to say all the same. */
static void tell_remark(struct ct_pipeline *pipeline, const cotel_export_result *result)
{
    if (result->message != NULL && result->message[0] != '\0')
        cotel_diagnostics_limited(&pipeline->remark_limit, COTEL_LOG_WARNING,
                                  pipeline->exporter->ops->type, "%s", result->message);
}

static void settle(struct ct_pipeline *pipeline, const cotel_export *operation,
                   const cotel_export_result *result)
{
    uint64_t lost = count_answer(pipeline, operation, result);
    pipeline->in_flight_bytes -= operation->batch->bytes;
    if (lost > 0) {
        ct_pipeline_note_failure(pipeline, operation->number);
        tell_loss(pipeline, operation, result, lost);
    } else {
        tell_remark(pipeline, result);
    }
}

static void release(cotel_export *operation)
{
    cotel_batch *batch = operation->batch;
    operation->batch = NULL;
    cotel_batch_unref(batch);
    ct_suspects_unref(operation->suspects);
    operation->suspects = NULL;
}

void cotel_export_done(cotel_export *operation, const cotel_export_result *result)
{
    if (operation == NULL || operation->batch == NULL)
        return; /* a second answer */
    cotel_export_result known = {.outcome = COTEL_EXPORT_FAILED};
    ct_exporter_copy_result(&known, result);
    struct ct_pipeline *pipeline = operation->pipeline;
    if (!ct_isolation_split(operation, known.outcome))
        settle(pipeline, operation, &known);
    atomic_fetch_add_explicit(&pipeline->batches, 1, memory_order_relaxed);
    pipeline->active--;
    pipeline->progress = true;
    release(operation);
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

/* A part that was never begun. */
static void drop_part(struct ct_pipeline *pipeline, cotel_drop_reason reason)
{
    struct cotel_export operation = {.batch = NULL};
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    ct_isolation_resume(pipeline, &operation);
    operation.cancelled_for = reason;
    settle(pipeline, &operation, &result);
    release(&operation);
}

static cotel_drop_reason lateness(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    return ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING &&
                   pipeline->stop_deadline_ns <= now_ns
               ? COTEL_DROP_SHUTDOWN
               : COTEL_DROP_TIMEOUT;
}

void ct_pipeline_expire(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        struct cotel_export *operation = &pipeline->operations[i];
        if (operation->batch != NULL && operation->deadline_ns <= now_ns)
            cancel(operation, lateness(pipeline, now_ns));
    }
    while (pipeline->parts != NULL && pipeline->parts->deadline_ns <= now_ns)
        drop_part(pipeline, lateness(pipeline, now_ns));
}

void ct_pipeline_drop_late(struct ct_pipeline *pipeline, uint64_t items, uint64_t now_ns)
{
    cotel_drop_reason reason = lateness(pipeline, now_ns);
    ct_pipeline_count_drops(pipeline, reason, items);
    if (reason == COTEL_DROP_SHUTDOWN)
        pipeline->abandoned += items;
    ct_pipeline_note_failure(pipeline, pipeline->last_batch + 1);
    cotel_diagnostics_limited(&pipeline->export_limit, COTEL_LOG_ERROR,
                              pipeline->exporter->ops->type, "%llu %s are lost (%s)",
                              (unsigned long long)items, pipeline->input->items,
                              cotel_drop_reason_name(reason));
}

void ct_pipeline_cancel_all(struct ct_pipeline *pipeline, cotel_drop_reason reason)
{
    for (uint32_t i = 0; i < pipeline->concurrency; i++) {
        if (pipeline->operations[i].batch != NULL)
            cancel(&pipeline->operations[i], reason);
    }
    while (pipeline->parts != NULL)
        drop_part(pipeline, reason);
}
