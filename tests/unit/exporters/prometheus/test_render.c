/* SPDX-License-Identifier: Apache-2.0 */
/* What types of metrics become. */
#include "exposition.h"

#include <math.h>

static const struct exposition text = TEXT, openmetrics = OPENMETRICS;

static struct described_metric described(cotel_metric_head head, const cotel_point *points,
                                         size_t count)
{
    return (struct described_metric){"lib", NULL, head, points, count};
}

static void a_monotonic_sum_is_a_counter(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("model", "gpt-4o"),
                                          cotel_attribute_int("retry", 1)};
    const cotel_point points[] = {metric_point_int(5, attributes, 2),
                                  metric_point_double(7.5, attributes, 1)};
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_SUM, "gen_ai.tokens", "By", "How many"), points, 2);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP gen_ai_tokens_bytes_total How many\n"
                      "# TYPE gen_ai_tokens_bytes_total counter\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\",retry=\"1\"} 5\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\"} 7.5\n");
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP gen_ai_tokens_bytes How many\n"
                      "# TYPE gen_ai_tokens_bytes counter\n"
                      "# UNIT gen_ai_tokens_bytes bytes\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\",retry=\"1\"} 5\n"
                      "gen_ai_tokens_bytes_total{model=\"gpt-4o\"} 7.5\n"
                      "# EOF\n");
}

static void a_gauge_and_a_sum_that_goes_down_are_gauges(void **state)
{
    const cotel_point points[] = {metric_point_double(-1.5, NULL, 0)};
    struct described_metric metrics[] = {
        described(metric_head(COTEL_METRIC_GAUGE, "temperature", "Cel", "Outside"), points, 1),
        described(metric_head(COTEL_METRIC_SUM, "queue.length", "{item}", "Waiting"), points, 1),
    };
    metrics[1].head.is_monotonic = false;
    assert_exposition(&text, metric_batch_of(NULL, metrics, 2),
                      "# HELP temperature_celsius Outside\n"
                      "# TYPE temperature_celsius gauge\n"
                      "temperature_celsius -1.5\n"
                      "# HELP queue_length Waiting\n"
                      "# TYPE queue_length gauge\n"
                      "queue_length -1.5\n");
}

static void numbers_that_are_not_finite_are_written(void **state)
{
    const cotel_attribute which[] = {cotel_attribute_string("is", "nan"),
                                     cotel_attribute_string("is", "inf"),
                                     cotel_attribute_string("is", "-inf")};
    const cotel_point points[] = {metric_point_double(NAN, &which[0], 1),
                                  metric_point_double(INFINITY, &which[1], 1),
                                  metric_point_double(-INFINITY, &which[2], 1)};
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_GAUGE, "odd", "", "Odd"), points, 3);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP odd Odd\n"
                      "# TYPE odd gauge\n"
                      "odd{is=\"nan\"} NaN\n"
                      "odd{is=\"inf\"} +Inf\n"
                      "odd{is=\"-inf\"} -Inf\n");
}

static void a_counter_that_is_no_number_is_left_out(void **state)
{
    const cotel_attribute which[] = {cotel_attribute_int("is", 1), cotel_attribute_int("is", 2)};
    const cotel_point points[] = {metric_point_double(NAN, &which[0], 1),
                                  metric_point_double(INFINITY, &which[1], 1)};
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_SUM, "odd", "", "Odd"), points, 2);
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP odd Odd\n"
                      "# TYPE odd counter\n"
                      "odd_total{is=\"2\"} +Inf\n"
                      "# EOF\n");
}

static cotel_point histogram_point(const double *boundaries, const uint64_t *counts, size_t count)
{
    return (cotel_point){.size = sizeof(cotel_point),
                         .boundaries = boundaries,
                         .boundary_count = count,
                         .bucket_counts = counts,
                         .has_sum = true};
}

static void a_histogram_has_cumulative_buckets(void **state)
{
    const double boundaries[] = {0, 0.5, 10};
    const uint64_t counts[] = {0, 2, 3, 1};
    const cotel_attribute route = cotel_attribute_string("route", "/a");
    cotel_point point = histogram_point(boundaries, counts, 3);
    point.count = 6;
    point.sum = 30.25;
    point.attributes = &route;
    point.attribute_count = 1;
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_HISTOGRAM, "latency", "s", "How long"), &point, 1);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP latency_seconds How long\n"
                      "# TYPE latency_seconds histogram\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"0\"} 0\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"0.5\"} 2\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"10\"} 5\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"+Inf\"} 6\n"
                      "latency_seconds_sum{route=\"/a\"} 30.25\n"
                      "latency_seconds_count{route=\"/a\"} 6\n");
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP latency_seconds How long\n"
                      "# TYPE latency_seconds histogram\n"
                      "# UNIT latency_seconds seconds\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"0.0\"} 0\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"0.5\"} 2\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"10.0\"} 5\n"
                      "latency_seconds_bucket{route=\"/a\",le=\"+Inf\"} 6\n"
                      "latency_seconds_sum{route=\"/a\"} 30.25\n"
                      "latency_seconds_count{route=\"/a\"} 6\n"
                      "# EOF\n");
}

