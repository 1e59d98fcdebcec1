/* SPDX-License-Identifier: Apache-2.0 */
#include "print_parts.h"

#include <cotel/sdk/metric_data.h>

#include <inttypes.h>
#include <math.h>

/* What belongs to a point stands under it, and what belongs to an exemplar under that. */
#define UNDER_POINT "      "
#define UNDER_EXEMPLAR "          "

/* DataPointFlags: there was nothing to measure. */
#define NO_RECORDED_VALUE 1u

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
        return "exponential histogram";
    case COTEL_METRIC_SUMMARY:
        return "summary";
    }
    return "unknown";
}

static const char *temporality_name(cotel_temporality temporality)
{
    switch (temporality) {
    case COTEL_TEMPORALITY_DELTA:
        return ", delta";
    case COTEL_TEMPORALITY_CUMULATIVE:
        return ", cumulative";
    case COTEL_TEMPORALITY_UNSPECIFIED:
        break;
    }
    return "";
}

static void print_head(struct ct_output *output, const cotel_metric_data *metric)
{
    ct_print_string(output, "metric ");
    ct_output_text(output, metric->name);
    ct_output_format(output, " (%s%s%s)\n", type_name(metric->type),
                     metric->is_monotonic ? ", monotonic" : "",
                     temporality_name(metric->temporality));
}

static void print_number(struct ct_output *output, const cotel_number *number)
{
    const cotel_value_view value = {
        .type = number->type == COTEL_NUMBER_INT ? COTEL_VALUE_INT : COTEL_VALUE_DOUBLE,
        .integer = number->integer,
        .floating = number->floating,
    };
    if (number->type == COTEL_NUMBER_NONE)
        ct_print_string(output, "no value");
    else
        ct_print_value(output, &value);
}

static void print_double(struct ct_output *output, const char *label, double value)
{
    const cotel_number number = {.type = COTEL_NUMBER_DOUBLE, .floating = value};
    ct_print_string(output, label);
    print_number(output, &number);
}

static void print_totals(struct ct_output *output, const cotel_point_data *point)
{
    ct_output_format(output, "%" PRIu64 " measured", point->count);
    if (point->has_sum)
        print_double(output, ", sum ", point->sum);
    if (point->has_min)
        print_double(output, ", min ", point->min);
    if (point->has_max)
        print_double(output, ", max ", point->max);
}

static void print_bucket(struct ct_output *output, const char *format, double low, double high,
                         uint64_t count)
{
    if (count != 0)
        ct_output_format(output, format, low, high, count);
}

static void print_buckets(struct ct_output *output, const cotel_point_data *point)
{
    uint64_t count;
    size_t at = 0;
    for (size_t i = 0; cotel_buckets_next(&point->buckets, &at, &count); i++) {
        double low = i == 0 ? -INFINITY : cotel_point_data_boundary(point, i - 1);
        double high =
            i < point->boundary_count ? cotel_point_data_boundary(point, i) : (double)INFINITY;
        print_bucket(output, UNDER_POINT "(%.10g, %.10g] %" PRIu64 "\n", low, high, count);
    }
}

/* The bucket of an index goes from base^index to base^(index + 1), and the base is 2^(2^-scale). */
static void print_exponential(struct ct_output *output, const cotel_buckets_data *buckets,
                              int32_t scale, bool is_negative)
{
    uint64_t count;
    size_t at = 0;
    for (int64_t index = buckets->offset; cotel_buckets_next(buckets, &at, &count); index++) {
        double low = exp2(ldexp((double)index, -scale));
        double high = exp2(ldexp((double)(index + 1), -scale));
        if (is_negative)
            print_bucket(output, UNDER_POINT "[%.10g, %.10g) %" PRIu64 "\n", -high, -low, count);
        else
            print_bucket(output, UNDER_POINT "(%.10g, %.10g] %" PRIu64 "\n", low, high, count);
    }
}

