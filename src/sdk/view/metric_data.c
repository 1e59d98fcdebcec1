/* SPDX-License-Identifier: Apache-2.0 */
/* Metrics, without their points. As with spans, a known field of the wrong wire type makes the
 * whole message malformed, and unknown fields are passed over. Protobuf would merge data that comes
 * in several pieces; a view can't, so such a metric counts as malformed. */
#include "sdk/view/read.h"
#include "wire/field_numbers.h"

static bool has_temporality(cotel_metric_type type)
{
    return type == COTEL_METRIC_SUM || type == COTEL_METRIC_HISTOGRAM ||
           type == COTEL_METRIC_EXPONENTIAL_HISTOGRAM;
}

/* What the schema does not have reads as unspecified. */
static bool read_temporality(const struct ct_wire_field *field, cotel_temporality *out)
{
    bool is_known = field->value <= COTEL_TEMPORALITY_CUMULATIVE;
    *out = is_known ? (cotel_temporality)field->value : COTEL_TEMPORALITY_UNSPECIFIED;
    return field->type == CT_WIRE_VARINT;
}

static bool read_data_field(const struct ct_wire_field *field, cotel_metric_data *out)
{
    switch (field->number) {
    case CT_METRIC_POINTS:
        return field->type == CT_WIRE_BYTES;
    case CT_METRIC_TEMPORALITY:
        return !has_temporality(out->type) || read_temporality(field, &out->temporality);
    case CT_METRIC_IS_MONOTONIC:
        return out->type != COTEL_METRIC_SUM || ct_read_bool(field, &out->is_monotonic);
    default:
        return true;
    }
}

static bool read_data(const struct ct_wire_field *field, cotel_metric_data *out)
{
    if (out->type != 0 || !ct_read_text(field, &out->points))
        return false;
    out->type = (cotel_metric_type)field->number;
    struct ct_wire_reader reader = ct_wire_field_message(field);
    struct ct_wire_field inner;
    while (ct_wire_next(&reader, &inner)) {
        if (!read_data_field(&inner, out))
            return false;
    }
    return !reader.malformed;
}

static bool read_metric_field(const struct ct_wire_field *field, cotel_metric_data *out)
{
    switch (field->number) {
    case CT_METRIC_NAME:
        return ct_read_text(field, &out->name);
    case CT_METRIC_DESCRIPTION:
        return ct_read_text(field, &out->description);
    case CT_METRIC_UNIT:
        return ct_read_text(field, &out->unit);
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
    case COTEL_METRIC_HISTOGRAM:
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
    case COTEL_METRIC_SUMMARY:
        return read_data(field, out);
    default:
        return true;
    }
}

bool cotel_metric_data_decode(cotel_str bytes, cotel_metric_data *out)
{
    if (!out || (!bytes.data && bytes.size != 0))
        return false;
    *out = (cotel_metric_data){.bytes = bytes};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_metric_field(&field, out))
            return false;
    }
    return !reader.malformed && out->type != 0;
}

cotel_iterator cotel_metric_data_points(const cotel_metric_data *metric)
{
    return ct_iterator_of(metric ? metric->points : cotel_str_n(NULL, 0), CT_METRIC_POINTS);
}
