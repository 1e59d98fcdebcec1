/* SPDX-License-Identifier: Apache-2.0 */
/* When the records of a queue become batches, and which. */
#include "sdk/pipeline/queue_input.h"

#include "base/deadline.h"
#include "sdk/pipeline/registry.h"
#include "sdk/pipeline/runtime_internal.h"

#include <assert.h>
#include <stdlib.h>

#define MIN_QUEUE_BYTES (64u << 10)

/* While a batch may fill up with credits that threads hold already, nobody would wake us. */
#define WATCH_NS (2 * CT_NS_PER_MS)

static struct ct_queue_input *input_of(struct ct_pipeline *pipeline)
{
    return (struct ct_queue_input *)pipeline;
}

/* ---- batches ---- */

static void look(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    if (input->due_ns == 0)
        input->due_ns = ct_pipeline_later(now_ns, input->delay_ns);
    ct_queue_tidy(&input->queue, input->batch_records, &input->waiting);
}

static bool is_ripe(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    const struct ct_queue_counts *waiting = &input->waiting;
    if (waiting->records == 0 || now_ns < input->retry_ns)
        return false;
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        return now_ns < pipeline->stop_deadline_ns;
    if (input->marked > 0)
        return true;
    return waiting->records >= input->batch_records || waiting->bytes >= input->batch_bytes ||
           now_ns >= input->due_ns || ct_queue_is_pressed(&input->queue);
}

/* A flush is not to wait for what came after it; where order counts, it may have to. */
static bool takes_marked_only(struct ct_queue_input *input)
{
    return input->marked > 0 && !input->queue.options.ordered &&
           ct_pipeline_state(&input->pipeline) == CT_PIPELINE_RUNNING;
}

static cotel_batch *next_batch(struct ct_queue_input *input)
{
    struct ct_pipeline *pipeline = &input->pipeline;
    struct ct_batch_limits limits = {
        .records = input->batch_records,
        .bytes = input->batch_bytes,
        .marked_only = takes_marked_only(input),
    };
    struct ct_batch_plan *plan = &input->plan;
    if (!ct_batch_plan(plan, &input->queue, &limits))
        return NULL;
    if (pipeline->active > 0 && plan->bytes > ct_pipeline_in_flight_room(pipeline))
        return NULL;
    /* Before they leave the queue, so that they are never nowhere. */
    atomic_fetch_add_explicit(&pipeline->in_flight, plan->records, memory_order_relaxed);
    cotel_batch *batch = ct_batch_take(plan, &input->queue, pipeline->resource);
    if (batch == NULL)
        atomic_fetch_sub_explicit(&pipeline->in_flight, plan->records, memory_order_relaxed);
    return batch;
}

static cotel_batch *take(struct ct_pipeline *pipeline, uint64_t now_ns, uint64_t *deadline_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    cotel_batch *batch = next_batch(input);
    input->retry_ns = batch == NULL ? now_ns + CT_MEMORY_RETRY_NS : 0;
    if (batch == NULL)
        return NULL;
    assert(input->plan.marked <= input->marked);
    input->marked -= input->plan.marked;
    input->due_ns = ct_pipeline_later(now_ns, input->delay_ns);
    *deadline_ns = ct_pipeline_export_deadline(pipeline, now_ns);
    return batch;
}

/* The queue is empty and the delay has passed: a good time to give memory back. */
static void rest(struct ct_queue_input *input, uint64_t now_ns)
{
    input->due_ns = ct_pipeline_later(now_ns, input->delay_ns);
    ct_queue_trim(&input->queue);
}

static uint64_t lost(struct ct_pipeline *pipeline)
{
    return atomic_load_explicit(&input_of(pipeline)->queue.lost, memory_order_relaxed);
}

static void tell_drops(struct ct_queue_input *input)
{
    uint64_t lost_now = lost(&input->pipeline);
    if (lost_now == input->told_lost)
        return;
    input->told_lost = lost_now;
    cotel_diagnostics_limited(
        &input->drop_limit, COTEL_LOG_WARNING, input->pipeline.exporter->ops->type,
        "spans are dropped before their export, %llu so far", (unsigned long long)lost_now);
}

static void end_turn(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    if (input->waiting.records == 0 && now_ns >= input->due_ns)
        rest(input, now_ns);
    tell_drops(input);
}

static uint64_t due_ns(struct ct_pipeline *pipeline)
{
    const struct ct_queue_input *input = input_of(pipeline);
    if (input->waiting.records > 0 && input->retry_ns > 0)
        return input->retry_ns;
    return input->delay_ns > 0 ? input->due_ns : CT_DEADLINE_NEVER;
}

/* ---- waking: see queue.c ---- */

static bool is_watched(struct ct_queue *queue)
{
    return ct_queue_used(queue) >= queue->options.wake_records || ct_queue_is_pressed(queue);
}

static uint64_t prepare_sleep(struct ct_pipeline *pipeline, uint64_t now_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    if (is_watched(&input->queue))
        return now_ns + WATCH_NS;
    ct_queue_set_wake(&input->queue, CT_WAKE_FULL);
    ct_queue_count(&input->queue, &input->waiting);
    return is_ripe(pipeline, now_ns) ? 0 : CT_DEADLINE_NEVER;
}

static void set_wake(struct ct_pipeline *pipeline, enum ct_wake wake)
{
    ct_queue_set_wake(&input_of(pipeline)->queue, wake);
}

static bool needs_driver(struct ct_pipeline *pipeline, bool worker, uint64_t now_ns)
{
    struct ct_queue_input *input = input_of(pipeline);
    ct_queue_count(&input->queue, &input->waiting);
    return worker ? input->waiting.records > 0 : is_ripe(pipeline, now_ns);
}

