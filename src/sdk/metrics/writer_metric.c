/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics and their points. */
#include <stdlib.h>

#include "base/compiler.h"
#include "base/sized.h"
#include "sdk/metrics/point_check.h"
#include "sdk/metrics/point_encode.h"
#include "sdk/metrics/writer_internal.h"
#include "sdk/view/read.h"
#include "wire/field_numbers.h"
#include "wire/value.h"
#include "wire/writer.h"

#define FIRST_RECORDS 16

/* The longest tag and length of a field. */
#define FRAME_MAX (1 + 10)
/* What stands behind the points: temporality, and whether it is monotonic. */
#define TAIL_MAX 4

/* ---- heads ---- */

/* Writes a text as a field, and gives what was written of the text itself. */
static cotel_str put_text(uint8_t **at, uint32_t field, cotel_str text)
{
    size_t size = ct_text_size(text, UINT32_MAX);
    *at = ct_text_field_write(*at, field, text);
    return cotel_str_n((const char *)*at - size, size);
}

static bool has_temporality(cotel_metric_type type)
{
    return type != COTEL_METRIC_GAUGE && type != COTEL_METRIC_SUMMARY;
}

static bool copy_head(cotel_metric_writer *writer, const cotel_metric_head *head)
{
    size_t size = ct_text_field_size(CT_METRIC_NAME, head->name) +
                  ct_text_field_size(CT_METRIC_DESCRIPTION, head->description) +
                  ct_text_field_size(CT_METRIC_UNIT, head->unit);
    writer->head.size = 0;
    if (!ct_buffer_reserve(&writer->head, size + 1)) /* + 1: there is a place for empty texts */
        return false;
    writer->head.size = size;
    writer->metric = (cotel_metric_data){.type = head->type};
    uint8_t *at = writer->head.data;
    writer->metric.name = put_text(&at, CT_METRIC_NAME, head->name);
    writer->metric.description = put_text(&at, CT_METRIC_DESCRIPTION, head->description);
    writer->metric.unit = put_text(&at, CT_METRIC_UNIT, head->unit);
    if (has_temporality(head->type))
        writer->metric.temporality = head->temporality;
    if (head->type == COTEL_METRIC_SUM)
        writer->metric.is_monotonic = head->is_monotonic;
    return true;
}

static enum ct_interest ask_filter(const cotel_metric_writer *writer)
{
    const cotel_metric_filter *filter = writer->options.filter;
    if (!CT_HAS_OP(filter, test_metric))
        return CT_INTEREST_ALL;
    switch (filter->test_metric(filter->user, writer->scope, &writer->metric)) {
    case COTEL_METRIC_DROP:
        return CT_INTEREST_NONE;
    case COTEL_METRIC_ACCEPT_PARTIAL:
        return CT_HAS_OP(filter, test_attributes) ? CT_INTEREST_SOME : CT_INTEREST_ALL;
    case COTEL_METRIC_ACCEPT:
        break;
    }
    return CT_INTEREST_ALL;
}

bool cotel_metric_writer_metric(cotel_metric_writer *writer, const cotel_metric_head *metric)
{
    if (writer == NULL)
        return false;
    ct_metric_writer_close_metric(writer);
    cotel_metric_head whole = {.size = 0};
    if (metric == NULL || !ct_sized_read(&whole, sizeof whole, metric) ||
        !ct_metric_head_is_good(&whole)) {
        writer->malformed++;
        writer->interest = CT_INTEREST_NONE;
        return false;
    }
    /* Without memory for it the caller goes on, so that its points are counted. */
    writer->interest = copy_head(writer, &whole) ? ask_filter(writer) : CT_INTEREST_LOST;
    return writer->interest != CT_INTEREST_NONE;
}

/* ---- records ---- */

static size_t head_room(const cotel_metric_writer *writer)
{
    return FRAME_MAX + writer->head.size + FRAME_MAX; /* of the record, and of its data */
}

static bool reserve_record(cotel_metric_writer *writer)
{
    if (writer->record_count < writer->record_capacity)
        return true;
    size_t capacity = writer->record_capacity != 0 ? writer->record_capacity * 2 : FIRST_RECORDS;
    struct ct_metric_record *records = realloc(writer->records, capacity * sizeof(*records));
    if (records == NULL)
        return false;
    writer->records = records;
    writer->record_capacity = capacity;
    return true;
}

/* Gets all that closing the metric will need, so that closing can't fail. */
static bool place_metric(cotel_metric_writer *writer)
{
    if (!reserve_record(writer) || !ct_buffer_reserve(&writer->bytes, head_room(writer)))
        return false;
    writer->group = ct_scope_groups_get(&writer->groups, writer->scope);
    if (writer->group == CT_SCOPE_GROUP_NONE)
        return false;
    writer->metric_at = writer->bytes.size;
    writer->bytes.size += head_room(writer);
    writer->metric_points = 0;
    writer->is_placed = true;
    return true;
}

