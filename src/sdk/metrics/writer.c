/* SPDX-License-Identifier: Apache-2.0 */
/* Batches, scopes, and the writer's own life. */
#include "sdk/metrics/writer.h"

#include <stdlib.h>

#include "sdk/metrics/scope_table.h"
#include "sdk/metrics/writer_internal.h"
#include "wire/str.h"

#define FIRST_BATCHES 4

cotel_metric_writer *ct_metric_writer_create(const struct ct_metric_writer_options *options)
{
    cotel_metric_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return NULL;
    writer->options = *options;
    writer->scope = &ct_scope_empty;
    if (options->room != NULL) {
        writer->bytes = *options->room;
        *options->room = (struct ct_buffer)CT_BUFFER_INIT;
    }
    return writer;
}

static void give_room_back(cotel_metric_writer *writer)
{
    if (writer->options.room == NULL)
        return;
    *writer->options.room = writer->bytes;
    writer->options.room->size = 0;
    writer->bytes = (struct ct_buffer)CT_BUFFER_INIT;
}

void ct_metric_writer_destroy(cotel_metric_writer *writer)
{
    if (writer == NULL)
        return;
    give_room_back(writer);
    ct_buffer_fini(&writer->head);
    ct_buffer_fini(&writer->bytes);
    ct_scope_groups_fini(&writer->groups);
    free(writer->records);
    ct_metric_batches_fini(&writer->done);
    free(writer);
}

void ct_metric_batches_fini(struct ct_metric_batches *batches)
{
    for (size_t i = 0; i < batches->count; i++)
        cotel_batch_unref(batches->items[i]);
    free(batches->items);
    *batches = (struct ct_metric_batches){.items = NULL};
}

uint64_t ct_metric_writer_lost(const cotel_metric_writer *writer)
{
    return writer->lost;
}

uint64_t ct_metric_writer_malformed(const cotel_metric_writer *writer)
{
    return writer->malformed;
}

static bool reserve_batch(cotel_metric_writer *writer)
{
    if (writer->done.count < writer->done_capacity)
        return true;
    size_t capacity = writer->done_capacity != 0 ? writer->done_capacity * 2 : FIRST_BATCHES;
    cotel_batch **items = realloc(writer->done.items, capacity * sizeof(*items));
    if (items == NULL)
        return false;
    writer->done.items = items;
    writer->done_capacity = capacity;
    return true;
}

static bool make_batch(cotel_metric_writer *writer)
{
    const struct ct_metric_records records = {.scopes = writer->groups.scopes,
                                              .scope_count = writer->groups.count,
                                              .items = writer->records,
                                              .count = writer->record_count,
                                              .bytes = writer->bytes.data,
                                              .points = writer->batch_points};
    cotel_batch *batch =
        reserve_batch(writer) ? ct_batch_of_metrics(&records, writer->options.resource) : NULL;
    if (batch == NULL)
        return false;
    writer->done.items[writer->done.count++] = batch;
    return true;
}

void ct_metric_writer_close_batch(cotel_metric_writer *writer)
{
    ct_metric_writer_close_metric(writer);
    if (writer->record_count != 0 && !make_batch(writer))
        writer->lost += writer->batch_points;
    ct_scope_groups_clear(&writer->groups);
    writer->bytes.size = 0;
    writer->record_count = 0;
    writer->record_bytes = 0;
    writer->batch_points = 0;
}

void ct_metric_writer_finish(cotel_metric_writer *writer, struct ct_metric_batches *out)
{
    ct_metric_writer_close_batch(writer);
    writer->interest = CT_INTEREST_NO_METRIC;
    *out = writer->done;
    writer->done = (struct ct_metric_batches){.items = NULL};
    writer->done_capacity = 0;
}

void ct_metric_writer_set_scope(cotel_metric_writer *writer, const cotel_scope_view *scope)
{
    ct_metric_writer_close_metric(writer);
    writer->interest = CT_INTEREST_NO_METRIC;
    writer->scope = scope;
}

static cotel_str text_of(const char *text)
{
    return text != NULL ? cotel_str_of(text) : cotel_str_n(NULL, 0);
}

void cotel_metric_writer_scope(cotel_metric_writer *writer, const char *name, const char *version,
                               const char *schema_url, const cotel_attribute *attributes,
                               size_t count)
{
    if (writer == NULL)
        return;
    const struct ct_scope scope = {.name = text_of(name),
                                   .version = text_of(version),
                                   .schema_url = text_of(schema_url),
                                   .attributes = attributes,
                                   .attribute_count = attributes != NULL ? count : 0};
    ct_metric_writer_set_scope(writer, ct_scope_table_get(&scope));
}
