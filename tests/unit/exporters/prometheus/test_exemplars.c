/* SPDX-License-Identifier: Apache-2.0 */
/* Exemplars, and exponential histograms of any size. */
#include "exposition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "exporters/prometheus/exponential.h"

static const struct exposition text = TEXT, openmetrics = OPENMETRICS;

#define TRACE                                                     \
    {                                                             \
        {                                                         \
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 \
        }                                                         \
    }
#define SPAN                       \
    {                              \
        {                          \
            1, 2, 3, 4, 5, 6, 7, 8 \
        }                          \
    }
#define IDS "trace_id=\"0102030405060708090a0b0c0d0e0f10\",span_id=\"0102030405060708\""

static cotel_exemplar exemplar_of(int64_t value, uint64_t time, const cotel_attribute *attributes,
                                  size_t count)
{
    return (cotel_exemplar){.time_unix_ns = time,
                            .value = {.type = COTEL_NUMBER_INT, .integer = value},
                            .trace_id = TRACE,
                            .span_id = SPAN,
                            .attributes = attributes,
                            .attribute_count = count};
}

static void assert_counter(const struct exposition *how, const cotel_exemplar *exemplars,
                           size_t count, const char *expected)
{
    cotel_point point = metric_point_int(5, NULL, 0);
    point.exemplars = exemplars;
    point.exemplar_count = count;
    const struct described_metric metric = {"lib", NULL,
                                            metric_head(COTEL_METRIC_SUM, "c", "", "C"), &point, 1};
    assert_exposition(how, metric_batch_of(NULL, &metric, 1), expected);
}

static void the_latest_exemplar_stands_behind_a_counter(void **state)
{
    const cotel_exemplar exemplars[] = {exemplar_of(1, 1500000000, NULL, 0),
                                        exemplar_of(2, 3000000001, NULL, 0),
                                        exemplar_of(3, 2000000000, NULL, 0)};
    assert_counter(&openmetrics, exemplars, 3,
                   "# HELP c C\n# TYPE c counter\n"
                   "c_total 5 # {" IDS "} 2 3.000000001\n# EOF\n");
    assert_counter(&text, exemplars, 3, "# HELP c_total C\n# TYPE c_total counter\nc_total 5\n");
}

static void filtered_attributes_are_labels_of_exemplars_and_the_ids_win(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("user.id", "me"), cotel_attribute_string("trace.id", "no"),
        cotel_attribute_string("span_id", "no"), cotel_attribute_int("n", 4)};
    const cotel_exemplar exemplar = exemplar_of(2, 1000000000, attributes, 4);
    assert_counter(&openmetrics, &exemplar, 1,
                   "# HELP c C\n# TYPE c counter\n"
                   "c_total 5 # {" IDS ",n=\"4\",user_id=\"me\"} 2 1.000000000\n# EOF\n");
}

/* The ids take 63 characters of 128. */
static void filtered_attributes_that_are_too_long_are_left_out(void **state)
{
    char value[80];
    memset(value, 'x', sizeof value);
    value[61] = '\0';
    const cotel_attribute attribute = cotel_attribute_string("name", value);
    const cotel_exemplar exemplar = exemplar_of(2, 1000000000, &attribute, 1);
    char expected[512];
    (void)snprintf(expected, sizeof expected,
                   "# HELP c C\n# TYPE c counter\n"
                   "c_total 5 # {" IDS ",name=\"%s\"} 2 1.000000000\n# EOF\n",
                   value);
    assert_counter(&openmetrics, &exemplar, 1, expected);
    value[61] = 'x';
    value[62] = '\0';
    const cotel_attribute longer = cotel_attribute_string("name", value);
    const cotel_exemplar too_long = exemplar_of(2, 1000000000, &longer, 1);
    assert_counter(&openmetrics, &too_long, 1,
                   "# HELP c C\n# TYPE c counter\nc_total 5 # {" IDS "} 2 1.000000000\n# EOF\n");
}

static void an_exemplar_without_a_trace_has_its_attributes(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("trace_id", "mine");
    cotel_exemplar exemplar = exemplar_of(2, 1000000000, &attribute, 1);
    exemplar.trace_id = (cotel_trace_id){{0}};
    assert_counter(&openmetrics, &exemplar, 1,
                   "# HELP c C\n# TYPE c counter\n"
                   "c_total 5 # {trace_id=\"mine\"} 2 1.000000000\n# EOF\n");
    exemplar.attribute_count = 0;
    assert_counter(&openmetrics, &exemplar, 1,
                   "# HELP c C\n# TYPE c counter\nc_total 5 # {} 2 1.000000000\n# EOF\n");
}

static void a_bucket_has_the_latest_exemplar_that_falls_into_it(void **state)
{
    const double boundaries[] = {1, 10};
    const uint64_t counts[] = {1, 2, 1};
    const cotel_exemplar exemplars[] = {
        exemplar_of(10, 2000000000, NULL, 0), exemplar_of(2, 1000000000, NULL, 0),
        exemplar_of(1, 1000000000, NULL, 0), exemplar_of(11, 1000000000, NULL, 0)};
    const cotel_point point = {.size = sizeof point,
                               .count = 4,
                               .has_sum = true,
                               .sum = 24,
                               .boundaries = boundaries,
                               .boundary_count = 2,
                               .bucket_counts = counts,
                               .exemplars = exemplars,
                               .exemplar_count = 4};
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_HISTOGRAM, "h", "", "H"), &point, 1};
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP h H\n# TYPE h histogram\n"
                      "h_bucket{le=\"1.0\"} 1 # {" IDS "} 1 1.000000000\n"
                      "h_bucket{le=\"10.0\"} 3 # {" IDS "} 10 2.000000000\n"
                      "h_bucket{le=\"+Inf\"} 4 # {" IDS "} 11 1.000000000\n"
                      "h_sum 24\nh_count 4\n# EOF\n");
}