static uint8_t *put_tail(uint8_t *at, const cotel_metric_data *metric)
{
    if (metric->temporality != COTEL_TEMPORALITY_UNSPECIFIED)
        at = ct_put_field_varint(at, CT_METRIC_TEMPORALITY, metric->temporality);
    if (metric->is_monotonic)
        at = ct_put_field_varint(at, CT_METRIC_IS_MONOTONIC, true);
    return at;
}

static void add_record(cotel_metric_writer *writer)
{
    uint8_t *points = writer->bytes.data + writer->metric_at + head_room(writer);
    uint8_t *end = put_tail(writer->bytes.data + writer->bytes.size, &writer->metric);
    size_t data_size = (size_t)(end - points);
    size_t size = writer->head.size + ct_field_bytes_size(writer->metric.type, data_size);
    size_t framed = ct_field_bytes_size(CT_SCOPE_RECORDS, size);
    uint8_t *at = ct_put_length(end - framed, CT_SCOPE_RECORDS, size);
    at = ct_put_bytes(at, writer->head.data, writer->head.size);
    (void)ct_put_length(at, writer->metric.type, data_size);
    writer->records[writer->record_count++] =
        (struct ct_metric_record){.group = writer->group,
                                  .offset = (size_t)(end - writer->bytes.data) - framed,
                                  .size = framed};
    writer->bytes.size = (size_t)(end - writer->bytes.data);
    writer->record_bytes += framed;
}

void ct_metric_writer_close_metric(cotel_metric_writer *writer)
{
    if (!writer->is_placed)
        return;
    writer->is_placed = false;
    if (writer->metric_points != 0)
        add_record(writer);
    else
        writer->bytes.size = writer->metric_at;
}

/* ---- points ---- */

/* Whether the batch has to go before a point. The head's room stands for the head. */
static bool is_full(const cotel_metric_writer *writer, size_t framed)
{
    const struct ct_metric_writer_options *options = &writer->options;
    if (writer->batch_points == 0)
        return false;
    if (writer->batch_points == options->max_points)
        return true;
    size_t open = writer->is_placed ? writer->bytes.size - writer->metric_at : head_room(writer);
    return options->max_bytes != 0 &&
           writer->record_bytes + open + framed + TAIL_MAX > options->max_bytes;
}

uint8_t *ct_metric_writer_begin_point(cotel_metric_writer *writer, size_t size)
{
    if (CT_UNLIKELY(writer->interest < CT_INTEREST_SOME)) {
        writer->lost += writer->interest == CT_INTEREST_LOST;
        return NULL;
    }
    size_t framed = ct_field_bytes_size(CT_METRIC_POINTS, size);
    if (CT_UNLIKELY(is_full(writer, framed)))
        ct_metric_writer_close_batch(writer);
    if (CT_UNLIKELY(!(writer->is_placed || place_metric(writer)) ||
                    !ct_buffer_reserve(&writer->bytes, framed + TAIL_MAX))) {
        writer->lost++;
        return NULL;
    }
    writer->point_size = size;
    writer->point_framed = framed;
    return ct_put_length(writer->bytes.data + writer->bytes.size, CT_METRIC_POINTS, size);
}

static bool is_kept(const cotel_metric_writer *writer)
{
    const cotel_metric_filter *filter = writer->options.filter;
    const uint8_t *end = writer->bytes.data + writer->bytes.size + writer->point_framed;
    cotel_str point = cotel_str_n((const char *)end - writer->point_size, writer->point_size);
    cotel_iterator attributes =
        ct_iterator_of(point, ct_point_attributes_field(writer->metric.type));
    return filter->test_attributes(filter->user, writer->scope, &writer->metric, attributes) !=
           COTEL_METRIC_DROP;
}

void ct_metric_writer_end_point(cotel_metric_writer *writer)
{
    if (CT_UNLIKELY(writer->interest == CT_INTEREST_SOME) && !is_kept(writer))
        return;
    writer->bytes.size += writer->point_framed;
    writer->metric_points++;
    writer->batch_points++;
}

/* Reads and checks what a producer gives. */
static bool read_point(const cotel_metric_writer *writer, const cotel_point *point,
                       cotel_point *out)
{
    *out = (cotel_point){.size = 0};
    if (point == NULL || !ct_sized_read(out, sizeof *out, point) ||
        !ct_point_is_good(&writer->metric, out))
        return false;
    if (out->time_unix_ns == 0)
        out->time_unix_ns = writer->options.time_unix_ns;
    return true;
}

void cotel_metric_writer_point(cotel_metric_writer *writer, const cotel_point *point)
{
    if (writer == NULL || writer->interest == CT_INTEREST_NONE)
        return;
    cotel_point whole;
    if (writer->interest == CT_INTEREST_LOST) {
        writer->lost++;
        return;
    }
    if (writer->interest == CT_INTEREST_NO_METRIC || !read_point(writer, point, &whole)) {
        writer->malformed++;
        return;
    }
    uint8_t *at = ct_metric_writer_begin_point(writer, ct_point_size(writer->metric.type, &whole));
    if (at == NULL)
        return;
    (void)ct_point_write(at, writer->metric.type, &whole);
    ct_metric_writer_end_point(writer);
}
