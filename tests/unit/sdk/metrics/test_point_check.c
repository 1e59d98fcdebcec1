/* SPDX-License-Identifier: Apache-2.0 */
/* What a producer may give, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "metric_batches.h"
#include "sdk/metrics/writer.h"

/* Whether a point of a metric of that type is taken. */
static bool takes(cotel_metric_type type, const cotel_point *point)
{
    const cotel_metric_head head = metric_head(type, "m", "", "");
    cotel_metric_writer *writer = ct_metric_writer_create(&(struct ct_metric_writer_options){0});
    struct ct_metric_batches batches;
    assert_true(cotel_metric_writer_metric(writer, &head));
    cotel_metric_writer_point(writer, point);
    uint64_t malformed = ct_metric_writer_malformed(writer);
    ct_metric_writer_finish(writer, &batches);
    assert_int_equal(batches.count + malformed, 1);
    ct_metric_batches_fini(&batches);
    ct_metric_writer_destroy(writer);
    return malformed == 0;
}

static void a_number_needs_a_type(void **state)
{
    cotel_point point = metric_point_int(1, NULL, 0);
    assert_true(takes(COTEL_METRIC_GAUGE, &point));
    point.value.type = COTEL_NUMBER_NONE;
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
    assert_false(takes(COTEL_METRIC_SUM, &point));
    point.flags = 1; /* nothing was recorded */
    assert_true(takes(COTEL_METRIC_GAUGE, &point));
    point.value.type = (cotel_number_type)3;
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
}

static void only_a_monotonic_sum_can_not_be_negative(void **state)
{
    const cotel_point integer = metric_point_int(-1, NULL, 0);
    const cotel_point floating = metric_point_double(-0.5, NULL, 0);
    assert_false(takes(COTEL_METRIC_SUM, &integer));
    assert_false(takes(COTEL_METRIC_SUM, &floating));
    assert_true(takes(COTEL_METRIC_GAUGE, &integer));
    assert_true(takes(COTEL_METRIC_GAUGE, &floating));
}

static void boundaries_ascend_and_are_finite(void **state)
{
    const uint64_t counts[] = {1, 0, 2};
    double boundaries[] = {1, 2};
    const cotel_point point = {.size = sizeof point,
                               .count = 3,
                               .boundaries = boundaries,
                               .boundary_count = 2,
                               .bucket_counts = counts};
    assert_true(takes(COTEL_METRIC_HISTOGRAM, &point));
    const double wrong[] = {1, 0.5, NAN, INFINITY};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        boundaries[1] = wrong[i];
        assert_false(takes(COTEL_METRIC_HISTOGRAM, &point));
    }
}

static void counts_of_buckets_add_up(void **state)
{
    uint64_t counts[] = {1, 0, 2};
    const double boundaries[] = {1, 2};
    cotel_point point = {.size = sizeof point,
                         .count = 4,
                         .boundaries = boundaries,
                         .boundary_count = 2,
                         .bucket_counts = counts};
    assert_false(takes(COTEL_METRIC_HISTOGRAM, &point));
    counts[0] = UINT64_MAX;
    counts[1] = 5; /* together they are 4 again, modulo 2^64 and with the 2 */
    point.count = 6;
    assert_false(takes(COTEL_METRIC_HISTOGRAM, &point));
    point.bucket_counts = NULL;
    assert_false(takes(COTEL_METRIC_HISTOGRAM, &point));
    point.boundary_count = 0;
    assert_true(takes(COTEL_METRIC_HISTOGRAM, &point));
}

