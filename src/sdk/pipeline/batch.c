/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a batch, and its lifetime. */
#include "sdk/pipeline/batch.h"

#include <stdlib.h>

cotel_resource *cotel_batch_resource(const cotel_batch *batch)
{
    return batch != NULL ? batch->resource : NULL;
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

bool cotel_batch_next(const cotel_batch *batch, cotel_batch_cursor *cursor, cotel_span_view *span,
                      const cotel_scope_view **scope)
{
    if (batch == NULL || cursor == NULL || span == NULL)
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
    free(batch);
}
