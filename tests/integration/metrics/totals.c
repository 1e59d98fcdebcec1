/* SPDX-License-Identifier: Apache-2.0 */
#include "totals.h"

static bool is_overflow(const cotel_metric_data *metric, const cotel_point_data *point)
{
    cotel_iterator attributes = cotel_point_data_attributes(metric, point);
    cotel_attribute_view attribute;
    while (cotel_iterator_next_attribute(&attributes, &attribute)) {
        if (attribute.key.size == strlen("otel.metric.overflow") &&
            memcmp(attribute.key.data, "otel.metric.overflow", attribute.key.size) == 0)
            return attribute.value.type == COTEL_VALUE_BOOL && attribute.value.boolean;
    }
    return false;
}

static uint64_t add_buckets(const cotel_buckets_data *buckets)
{
    uint64_t sum = 0, count;
    for (size_t at = 0; cotel_buckets_next(buckets, &at, &count);)
        sum += count;
    return sum;
}

static void add_point(struct totals *totals, const cotel_metric_data *metric,
                      const cotel_point_data *point)
{
    bool overflow = is_overflow(metric, point);
    totals->points++;
    totals->overflow_points += overflow;
    totals->sum += point->value.integer;
    totals->overflowed += overflow ? point->value.integer : 0;
    totals->measurements += point->count;
    totals->measured += point->sum;
    totals->bucketed += point->zero_count + add_buckets(&point->buckets) +
                        add_buckets(&point->positive) + add_buckets(&point->negative);
}

struct totals totals_of(const cotel_batch *batch, const char *name)
{
    struct totals totals = {0};
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    while (batch != NULL && cotel_batch_next_metric(batch, &cursor, &metric, NULL)) {
        if (metric.name.size != strlen(name) ||
            memcmp(metric.name.data, name, metric.name.size) != 0)
            continue;
        cotel_iterator points = cotel_metric_data_points(&metric);
        cotel_point_data point;
        while (cotel_iterator_next_point(&points, &metric, &point))
            add_point(&totals, &metric, &point);
    }
    return totals;
}

cotel_batch *collect_now(cotel_metric_reader *reader)
{
    cotel_batch *batch = NULL;
    assert_int_equal(cotel_metric_reader_collect(reader, FLUSH_MS, &batch), COTEL_STATUS_OK);
    return batch;
}

cotel_metric_reader *reader_with(cotel_temporality temporality, uint32_t cardinality_limit)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_reader *reader = NULL;
    for (size_t i = 0; i < COTEL_INSTRUMENT_KINDS; i++) {
        options.temporality[i] = temporality;
        options.cardinality_limit[i] = cardinality_limit;
    }
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader), COTEL_STATUS_OK);
    return reader;
}

cotel_meter_provider *provider_with(cotel_metric_reader **readers, size_t count,
                                    const cotel_view *views, size_t view_count)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_meter_provider *provider = NULL;
    options.readers = readers;
    options.reader_count = count;
    options.views = views;
    options.view_count = view_count;
    assert_int_equal(cotel_meter_provider_create(&options, &provider), COTEL_STATUS_OK);
    return provider;
}