static void buckets_of_an_exponential_histogram_add_up_and_have_an_index(void **state)
{
    const uint64_t counts[] = {1, 2};
    cotel_point point = {.size = sizeof point,
                         .count = 10,
                         .zero_count = 4,
                         .positive = {INT32_MAX - 1, 2, counts},
                         .negative = {-5, 2, counts}};
    assert_true(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.positive.offset = INT32_MAX;
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.positive.offset = INT32_MIN;
    assert_true(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.zero_count = 3;
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.zero_count = 4;
    point.zero_threshold = -1;
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.zero_threshold = NAN;
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.zero_threshold = 0;
    point.negative.counts = NULL;
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
}

static void the_least_value_is_not_above_the_greatest(void **state)
{
    cotel_point point = {
        .size = sizeof point, .has_min = true, .min = 2, .has_max = true, .max = 1};
    assert_false(takes(COTEL_METRIC_HISTOGRAM, &point));
    assert_false(takes(COTEL_METRIC_EXPONENTIAL_HISTOGRAM, &point));
    point.has_max = false;
    assert_true(takes(COTEL_METRIC_HISTOGRAM, &point));
}

static void quantiles_are_shares_of_values_that_are_not_negative(void **state)
{
    cotel_quantile_data quantile = {1, NAN};
    const cotel_point point = {.size = sizeof point, .quantiles = &quantile, .quantile_count = 1};
    assert_true(takes(COTEL_METRIC_SUMMARY, &point));
    const cotel_quantile_data wrong[] = {{1.1, 0}, {-0.1, 0}, {NAN, 0}, {0.5, -1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        quantile = wrong[i];
        assert_false(takes(COTEL_METRIC_SUMMARY, &point));
    }
}

static void lists_that_are_not_empty_are_there(void **state)
{
    const cotel_exemplar nothing = {.time_unix_ns = 1};
    const cotel_point good = metric_point_int(1, NULL, 0);
    cotel_point point = good;
    point.attribute_count = 1;
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
    point = good;
    point.exemplar_count = 1;
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
    point.exemplars = &nothing; /* without a value */
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
    const cotel_point summary = {.size = sizeof summary, .quantile_count = 1};
    assert_false(takes(COTEL_METRIC_SUMMARY, &summary));
    assert_false(takes(COTEL_METRIC_GAUGE, NULL));
    point = good;
    point.size = 0;
    assert_false(takes(COTEL_METRIC_GAUGE, &point));
}

static void a_metric_needs_a_type_and_a_temporality_where_there_is_one(void **state)
{
    cotel_metric_writer *writer = ct_metric_writer_create(&(struct ct_metric_writer_options){0});
    cotel_metric_head head = metric_head(COTEL_METRIC_SUM, "m", "", "");
    const cotel_point point = metric_point_int(1, NULL, 0);
    cotel_metric_writer_point(writer, &point); /* of no metric */
    assert_int_equal(ct_metric_writer_malformed(writer), 1);
    head.temporality = COTEL_TEMPORALITY_UNSPECIFIED;
    assert_false(cotel_metric_writer_metric(writer, &head));
    head.type = (cotel_metric_type)6;
    assert_false(cotel_metric_writer_metric(writer, &head));
    assert_false(cotel_metric_writer_metric(writer, NULL));
    assert_int_equal(ct_metric_writer_malformed(writer), 4);
    cotel_metric_writer_point(writer, &point); /* ignored: its metric was told */
    assert_int_equal(ct_metric_writer_malformed(writer), 4);
    head.type = COTEL_METRIC_GAUGE;
    assert_true(cotel_metric_writer_metric(writer, &head));
    struct ct_metric_batches batches;
    ct_metric_writer_finish(writer, &batches);
    assert_int_equal(batches.count, 0);
    ct_metric_writer_destroy(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_needs_a_type),
        cmocka_unit_test(only_a_monotonic_sum_can_not_be_negative),
        cmocka_unit_test(boundaries_ascend_and_are_finite),
        cmocka_unit_test(counts_of_buckets_add_up),
        cmocka_unit_test(buckets_of_an_exponential_histogram_add_up_and_have_an_index),
        cmocka_unit_test(the_least_value_is_not_above_the_greatest),
        cmocka_unit_test(quantiles_are_shares_of_values_that_are_not_negative),
        cmocka_unit_test(lists_that_are_not_empty_are_there),
        cmocka_unit_test(a_metric_needs_a_type_and_a_temporality_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
