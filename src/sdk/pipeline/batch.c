/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a batch, and its lifetime. */
#include "sdk/pipeline/batch.h"

#include <stdlib.h>

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

/* The frame was written by ct_batch_take(): a tag of one byte and a length. */
static cotel_str next_span(cotel_str bytes, size_t *offset)
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
        (void)next_span(group->bytes, &offset);
    size_t start = offset;
    for (size_t i = 0; i < count; i++)
        (void)next_span(group->bytes, &offset);
    return (cotel_batch_group){group->scope, {group->bytes.data + start, offset - start}, count};
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
    slice->items = count;
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
    }
    return slice;
}

bool cotel_batch_next(const cotel_batch *batch, cotel_batch_cursor *cursor, cotel_span_view *span,
                      const cotel_scope_view **scope)
{
    if (batch == NULL || batch->signal != COTEL_SIGNAL_TRACES || cursor == NULL || span == NULL)
        return false;
    while (cursor->group < batch->group_count) {
        const cotel_batch_group *group = &batch->groups[cursor->group];
        if (cursor->offset >= group->bytes.size) {
            cursor->group++;
            cursor->offset = 0;
            continue;
        }
        if (!cotel_span_view_decode(next_span(group->bytes, &cursor->offset), span))
            continue;
        if (scope != NULL)
            *scope = group->scope;
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
