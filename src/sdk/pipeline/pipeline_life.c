/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline's beginning and end. */
#include "sdk/pipeline/exporter_ops.h"
#include "sdk/pipeline/pipeline.h"
#include "sdk/pipeline/registry.h"
#include "sdk/pipeline/runtime_internal.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define MIN_QUEUE_BYTES (64u << 10)

static bool are_valid(const cotel_batch_processor_options *options)
{
    return options->max_queue_size >= 1 && options->max_queue_size <= INT32_MAX &&
           options->max_export_batch_size >= 1 && options->max_queue_bytes >= MIN_QUEUE_BYTES &&
           options->max_batch_bytes >= 1 && options->max_request_bytes >= 1;
}

static bool is_usable(const cotel_exporter *exporter)
{
    if (exporter == NULL || !CT_HAS_OP(exporter->ops, begin))
        return false;
    return CT_HAS_OP(exporter->ops, cancel);
}

static uint64_t to_ns(uint64_t ms)
{
    return ms < UINT64_MAX / CT_NS_PER_MS ? ms * CT_NS_PER_MS : UINT64_MAX;
}

static uint32_t concurrency_of(const cotel_exporter *exporter)
{
    size_t many = CT_REACHES(exporter->ops, concurrency) ? exporter->ops->concurrency : 0;
    return many == 0 ? 1 : (uint32_t)(many < CT_MAX_CONCURRENCY ? many : CT_MAX_CONCURRENCY);
}

static void wake(void *user)
{
    struct ct_pipeline *pipeline = user;
    cotel_runtime *runtime = atomic_load_explicit(&pipeline->runtime, memory_order_acquire);
    if (runtime != NULL)
        ct_runtime_wake(runtime);
}

static void set_limits(struct ct_pipeline *pipeline, const cotel_batch_processor_options *options,
                       bool simple)
{
    size_t batch = options->max_export_batch_size;
    if (batch > options->max_queue_size)
        batch = options->max_queue_size;
    pipeline->batch_records = simple ? 1 : (uint32_t)batch;
    pipeline->batch_bytes = options->max_batch_bytes;
    pipeline->max_in_flight_bytes = options->max_in_flight_bytes;
    pipeline->delay_ns = simple ? 0 : to_ns(options->schedule_delay_ms);
    pipeline->export_timeout_ns = to_ns(options->export_timeout_ms);
}

static bool init_queue(struct ct_pipeline *pipeline, const cotel_batch_processor_options *options,
                       bool simple)
{
    struct ct_queue_options queue = {
        .max_records = (uint32_t)options->max_queue_size,
        .wake_records = pipeline->delay_ns == 0 ? 1 : pipeline->batch_records,
        .max_bytes = options->max_queue_bytes,
        .max_record_bytes = options->max_request_bytes,
        .ordered = simple,
        .wake = wake,
        .user = pipeline,
    };
    return ct_queue_init(&pipeline->queue, &queue);
}

static struct ct_pipeline *allocate(void)
{
    void *memory = NULL;
    if (posix_memalign(&memory, _Alignof(struct ct_pipeline), sizeof(struct ct_pipeline)) != 0)
        return NULL;
    return memset(memory, 0, sizeof(struct ct_pipeline));
}

