/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/registry.h"

/* Each change is one store, so a fork finds nothing half-changed. */
static struct ct_fork_lock lock = CT_FORK_LOCK_INIT;
static struct ct_queue *queues[CT_MAX_PIPELINES];

bool ct_registry_add(struct ct_queue *queue, uint32_t *index)
{
    uint32_t i = 0;
    (void)ct_fork_lock(&lock);
    while (i < CT_MAX_PIPELINES && queues[i] != NULL)
        i++;
    if (i < CT_MAX_PIPELINES)
        queues[i] = queue;
    ct_fork_unlock(&lock);
    *index = i;
    return i < CT_MAX_PIPELINES;
}

void ct_registry_remove(uint32_t index)
{
    (void)ct_fork_lock(&lock);
    queues[index] = NULL;
    ct_fork_unlock(&lock);
}

void ct_producer_retire(struct ct_producer *producer, uint32_t pipeline_index)
{
    if (producer->pipeline_generation == 0)
        return;
    (void)ct_fork_lock(&lock);
    struct ct_queue *queue = queues[pipeline_index];
    if (queue != NULL && queue->generation == producer->pipeline_generation)
        ct_queue_retire(queue, producer);
    ct_fork_unlock(&lock);
    *producer = (struct ct_producer){0};
}

void ct_producer_forget(struct ct_producer *producer)
{
    *producer = (struct ct_producer){0};
}
