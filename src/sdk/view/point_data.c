/* SPDX-License-Identifier: Apache-2.0 */
/* Points. A scrape reads each of them, so a point is gone through once: attributes and exemplars
 * are only seen to be messages, and entered by who walks them. */
#include "base/compiler.h"
#include "sdk/view/buckets_data.h"
#include "wire/field_numbers.h"

static bool read_number_field(const struct ct_wire_field *field, cotel_point_data *out)
{
    switch (field->number) {
    case CT_POINT_START_TIME:
        return ct_read_fixed64(field, &out->start_unix_ns);
    case CT_POINT_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_NUMBER_POINT_DOUBLE:
        return ct_read_number_double(field, &out->value);
    case CT_NUMBER_POINT_INT:
        return ct_read_number_int(field, &out->value);
    case CT_NUMBER_POINT_EXEMPLARS:
    case CT_NUMBER_POINT_ATTRIBUTES:
        return field->type == CT_WIRE_BYTES;
    case CT_NUMBER_POINT_FLAGS:
        return ct_read_uint32(field, &out->flags);
    default:
        return true;
    }
}

static bool read_histogram_field(const struct ct_wire_field *field, cotel_point_data *out)
{
    switch (field->number) {
    case CT_POINT_START_TIME:
        return ct_read_fixed64(field, &out->start_unix_ns);
    case CT_POINT_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_HISTOGRAM_POINT_COUNT:
        return ct_read_fixed64(field, &out->count);
    case CT_HISTOGRAM_POINT_SUM:
        out->has_sum = true;
        return ct_read_double(field, &out->sum);
    case CT_HISTOGRAM_POINT_BUCKET_COUNTS:
        return ct_read_bucket_counts(field, &out->buckets);
    case CT_HISTOGRAM_POINT_BOUNDARIES:
        return ct_read_packed64(field, &out->boundaries, &out->boundary_count);
    case CT_HISTOGRAM_POINT_EXEMPLARS:
    case CT_HISTOGRAM_POINT_ATTRIBUTES:
        return field->type == CT_WIRE_BYTES;
    case CT_HISTOGRAM_POINT_FLAGS:
        return ct_read_uint32(field, &out->flags);
    case CT_HISTOGRAM_POINT_MIN:
        out->has_min = true;
        return ct_read_double(field, &out->min);
    case CT_HISTOGRAM_POINT_MAX:
        out->has_max = true;
        return ct_read_double(field, &out->max);
    default:
        return true;
    }
}

static bool read_exponential_field(const struct ct_wire_field *field, cotel_point_data *out)
{
    switch (field->number) {
    case CT_POINT_START_TIME:
        return ct_read_fixed64(field, &out->start_unix_ns);
    case CT_POINT_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_EXPONENTIAL_POINT_COUNT:
        return ct_read_fixed64(field, &out->count);
    case CT_EXPONENTIAL_POINT_SUM:
        out->has_sum = true;
        return ct_read_double(field, &out->sum);
    case CT_EXPONENTIAL_POINT_SCALE:
        return ct_read_sint32(field, &out->scale);
    case CT_EXPONENTIAL_POINT_ZERO_COUNT:
        return ct_read_fixed64(field, &out->zero_count);
    case CT_EXPONENTIAL_POINT_POSITIVE:
        return ct_read_buckets(field, &out->positive);
    case CT_EXPONENTIAL_POINT_NEGATIVE:
        return ct_read_buckets(field, &out->negative);
    case CT_EXPONENTIAL_POINT_FLAGS:
        return ct_read_uint32(field, &out->flags);
    case CT_EXPONENTIAL_POINT_ATTRIBUTES:
    case CT_EXPONENTIAL_POINT_EXEMPLARS:
        return field->type == CT_WIRE_BYTES;
    case CT_EXPONENTIAL_POINT_MIN:
        out->has_min = true;
        return ct_read_double(field, &out->min);
    case CT_EXPONENTIAL_POINT_MAX:
        out->has_max = true;
        return ct_read_double(field, &out->max);
    case CT_EXPONENTIAL_POINT_ZERO_THRESHOLD:
        return ct_read_double(field, &out->zero_threshold);
    default:
        return true;
    }
}

static bool read_summary_field(const struct ct_wire_field *field, cotel_point_data *out)
{
    switch (field->number) {
    case CT_POINT_START_TIME:
        return ct_read_fixed64(field, &out->start_unix_ns);
    case CT_POINT_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_SUMMARY_POINT_COUNT:
        return ct_read_fixed64(field, &out->count);
    case CT_SUMMARY_POINT_SUM:
        return ct_read_double(field, &out->sum);
    case CT_SUMMARY_POINT_QUANTILES:
    case CT_SUMMARY_POINT_ATTRIBUTES:
        return field->type == CT_WIRE_BYTES;
    case CT_SUMMARY_POINT_FLAGS:
        return ct_read_uint32(field, &out->flags);
    default:
        return true;
    }
}

typedef bool read_field(const struct ct_wire_field *field, cotel_point_data *out);

/* Inlined, so that each type of point has a loop of its own. */
CT_ALWAYS_INLINE bool read_fields(cotel_str bytes, read_field *read, cotel_point_data *out)
{
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read(&field, out))
            return false;
    }
    return !reader.malformed;
}

/* In pieces that are a few stores each: of the whole, compilers make a string instruction that
 * takes longer than reading the point. */
static void clear(cotel_point_data *out)
{
    enum { PIECE = 64 };
    char *at = (char *)out;
    size_t left = sizeof *out;
    for (; left > PIECE; at += PIECE, left -= PIECE)
        memset(at, 0, PIECE);
    memset(at, 0, left);
}

static bool read_point(cotel_str bytes, cotel_metric_type type, cotel_point_data *out)
{
    clear(out);
    out->bytes = bytes;
    switch (type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        return read_fields(bytes, read_number_field, out);
    case COTEL_METRIC_HISTOGRAM:
        return read_fields(bytes, read_histogram_field, out);
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return read_fields(bytes, read_exponential_field, out);
    case COTEL_METRIC_SUMMARY:
        out->has_sum = true; /* a summary's can't be left out */
        return read_fields(bytes, read_summary_field, out);
    }
    return false;
}

bool cotel_iterator_next_point(cotel_iterator *iterator, const cotel_metric_data *metric,
                               cotel_point_data *out)
{
    cotel_str message;
    if (!iterator || !metric || !out || !ct_iterator_next(iterator, &message))
        return false;
    return read_point(message, metric->type, out) || ct_iterator_stop(iterator);
}

uint32_t ct_point_attributes_field(cotel_metric_type type)
{
    switch (type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        return CT_NUMBER_POINT_ATTRIBUTES;
    case COTEL_METRIC_HISTOGRAM:
        return CT_HISTOGRAM_POINT_ATTRIBUTES;
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return CT_EXPONENTIAL_POINT_ATTRIBUTES;
    case COTEL_METRIC_SUMMARY:
        return CT_SUMMARY_POINT_ATTRIBUTES;
    }
    return 0;
}

cotel_iterator cotel_point_data_attributes(const cotel_metric_data *metric,
                                           const cotel_point_data *point)
{
    if (!metric || !point)
        return ct_iterator_of(cotel_str_n(NULL, 0), 0);
    return ct_iterator_of(point->bytes, ct_point_attributes_field(metric->type));
}