static void gauges_have_no_exemplars(void **state)
{
    const cotel_exemplar exemplar = exemplar_of(2, 1000000000, NULL, 0);
    cotel_point point = metric_point_int(5, NULL, 0);
    point.exemplars = &exemplar;
    point.exemplar_count = 1;
    const struct described_metric metric = {
        "lib", NULL, metric_head(COTEL_METRIC_GAUGE, "g", "", "G"), &point, 1};
    assert_exposition(&openmetrics, metric_batch_of(NULL, &metric, 1),
                      "# HELP g G\n# TYPE g gauge\ng 5\n# EOF\n");
}

enum { WIDE = 1000 };

/* Every bucket of the result is a sum of whole buckets of the point. */
static void a_wide_exponential_histogram_is_downscaled_and_loses_no_count(void **state)
{
    uint64_t counts[WIDE];
    for (int i = 0; i < WIDE; i++)
        counts[i] = (uint64_t)i + 1;
    const cotel_point point = {.size = sizeof point,
                               .count = (uint64_t)WIDE * (WIDE + 1) / 2 + 3,
                               .scale = 5,
                               .zero_count = 3,
                               .positive = {-100, WIDE, counts}};
    cotel_metric_head head = metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "e", "", "E");
    cotel_metric_writer *writer = metric_batch_begin(NULL);
    assert_true(cotel_metric_writer_metric(writer, &head));
    cotel_metric_writer_point(writer, &point);
    cotel_batch *batch = metric_batch_end(writer);
    cotel_batch_cursor cursor = {0, 0};
    cotel_metric_data data;
    cotel_point_data read;
    assert_true(cotel_batch_next_metric(batch, &cursor, &data, NULL));
    cotel_iterator points = cotel_metric_data_points(&data);
    assert_true(cotel_iterator_next_point(&points, &data, &read));

    struct ct_prom_exponential sum = {0};
    struct ct_prom_buckets buckets = {0};
    ct_prom_exponential_add(&sum, &read);
    ct_prom_exponential_read(&sum, &buckets);
    assert_in_range(buckets.count, CT_PROM_MAX_EXPONENTIAL / 2, CT_PROM_MAX_EXPONENTIAL + 2);
    assert_int_equal(buckets.total, point.count);
    for (size_t i = 0; i < buckets.count; i++) {
        double last = log2(buckets.items[i].boundary) * 32 + 100; /* so many buckets of the point */
        uint64_t expected = 3;
        for (int j = 0; j < WIDE && j < (int)lround(last); j++)
            expected += counts[j];
        assert_int_equal(buckets.items[i].count, i == 0 ? 3 : expected);
    }
    ct_prom_buckets_fini(&buckets);
    cotel_batch_unref(batch);
}

static void scales_and_offsets_at_their_ends_do_no_harm(void **state)
{
    const uint64_t counts[] = {1, 1};
    const struct {
        int32_t scale;
        int32_t offset;
    } rows[] = {{20, INT32_MAX - 1}, {20, INT32_MIN}, {-10, 0},  {-64, INT32_MAX - 1},
                {64, INT32_MIN},     {0, 1022},       {0, -1075}};
    struct ct_prom_exponential sum = {0};
    struct ct_prom_buckets buckets = {0};
    uint64_t total = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cotel_point point = {.size = sizeof point,
                                   .count = 2,
                                   .scale = rows[i].scale,
                                   .positive = {rows[i].offset, 2, counts}};
        cotel_metric_head head = metric_head(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, "e", "", "E");
        const struct described_metric metric = {"lib", NULL, head, &point, 1};
        cotel_batch *batch = metric_batch_of(NULL, &metric, 1);
        cotel_batch_cursor cursor = {0, 0};
        cotel_metric_data data;
        cotel_point_data read;
        assert_true(cotel_batch_next_metric(batch, &cursor, &data, NULL));
        cotel_iterator points = cotel_metric_data_points(&data);
        assert_true(cotel_iterator_next_point(&points, &data, &read));
        ct_prom_exponential_add(&sum, &read);
        ct_prom_exponential_read(&sum, &buckets);
        total += 2;
        assert_int_equal(buckets.total, total);
        for (size_t j = 1; j < buckets.count; j++)
            assert_true(buckets.items[j].boundary > buckets.items[j - 1].boundary);
        cotel_batch_unref(batch);
    }
    ct_prom_buckets_fini(&buckets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_exemplar_stands_behind_a_counter),
        cmocka_unit_test(filtered_attributes_are_labels_of_exemplars_and_the_ids_win),
        cmocka_unit_test(filtered_attributes_that_are_too_long_are_left_out),
        cmocka_unit_test(an_exemplar_without_a_trace_has_its_attributes),
        cmocka_unit_test(a_bucket_has_the_latest_exemplar_that_falls_into_it),
        cmocka_unit_test(gauges_have_no_exemplars),
        cmocka_unit_test(a_wide_exponential_histogram_is_downscaled_and_loses_no_count),
        cmocka_unit_test(scales_and_offsets_at_their_ends_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
