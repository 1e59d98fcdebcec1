/* SPDX-License-Identifier: Apache-2.0 */
/* The exporter for tests: takes everything at once, and keeps the batches as they are. */
#include <cotel/sdk/testing.h>

#include "base/fork.h"

#include <stdatomic.h>
#include <stdlib.h>

struct cotel_memory_exporter {
    cotel_exporter base;
    _Atomic uint32_t references;
    struct ct_fork_lock lock; /* guards what follows */
    cotel_batch **batches;
    size_t batch_count;
    size_t capacity;
    size_t span_count;
};

static cotel_memory_exporter *memory_of(cotel_exporter *self)
{
    return (cotel_memory_exporter *)self;
}

static bool make_room(cotel_memory_exporter *memory)
{
    if (memory->batch_count < memory->capacity)
        return true;
    size_t capacity = memory->capacity == 0 ? 16 : memory->capacity * 2;
    cotel_batch **batches = realloc(memory->batches, capacity * sizeof(cotel_batch *));
    if (batches == NULL)
        return false;
    memory->batches = batches;
    memory->capacity = capacity;
    return true;
}

static bool keep(cotel_memory_exporter *memory, cotel_batch *batch)
{
    (void)ct_fork_lock(&memory->lock);
    bool kept = make_room(memory);
    if (kept) {
        memory->batches[memory->batch_count++] = cotel_batch_ref(batch);
        memory->span_count += cotel_batch_count(batch);
    }
    ct_fork_unlock(&memory->lock);
    return kept;
}

static void begin(cotel_exporter *self, cotel_export *operation, cotel_batch *batch,
                  uint64_t deadline_ns)
{
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_ACCEPTED};
    if (!keep(memory_of(self), batch)) {
        result.outcome = COTEL_EXPORT_FAILED;
        result.message = "out of memory";
    }
    cotel_export_done(operation, &result);
}

/* Never called: no operation outlives begin(). */
static void cancel(cotel_exporter *self, cotel_export *operation)
{
    cotel_export_result result = {.size = sizeof result, .outcome = COTEL_EXPORT_CANCELLED};
    cotel_export_done(operation, &result);
}

/* What the parent has got is the parent's; its memory stays as it was. */
static void forked(cotel_exporter *self)
{
    cotel_memory_exporter *memory = memory_of(self);
    ct_fork_lock_init(&memory->lock);
    memory->batches = NULL;
    memory->batch_count = 0;
    memory->capacity = 0;
    memory->span_count = 0;
}

static void clear(cotel_memory_exporter *memory)
{
    for (size_t i = 0; i < memory->batch_count; i++)
        cotel_batch_unref(memory->batches[i]);
    memory->batch_count = 0;
    memory->span_count = 0;
}

static void unref(cotel_memory_exporter *memory)
{
    if (atomic_fetch_sub_explicit(&memory->references, 1, memory_order_acq_rel) != 1)
        return;
    clear(memory);
    free(memory->batches);
    free(memory);
}

static void destroy(cotel_exporter *self)
{
    unref(memory_of(self));
}

static const cotel_exporter_ops memory_ops = {
    .size = sizeof memory_ops,
    .type = "memory_span_exporter",
    .begin = begin,
    .cancel = cancel,
    .forked = forked,
    .destroy = destroy,
};

cotel_status cotel_memory_exporter_create(cotel_memory_exporter **out)
{
    if (out == NULL)
        return COTEL_STATUS_INVALID_ARGUMENT;
    cotel_memory_exporter *memory = calloc(1, sizeof *memory);
    if (memory == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    memory->base.ops = &memory_ops;
    atomic_init(&memory->references, 1);
    ct_fork_lock_init(&memory->lock);
    *out = memory;
    return COTEL_STATUS_OK;
}

cotel_exporter *cotel_memory_exporter_as_exporter(cotel_memory_exporter *memory)
{
    if (memory == NULL)
        return NULL;
    atomic_fetch_add_explicit(&memory->references, 1, memory_order_relaxed);
    return &memory->base;
}

size_t cotel_memory_exporter_count(cotel_memory_exporter *memory)
{
    if (memory == NULL)
        return 0;
    (void)ct_fork_lock(&memory->lock);
    size_t count = memory->span_count;
    ct_fork_unlock(&memory->lock);
    return count;
}

static bool get(cotel_memory_exporter *memory, size_t index, cotel_span_view *span,
                const cotel_scope_view **scope, cotel_resource **resource)
{
    size_t i = 0;
    while (i < memory->batch_count && index >= cotel_batch_count(memory->batches[i]))
        index -= cotel_batch_count(memory->batches[i++]);
    if (i == memory->batch_count)
        return false;
    cotel_batch_cursor cursor = {0, 0};
    do {
        if (!cotel_batch_next(memory->batches[i], &cursor, span, scope))
            return false;
    } while (index-- > 0);
    if (resource != NULL)
        *resource = cotel_batch_resource(memory->batches[i]);
    return true;
}

bool cotel_memory_exporter_get(cotel_memory_exporter *memory, size_t index, cotel_span_view *span,
                               const cotel_scope_view **scope, cotel_resource **resource)
{
    if (memory == NULL || span == NULL)
        return false;
    (void)ct_fork_lock(&memory->lock);
    bool found = get(memory, index, span, scope, resource);
    ct_fork_unlock(&memory->lock);
    return found;
}

void cotel_memory_exporter_clear(cotel_memory_exporter *memory)
{
    if (memory == NULL)
        return;
    (void)ct_fork_lock(&memory->lock);
    clear(memory);
    ct_fork_unlock(&memory->lock);
}

void cotel_memory_exporter_destroy(cotel_memory_exporter *memory)
{
    if (memory != NULL)
        unref(memory);
}