static void wake(void *user)
{
    struct ct_pipeline *pipeline = user;
    cotel_runtime *runtime = atomic_load_explicit(&pipeline->runtime, memory_order_acquire);
    if (runtime != NULL)
        ct_runtime_wake(runtime);
}

/* ---- flush, shutdown, fork ---- */

static void mark(struct ct_pipeline *pipeline)
{
    struct ct_queue_input *input = input_of(pipeline);
    input->marked = ct_queue_mark(&input->queue);
}

static bool has_marked(struct ct_pipeline *pipeline)
{
    return input_of(pipeline)->marked > 0;
}

static void refuse(struct ct_pipeline *pipeline)
{
    atomic_store_explicit(&input_of(pipeline)->queue.stopping, true, memory_order_release);
}

static bool is_exhausted(struct ct_pipeline *pipeline)
{
    struct ct_queue_input *input = input_of(pipeline);
    /* Counted anew: what was put before the shutdown may have come after this turn's count. */
    ct_queue_count(&input->queue, &input->waiting);
    return input->waiting.records == 0;
}

static uint64_t discard(struct ct_pipeline *pipeline)
{
    struct ct_queue_input *input = input_of(pipeline);
    input->marked = 0;
    return ct_queue_discard(&input->queue);
}

static void forked(struct ct_pipeline *pipeline)
{
    struct ct_queue_input *input = input_of(pipeline);
    ct_queue_forked(&input->queue);
    input->waiting = (struct ct_queue_counts){0};
    input->due_ns = 0;
    input->retry_ns = 0;
    input->marked = 0;
    input->told_lost = 0;
}

static uint64_t load(_Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void count(struct ct_pipeline *pipeline, cotel_pipeline_stats *out)
{
    struct ct_queue *queue = &input_of(pipeline)->queue;
    struct ct_queue_counts waiting;
    ct_queue_count(queue, &waiting);
    out->offered = load(&queue->drained) + waiting.records + load(&queue->refused);
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        out->dropped[i] += load(&queue->dropped[i]);
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED) {
        /* Whoever was about to commit when the shutdown ended has done so for nothing. */
        out->dropped[COTEL_DROP_SHUTDOWN] += waiting.records;
    } else {
        out->queued = waiting.records;
        out->queued_bytes = waiting.bytes;
    }
}

static void close_queue(struct ct_pipeline *pipeline)
{
    ct_registry_remove(input_of(pipeline)->index);
}

static void fini(struct ct_pipeline *pipeline)
{
    ct_queue_fini(&input_of(pipeline)->queue);
}

static const struct ct_input queue_input = {
    .items = "spans",
    .look = look,
    .is_ripe = is_ripe,
    .take = take,
    .end_turn = end_turn,
    .due_ns = due_ns,
    .prepare_sleep = prepare_sleep,
    .set_wake = set_wake,
    .needs_driver = needs_driver,
    .mark = mark,
    .has_marked = has_marked,
    .is_exhausted = is_exhausted,
    .discard = discard,
    .forked = forked,
    .refuse = refuse,
    .lost = lost,
    .count = count,
    .close = close_queue,
    .fini = fini,
};

/* ---- making one ---- */

static bool are_valid(const cotel_batch_processor_options *options)
{
    return options->max_queue_size >= 1 && options->max_queue_size <= INT32_MAX &&
           options->max_export_batch_size >= 1 && options->max_queue_bytes >= MIN_QUEUE_BYTES &&
           options->max_batch_bytes >= 1 && options->max_request_bytes >= 1;
}

static void set_limits(struct ct_queue_input *input, const cotel_batch_processor_options *options,
                       bool simple)
{
    size_t batch = options->max_export_batch_size;
    if (batch > options->max_queue_size)
        batch = options->max_queue_size;
    input->batch_records = simple ? 1 : (uint32_t)batch;
    input->batch_bytes = options->max_batch_bytes;
    input->delay_ns = simple ? 0 : ct_pipeline_ns_of_ms(options->schedule_delay_ms);
    input->pipeline.max_in_flight_bytes = options->max_in_flight_bytes;
    input->pipeline.export_timeout_ns = ct_pipeline_ns_of_ms(options->export_timeout_ms);
}

static bool init_queue(struct ct_queue_input *input, const cotel_batch_processor_options *options,
                       bool simple)
{
    struct ct_queue_options queue = {
        .max_records = (uint32_t)options->max_queue_size,
        .wake_records = input->delay_ns == 0 ? 1 : input->batch_records,
        .max_bytes = options->max_queue_bytes,
        .max_record_bytes = options->max_request_bytes,
        .ordered = simple,
        .wake = wake,
        .user = &input->pipeline,
    };
    return ct_queue_init(&input->queue, &queue);
}

static cotel_status init(struct ct_queue_input *input, const cotel_batch_processor_options *options,
                         bool simple)
{
    set_limits(input, options, simple);
    if (!init_queue(input, options, simple))
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (ct_registry_add(&input->queue, &input->index))
        return COTEL_STATUS_OK;
    ct_queue_fini(&input->queue);
    return COTEL_STATUS_LIMIT_REACHED;
}

cotel_status ct_queue_input_create(cotel_exporter *exporter,
                                   const cotel_batch_processor_options *options, bool simple,
                                   struct ct_queue_input **out)
{
    if (!are_valid(options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ct_queue_input *input = ct_pipeline_allocate(sizeof *input);
    if (input == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status =
        ct_pipeline_init(&input->pipeline, &queue_input, exporter, CT_MAX_CONCURRENCY);
    if (status == COTEL_STATUS_OK) {
        status = init(input, options, simple);
        if (status != COTEL_STATUS_OK)
            ct_pipeline_fini(&input->pipeline);
    }
    if (status == COTEL_STATUS_OK)
        *out = input;
    else
        free(input);
    return status;
}
