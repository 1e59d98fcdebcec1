/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "Histogram Aggregations": what buckets hold, and how they come and go. */
#include "../support/metric_fixture.h"

#include <float.h>
#include <math.h>

#define EXPONENTIAL(...)                                                     \
    VIEW(.instrument_name = "*",                                             \
         .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM, \
                                    .record_min_max = true, __VA_ARGS__))

/* Records into one histogram of doubles, and compares the line of its point. */
static void assert_histogram(const cotel_view *view, const double *values, size_t count,
                             const char *expected)
{
    struct metric_fixture fixture;
    metric_fixture_start_with_views(&fixture, view, view ? 1 : 0);
    cotel_double_histogram *histogram = cotel_double_histogram_get(fixture.meter, "size", NULL);
    for (size_t i = 0; i < count; i++)
        cotel_double_histogram_record(histogram, values[i], NULL, 0);
    assert_collected(&fixture, expected);
    metric_fixture_stop(&fixture);
}

/* ---- explicit ---- */

static void the_default_boundaries_are_those_of_the_specification(void **state)
{
    static const double values[] = {0, 5, 5.5, 10000, 10001};
    (void)state;
    assert_histogram(NULL, values, COUNT_OF(values),
                     "scope library\n"
                     " histogram size cumulative\n"
                     "  {} count=5 sum=20011.5 min=0 max=10001 "
                     "boundaries=[0,5,10,25,50,75,100,250,500,750,1000,2500,5000,7500,10000] "
                     "counts=[1,1,1,0,0,0,0,0,0,0,0,0,0,0,1,1]\n");
}

static void min_and_max_can_be_left_out(void **state)
{
    static const double values[] = {1};
    const cotel_view view =
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = values, .boundary_count = 1));
    (void)state;
    assert_histogram(&view, values, 1,
                     "scope library\n"
                     " histogram size cumulative\n"
                     "  {} count=1 sum=1 boundaries=[1] counts=[1,0]\n");
}

/* ---- exponential ---- */

static void a_single_value_is_at_the_highest_scale(void **state)
{
    static const double values[] = {2, 2};
    const cotel_view view = EXPONENTIAL(.max_buckets = 160, .max_scale = 20);
    (void)state;
    assert_histogram(&view, values, 2,
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=2 sum=4 min=2 max=2 scale=20 zero=0 threshold=0 "
                     "positive=1048575:[2] negative=0:[]\n");
}

static void a_power_of_two_is_the_upper_boundary_of_its_bucket(void **state)
{
    static const double values[] = {0.5, 1, 1.5, 2, 4};
    const cotel_view view = EXPONENTIAL(.max_buckets = 160, .max_scale = 0);
    (void)state;
    assert_histogram(&view, values, COUNT_OF(values),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=5 sum=9 min=0.5 max=4 scale=0 zero=0 threshold=0 "
                     "positive=-2:[1,1,2,1] negative=0:[]\n");
}

static void zeros_have_a_count_of_their_own(void **state)
{
    static const double values[] = {0, 0, 1};
    const cotel_view view = EXPONENTIAL(.max_buckets = 160, .max_scale = 0);
    (void)state;
    assert_histogram(&view, values, COUNT_OF(values),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=3 sum=1 min=0 max=1 scale=0 zero=2 threshold=0 "
                     "positive=-1:[1] negative=0:[]\n");
}

static void the_scale_goes_down_only_as_far_as_the_buckets_need(void **state)
{
    static const double four[] = {1, 2, 4, 8}, five[] = {1, 2, 4, 8, 16};
    const cotel_view view = EXPONENTIAL(.max_buckets = 4, .max_scale = 20);
    (void)state;
    assert_histogram(&view, four, COUNT_OF(four),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=4 sum=15 min=1 max=8 scale=0 zero=0 threshold=0 "
                     "positive=-1:[1,1,1,1] negative=0:[]\n");
    assert_histogram(&view, five, COUNT_OF(five),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=5 sum=31 min=1 max=16 scale=-1 zero=0 threshold=0 "
                     "positive=-1:[1,2,2] negative=0:[]\n");
}

