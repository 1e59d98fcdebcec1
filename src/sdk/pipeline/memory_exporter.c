/* SPDX-License-Identifier: Apache-2.0 */
/* The exporter for tests: takes everything at once, and keeps the batches as they are. */
#include <cotel/sdk/testing.h>

#include "base/fork.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define SIGNALS (COTEL_SIGNAL_METRICS + 1)

struct cotel_memory_exporter {
    cotel_exporter base;
    _Atomic uint32_t references;
    struct ct_fork_lock lock; /* guards what follows */
    cotel_batch **batches;
    size_t batch_count;
    size_t capacity;
    size_t counts[SIGNALS]; /* of records, by signal */
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
        memory->counts[cotel_batch_signal(batch)] += cotel_batch_count(batch);
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
    memset(memory->counts, 0, sizeof memory->counts);
}

static void clear(cotel_memory_exporter *memory)
{
    for (size_t i = 0; i < memory->batch_count; i++)
        cotel_batch_unref(memory->batches[i]);
    memory->batch_count = 0;
    memset(memory->counts, 0, sizeof memory->counts);
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

static size_t count_of(cotel_memory_exporter *memory, cotel_signal signal)
{
    if (memory == NULL)
        return 0;
    (void)ct_fork_lock(&memory->lock);
    size_t count = memory->counts[signal];
    ct_fork_unlock(&memory->lock);
    return count;
}

size_t cotel_memory_exporter_count(cotel_memory_exporter *memory)
{
    return count_of(memory, COTEL_SIGNAL_TRACES);
}

size_t cotel_memory_exporter_metric_count(cotel_memory_exporter *memory)
{
    return count_of(memory, COTEL_SIGNAL_METRICS);
}

size_t cotel_memory_exporter_batch_count(cotel_memory_exporter *memory)
{
    if (memory == NULL)
        return 0;
    (void)ct_fork_lock(&memory->lock);
    size_t count = memory->batch_count;
    ct_fork_unlock(&memory->lock);
    return count;
}

/* With the lock held: the batch of a signal that has its index-th record, which becomes one among
 * the batch's. NULL: there are not that many. */
static cotel_batch *find(cotel_memory_exporter *memory, cotel_signal signal, size_t *index)
{
    for (size_t i = 0; i < memory->batch_count; i++) {
        cotel_batch *batch = memory->batches[i];
        if (cotel_batch_signal(batch) != signal)
            continue;
        if (*index < cotel_batch_count(batch))
            return batch;
        *index -= cotel_batch_count(batch);
    }
    return NULL;
}

/* With the lock held, as the next one. */
static bool get_span(cotel_memory_exporter *memory, size_t index, cotel_span_view *span,
                     const cotel_scope_view **scope, cotel_resource **resource)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_batch *batch = find(memory, COTEL_SIGNAL_TRACES, &index);
    do {
        if (!cotel_batch_next(batch, &cursor, span, scope))
            return false;
    } while (index-- > 0);
    if (resource != NULL)
        *resource = cotel_batch_resource(batch);
    return true;
}

static bool get_metric(cotel_memory_exporter *memory, size_t index, cotel_metric_data *metric,
                       const cotel_scope_view **scope, cotel_resource **resource)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_batch *batch = find(memory, COTEL_SIGNAL_METRICS, &index);
    do {
        if (!cotel_batch_next_metric(batch, &cursor, metric, scope))
            return false;
    } while (index-- > 0);
    if (resource != NULL)
        *resource = cotel_batch_resource(batch);
    return true;
}

bool cotel_memory_exporter_get(cotel_memory_exporter *memory, size_t index, cotel_span_view *span,
                               const cotel_scope_view **scope, cotel_resource **resource)
{
    if (memory == NULL || span == NULL)
        return false;
    (void)ct_fork_lock(&memory->lock);
    bool found = get_span(memory, index, span, scope, resource);
    ct_fork_unlock(&memory->lock);
    return found;
}

bool cotel_memory_exporter_get_metric(cotel_memory_exporter *memory, size_t index,
                                      cotel_metric_data *metric, const cotel_scope_view **scope,
                                      cotel_resource **resource)
{
    if (memory == NULL || metric == NULL)
        return false;
    (void)ct_fork_lock(&memory->lock);
    bool found = get_metric(memory, index, metric, scope, resource);
    ct_fork_unlock(&memory->lock);
    return found;
}

cotel_batch *cotel_memory_exporter_get_batch(cotel_memory_exporter *memory, size_t index)
{
    if (memory == NULL)
        return NULL;
    (void)ct_fork_lock(&memory->lock);
    cotel_batch *batch =
        index < memory->batch_count ? cotel_batch_ref(memory->batches[index]) : NULL;
    ct_fork_unlock(&memory->lock);
    return batch;
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
