/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a metric: no byte outside is read, and what is handed out lies within the input. And
 * any metric and point that a producer may give: what the writer takes is read back equal. The
 * first byte chooses. */
#include <cotel/sdk/metric_data.h>

#include "fuzz.h"
#include "sdk/metrics/writer.h"

/* ---- reading anything ---- */

static const char *begin;
static const char *end;

static void check_text(cotel_str text)
{
    MUST(text.size == 0 || (text.data >= begin && text.data + text.size <= end));
}

static void walk_attributes(cotel_iterator iterator)
{
    cotel_attribute_view attribute;
    while (cotel_iterator_next_attribute(&iterator, &attribute)) {
        check_text(attribute.key);
        check_text(attribute.value.text);
    }
}

static void walk_buckets(const cotel_buckets_data *buckets)
{
    size_t at = 0, steps = 0;
    check_text(buckets->bytes);
    for (uint64_t count; cotel_buckets_next(buckets, &at, &count); steps++)
        MUST(at <= buckets->bytes.size);
    MUST(steps == buckets->count);
}

static void walk_point(const cotel_metric_data *metric, const cotel_point_data *point)
{
    cotel_exemplar_data exemplar;
    cotel_quantile_data quantile;
    check_text(point->bytes);
    walk_attributes(cotel_point_data_attributes(metric, point));
    walk_buckets(&point->buckets);
    walk_buckets(&point->positive);
    walk_buckets(&point->negative);
    for (size_t i = 0; i < point->boundary_count; i++)
        (void)cotel_point_data_boundary(point, i);
    for (cotel_iterator i = cotel_point_data_exemplars(metric, point);
         cotel_iterator_next_exemplar(&i, &exemplar);)
        walk_attributes(cotel_exemplar_data_attributes(&exemplar));
    cotel_iterator quantiles = cotel_point_data_quantiles(point);
    while (cotel_iterator_next_quantile(&quantiles, &quantile)) {
    }
}

static void read_anything(const char *data, size_t size)
{
    cotel_metric_data metric;
    cotel_point_data point;
    begin = data;
    end = data + size;
    if (!cotel_metric_data_decode(cotel_str_n(data, size), &metric))
        return;
    check_text(metric.name);
    check_text(metric.description);
    check_text(metric.unit);
    check_text(metric.points);
    for (cotel_iterator i = cotel_metric_data_points(&metric);
         cotel_iterator_next_point(&i, &metric, &point);)
        walk_point(&metric, &point);
}

/* ---- writing, and reading back ---- */

enum { MOST_ATTRIBUTES = 8, MOST_BUCKETS = 8, MOST_POINTS = 20 };

static const cotel_metric_type types[] = {COTEL_METRIC_GAUGE, COTEL_METRIC_SUM,
                                          COTEL_METRIC_HISTOGRAM,
                                          COTEL_METRIC_EXPONENTIAL_HISTOGRAM, COTEL_METRIC_SUMMARY};

struct parts {
    cotel_attribute attributes[MOST_ATTRIBUTES];
    uint64_t counts[MOST_BUCKETS + 1];
    double boundaries[MOST_BUCKETS];
    cotel_quantile_data quantiles[MOST_BUCKETS];
    cotel_exemplar exemplar;
};

static uint64_t take_word(struct input *input)
{
    uint64_t word = 0;
    for (unsigned i = take_byte(input) % 9; i > 0; i--)
        word = word << 8 | take_byte(input);
    return word;
}

static double take_double(struct input *input)
{
    uint64_t word = take_word(input);
    double value;
    memcpy(&value, &word, sizeof value);
    return take_byte(input) & 1 ? value : (double)(word % 1000);
}

static cotel_str take_str(struct input *input)
{
    size_t size;
    const char *data = take_text(input, 20, &size);
    return cotel_str_n(data, size);
}

static cotel_number take_number(struct input *input)
{
    return (cotel_number){.type = (cotel_number_type)(take_byte(input) % 4),
                          .integer = (int64_t)take_word(input),
                          .floating = take_double(input)};
}

static void take_parts(struct input *input, struct parts *parts)
{
    for (size_t i = 0; i < MOST_ATTRIBUTES; i++)
        parts->attributes[i] =
            (cotel_attribute){take_str(input), cotel_value_string(take_str(input))};
    for (size_t i = 0; i <= MOST_BUCKETS; i++)
        parts->counts[i] = take_word(input);
    for (size_t i = 0; i < MOST_BUCKETS; i++) {
        parts->boundaries[i] = (double)i + take_double(input) / 2000;
        parts->quantiles[i] = (cotel_quantile_data){take_byte(input) / 255.0, take_double(input)};
    }
    parts->exemplar = (cotel_exemplar){.value = take_number(input),
                                       .trace_id = {{take_byte(input)}},
                                       .attributes = parts->attributes,
                                       .attribute_count = take_byte(input) % MOST_ATTRIBUTES};
}

static uint64_t sum_of(const uint64_t *counts, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += counts[i];
    return sum;
}

static cotel_point take_point(struct input *input, cotel_metric_type type, struct parts *parts)
{
    take_parts(input, parts);
    cotel_point point = {.size = sizeof point,
                         .start_unix_ns = take_word(input),
                         .time_unix_ns = take_word(input),
                         .flags = take_byte(input),
                         .attributes = parts->attributes,
                         .attribute_count = take_byte(input) % MOST_ATTRIBUTES,
                         .value = take_number(input),
                         .has_sum = take_byte(input) & 1,
                         .sum = take_double(input),
                         .boundaries = parts->boundaries,
                         .boundary_count = take_byte(input) % MOST_BUCKETS,
                         .bucket_counts = parts->counts,
                         .scale = (int32_t)take_word(input),
                         .zero_count = take_word(input),
                         .zero_threshold = take_double(input),
                         .quantiles = parts->quantiles,
                         .quantile_count = take_byte(input) % MOST_BUCKETS,
                         .exemplars = &parts->exemplar,
                         .exemplar_count = take_byte(input) & 1};
    point.positive =
        (cotel_buckets){(int32_t)take_word(input), take_byte(input) % MOST_BUCKETS, parts->counts};
    point.count = type == COTEL_METRIC_HISTOGRAM
                      ? sum_of(parts->counts, point.boundary_count + 1)
                      : sum_of(parts->counts, point.positive.count) + point.zero_count;
    return point;
}

