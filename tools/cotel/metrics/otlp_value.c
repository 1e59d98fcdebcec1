/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics/otlp_value.h"

#include <string.h>

/* The generated names, as far as they are needed. */
typedef Opentelemetry__Proto__Common__V1__AnyValue pb_value;
typedef Opentelemetry__Proto__Metrics__V1__Exemplar pb_exemplar;
typedef Opentelemetry__Proto__Metrics__V1__NumberDataPoint pb_number_point;
typedef Opentelemetry__Proto__Metrics__V1__HistogramDataPoint pb_histogram_point;
typedef Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint pb_exponential_point;
typedef Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint__Buckets pb_buckets;
typedef Opentelemetry__Proto__Metrics__V1__SummaryDataPoint pb_summary_point;

#define VALUE(name) OPENTELEMETRY__PROTO__COMMON__V1__ANY_VALUE__VALUE_##name##_VALUE
#define DATA(name) OPENTELEMETRY__PROTO__METRICS__V1__METRIC__DATA_##name

cotel_str ct_otlp_text(ProtobufCBinaryData text)
{
    return cotel_str_n((const char *)text.data, text.len);
}

/* ---- attributes ---- */

static cotel_value value_of(struct ct_arena *arena, const pb_value *value);

static cotel_value array_of(struct ct_arena *arena, const pb_value *value)
{
    size_t count = value->array_value->n_values;
    cotel_value *items = ct_arena_array(arena, count, sizeof(*items));

    if (!items)
        return cotel_value_empty();
    for (size_t i = 0; i < count; i++)
        items[i] = value_of(arena, value->array_value->values[i]);
    return cotel_value_array(items, count);
}

static cotel_value map_of(struct ct_arena *arena, const pb_value *value)
{
    size_t count = value->kvlist_value->n_values;
    cotel_attribute *items = ct_otlp_attributes(arena, value->kvlist_value->values, count, 0);

    return items ? cotel_value_map(items, count) : cotel_value_empty();
}

/* As deep as ct_proto_check() lets values nest. */
static cotel_value value_of(struct ct_arena *arena, const pb_value *value)
{
    if (!value)
        return cotel_value_empty();
    switch (value->value_case) {
    case VALUE(STRING):
        return cotel_value_string(ct_otlp_text(value->string_value));
    case VALUE(BOOL):
        return cotel_value_bool(value->bool_value);
    case VALUE(INT):
        return cotel_value_int(value->int_value);
    case VALUE(DOUBLE):
        return cotel_value_double(value->double_value);
    case VALUE(ARRAY):
        return array_of(arena, value);
    case VALUE(KVLIST):
        return map_of(arena, value);
    case VALUE(BYTES):
        return cotel_value_bytes(value->bytes_value.data, value->bytes_value.len);
    default:
        return cotel_value_empty();
    }
}

cotel_attribute *ct_otlp_attributes(struct ct_arena *arena, pb_attribute *const *attributes,
                                    size_t count, size_t more)
{
    cotel_attribute *copies = ct_arena_array(arena, count + more, sizeof(*copies));

    for (size_t i = 0; copies && i < count; i++) {
        copies[i].key = ct_otlp_text(attributes[i]->key);
        copies[i].value = value_of(arena, attributes[i]->value);
    }
    return copies;
}

/* ---- metrics ---- */

bool ct_otlp_head(const pb_metric *metric, cotel_metric_head *head)
{
    *head = (cotel_metric_head){.size = sizeof(*head),
                                .name = ct_otlp_text(metric->name),
                                .description = ct_otlp_text(metric->description),
                                .unit = ct_otlp_text(metric->unit),
                                .type = (cotel_metric_type)metric->data_case};
    switch (metric->data_case) {
    case DATA(SUM):
        head->temporality = (cotel_temporality)metric->sum->aggregation_temporality;
        head->is_monotonic = metric->sum->is_monotonic;
        return true;
    case DATA(HISTOGRAM):
        head->temporality = (cotel_temporality)metric->histogram->aggregation_temporality;
        return true;
    case DATA(EXPONENTIAL_HISTOGRAM):
        head->temporality =
            (cotel_temporality)metric->exponential_histogram->aggregation_temporality;
        return true;
    case DATA(GAUGE):
    case DATA(SUMMARY):
        return true;
    default:
        return false;
    }
}

size_t ct_otlp_point_count(const pb_metric *metric)
{
    switch (metric->data_case) {
    case DATA(GAUGE):
        return metric->gauge->n_data_points;
    case DATA(SUM):
        return metric->sum->n_data_points;
    case DATA(HISTOGRAM):
        return metric->histogram->n_data_points;
    case DATA(EXPONENTIAL_HISTOGRAM):
        return metric->exponential_histogram->n_data_points;
    case DATA(SUMMARY):
        return metric->summary->n_data_points;
    default:
        return 0;
    }
}

pb_attribute *const *ct_otlp_point_attributes(const pb_metric *metric, size_t index, size_t *count)
{
#define OF(points)                                           \
    do {                                                     \
        *count = (points)->data_points[index]->n_attributes; \
        return (points)->data_points[index]->attributes;     \
    } while (0)
    switch (metric->data_case) {
    case DATA(GAUGE):
        OF(metric->gauge);
    case DATA(SUM):
        OF(metric->sum);
    case DATA(HISTOGRAM):
        OF(metric->histogram);
    case DATA(EXPONENTIAL_HISTOGRAM):
        OF(metric->exponential_histogram);
    case DATA(SUMMARY):
        OF(metric->summary);
    default:
        *count = 0;
        return NULL;
    }
#undef OF
}

/* ---- points ---- */

static void copy_id(uint8_t *to, size_t size, ProtobufCBinaryData id)
{
    if (id.len == size)
        memcpy(to, id.data, size);
}

