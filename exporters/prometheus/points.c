/* SPDX-License-Identifier: Apache-2.0 */
#include "points.h"

#include <math.h>

#include "lines.h"
#include "number.h"

/* A counter goes up from nothing; of something else no rate can be made, and readers of OpenMetrics
 * would refuse the whole exposition. */
static bool can_be_counted(cotel_number value)
{
    return value.type == COTEL_NUMBER_INT ? value.integer >= 0 : value.floating >= 0;
}

static void write_number(struct ct_prom_writer *writer, cotel_number value,
                         const struct ct_prom_exemplar *exemplar)
{
    struct ct_prom_series series;
    if (value.type == COTEL_NUMBER_NONE)
        return;
    if (writer->kind == CT_PROM_COUNTER && !can_be_counted(value)) {
        ct_prom_tell(writer->told, CT_PROM_BAD_COUNTER, writer->metric_name);
        return;
    }
    if (!ct_prom_begin_series(writer, CT_PROM_LINE_VALUE, &writer->pairs, &series))
        return;
    ct_prom_end_labels(writer, &series, NULL, 0);
    if (value.type == COTEL_NUMBER_INT)
        ct_prom_number_int(writer->out, value.integer);
    else
        ct_prom_number_double(writer->out, value.floating);
    ct_prom_end_line(writer, exemplar);
}

/* What a histogram says beside its buckets. */
struct summing {
    bool has_sum;
    double sum;
};

/* OpenMetrics lets a histogram have a sum only if it can't go down, and a count only with a sum;
 * the count stands at the last bucket in any case. */
static bool has_sum(const struct ct_prom_writer *writer, const struct ct_prom_buckets *buckets,
                    struct summing summing)
{
    if (!summing.has_sum || writer->format != COTEL_PROMETHEUS_OPENMETRICS)
        return summing.has_sum;
    return summing.sum >= 0 && (buckets->count == 0 || buckets->items[0].boundary >= 0);
}

static void write_sum_and_count(struct ct_prom_writer *writer, const struct ct_prom_series *series,
                                struct summing summing, uint64_t count)
{
    if (summing.has_sum) {
        ct_prom_begin_line(writer, CT_PROM_LINE_SUM, series);
        ct_prom_end_labels(writer, series, NULL, 0);
        ct_prom_number_double(writer->out, summing.sum);
        ct_prom_end_line(writer, NULL);
    } else if (writer->format == COTEL_PROMETHEUS_OPENMETRICS) {
        return;
    }
    ct_prom_begin_line(writer, CT_PROM_LINE_COUNT, series);
    ct_prom_end_labels(writer, series, NULL, 0);
    ct_prom_number_uint(writer->out, count);
    ct_prom_end_line(writer, NULL);
}

static void write_histogram(struct ct_prom_writer *writer, const struct ct_prom_buckets *buckets,
                            struct summing summing, const struct ct_prom_exemplar *exemplars)
{
    struct ct_prom_series series;
    if (buckets->failed)
        writer->out->failed = true;
    if (!ct_prom_begin_series(writer, CT_PROM_LINE_BUCKET, &writer->pairs, &series))
        return;
    for (size_t i = 0; i <= buckets->count; i++) {
        bool is_last = i == buckets->count;
        if (i > 0)
            ct_prom_begin_line(writer, CT_PROM_LINE_BUCKET, &series);
        ct_prom_end_labels(writer, &series, "le", is_last ? INFINITY : buckets->items[i].boundary);
        ct_prom_number_uint(writer->out, is_last ? buckets->total : buckets->items[i].count);
        ct_prom_end_line(writer, exemplars ? &exemplars[i] : NULL);
    }
    summing.has_sum = has_sum(writer, buckets, summing);
    write_sum_and_count(writer, &series, summing, buckets->total);
}

static void write_histogram_point(struct ct_prom_writer *writer, const cotel_metric_data *data,
                                  const cotel_point_data *point)
{
    bool has_exemplars = ct_prom_choose_exemplars(writer, data, point, &writer->buckets);
    write_histogram(writer, &writer->buckets, (struct summing){point->has_sum, point->sum},
                    has_exemplars ? writer->exemplars : NULL);
}

