/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/pipeline/batch_metrics.h"

#include <stdlib.h>
#include <string.h>

#include "sdk/pipeline/batch.h"
#include "sdk/view/read.h"
#include "wire/field_numbers.h"

static cotel_batch *allocate(const struct ct_metric_records *records, cotel_resource *resource)
{
    size_t bytes = 0;
    for (size_t i = 0; i < records->count; i++)
        bytes += records->items[i].size;
    size_t head = sizeof(cotel_batch) + records->scope_count * sizeof(cotel_batch_group);
    cotel_batch *batch = malloc(head + bytes);
    if (batch == NULL)
        return NULL;
    atomic_init(&batch->references, 1);
    batch->whole = NULL;
    batch->group_count = records->scope_count;
    batch->resource = cotel_resource_ref(resource);
    batch->signal = COTEL_SIGNAL_METRICS;
    batch->count = records->count;
    batch->items = records->points;
    batch->bytes = bytes;
    return batch;
}

static void measure_groups(cotel_batch *batch, const struct ct_metric_records *records)
{
    for (uint32_t i = 0; i < records->scope_count; i++)
        batch->groups[i] = (cotel_batch_group){.scope = records->scopes[i]};
    for (size_t i = 0; i < records->count; i++) {
        cotel_batch_group *group = &batch->groups[records->items[i].group];
        group->bytes.size += records->items[i].size;
        group->count++;
    }
}

/* Each group grows again to the size that was measured. */
static void fill_groups(cotel_batch *batch, const struct ct_metric_records *records)
{
    char *at = (char *)&batch->groups[records->scope_count];
    for (uint32_t i = 0; i < records->scope_count; i++) {
        batch->groups[i].bytes.data = at;
        at += batch->groups[i].bytes.size;
        batch->groups[i].bytes.size = 0;
    }
    for (size_t i = 0; i < records->count; i++) {
        const struct ct_metric_record *record = &records->items[i];
        cotel_str *bytes = &batch->groups[record->group].bytes;
        memcpy((char *)bytes->data + bytes->size, records->bytes + record->offset, record->size);
        bytes->size += record->size;
    }
}

/* A scope may have come to nothing after all. */
static void drop_empty_groups(cotel_batch *batch)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < batch->group_count; i++) {
        if (batch->groups[i].count != 0)
            batch->groups[kept++] = batch->groups[i];
    }
    batch->group_count = kept;
}

cotel_batch *ct_batch_of_metrics(const struct ct_metric_records *records, cotel_resource *resource)
{
    cotel_batch *batch = allocate(records, resource);
    if (batch == NULL)
        return NULL;
    measure_groups(batch, records);
    fill_groups(batch, records);
    drop_empty_groups(batch);
    return batch;
}

static size_t points_of(const cotel_metric_data *metric)
{
    size_t count = 0;
    cotel_str point;
    for (cotel_iterator i = cotel_metric_data_points(metric); ct_iterator_next(&i, &point);)
        count++;
    return count;
}

size_t ct_count_points(cotel_str bytes)
{
    size_t count = 0;
    cotel_str record;
    cotel_metric_data metric;
    for (cotel_iterator i = ct_iterator_of(bytes, CT_SCOPE_RECORDS);
         ct_iterator_next(&i, &record);) {
        if (cotel_metric_data_decode(record, &metric))
            count += points_of(&metric);
    }
    return count;
}