static void a_histogram_without_buckets_has_the_last_one(void **state)
{
    cotel_point point = histogram_point(NULL, NULL, 0);
    point.count = 3;
    point.sum = 4;
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_HISTOGRAM, "size", "", "How big"), &point, 1);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP size How big\n"
                      "# TYPE size histogram\n"
                      "size_bucket{le=\"+Inf\"} 3\n"
                      "size_sum 4\n"
                      "size_count 3\n");
}

static void openmetrics_has_no_sum_that_could_go_down(void **state)
{
    const double boundaries[] = {-1, 1};
    const uint64_t counts[] = {1, 1, 1};
    cotel_point point = histogram_point(boundaries, counts, 2);
    point.count = 3;
    point.sum = 4;
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_HISTOGRAM, "shift", "", "How far"), &point, 1);
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP shift How far\n"
                      "# TYPE shift histogram\n"
                      "shift_bucket{le=\"-1.0\"} 1\n"
                      "shift_bucket{le=\"1.0\"} 2\n"
                      "shift_bucket{le=\"+Inf\"} 3\n"
                      "# EOF\n");
    point.has_sum = false;
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP shift How far\n"
                      "# TYPE shift histogram\n"
                      "shift_bucket{le=\"-1\"} 1\n"
                      "shift_bucket{le=\"1\"} 2\n"
                      "shift_bucket{le=\"+Inf\"} 3\n"
                      "shift_count 3\n");
}

static void an_exponential_histogram_gets_boundaries(void **state)
{
    const uint64_t positive[] = {1, 0, 2}, negative[] = {3, 4};
    const cotel_point point = {.size = sizeof(cotel_point),
                               .count = 15,
                               .has_sum = true,
                               .sum = 8,
                               .scale = 0,
                               .zero_count = 5,
                               .positive = {-1, 3, positive},
                               .negative = {0, 2, negative}};
    const struct described_metric metric = described(
        metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "size", "", "How big"), &point, 1);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1),
                      "# HELP size How big\n"
                      "# TYPE size histogram\n"
                      "size_bucket{le=\"-2\"} 4\n"
                      "size_bucket{le=\"-1\"} 7\n"
                      "size_bucket{le=\"0\"} 12\n"
                      "size_bucket{le=\"0.5\"} 12\n"
                      "size_bucket{le=\"1\"} 13\n"
                      "size_bucket{le=\"2\"} 13\n"
                      "size_bucket{le=\"4\"} 15\n"
                      "size_bucket{le=\"+Inf\"} 15\n"
                      "size_sum 8\n"
                      "size_count 15\n");
}

static void a_summary_has_quantiles_from_the_lowest_up(void **state)
{
    const cotel_quantile_data quantiles[] = {{0.99, 9}, {0.5, 3}, {1, 10}, {1.5, 11}, {0.5, 4}};
    const cotel_attribute who = cotel_attribute_string("who", "me");
    const cotel_point point = {.size = sizeof(cotel_point),
                               .attributes = &who,
                               .attribute_count = 1,
                               .count = 12,
                               .has_sum = true,
                               .sum = 40.5,
                               .quantiles = quantiles,
                               .quantile_count = 3};
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_SUMMARY, "age", "s", "How old"), &point, 1);
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP age_seconds How old\n"
                      "# TYPE age_seconds summary\n"
                      "# UNIT age_seconds seconds\n"
                      "age_seconds_count{who=\"me\"} 12\n"
                      "age_seconds_sum{who=\"me\"} 40.5\n"
                      "age_seconds{who=\"me\",quantile=\"0.5\"} 3\n"
                      "age_seconds{who=\"me\",quantile=\"0.99\"} 9\n"
                      "age_seconds{who=\"me\",quantile=\"1.0\"} 10\n"
                      "# EOF\n");
}

static void a_point_that_says_nothing_was_measured_is_no_series(void **state)
{
    cotel_point point = metric_point_int(0, NULL, 0);
    point.flags = 1;
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), &point, 1);
    assert_exposition(&text, metric_batch_of(NULL, &metric, 1), "# HELP g G\n# TYPE g gauge\n");
}

