/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a batch with every kind of point to stdout, as a ScopeMetrics message: its bytes, or with
 * the argument `json` as OTLP/JSON. check.py has others judge them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metric_batches.h"
#include "proto/json.h"
#include "proto/metrics.pb-c.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define START_NS 1700000000000000001u
#define TIME_NS 1700000000123456789u

static cotel_batch *numbers_and_distributions(void)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("model", "gpt-4o"), cotel_attribute_int("retry", -1),
        cotel_attribute_bool("cached", true), cotel_attribute_double("share", 0.25)};
    const cotel_exemplar exemplars[] = {
        {.time_unix_ns = TIME_NS,
         .value = {.type = COTEL_NUMBER_DOUBLE, .floating = 0.5},
         .trace_id = {{0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd, 0x84, 0x48, 0xeb, 0x21, 0x1c,
                       0x80, 0x31, 0x9c}},
         .span_id = {{0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31}},
         .attributes = attributes,
         .attribute_count = 1},
        {.value = {.type = COTEL_NUMBER_INT, .integer = -3}}};
    const double boundaries[] = {-1.5, 0, 2.5};
    const uint64_t counts[] = {1, 0, 2, UINT64_C(1) << 60}, few[] = {300, 0, 7};
    const cotel_quantile_data quantiles[] = {{0, 0}, {0.5, NAN}, {1, INFINITY}};

    cotel_point sums[] = {metric_point_int(INT64_MAX, attributes, COUNT_OF(attributes)),
                          metric_point_double(0, NULL, 0)};
    sums[0].start_unix_ns = START_NS;
    sums[0].time_unix_ns = TIME_NS;
    sums[0].exemplars = exemplars;
    sums[0].exemplar_count = COUNT_OF(exemplars);
    cotel_point gauges[] = {metric_point_int(INT64_MIN, NULL, 0),
                            metric_point_double(NAN, NULL, 0),
                            metric_point_double(-INFINITY, NULL, 0),
                            {.size = sizeof(cotel_point)}};
    gauges[3].flags = 1;
    const cotel_point histogram = {.size = sizeof histogram,
                                   .start_unix_ns = START_NS,
                                   .time_unix_ns = TIME_NS,
                                   .attributes = attributes,
                                   .attribute_count = 1,
                                   .count = (UINT64_C(1) << 60) + 3,
                                   .has_sum = true,
                                   .sum = 0,
                                   .has_min = true,
                                   .min = -2,
                                   .has_max = true,
                                   .max = 1e300,
                                   .boundaries = boundaries,
                                   .boundary_count = COUNT_OF(boundaries),
                                   .bucket_counts = counts,
                                   .exemplars = exemplars,
                                   .exemplar_count = 1};
    const cotel_point exponential = {.size = sizeof exponential,
                                     .time_unix_ns = TIME_NS,
                                     .attributes = attributes,
                                     .attribute_count = 2,
                                     .count = 617,
                                     .has_sum = true,
                                     .sum = -12.5,
                                     .scale = -4,
                                     .zero_count = 3,
                                     .zero_threshold = 1e-9,
                                     .positive = {-70000, 3, few},
                                     .negative = {12, 3, few},
                                     .has_max = true,
                                     .max = 4,
                                     .exemplars = exemplars,
                                     .exemplar_count = 1};
    const cotel_point summary = {.size = sizeof summary,
                                 .time_unix_ns = TIME_NS,
                                 .count = 2,
                                 .sum = 3,
                                 .quantiles = quantiles,
                                 .quantile_count = COUNT_OF(quantiles)};
    struct described_metric metrics[] = {
        {"my.lib", "1.0",
         metric_head(COTEL_METRIC_SUM, "requests", "{request}", "gr\xc3\xbc\xc3\x9f"), sums,
         COUNT_OF(sums)},
        {"my.lib", "1.0", metric_head(COTEL_METRIC_GAUGE, "level", "", ""), gauges,
         COUNT_OF(gauges)},
        {"my.lib", "1.0", metric_head(COTEL_METRIC_HISTOGRAM, "latency", "s", ""), &histogram, 1},
        {"my.lib", "1.0", metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "size", "By", ""),
         &exponential, 1},
        {"my.lib", "1.0", metric_head(COTEL_METRIC_SUMMARY, "age", "", ""), &summary, 1}};
    metrics[2].head.temporality = COTEL_TEMPORALITY_DELTA;
    return metric_batch_of(NULL, metrics, COUNT_OF(metrics));
}

/* ScopeMetrics.scope, and behind it the group's own bytes. Yours to free. */
static uint8_t *frame(const cotel_batch_group *group, size_t *size)
{
    cotel_str scope = group->scope->encoded;
    *size = ct_field_bytes_size(1, scope.size) + group->bytes.size;
    uint8_t *message = malloc(*size);
    if (message != NULL)
        (void)ct_put_bytes(ct_put_field_bytes(message, 1, scope.data, scope.size),
                           group->bytes.data, group->bytes.size);
    return message;
}

static bool print_json(const uint8_t *message, size_t size)
{
    struct ct_json json = {0};
    bool done = ct_proto_json_append(
        &json, &ct_opentelemetry__proto__metrics__v1__scope_metrics__descriptor, message, size);
    done = done && fwrite(json.data, 1, json.size, stdout) == json.size && putchar('\n') == '\n';
    free(json.data);
    return done;
}

int main(int argc, char **argv)
{
    size_t count, size;
    cotel_batch *batch = numbers_and_distributions();
    uint8_t *message = frame(cotel_batch_groups(batch, &count), &size);
    if (message == NULL)
        return 1;
    bool is_json = argc == 2 && strcmp(argv[1], "json") == 0;
    bool done = is_json ? print_json(message, size) : fwrite(message, 1, size, stdout) == size;
    free(message);
    cotel_batch_unref(batch);
    return done ? 0 : 1;
}
