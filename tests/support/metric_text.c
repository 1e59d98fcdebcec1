/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of metrics as text. */
#include "metric_batches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *type_name(cotel_metric_type type)
{
    switch (type) {
    case COTEL_METRIC_GAUGE:
        return "gauge";
    case COTEL_METRIC_SUM:
        return "sum";
    case COTEL_METRIC_HISTOGRAM:
        return "histogram";
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        return "exponential_histogram";
    case COTEL_METRIC_SUMMARY:
        return "summary";
    }
    return "?";
}

static void put_text(FILE *out, const char *before, cotel_str text, const char *behind)
{
    if (text.size != 0)
        fprintf(out, "%s%.*s%s", before, (int)text.size, text.data, behind);
}

static void put_value(FILE *out, const cotel_value_view *value);

static void put_list(FILE *out, cotel_iterator items)
{
    cotel_value_view item;
    const char *separator = "";
    fputc('[', out);
    for (; cotel_iterator_next_value(&items, &item); separator = ",") {
        fputs(separator, out);
        put_value(out, &item);
    }
    fputc(']', out);
}

static void put_attributes(FILE *out, cotel_iterator attributes)
{
    cotel_attribute_view attribute;
    const char *separator = "";
    fputc('{', out);
    for (; cotel_iterator_next_attribute(&attributes, &attribute); separator = ",") {
        fprintf(out, "%s%.*s=", separator, (int)attribute.key.size, attribute.key.data);
        put_value(out, &attribute.value);
    }
    fputc('}', out);
}

static void put_value(FILE *out, const cotel_value_view *value)
{
    switch (value->type) {
    case COTEL_VALUE_BOOL:
        fputs(value->boolean ? "true" : "false", out);
        break;
    case COTEL_VALUE_INT:
        fprintf(out, "%" PRId64, value->integer);
        break;
    case COTEL_VALUE_DOUBLE:
        fprintf(out, "%.17g", value->floating);
        break;
    case COTEL_VALUE_ARRAY:
        put_list(out, cotel_value_view_items(value));
        break;
    case COTEL_VALUE_MAP:
        put_attributes(out, cotel_value_view_items(value));
        break;
    case COTEL_VALUE_EMPTY:
        fputs("empty", out);
        break;
    default:
        fprintf(out, "\"%.*s\"", (int)value->text.size, value->text.data);
    }
}

static void put_number(FILE *out, const cotel_number *number)
{
    if (number->type == COTEL_NUMBER_INT)
        fprintf(out, " %" PRId64, number->integer);
    else if (number->type == COTEL_NUMBER_DOUBLE)
        fprintf(out, " %.17g", number->floating);
}

static void put_double(FILE *out, const char *name, bool is_there, double value)
{
    if (is_there)
        fprintf(out, " %s=%.17g", name, value);
}

static void put_time(FILE *out, const char *name, uint64_t time_ns, enum metric_text_flags flags)
{
    if (time_ns != 0 && !(flags & METRIC_TEXT_NO_TIMES))
        fprintf(out, " %s=%" PRIu64, name, time_ns);
}

static void put_counts(FILE *out, const cotel_buckets_data *buckets)
{
    size_t at = 0, steps = 0;
    uint64_t count;
    fputc('[', out);
    for (; cotel_buckets_next(buckets, &at, &count); steps++)
        fprintf(out, "%s%" PRIu64, steps != 0 ? "," : "", count);
    fputc(']', out);
    assert_int_equal(steps, buckets->count);
}

static void put_histogram(FILE *out, const cotel_point_data *point)
{
    if (point->buckets.count == 0)
        return;
    fputs(" boundaries=[", out);
    for (size_t i = 0; i < point->boundary_count; i++)
        fprintf(out, "%s%.17g", i != 0 ? "," : "", cotel_point_data_boundary(point, i));
    fputs("] counts=", out);
    put_counts(out, &point->buckets);
}

static void put_exponential(FILE *out, const cotel_point_data *point)
{
    fprintf(out, " scale=%" PRId32 " zero=%" PRIu64 " threshold=%.17g", point->scale,
            point->zero_count, point->zero_threshold);
    fprintf(out, " positive=%" PRId32 ":", point->positive.offset);
    put_counts(out, &point->positive);
    fprintf(out, " negative=%" PRId32 ":", point->negative.offset);
    put_counts(out, &point->negative);
}