static void nothing_is_an_exposition_too(void **state)
{
    assert_exposition(&text, NULL, "");
    assert_exposition(&openmetrics, NULL, "# EOF\n");
}

static void a_unit_is_told_only_where_the_name_ends_with_it(void **state)
{
    const cotel_point point = metric_point_int(1, NULL, 0);
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_GAUGE, "memory", "By", "M"), &point, 1);
    struct exposition how = OPENMETRICS;
    how.settings.translation = COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES;
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1),
                      "# HELP memory M\n# TYPE memory gauge\nmemory 1\n# EOF\n");
    how.escaping = COTEL_PROMETHEUS_ALLOW_UTF8;
    how.settings.translation = COTEL_PROMETHEUS_UTF8_WITH_SUFFIXES;
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1),
                      "# HELP memory_bytes M\n# TYPE memory_bytes gauge\n"
                      "# UNIT memory_bytes bytes\nmemory_bytes 1\n# EOF\n");
}

static void a_counter_without_its_suffix_is_unknown_to_openmetrics(void **state)
{
    const cotel_point point = metric_point_int(1, NULL, 0);
    const struct described_metric metric =
        described(metric_head(COTEL_METRIC_SUM, "calls", "", "C"), &point, 1);
    struct exposition how = OPENMETRICS;
    how.settings.translation = COTEL_PROMETHEUS_UNDERSCORES_WITHOUT_SUFFIXES;
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1),
                      "# HELP calls C\n# TYPE calls unknown\ncalls 1\n# EOF\n");
    how.format = COTEL_PROMETHEUS_TEXT;
    how.is_odd = true;
    assert_exposition(&how, metric_batch_of(NULL, &metric, 1),
                      "# HELP calls C\n# TYPE calls counter\ncalls 1\n");
}

static void names_that_need_it_are_quoted(void **state)
{
    const cotel_attribute method = cotel_attribute_string("http.method", "GET");
    const double boundary = 1;
    const uint64_t counts[] = {1, 0};
    cotel_point histogram = histogram_point(&boundary, counts, 1);
    histogram.count = 1;
    const cotel_point points[] = {metric_point_int(1, NULL, 0), metric_point_int(2, &method, 1)};
    const struct described_metric metrics[] = {
        described(metric_head(COTEL_METRIC_SUM, "http.requests", "", "R"), points, 2),
        described(metric_head(COTEL_METRIC_HISTOGRAM, "a \"b\" \\", "", "H"), &histogram, 1)};
    struct exposition how = OPENMETRICS;
    how.settings.translation = COTEL_PROMETHEUS_UTF8_WITH_SUFFIXES;
    how.escaping = COTEL_PROMETHEUS_ALLOW_UTF8;
    assert_exposition(&how, metric_batch_of(NULL, metrics, 2),
                      "# HELP \"http.requests\" R\n"
                      "# TYPE \"http.requests\" counter\n"
                      "{\"http.requests_total\"} 1\n"
                      "{\"http.requests_total\",\"http.method\"=\"GET\"} 2\n"
                      "# HELP \"a \\\"b\\\" \\\\\" H\n"
                      "# TYPE \"a \\\"b\\\" \\\\\" histogram\n"
                      "{\"a \\\"b\\\" \\\\_bucket\",le=\"1.0\"} 1\n"
                      "{\"a \\\"b\\\" \\\\_bucket\",le=\"+Inf\"} 1\n"
                      "{\"a \\\"b\\\" \\\\_sum\"} 0\n"
                      "{\"a \\\"b\\\" \\\\_count\"} 1\n"
                      "# EOF\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_monotonic_sum_is_a_counter),
        cmocka_unit_test(a_gauge_and_a_sum_that_goes_down_are_gauges),
        cmocka_unit_test(numbers_that_are_not_finite_are_written),
        cmocka_unit_test(a_counter_that_is_no_number_is_left_out),
        cmocka_unit_test(a_histogram_has_cumulative_buckets),
        cmocka_unit_test(a_histogram_without_buckets_has_the_last_one),
        cmocka_unit_test(openmetrics_has_no_sum_that_could_go_down),
        cmocka_unit_test(an_exponential_histogram_gets_boundaries),
        cmocka_unit_test(a_summary_has_quantiles_from_the_lowest_up),
        cmocka_unit_test(a_point_that_says_nothing_was_measured_is_no_series),
        cmocka_unit_test(nothing_is_an_exposition_too),
        cmocka_unit_test(a_unit_is_told_only_where_the_name_ends_with_it),
        cmocka_unit_test(a_counter_without_its_suffix_is_unknown_to_openmetrics),
        cmocka_unit_test(names_that_need_it_are_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
