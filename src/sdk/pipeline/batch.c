/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a batch, and its lifetime. */
#include "sdk/pipeline/batch.h"

#include <stdlib.h>

#include "sdk/pipeline/batch_metrics.h"

cotel_resource *cotel_batch_resource(const cotel_batch *batch)
{
    return batch != NULL ? batch->resource : NULL;
}

cotel_signal cotel_batch_signal(const cotel_batch *batch)
{
    return batch != NULL ? batch->signal : COTEL_SIGNAL_TRACES;
}

size_t cotel_batch_items(const cotel_batch *batch)
{
    return batch != NULL ? batch->items : 0;
}

size_t cotel_batch_count(const cotel_batch *batch)
{
    return batch != NULL ? batch->count : 0;
}

const cotel_batch_group *cotel_batch_groups(const cotel_batch *batch, size_t *count)
{
    if (count != NULL)
        *count = batch != NULL ? batch->group_count : 0;
    return batch != NULL ? batch->groups : NULL;
}

/* The frame is of our own writing: a tag of one byte and a length. */
static cotel_str next_record(cotel_str bytes, size_t *offset)
{
    size_t at = *offset + 1;
    size_t size = 0;
    unsigned shift = 0;
    unsigned char byte;
    do {
        byte = (unsigned char)bytes.data[at++];
        size |= (size_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    *offset = at + size;
    return (cotel_str){bytes.data + at, size};
}

/* The `count` records of a group behind the first `skipped` ones. */
static cotel_batch_group slice_group(const cotel_batch_group *group, size_t skipped, size_t count)
{
    size_t offset = 0;
    while (skipped-- > 0)
        (void)next_record(group->bytes, &offset);
    size_t start = offset;
    for (size_t i = 0; i < count; i++)
        (void)next_record(group->bytes, &offset);
    return (cotel_batch_group){group->scope, {group->bytes.data + start, offset - start}, count};
}

/* Spans, or points. */
static size_t group_items(cotel_signal signal, const cotel_batch_group *group)
{
    return signal == COTEL_SIGNAL_METRICS ? ct_count_points(group->bytes) : group->count;
}

cotel_batch *ct_batch_slice(cotel_batch *whole, size_t first, size_t count)
{
    cotel_batch *slice = malloc(sizeof *slice + whole->group_count * sizeof(cotel_batch_group));
    if (slice == NULL)
        return NULL;
    atomic_init(&slice->references, 1);
    slice->whole = cotel_batch_ref(whole);
    slice->resource = cotel_resource_ref(whole->resource);
    slice->group_count = 0;
    slice->signal = whole->signal;
    slice->count = count;
    slice->items = 0;
    slice->bytes = 0;
    for (const cotel_batch_group *group = whole->groups; count > 0; group++) {
        size_t skipped = first < group->count ? first : group->count;
        size_t taken = group->count - skipped < count ? group->count - skipped : count;
        first -= skipped;
        count -= taken;
        if (taken == 0)
            continue;
        cotel_batch_group *part = &slice->groups[slice->group_count++];
        *part = slice_group(group, skipped, taken);
        slice->bytes += part->bytes.size;
        slice->items += group_items(whole->signal, part);
    }
    return slice;
}

/* The record at the cursor, which steps behind it. */
static bool step(const cotel_batch *batch, cotel_batch_cursor *cursor, cotel_str *record,
                 const cotel_scope_view **scope)
{
    for (; cursor->group < batch->group_count; cursor->group++, cursor->offset = 0) {
        const cotel_batch_group *group = &batch->groups[cursor->group];
        if (cursor->offset >= group->bytes.size)
            continue;
        *record = next_record(group->bytes, &cursor->offset);
        if (scope != NULL)
            *scope = group->scope;
        return true;
    }
    return false;
}

static bool holds(const cotel_batch *batch, cotel_signal signal)
{
    return batch != NULL && batch->signal == signal;
}

bool cotel_batch_next(const cotel_batch *batch, cotel_batch_cursor *cursor, cotel_span_view *span,
                      const cotel_scope_view **scope)
{
    if (!holds(batch, COTEL_SIGNAL_TRACES) || cursor == NULL || span == NULL)
        return false;
    cotel_str record;
    while (step(batch, cursor, &record, scope)) {
        if (cotel_span_view_decode(record, span))
            return true;
    }
    return false;
}

bool cotel_batch_next_metric(const cotel_batch *batch, cotel_batch_cursor *cursor,
                             cotel_metric_data *metric, const cotel_scope_view **scope)
{
    if (!holds(batch, COTEL_SIGNAL_METRICS) || cursor == NULL || metric == NULL)
        return false;
    cotel_str record;
    while (step(batch, cursor, &record, scope)) {
        if (cotel_metric_data_decode(record, metric))
            return true;
    }
    return false;
}

cotel_batch *cotel_batch_ref(cotel_batch *batch)
{
    if (batch != NULL)
        atomic_fetch_add_explicit(&batch->references, 1, memory_order_relaxed);
    return batch;
}

void cotel_batch_unref(cotel_batch *batch)
{
    /* Release: what its reader did with it comes before. Acquire: before it is freed. */
    if (batch == NULL ||
        atomic_fetch_sub_explicit(&batch->references, 1, memory_order_acq_rel) != 1)
        return;
    cotel_resource_unref(batch->resource);
    cotel_batch_unref(batch->whole);
    free(batch);
}