static void put_quantiles(FILE *out, const cotel_point_data *point)
{
    cotel_iterator quantiles = cotel_point_data_quantiles(point);
    cotel_quantile_data item;
    const char *separator = "";
    fputs(" quantiles=[", out);
    for (; cotel_iterator_next_quantile(&quantiles, &item); separator = ",")
        fprintf(out, "%s%.17g:%.17g", separator, item.quantile, item.value);
    fputc(']', out);
}

static void put_distribution(FILE *out, cotel_metric_type type, const cotel_point_data *point)
{
    fprintf(out, " count=%" PRIu64, point->count);
    put_double(out, "sum", point->has_sum, point->sum);
    put_double(out, "min", point->has_min, point->min);
    put_double(out, "max", point->has_max, point->max);
    if (type == COTEL_METRIC_HISTOGRAM)
        put_histogram(out, point);
    else if (type == COTEL_METRIC_EXPONENTIAL_HISTOGRAM)
        put_exponential(out, point);
    else
        put_quantiles(out, point);
}

static void put_hex(FILE *out, const char *name, const uint8_t *bytes, size_t size)
{
    fprintf(out, " %s=", name);
    for (size_t i = 0; i < size; i++)
        fprintf(out, "%02x", bytes[i]);
}

static void put_exemplar(FILE *out, const cotel_exemplar_data *exemplar,
                         enum metric_text_flags flags)
{
    fputs("   exemplar", out);
    put_number(out, &exemplar->value);
    put_time(out, "time", exemplar->time_unix_ns, flags);
    if (cotel_trace_id_is_valid(&exemplar->trace_id))
        put_hex(out, "trace", exemplar->trace_id.bytes, sizeof exemplar->trace_id.bytes);
    if (cotel_span_id_is_valid(&exemplar->span_id))
        put_hex(out, "span", exemplar->span_id.bytes, sizeof exemplar->span_id.bytes);
    fputc(' ', out);
    put_attributes(out, cotel_exemplar_data_attributes(exemplar));
    fputc('\n', out);
}

static void put_point(FILE *out, const cotel_metric_data *metric, const cotel_point_data *point,
                      enum metric_text_flags flags)
{
    fputs("  ", out);
    put_attributes(out, cotel_point_data_attributes(metric, point));
    if (metric->type == COTEL_METRIC_GAUGE || metric->type == COTEL_METRIC_SUM)
        put_number(out, &point->value);
    else
        put_distribution(out, metric->type, point);
    put_time(out, "start", point->start_unix_ns, flags);
    put_time(out, "time", point->time_unix_ns, flags);
    if (point->flags != 0)
        fprintf(out, " flags=%" PRIu32, point->flags);
    fputc('\n', out);
    cotel_exemplar_data exemplar;
    for (cotel_iterator i = cotel_point_data_exemplars(metric, point);
         cotel_iterator_next_exemplar(&i, &exemplar);)
        put_exemplar(out, &exemplar, flags);
}

static void put_metric(FILE *out, const cotel_metric_data *metric, enum metric_text_flags flags)
{
    fprintf(out, " %s %.*s", type_name(metric->type), (int)metric->name.size, metric->name.data);
    put_text(out, " unit=", metric->unit, "");
    if (metric->temporality != COTEL_TEMPORALITY_UNSPECIFIED)
        fputs(metric->temporality == COTEL_TEMPORALITY_DELTA ? " delta" : " cumulative", out);
    if (metric->is_monotonic)
        fputs(" monotonic", out);
    put_text(out, " \"", metric->description, "\"");
    fputc('\n', out);
    cotel_point_data point;
    for (cotel_iterator i = cotel_metric_data_points(metric);
         cotel_iterator_next_point(&i, metric, &point);)
        put_point(out, metric, &point, flags);
}

static void put_scope(FILE *out, const cotel_scope_view *scope)
{
    fputs("scope", out);
    put_text(out, " ", scope->name, "");
    put_text(out, " ", scope->version, "");
    put_text(out, " ", scope->schema_url, "");
    if (scope->attribute_count != 0)
        fprintf(out, " +%zu", scope->attribute_count);
    fputc('\n', out);
}

char *metric_batch_text(const cotel_batch *batch, enum metric_text_flags flags)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    const cotel_scope_view *scope = NULL, *last = NULL;
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    for (; cotel_batch_next_metric(batch, &cursor, &metric, &scope); last = scope) {
        if (scope != last)
            put_scope(out, scope);
        put_metric(out, &metric, flags);
    }
    assert_int_equal(fclose(out), 0);
    return text;
}

void assert_metric_batch(const cotel_batch *batch, enum metric_text_flags flags,
                         const char *expected)
{
    char *text = metric_batch_text(batch, flags);
    assert_string_equal(text, expected);
    free(text);
}