static void all_normal_values_fit_into_the_fewest_buckets(void **state)
{
    static const double values[] = {DBL_MIN, DBL_MAX};
    const cotel_view view = VIEW(.instrument_name = "*",
                                 .aggregation = AGGREGATION(COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                                            .max_buckets = 2, .max_scale = -10));
    (void)state;
    assert_histogram(&view, values, COUNT_OF(values),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=2 sum=1.7976931348623157e+308 scale=-10 zero=0 threshold=0 "
                     "positive=-1:[1,1] negative=0:[]\n");
}

static void what_is_not_finite_is_in_no_bucket_and_no_sum(void **state)
{
    const double values[] = {1, INFINITY, NAN, -INFINITY};
    const cotel_view view = EXPONENTIAL(.max_buckets = 160, .max_scale = 0);
    (void)state;
    assert_histogram(&view, values, COUNT_OF(values),
                     "scope library\n"
                     " exponential_histogram size cumulative\n"
                     "  {} count=1 sum=1 min=1 max=1 scale=0 zero=0 threshold=0 "
                     "positive=-1:[1] negative=0:[]\n");
}

/* Also its scale: a period does not pay for what was in the one before. */
static void each_delta_starts_at_the_highest_scale(void **state)
{
    const cotel_view view = EXPONENTIAL(.max_buckets = 2, .max_scale = 20);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    struct metric_fixture fixture;
    (void)state;
    options.views = &view;
    options.view_count = 1;
    reader.temporality[COTEL_INSTRUMENT_HISTOGRAM] = COTEL_TEMPORALITY_DELTA;
    metric_fixture_start(&fixture, &options, &reader);
    cotel_histogram *histogram = cotel_histogram_get(fixture.meter, "size", NULL);
    cotel_histogram_record(histogram, 1, NULL, 0);
    cotel_histogram_record(histogram, 1000, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " exponential_histogram size delta\n"
                               "  {} count=2 sum=1001 min=1 max=1000 scale=-4 zero=0 threshold=0 "
                               "positive=-1:[1,1] negative=0:[]\n");
    cotel_histogram_record(histogram, 1, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " exponential_histogram size delta\n"
                               "  {} count=1 sum=1 min=1 max=1 scale=20 zero=0 threshold=0 "
                               "positive=-1:[1] negative=0:[]\n");
    metric_fixture_stop(&fixture);
}

static void negative_values_have_buckets_of_their_own(void **state)
{
    const cotel_view view = EXPONENTIAL(.max_buckets = 160, .max_scale = 0);
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_up_down_counter *counter = cotel_up_down_counter_get(fixture.meter, "level", NULL);
    static const int64_t values[] = {-3, 3, -4, 8};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        cotel_up_down_counter_add(counter, values[i], NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " exponential_histogram level cumulative\n"
                               "  {} count=4 min=-4 max=8 scale=0 zero=0 threshold=0 "
                               "positive=1:[1,1] negative=1:[2]\n");
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_default_boundaries_are_those_of_the_specification),
        cmocka_unit_test(min_and_max_can_be_left_out),
        cmocka_unit_test(a_single_value_is_at_the_highest_scale),
        cmocka_unit_test(a_power_of_two_is_the_upper_boundary_of_its_bucket),
        cmocka_unit_test(zeros_have_a_count_of_their_own),
        cmocka_unit_test(the_scale_goes_down_only_as_far_as_the_buckets_need),
        cmocka_unit_test(all_normal_values_fit_into_the_fewest_buckets),
        cmocka_unit_test(what_is_not_finite_is_in_no_bucket_and_no_sum),
        cmocka_unit_test(each_delta_starts_at_the_highest_scale),
        cmocka_unit_test(negative_values_have_buckets_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