static bool is_shown(const struct ct_prom_writer *writer, const cotel_quantile_data *quantile)
{
    bool is_one = quantile->quantile >= 0 && quantile->quantile <= 1;
    return is_one && (writer->format != COTEL_PROMETHEUS_OPENMETRICS || !(quantile->value < 0));
}

/* The lowest quantile above `above`: they may come in any order, and several times. */
static bool next_quantile(const struct ct_prom_writer *writer, const cotel_point_data *point,
                          double above, cotel_quantile_data *out)
{
    cotel_iterator quantiles = cotel_point_data_quantiles(point);
    cotel_quantile_data quantile;
    bool found = false;
    while (cotel_iterator_next_quantile(&quantiles, &quantile)) {
        if (!is_shown(writer, &quantile) || quantile.quantile <= above ||
            (found && quantile.quantile >= out->quantile))
            continue;
        *out = quantile;
        found = true;
    }
    return found;
}

static void write_quantile(struct ct_prom_writer *writer, const struct ct_prom_series *series,
                           const cotel_quantile_data *quantile)
{
    ct_prom_begin_line(writer, CT_PROM_LINE_VALUE, series);
    ct_prom_end_labels(writer, series, "quantile", quantile->quantile);
    ct_prom_number_double(writer->out, quantile->value);
    ct_prom_end_line(writer, NULL);
}

/* The count comes first, since quantiles and the sum may be missing. */
static void write_summary(struct ct_prom_writer *writer, const cotel_point_data *point)
{
    struct ct_prom_series series;
    if (!ct_prom_begin_series(writer, CT_PROM_LINE_COUNT, &writer->pairs, &series))
        return;
    ct_prom_end_labels(writer, &series, NULL, 0);
    ct_prom_number_uint(writer->out, point->count);
    ct_prom_end_line(writer, NULL);
    if (writer->format != COTEL_PROMETHEUS_OPENMETRICS || point->sum >= 0) {
        ct_prom_begin_line(writer, CT_PROM_LINE_SUM, &series);
        ct_prom_end_labels(writer, &series, NULL, 0);
        ct_prom_number_double(writer->out, point->sum);
        ct_prom_end_line(writer, NULL);
    }
    cotel_quantile_data quantile = {-1, 0};
    while (next_quantile(writer, point, quantile.quantile, &quantile))
        write_quantile(writer, &series, &quantile);
}

void ct_prom_write_point(struct ct_prom_writer *writer, const cotel_metric_data *data,
                         const cotel_point_data *point)
{
    bool has_exemplar = false;
    switch (data->type) {
    case COTEL_METRIC_GAUGE:
        write_number(writer, point->value, NULL);
        break;
    case COTEL_METRIC_SUM:
        if (writer->kind == CT_PROM_COUNTER)
            has_exemplar = ct_prom_choose_exemplars(writer, data, point, NULL);
        write_number(writer, point->value, has_exemplar ? writer->exemplars : NULL);
        break;
    case COTEL_METRIC_HISTOGRAM:
        ct_prom_buckets_read(&writer->buckets, point);
        write_histogram_point(writer, data, point);
        break;
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        memset(&writer->exponential, 0, sizeof writer->exponential);
        ct_prom_exponential_add(&writer->exponential, point);
        ct_prom_exponential_read(&writer->exponential, &writer->buckets);
        write_histogram_point(writer, data, point);
        break;
    case COTEL_METRIC_SUMMARY:
        write_summary(writer, point);
        break;
    }
}

void ct_prom_write_delta(struct ct_prom_writer *writer, cotel_metric_type type,
                         const struct ct_prom_delta_series *series)
{
    struct summing summing = {series->has_sum, series->sum};
    if (type == COTEL_METRIC_SUM) {
        write_number(writer, series->value, NULL);
    } else if (series->exponential) {
        ct_prom_exponential_read(series->exponential, &writer->buckets);
        write_histogram(writer, &writer->buckets, summing, NULL);
    } else {
        write_histogram(writer, &series->buckets, summing, NULL);
    }
}
