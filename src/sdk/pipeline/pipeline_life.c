/* SPDX-License-Identifier: Apache-2.0 */
/* A pipeline's beginning and end. */
#include "sdk/pipeline/exporter_ops.h"
#include "sdk/pipeline/pipeline.h"
#include "sdk/pipeline/runtime_internal.h"

#include <stdlib.h>
#include <string.h>

static bool is_usable(const cotel_exporter *exporter)
{
    if (exporter == NULL || !CT_HAS_OP(exporter->ops, begin))
        return false;
    return CT_HAS_OP(exporter->ops, cancel);
}

static uint32_t concurrency_of(const cotel_exporter *exporter, uint32_t most)
{
    size_t many = CT_REACHES(exporter->ops, concurrency) ? exporter->ops->concurrency : 0;
    return many == 0 ? 1 : (uint32_t)(many < most ? many : most);
}

void *ct_pipeline_allocate(size_t size)
{
    void *memory = NULL;
    if (posix_memalign(&memory, CT_CACHE_LINE, size) != 0)
        return NULL;
    return memset(memory, 0, size);
}

cotel_status ct_pipeline_init(struct ct_pipeline *pipeline, const struct ct_input *input,
                              cotel_exporter *exporter, uint32_t concurrency)
{
    if (!is_usable(exporter))
        return COTEL_STATUS_INVALID_ARGUMENT;
    pipeline->input = input;
    pipeline->exporter = exporter;
    pipeline->concurrency = concurrency_of(exporter, concurrency);
    pipeline->operations = calloc(pipeline->concurrency, sizeof *pipeline->operations);
    return pipeline->operations != NULL ? COTEL_STATUS_OK : COTEL_STATUS_OUT_OF_MEMORY;
}

void ct_pipeline_fini(struct ct_pipeline *pipeline)
{
    free(pipeline->operations);
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

bool ct_pipeline_destroy(struct ct_pipeline *pipeline)
{
    cotel_runtime *runtime = atomic_load_explicit(&pipeline->runtime, memory_order_relaxed);
    if (pipeline->input->close != NULL)
        pipeline->input->close(pipeline);
    if (!is_at_rest(pipeline))
        return false;
    if (runtime != NULL)
        ct_runtime_remove(runtime, pipeline);
    cotel_exporter_destroy(pipeline->exporter);
    cotel_resource_unref(pipeline->resource);
    pipeline->input->fini(pipeline);
    ct_pipeline_fini(pipeline);
    free(pipeline);
    return true;
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
    for (size_t i = 0; i < COTEL_DROP_REASONS; i++)
        atomic_init(&pipeline->dropped[i], 0);
}

static void forget_waiters(struct ct_pipeline *pipeline)
{
    pipeline->flushes = NULL;
    pipeline->flush_soon = false;
    pipeline->failed = false;
    pipeline->lost = 0;
    pipeline->abandoned = 0;
}

void ct_pipeline_forked(struct ct_pipeline *pipeline, cotel_resource *resource)
{
    bool was_stopped = ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPED;
    /* The old resource is not given back: batches of the parent's may be in anybody's hands. */
    pipeline->resource = cotel_resource_ref(resource);
    pipeline->input->forked(pipeline);
    forget_operations(pipeline);
    forget_waiters(pipeline);
    pipeline->ready = false;
    if (was_stopped)
        return;
    if (CT_HAS_OP(pipeline->exporter->ops, forked))
        pipeline->exporter->ops->forked(pipeline->exporter);
    /* A shutdown that was under way is finished here: nothing is left to send. */
    if (ct_pipeline_state(pipeline) == CT_PIPELINE_STOPPING)
        atomic_store_explicit(&pipeline->state, CT_PIPELINE_STOPPED, memory_order_relaxed);
}