static cotel_status init(struct ct_pipeline *pipeline, cotel_exporter *exporter,
                         const cotel_batch_processor_options *options, bool simple)
{
    pipeline->exporter = exporter;
    pipeline->concurrency = concurrency_of(exporter);
    set_limits(pipeline, options, simple);
    pipeline->operations = calloc(pipeline->concurrency, sizeof *pipeline->operations);
    if (pipeline->operations == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    if (!init_queue(pipeline, options, simple)) {
        free(pipeline->operations);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    if (ct_registry_add(&pipeline->queue, &pipeline->index))
        return COTEL_STATUS_OK;
    ct_queue_fini(&pipeline->queue);
    free(pipeline->operations);
    return COTEL_STATUS_LIMIT_REACHED;
}

cotel_status ct_pipeline_create(cotel_exporter *exporter,
                                const cotel_batch_processor_options *options, bool simple,
                                struct ct_pipeline **out)
{
    if (!is_usable(exporter) || !are_valid(options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    struct ct_pipeline *pipeline = allocate();
    if (pipeline == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    cotel_status status = init(pipeline, exporter, options, simple);
    if (status == COTEL_STATUS_OK)
        *out = pipeline;
    else
        free(pipeline);
    return status;
}

cotel_status ct_pipeline_attach(struct ct_pipeline *pipeline, cotel_runtime *runtime,
                                cotel_resource *resource)
{
    if (ct_pipeline_state(pipeline) != CT_PIPELINE_RUNNING)
        return COTEL_STATUS_SHUT_DOWN;
    if (atomic_load_explicit(&pipeline->runtime, memory_order_relaxed) != NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_resource_unref(pipeline->resource);
    pipeline->resource = cotel_resource_ref(resource);
    atomic_store_explicit(&pipeline->runtime, runtime, memory_order_release);
    if (ct_runtime_add(runtime, pipeline))
        return COTEL_STATUS_OK;
    atomic_store_explicit(&pipeline->runtime, NULL, memory_order_relaxed);
    return COTEL_STATUS_LIMIT_REACHED;
}

void ct_pipeline_detach(struct ct_pipeline *pipeline)
{
    atomic_store_explicit(&pipeline->runtime, NULL, memory_order_relaxed);
}

/* Whether the driver is done with it for good. */
static bool is_at_rest(struct ct_pipeline *pipeline)
{
    enum ct_pipeline_state state = ct_pipeline_state(pipeline);
    return state == CT_PIPELINE_STOPPED ||
           (state == CT_PIPELINE_RUNNING && ct_pipeline_is_idle(pipeline));
}

void ct_pipeline_destroy(struct ct_pipeline *pipeline)
{
    cotel_runtime *runtime = atomic_load_explicit(&pipeline->runtime, memory_order_relaxed);
    ct_registry_remove(pipeline->index);
    if (!is_at_rest(pipeline))
        return;
    if (runtime != NULL)
        ct_runtime_remove(runtime, pipeline);
    cotel_exporter_destroy(pipeline->exporter);
    cotel_resource_unref(pipeline->resource);
    ct_queue_fini(&pipeline->queue);
    free(pipeline->operations);
    free(pipeline);
}

/* What was under way is the parent's, with its batches. */
static void forget_operations(struct ct_pipeline *pipeline)
{
    memset(pipeline->operations, 0, pipeline->concurrency * sizeof *pipeline->operations);
    pipeline->active = 0;
    pipeline->parts = NULL;
    pipeline->in_flight_bytes = 0;
    atomic_init(&pipeline->in_flight, 0);
    atomic_init(&pipeline->accepted, 0);
    atomic_init(&pipeline->batches, 0);
}

static void forget_waiters(struct ct_pipeline *pipeline)
{
    pipeline->flushes = NULL;
    pipeline->flush_soon = false;
    pipeline->failed = false;
    pipeline->lost = 0;
    pipeline->told_lost = 0;
    pipeline->marked = 0;
    pipeline->abandoned = 0;
}

void ct_pipeline_forked(struct ct_pipeline *pipeline, cotel_resource *resource)
{
    bool was_stopped = ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED;
    /* The old resource is not given back: batches of the parent's may be in anybody's hands. */
    pipeline->resource = cotel_resource_ref(resource);
    ct_queue_forked(&pipeline->queue);
    forget_operations(pipeline);
    forget_waiters(pipeline);
    pipeline->waiting = (struct ct_queue_counts){0};
    pipeline->due_ns = 0;
    pipeline->retry_ns = 0;
    pipeline->ready = false;
    if (was_stopped)
        return;
    if (CT_HAS_OP(pipeline->exporter->ops, forked))
        pipeline->exporter->ops->forked(pipeline->exporter);
    /* A shutdown that was under way is finished here: nothing is left to send. */
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        atomic_store_explicit(&pipeline->state, CT_PIPELINE_STOPPED, memory_order_relaxed);
}