static bool take_exemplars(struct ct_arena *arena, pb_exemplar *const *exemplars, size_t count,
                           cotel_point *point)
{
    cotel_exemplar *copies = ct_arena_array(arena, count, sizeof(*copies));

    for (size_t i = 0; copies && i < count; i++) {
        const pb_exemplar *from = exemplars[i];
        cotel_exemplar *to = &copies[i];
        bool is_int = from->value_case == OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_INT;
        to->time_unix_ns = from->time_unix_nano;
        to->value.type = is_int ? COTEL_NUMBER_INT : COTEL_NUMBER_DOUBLE;
        to->value.integer = is_int ? from->as_int : 0;
        to->value.floating = is_int ? 0 : from->as_double;
        copy_id(to->trace_id.bytes, sizeof(to->trace_id.bytes), from->trace_id);
        copy_id(to->span_id.bytes, sizeof(to->span_id.bytes), from->span_id);
        to->attributes =
            ct_otlp_attributes(arena, from->filtered_attributes, from->n_filtered_attributes, 0);
        to->attribute_count = to->attributes ? from->n_filtered_attributes : 0;
    }
    point->exemplars = copies;
    point->exemplar_count = copies ? count : 0;
    return copies != NULL;
}

static bool take_number(struct ct_arena *arena, const pb_number_point *from, cotel_point *point)
{
    point->start_unix_ns = from->start_time_unix_nano;
    point->time_unix_ns = from->time_unix_nano;
    point->flags = from->flags;
    switch (from->value_case) {
    case OPENTELEMETRY__PROTO__METRICS__V1__NUMBER_DATA_POINT__VALUE_AS_INT:
        point->value.type = COTEL_NUMBER_INT;
        point->value.integer = from->as_int;
        break;
    case OPENTELEMETRY__PROTO__METRICS__V1__NUMBER_DATA_POINT__VALUE_AS_DOUBLE:
        point->value.type = COTEL_NUMBER_DOUBLE;
        point->value.floating = from->as_double;
        break;
    default:
        break;
    }
    return take_exemplars(arena, from->exemplars, from->n_exemplars, point);
}

/* What both kinds of histograms call by the same names. */
#define TAKE_MEASURED(from, point)                             \
    do {                                                       \
        (point)->start_unix_ns = (from)->start_time_unix_nano; \
        (point)->time_unix_ns = (from)->time_unix_nano;        \
        (point)->flags = (from)->flags;                        \
        (point)->count = (from)->count;                        \
        (point)->has_sum = (from)->_sum_case != 0;             \
        (point)->has_min = (from)->_min_case != 0;             \
        (point)->has_max = (from)->_max_case != 0;             \
        (point)->sum = (point)->has_sum ? (from)->sum : 0;     \
        (point)->min = (point)->has_min ? (from)->min : 0;     \
        (point)->max = (point)->has_max ? (from)->max : 0;     \
    } while (0)

static bool take_histogram(struct ct_arena *arena, const pb_histogram_point *from,
                           cotel_point *point)
{
    TAKE_MEASURED(from, point);
    /* Otherwise the boundaries mean nothing, and it is a histogram of one bucket. */
    if (from->n_bucket_counts == from->n_explicit_bounds + 1) {
        point->boundaries = from->explicit_bounds;
        point->boundary_count = from->n_explicit_bounds;
        point->bucket_counts = from->bucket_counts;
    }
    return take_exemplars(arena, from->exemplars, from->n_exemplars, point);
}

static void take_buckets(const pb_buckets *from, cotel_buckets *buckets)
{
    if (from)
        *buckets = (cotel_buckets){from->offset, from->n_bucket_counts, from->bucket_counts};
}

static bool take_exponential(struct ct_arena *arena, const pb_exponential_point *from,
                             cotel_point *point)
{
    TAKE_MEASURED(from, point);
    point->scale = from->scale;
    point->zero_count = from->zero_count;
    point->zero_threshold = from->zero_threshold;
    take_buckets(from->positive, &point->positive);
    take_buckets(from->negative, &point->negative);
    return take_exemplars(arena, from->exemplars, from->n_exemplars, point);
}

static bool take_summary(struct ct_arena *arena, const pb_summary_point *from, cotel_point *point)
{
    cotel_quantile_data *quantiles =
        ct_arena_array(arena, from->n_quantile_values, sizeof(*quantiles));

    if (!quantiles)
        return false;
    for (size_t i = 0; i < from->n_quantile_values; i++)
        quantiles[i] = (cotel_quantile_data){from->quantile_values[i]->quantile,
                                             from->quantile_values[i]->value};
    point->start_unix_ns = from->start_time_unix_nano;
    point->time_unix_ns = from->time_unix_nano;
    point->flags = from->flags;
    point->count = from->count;
    point->has_sum = true;
    point->sum = from->sum;
    point->quantiles = quantiles;
    point->quantile_count = from->n_quantile_values;
    return true;
}

bool ct_otlp_point(struct ct_arena *arena, const pb_metric *metric, size_t index,
                   cotel_point *point)
{
    *point = (cotel_point){.size = sizeof(*point)};
    switch (metric->data_case) {
    case DATA(GAUGE):
        return take_number(arena, metric->gauge->data_points[index], point);
    case DATA(SUM):
        return take_number(arena, metric->sum->data_points[index], point);
    case DATA(HISTOGRAM):
        return take_histogram(arena, metric->histogram->data_points[index], point);
    case DATA(EXPONENTIAL_HISTOGRAM):
        return take_exponential(arena, metric->exponential_histogram->data_points[index], point);
    case DATA(SUMMARY):
        return take_summary(arena, metric->summary->data_points[index], point);
    default:
        return true;
    }
}