static void print_scaled(struct ct_output *output, const cotel_point_data *point)
{
    ct_output_format(output, UNDER_POINT "scale %" PRId32 "\n", point->scale);
    print_exponential(output, &point->negative, point->scale, true);
    if (point->zero_count != 0)
        ct_output_format(output, UNDER_POINT "zero, to %.10g: %" PRIu64 "\n", point->zero_threshold,
                         point->zero_count);
    print_exponential(output, &point->positive, point->scale, false);
}

static void print_quantiles(struct ct_output *output, const cotel_point_data *point)
{
    cotel_iterator quantiles = cotel_point_data_quantiles(point);
    cotel_quantile_data quantile;
    while (cotel_iterator_next_quantile(&quantiles, &quantile)) {
        print_double(output, UNDER_POINT "quantile ", quantile.quantile);
        print_double(output, ": ", quantile.value);
        ct_print_string(output, "\n");
    }
}

static void print_exemplars(struct ct_output *output, const cotel_metric_data *metric,
                            const cotel_point_data *point)
{
    cotel_iterator exemplars = cotel_point_data_exemplars(metric, point);
    cotel_exemplar_data exemplar;
    while (cotel_iterator_next_exemplar(&exemplars, &exemplar)) {
        ct_print_string(output, UNDER_POINT "exemplar ");
        print_number(output, &exemplar.value);
        ct_print_string(output, " at ");
        ct_print_time(output, exemplar.time_unix_ns);
        if (cotel_trace_id_is_valid(&exemplar.trace_id)) {
            ct_print_string(output, " ");
            ct_print_ids(output, &exemplar.trace_id, &exemplar.span_id);
        }
        ct_print_string(output, "\n");
        ct_print_attributes(output, UNDER_EXEMPLAR, cotel_exemplar_data_attributes(&exemplar));
    }
}

static void print_times(struct ct_output *output, const cotel_point_data *point)
{
    ct_print_string(output, " at ");
    ct_print_time(output, point->time_unix_ns);
    if (point->start_unix_ns != 0) {
        ct_print_string(output, " since ");
        ct_print_time(output, point->start_unix_ns);
    }
    ct_print_string(output, "\n");
}

/* What there is of each type beyond one line. */
static void print_details(struct ct_output *output, const cotel_metric_data *metric,
                          const cotel_point_data *point)
{
    switch (metric->type) {
    case COTEL_METRIC_HISTOGRAM:
        print_buckets(output, point);
        break;
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        print_scaled(output, point);
        break;
    case COTEL_METRIC_SUMMARY:
        print_quantiles(output, point);
        break;
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        break;
    }
}

static void print_point(struct ct_output *output, const cotel_metric_data *metric,
                        const cotel_point_data *point)
{
    bool is_number = metric->type == COTEL_METRIC_GAUGE || metric->type == COTEL_METRIC_SUM;
    bool is_absent = (point->flags & NO_RECORDED_VALUE) != 0;
    ct_print_string(output, CT_LINE("point:      "));
    if (is_absent)
        ct_print_string(output, "no value");
    else if (is_number)
        print_number(output, &point->value);
    else
        print_totals(output, point);
    print_times(output, point);
    ct_print_attributes(output, UNDER_POINT, cotel_point_data_attributes(metric, point));
    if (!is_absent)
        print_details(output, metric, point);
    print_exemplars(output, metric, point);
}

void ct_print_metric(struct ct_output *output, const cotel_metric_data *metric,
                     const cotel_scope_view *scope, const cotel_resource *resource)
{
    cotel_iterator points = cotel_metric_data_points(metric);
    cotel_point_data point;
    print_head(output, metric);
    ct_print_origin(output, scope, resource);
    ct_print_line(output, CT_LINE("unit:       "), metric->unit);
    ct_print_line(output, CT_LINE("about:      "), metric->description);
    while (cotel_iterator_next_point(&points, metric, &point))
        print_point(output, metric, &point);
    ct_print_string(output, "\n");
}
