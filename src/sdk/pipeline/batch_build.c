/* SPDX-License-Identifier: Apache-2.0 */
/* Making a batch out of what is in a queue. */
#include "sdk/pipeline/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ScopeSpans.spans: field 2, length-delimited. */
#define SPANS_TAG 0x12

static size_t frame_size(uint32_t size)
{
    size_t bytes = 2;
    for (; size >= 0x80; size >>= 7)
        bytes++;
    return bytes;
}

static char *write_frame(char *out, uint32_t size)
{
    *out++ = SPANS_TAG;
    for (; size >= 0x80; size >>= 7)
        *out++ = (char)(size | 0x80);
    *out++ = (char)size;
    return out;
}

static const struct ct_record *record_at(const struct ct_chunk *chunk, ct_position position)
{
    return (const struct ct_record *)(chunk->data + ct_position_bytes(position));
}

static ct_position behind(const struct ct_record *record, ct_position position)
{
    return position + ct_position_of(ct_record_room(record->size), 1);
}

static struct ct_chunk *first_chunk(struct ct_queue *queue)
{
    return atomic_load_explicit(&queue->head, memory_order_acquire);
}

static struct ct_chunk *next_chunk(struct ct_chunk *chunk)
{
    return atomic_load_explicit(&chunk->next, memory_order_acquire);
}

static ct_position consumed_of(struct ct_chunk *chunk)
{
    return atomic_load_explicit(&chunk->consumed, memory_order_relaxed);
}

static struct ct_planned_group *find_group(struct ct_batch_plan *plan,
                                           const cotel_scope_view *scope)
{
    if (plan->group_count > 0 && plan->groups[plan->last_group].scope == scope)
        return &plan->groups[plan->last_group];
    for (uint32_t i = 0; i < plan->group_count; i++) {
        if (plan->groups[i].scope == scope) {
            plan->last_group = i;
            return &plan->groups[i];
        }
    }
    return NULL;
}

/* The group of a scope, a new one if need be; NULL when there are too many. */
static struct ct_planned_group *group_of(struct ct_batch_plan *plan, const cotel_scope_view *scope)
{
    struct ct_planned_group *known = find_group(plan, scope);
    if (known != NULL || plan->group_count == CT_BATCH_MAX_GROUPS)
        return known;
    plan->last_group = plan->group_count++;
    struct ct_planned_group *group = &plan->groups[plan->last_group];
    *group = (struct ct_planned_group){.scope = scope};
    return group;
}

static bool add_record(struct ct_batch_plan *plan, const struct ct_record *record,
                       const struct ct_batch_limits *limits)
{
    size_t bytes = frame_size(record->size) + record->size;
    if (plan->records == limits->records)
        return false;
    if (plan->records > 0 && (plan->bytes > limits->bytes || bytes > limits->bytes - plan->bytes))
        return false;
    struct ct_planned_group *group = group_of(plan, record->scope);
    if (group == NULL)
        return false;
    group->count++;
    group->bytes += bytes;
    plan->records++;
    plan->bytes += bytes;
    return true;
}

/* @return false when the batch is full. */
static bool plan_chunk(struct ct_batch_plan *plan, struct ct_chunk *chunk, ct_position end,
                       const struct ct_batch_limits *limits)
{
    ct_position at = chunk->planned;
    while (ct_position_bytes(at) < ct_position_bytes(end)) {
        const struct ct_record *record = record_at(chunk, at);
        if (!add_record(plan, record, limits))
            return false;
        plan->marked += ct_position_bytes(at) < ct_position_bytes(chunk->mark);
        at = behind(record, at);
        chunk->planned = at;
    }
    return true;
}

bool ct_batch_plan(struct ct_batch_plan *plan, struct ct_queue *queue,
                   const struct ct_batch_limits *limits)
{
    plan->group_count = 0;
    plan->last_group = 0;
    plan->records = 0;
    plan->marked = 0;
    plan->bytes = 0;
    for (struct ct_chunk *chunk = first_chunk(queue); chunk != NULL; chunk = next_chunk(chunk)) {
        assert(chunk->generation == queue->generation);
        /* State before position: what is committed to a sealed chunk is all there will be. */
        uint32_t state = atomic_load_explicit(&chunk->state, memory_order_acquire);
        ct_position end = atomic_load_explicit(&chunk->committed, memory_order_acquire);
        chunk->planned = consumed_of(chunk);
        if (!plan_chunk(plan, chunk, limits->marked_only ? chunk->mark : end, limits))
            break;
        /* What stands in later chunks may be younger than what is just being put into this one. */
        if (queue->options.ordered && state != CT_CHUNK_SEALED)
            break;
    }
    return plan->records > 0;
}

static cotel_batch *allocate(struct ct_batch_plan *plan, cotel_resource *resource)
{
    size_t head = sizeof(cotel_batch) + plan->group_count * sizeof(cotel_batch_group);
    cotel_batch *batch = malloc(head + plan->bytes);
    if (batch == NULL)
        return NULL;
    atomic_init(&batch->references, 1);
    batch->whole = NULL;
    batch->group_count = plan->group_count;
    batch->resource = cotel_resource_ref(resource);
    batch->signal = COTEL_SIGNAL_TRACES;
    batch->count = plan->records;
    batch->items = plan->records;
    batch->bytes = plan->bytes;
    char *at = (char *)batch + head;
    for (uint32_t i = 0; i < plan->group_count; i++) {
        struct ct_planned_group *group = &plan->groups[i];
        batch->groups[i] = (cotel_batch_group){group->scope, {at, group->bytes}, group->count};
        group->at = at;
        at += group->bytes;
    }
    return batch;
}

static uint32_t copy_chunk(struct ct_batch_plan *plan, struct ct_chunk *chunk)
{
    ct_position at = consumed_of(chunk);
    uint32_t records = ct_position_records(chunk->planned) - ct_position_records(at);
    while (at != chunk->planned) {
        const struct ct_record *record = record_at(chunk, at);
        struct ct_planned_group *group = find_group(plan, record->scope);
        assert(group != NULL && group->at != NULL); /* it was planned */
        group->at = write_frame(group->at, record->size);
        memcpy(group->at, record + 1, record->size);
        group->at += record->size;
        at = behind(record, at);
    }
    atomic_store_explicit(&chunk->consumed, at, memory_order_relaxed);
    return records;
}

cotel_batch *ct_batch_take(struct ct_batch_plan *plan, struct ct_queue *queue,
                           cotel_resource *resource)
{
    cotel_batch *batch = allocate(plan, resource);
    if (batch == NULL)
        return NULL;
    uint32_t left = plan->records;
    for (struct ct_chunk *chunk = first_chunk(queue); left > 0; chunk = next_chunk(chunk))
        left -= copy_chunk(plan, chunk);
    atomic_fetch_add_explicit(&queue->drained, plan->records, memory_order_relaxed);
    ct_queue_return_credits(queue, plan->records);
    return batch;
}