/* Not by ==, which NaN is not. */
static bool is_same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void check_buckets(const cotel_buckets_data *found, const uint64_t *counts, size_t count)
{
    size_t at = 0;
    uint64_t value;
    MUST(found->count == count);
    for (size_t i = 0; i < count; i++)
        MUST(cotel_buckets_next(found, &at, &value) && value == counts[i]);
    MUST(!cotel_buckets_next(found, &at, &value));
}

static void check_number(const cotel_number *found, const cotel_number *given)
{
    MUST(found->type == given->type);
    MUST(found->type != COTEL_NUMBER_INT || found->integer == given->integer);
    MUST(found->type != COTEL_NUMBER_DOUBLE || is_same(found->floating, given->floating));
}

static void check_histogram(const cotel_point_data *found, const cotel_point *given)
{
    check_buckets(&found->buckets, given->bucket_counts, given->boundary_count + 1);
    MUST(found->boundary_count == given->boundary_count);
    for (size_t i = 0; i < given->boundary_count; i++)
        MUST(is_same(cotel_point_data_boundary(found, i), given->boundaries[i]));
}

static void check_exponential(const cotel_point_data *found, const cotel_point *given)
{
    MUST(found->scale == given->scale && found->zero_count == given->zero_count);
    MUST(is_same(found->zero_threshold, given->zero_threshold));
    MUST(given->positive.count == 0 || found->positive.offset == given->positive.offset);
    check_buckets(&found->positive, given->positive.counts, given->positive.count);
}

static void check_summary(const cotel_point_data *found, const cotel_point *given)
{
    cotel_quantile_data quantile;
    cotel_iterator quantiles = cotel_point_data_quantiles(found);
    for (size_t i = 0; i < given->quantile_count; i++) {
        MUST(cotel_iterator_next_quantile(&quantiles, &quantile));
        MUST(is_same(quantile.quantile, given->quantiles[i].quantile));
        MUST(is_same(quantile.value, given->quantiles[i].value));
    }
    MUST(!cotel_iterator_next_quantile(&quantiles, &quantile));
}

static void check_point(const cotel_metric_data *metric, const cotel_point_data *found,
                        const cotel_point *given)
{
    MUST(found->start_unix_ns == given->start_unix_ns);
    MUST(found->time_unix_ns == (given->time_unix_ns != 0 ? given->time_unix_ns : 1));
    MUST(found->flags == given->flags);
    if (metric->type == COTEL_METRIC_GAUGE || metric->type == COTEL_METRIC_SUM)
        check_number(&found->value, &given->value);
    else
        MUST(found->count == given->count);
    if (metric->type == COTEL_METRIC_HISTOGRAM)
        check_histogram(found, given);
    else if (metric->type == COTEL_METRIC_EXPONENTIAL_HISTOGRAM)
        check_exponential(found, given);
    else if (metric->type == COTEL_METRIC_SUMMARY)
        check_summary(found, given);
}

/* Every point's bytes are within the batch; `given` is the one that was taken. */
static void check_batch(const cotel_batch *batch, const cotel_point *given)
{
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data metric;
    cotel_point_data point;
    MUST(cotel_batch_next_metric(batch, &cursor, &metric, NULL));
    cotel_iterator points = cotel_metric_data_points(&metric);
    for (size_t i = 0; i < cotel_batch_items(batch); i++) {
        MUST(cotel_iterator_next_point(&points, &metric, &point));
        begin = metric.bytes.data;
        end = begin + metric.bytes.size;
        walk_point(&metric, &point);
        check_point(&metric, &point, given);
    }
    MUST(!cotel_iterator_next_point(&points, &metric, &point));
    MUST(!cotel_batch_next_metric(batch, &cursor, &metric, NULL));
}

static void write_and_read(struct input *input)
{
    struct parts parts;
    struct ct_metric_batches batches;
    cotel_metric_head head = {.size = sizeof head,
                              .name = take_str(input),
                              .description = take_str(input),
                              .unit = take_str(input),
                              .type = types[take_byte(input) % 5],
                              .temporality = (cotel_temporality)(take_byte(input) % 4),
                              .is_monotonic = take_byte(input) & 1};
    cotel_point point = take_point(input, head.type, &parts);
    cotel_metric_writer *writer = ct_metric_writer_create(&(struct ct_metric_writer_options){
        .max_points = take_byte(input), .max_bytes = take_byte(input) * 8u, .time_unix_ns = 1});
    MUST(writer != NULL);
    (void)cotel_metric_writer_metric(writer, &head);
    for (size_t i = take_byte(input) % MOST_POINTS; i > 0; i--)
        cotel_metric_writer_point(writer, &point);
    ct_metric_writer_finish(writer, &batches);
    MUST(ct_metric_writer_lost(writer) == 0);
    for (size_t i = 0; i < batches.count; i++)
        check_batch(batches.items[i], &point);
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    if (take_byte(&input) & 1)
        write_and_read(&input);
    else
        read_anything((const char *)input.at, input.left);
    return 0;
}
