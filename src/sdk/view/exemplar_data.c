/* SPDX-License-Identifier: Apache-2.0 */
/* What points hold besides numbers and attributes: exemplars, and the quantiles of a summary. */
#include "sdk/view/read.h"
#include "wire/field_numbers.h"

/* 0: points of this type have none. */
static uint32_t exemplars_field(cotel_metric_type type)
{
    switch (type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        return CT_NUMBER_POINT_EXEMPLARS;
    case COTEL_METRIC_HISTOGRAM:
        return CT_HISTOGRAM_POINT_EXEMPLARS;
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return CT_EXPONENTIAL_POINT_EXEMPLARS;
    case COTEL_METRIC_SUMMARY:
        return 0;
    }
    return 0;
}

cotel_iterator cotel_point_data_exemplars(const cotel_metric_data *metric,
                                          const cotel_point_data *point)
{
    uint32_t field = metric && point ? exemplars_field(metric->type) : 0;
    return ct_iterator_of(field != 0 ? point->bytes : cotel_str_n(NULL, 0), field);
}

static bool read_exemplar_field(const struct ct_wire_field *field, cotel_exemplar_data *out)
{
    switch (field->number) {
    case CT_EXEMPLAR_TIME:
        return ct_read_fixed64(field, &out->time_unix_ns);
    case CT_EXEMPLAR_DOUBLE:
        return ct_read_number_double(field, &out->value);
    case CT_EXEMPLAR_INT:
        return ct_read_number_int(field, &out->value);
    case CT_EXEMPLAR_SPAN_ID:
        return ct_read_id(field, out->span_id.bytes, sizeof out->span_id.bytes);
    case CT_EXEMPLAR_TRACE_ID:
        return ct_read_id(field, out->trace_id.bytes, sizeof out->trace_id.bytes);
    case CT_EXEMPLAR_ATTRIBUTES:
        return field->type == CT_WIRE_BYTES;
    default:
        return true;
    }
}

static bool read_exemplar(cotel_str bytes, cotel_exemplar_data *out)
{
    *out = (cotel_exemplar_data){.bytes = bytes};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (!read_exemplar_field(&field, out))
            return false;
    }
    return !reader.malformed;
}

bool cotel_iterator_next_exemplar(cotel_iterator *iterator, cotel_exemplar_data *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return read_exemplar(message, out) || ct_iterator_stop(iterator);
}

cotel_iterator cotel_exemplar_data_attributes(const cotel_exemplar_data *exemplar)
{
    return ct_iterator_of(exemplar ? exemplar->bytes : cotel_str_n(NULL, 0),
                          CT_EXEMPLAR_ATTRIBUTES);
}

/* Of a point that is not a summary's the field is another one, and not for this. */
cotel_iterator cotel_point_data_quantiles(const cotel_point_data *point)
{
    return ct_iterator_of(point ? point->bytes : cotel_str_n(NULL, 0), CT_SUMMARY_POINT_QUANTILES);
}

static bool read_quantile(cotel_str bytes, cotel_quantile_data *out)
{
    *out = (cotel_quantile_data){.quantile = 0};
    struct ct_wire_reader reader = ct_read_message(bytes);
    struct ct_wire_field field;
    while (ct_wire_next(&reader, &field)) {
        if (field.number == CT_QUANTILE_QUANTILE && !ct_read_double(&field, &out->quantile))
            return false;
        if (field.number == CT_QUANTILE_VALUE && !ct_read_double(&field, &out->value))
            return false;
    }
    return !reader.malformed;
}

bool cotel_iterator_next_quantile(cotel_iterator *iterator, cotel_quantile_data *out)
{
    cotel_str message;
    if (!iterator || !out || !ct_iterator_next(iterator, &message))
        return false;
    return read_quantile(message, out) || ct_iterator_stop(iterator);
}
