/* SPDX-License-Identifier: Apache-2.0 */
/* The same walk measures and writes, so the two can't disagree. */
#include "sdk/metrics/point_encode.h"

#include "wire/field_numbers.h"
#include "wire/ids.h"
#include "wire/value.h"
#include "wire/writer.h"

/* One walk: adds up the size, and writes unless it only measures. */
struct walk {
    uint8_t *at; /* NULL: it measures */
    size_t size;
};

/* Room for `size` bytes; NULL while measuring. */
static uint8_t *take(struct walk *walk, size_t size)
{
    uint8_t *at = walk->at;
    walk->size += size;
    if (at != NULL)
        walk->at += size;
    return at;
}

/* All fields of points have numbers below 16, so their tags are one byte. */
static void add_fixed64(struct walk *walk, uint32_t field, uint64_t value)
{
    uint8_t *at = take(walk, 1 + sizeof value);
    if (at != NULL)
        (void)ct_put_field_fixed64(at, field, value);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void add_double(struct walk *walk, uint32_t field, double value)
{
    add_fixed64(walk, field, bits_of(value));
}

static void add_varint(struct walk *walk, uint32_t field, uint64_t value)
{
    uint8_t *at = take(walk, ct_field_varint_size(field, value));
    if (at != NULL)
        (void)ct_put_field_varint(at, field, value);
}

static void add_length(struct walk *walk, uint32_t field, size_t size)
{
    uint8_t *at = take(walk, 1 + ct_varint_size(size));
    if (at != NULL)
        (void)ct_put_length(at, field, size);
}

static void add_bytes(struct walk *walk, uint32_t field, const void *bytes, size_t size)
{
    add_length(walk, field, size);
    uint8_t *at = take(walk, size);
    if (at != NULL)
        (void)ct_put_bytes(at, bytes, size);
}

static void add_attributes(struct walk *walk, uint32_t field, const cotel_attribute *attributes,
                           size_t count)
{
    if (count == 0)
        return;
    uint8_t *at = take(
        walk, ct_attributes_size(field, attributes, count, &ct_value_unlimited, UINT32_MAX, NULL));
    if (at != NULL)
        (void)ct_attributes_write(at, field, attributes, count, &ct_value_unlimited, UINT32_MAX);
}

/* ---- what is left out when it is zero ---- */

static void add_some_fixed64(struct walk *walk, uint32_t field, uint64_t value)
{
    if (value != 0)
        add_fixed64(walk, field, value);
}

static void add_some_double(struct walk *walk, uint32_t field, double value)
{
    add_some_fixed64(walk, field, bits_of(value));
}

static void add_some_varint(struct walk *walk, uint32_t field, uint64_t value)
{
    if (value != 0)
        add_varint(walk, field, value);
}

static void add_double_if(struct walk *walk, uint32_t field, bool is_there, double value)
{
    if (is_there)
        add_double(walk, field, value);
}

/* ---- parts of points ---- */

/* A number is one of two fields, with other numbers between them. */
static void add_if_int(struct walk *walk, uint32_t field, const cotel_number *number)
{
    if (number->type == COTEL_NUMBER_INT)
        add_fixed64(walk, field, (uint64_t)number->integer);
}

static void add_if_double(struct walk *walk, uint32_t field, const cotel_number *number)
{
    add_double_if(walk, field, number->type == COTEL_NUMBER_DOUBLE, number->floating);
}

static void walk_exemplar(struct walk *walk, const cotel_exemplar *exemplar)
{
    add_some_fixed64(walk, CT_EXEMPLAR_TIME, exemplar->time_unix_ns);
    add_if_double(walk, CT_EXEMPLAR_DOUBLE, &exemplar->value);
    if (ct_span_id_is_valid(&exemplar->span_id))
        add_bytes(walk, CT_EXEMPLAR_SPAN_ID, exemplar->span_id.bytes, sizeof(cotel_span_id));
    if (ct_trace_id_is_valid(&exemplar->trace_id))
        add_bytes(walk, CT_EXEMPLAR_TRACE_ID, exemplar->trace_id.bytes, sizeof(cotel_trace_id));
    add_if_int(walk, CT_EXEMPLAR_INT, &exemplar->value);
    add_attributes(walk, CT_EXEMPLAR_ATTRIBUTES, exemplar->attributes, exemplar->attribute_count);
}

static void add_exemplars(struct walk *walk, uint32_t field, const cotel_point *point)
{
    for (size_t i = 0; i < point->exemplar_count; i++) {
        struct walk measure = {.at = NULL};
        walk_exemplar(&measure, &point->exemplars[i]);
        add_length(walk, field, measure.size);
        walk_exemplar(walk, &point->exemplars[i]);
    }
}

static void add_packed64(struct walk *walk, uint32_t field, const void *words, size_t count)
{
    if (count == 0)
        return;
    add_length(walk, field, count * sizeof(uint64_t));
    uint8_t *at = take(walk, count * sizeof(uint64_t));
    for (size_t i = 0; at != NULL && i < count; i++) {
        uint64_t word;
        memcpy(&word, (const char *)words + i * sizeof word, sizeof word);
        at = ct_put_fixed64(at, word);
    }
}

static void walk_counts(struct walk *walk, const cotel_buckets *buckets)
{
    for (size_t i = 0; i < buckets->count; i++) {
        uint8_t *at = take(walk, ct_varint_size(buckets->counts[i]));
        if (at != NULL)
            (void)ct_put_varint(at, buckets->counts[i]);
    }
}

static void walk_buckets(struct walk *walk, const cotel_buckets *buckets)
{
    struct walk measure = {.at = NULL};
    walk_counts(&measure, buckets);
    add_some_varint(walk, CT_BUCKETS_OFFSET, ct_zigzag(buckets->offset));
    add_length(walk, CT_BUCKETS_COUNTS, measure.size);
    walk_counts(walk, buckets);
}

static void add_buckets(struct walk *walk, uint32_t field, const cotel_buckets *buckets)
{
    if (buckets->count == 0)
        return;
    struct walk measure = {.at = NULL};
    walk_buckets(&measure, buckets);
    add_length(walk, field, measure.size);
    walk_buckets(walk, buckets);
}

static void add_quantiles(struct walk *walk, const cotel_point *point)
{
    for (size_t i = 0; i < point->quantile_count; i++) {
        const cotel_quantile_data *item = &point->quantiles[i];
        size_t size = (bits_of(item->quantile) != 0 ? 9 : 0) + (bits_of(item->value) != 0 ? 9 : 0);
        add_length(walk, CT_SUMMARY_POINT_QUANTILES, size);
        add_some_double(walk, CT_QUANTILE_QUANTILE, item->quantile);
        add_some_double(walk, CT_QUANTILE_VALUE, item->value);
    }
}

static void add_times(struct walk *walk, const cotel_point *point)
{
    add_some_fixed64(walk, CT_POINT_START_TIME, point->start_unix_ns);
    add_some_fixed64(walk, CT_POINT_TIME, point->time_unix_ns);
}

/* ---- points ---- */

static void walk_number(struct walk *walk, const cotel_point *point)
{
    add_times(walk, point);
    add_if_double(walk, CT_NUMBER_POINT_DOUBLE, &point->value);
    add_exemplars(walk, CT_NUMBER_POINT_EXEMPLARS, point);
    add_if_int(walk, CT_NUMBER_POINT_INT, &point->value);
    add_attributes(walk, CT_NUMBER_POINT_ATTRIBUTES, point->attributes, point->attribute_count);
    add_some_varint(walk, CT_NUMBER_POINT_FLAGS, point->flags);
}

static void walk_histogram(struct walk *walk, const cotel_point *point)
{
    size_t buckets = point->bucket_counts != NULL ? point->boundary_count + 1 : 0;
    add_times(walk, point);
    add_some_fixed64(walk, CT_HISTOGRAM_POINT_COUNT, point->count);
    add_double_if(walk, CT_HISTOGRAM_POINT_SUM, point->has_sum, point->sum);
    add_packed64(walk, CT_HISTOGRAM_POINT_BUCKET_COUNTS, point->bucket_counts, buckets);
    add_packed64(walk, CT_HISTOGRAM_POINT_BOUNDARIES, point->boundaries, point->boundary_count);
    add_exemplars(walk, CT_HISTOGRAM_POINT_EXEMPLARS, point);
    add_attributes(walk, CT_HISTOGRAM_POINT_ATTRIBUTES, point->attributes, point->attribute_count);
    add_some_varint(walk, CT_HISTOGRAM_POINT_FLAGS, point->flags);
    add_double_if(walk, CT_HISTOGRAM_POINT_MIN, point->has_min, point->min);
    add_double_if(walk, CT_HISTOGRAM_POINT_MAX, point->has_max, point->max);
}

static void walk_exponential(struct walk *walk, const cotel_point *point)
{
    add_attributes(walk, CT_EXPONENTIAL_POINT_ATTRIBUTES, point->attributes,
                   point->attribute_count);
    add_times(walk, point);
    add_some_fixed64(walk, CT_EXPONENTIAL_POINT_COUNT, point->count);
    add_double_if(walk, CT_EXPONENTIAL_POINT_SUM, point->has_sum, point->sum);
    add_some_varint(walk, CT_EXPONENTIAL_POINT_SCALE, ct_zigzag(point->scale));
    add_some_fixed64(walk, CT_EXPONENTIAL_POINT_ZERO_COUNT, point->zero_count);
    add_buckets(walk, CT_EXPONENTIAL_POINT_POSITIVE, &point->positive);
    add_buckets(walk, CT_EXPONENTIAL_POINT_NEGATIVE, &point->negative);
    add_some_varint(walk, CT_EXPONENTIAL_POINT_FLAGS, point->flags);
    add_exemplars(walk, CT_EXPONENTIAL_POINT_EXEMPLARS, point);
    add_double_if(walk, CT_EXPONENTIAL_POINT_MIN, point->has_min, point->min);
    add_double_if(walk, CT_EXPONENTIAL_POINT_MAX, point->has_max, point->max);
    add_some_double(walk, CT_EXPONENTIAL_POINT_ZERO_THRESHOLD, point->zero_threshold);
}

static void walk_summary(struct walk *walk, const cotel_point *point)
{
    add_times(walk, point);
    add_some_fixed64(walk, CT_SUMMARY_POINT_COUNT, point->count);
    add_some_double(walk, CT_SUMMARY_POINT_SUM, point->sum);
    add_quantiles(walk, point);
    add_attributes(walk, CT_SUMMARY_POINT_ATTRIBUTES, point->attributes, point->attribute_count);
    add_some_varint(walk, CT_SUMMARY_POINT_FLAGS, point->flags);
}

static void walk_point(struct walk *walk, cotel_metric_type type, const cotel_point *point)
{
    switch (type) {
    case COTEL_METRIC_GAUGE:
    case COTEL_METRIC_SUM:
        walk_number(walk, point);
        break;
    case COTEL_METRIC_HISTOGRAM:
        walk_histogram(walk, point);
        break;
    case COTEL_METRIC_EXPONENTIAL_HISTOGRAM:
        walk_exponential(walk, point);
        break;
    case COTEL_METRIC_SUMMARY:
        walk_summary(walk, point);
        break;
    }
}

size_t ct_point_size(cotel_metric_type type, const cotel_point *point)
{
    struct walk measure = {.at = NULL};
    walk_point(&measure, type, point);
    return measure.size;
}

uint8_t *ct_point_write(uint8_t *at, cotel_metric_type type, const cotel_point *point)
{
    struct walk fill = {.at = at};
    walk_point(&fill, type, point);
    return fill.at;
}
