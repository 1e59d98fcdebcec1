/* SPDX-License-Identifier: Apache-2.0 */
#include "producer.h"

#include "summary.h"

#include <stdlib.h>

struct summary_producer {
    cotel_metric_producer base;
    struct cotel_prom_registry *registry; /* with a reference; NULL: all over the global provider */
};

static _Atomic uint32_t global_producers;

static _Atomic uint32_t *count_of(struct cotel_prom_registry *registry)
{
    return registry ? &registry->producers : &global_producers;
}

bool ct_face_has_producer(struct cotel_prom_registry *registry)
{
    bool is_global = !atomic_load_explicit(&registry->provider, memory_order_relaxed);
    return atomic_load_explicit(count_of(registry), memory_order_relaxed) > 0 ||
           (is_global && atomic_load_explicit(count_of(NULL), memory_order_relaxed) > 0);
}

static cotel_status produce(cotel_metric_producer *self, cotel_metric_writer *writer)
{
    struct cotel_prom_registry *registry = ((struct summary_producer *)self)->registry;
    if (registry) {
        if (!atomic_load_explicit(&registry->closed, memory_order_relaxed))
            ct_face_write_summaries(registry, writer);
        return COTEL_STATUS_OK;
    }
    while ((registry = ct_face_registry_next(registry)) != NULL)
        ct_face_write_summaries(registry, writer);
    return COTEL_STATUS_OK;
}

static void destroy(cotel_metric_producer *self)
{
    struct cotel_prom_registry *registry = ((struct summary_producer *)self)->registry;
    atomic_fetch_sub_explicit(count_of(registry), 1, memory_order_relaxed);
    if (registry)
        ct_face_registry_unref(registry);
    free(self);
}

static const cotel_metric_producer_ops ops = {sizeof ops, produce, destroy};

cotel_metric_producer *cotel_prom_producer_create(cotel_prom_registry *registry)
{
    struct summary_producer *producer = malloc(sizeof *producer);
    if (!producer)
        return NULL;
    producer->base.ops = &ops;
    producer->registry = registry;
    atomic_fetch_add_explicit(count_of(registry), 1, memory_order_relaxed);
    if (registry)
        atomic_fetch_add_explicit(&registry->references, 1, memory_order_relaxed);
    return &producer->base;
}
