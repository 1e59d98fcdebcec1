/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "Aggregation", "Measurement processing" and "Instrument advisory parameters": who
 * says what a stream is, of views that are independent and of views that compose. */
#include "../support/metric_fixture.h"

#include <stdio.h>

static const char *const keys_a_b[] = {"a", "b"}, *const keys_b_c[] = {"b", "c"};
static const char *const keys_b[] = {"b"}, *const keys_c[] = {"c"};
static const double one[] = {1}, two[] = {2}, falling[] = {2, 1};

#define A_B_C \
    WITH(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2), cotel_attribute_int("c", 3))

static void start(struct metric_fixture *fixture, const cotel_view *views, size_t count,
                  cotel_view_matching_mode mode)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    options.views = views;
    options.view_count = count;
    options.view_matching_mode = mode;
    metric_fixture_start(fixture, &options, NULL);
}

/* ---- defaults by kind ---- */

struct observables {
    cotel_observable *counter, *up_down_counter, *gauge;
};

static void observe_all(cotel_observer *observer, void *user)
{
    const struct observables *observables = user;
    cotel_observe(observer, observables->counter, 4, NULL, 0);
    cotel_observe(observer, observables->up_down_counter, -5, NULL, 0);
    cotel_observe(observer, observables->gauge, 6, NULL, 0);
}

static void each_kind_has_its_default_aggregation(void **state)
{
    struct metric_fixture fixture;
    struct observables observables;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_meter *meter = fixture.meter;
    cotel_counter_add(cotel_counter_get(meter, "c", NULL), 1, NULL, 0);
    cotel_up_down_counter_add(cotel_up_down_counter_get(meter, "u", NULL), -2, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(meter, "g", NULL), 3, NULL, 0);
    cotel_histogram_record(
        cotel_histogram_get(meter, "h", INSTRUMENT(.boundaries = two, .boundary_count = 1)), 1,
        NULL, 0);
    observables.counter = cotel_observable_counter_get(meter, "oc", NULL, NULL, NULL);
    observables.up_down_counter =
        cotel_observable_up_down_counter_get(meter, "ou", NULL, NULL, NULL);
    observables.gauge = cotel_observable_gauge_get(meter, "og", NULL, NULL, NULL);
    cotel_observable *all[] = {observables.counter, observables.up_down_counter, observables.gauge};
    cotel_callback *callback = cotel_observable_add_callback(all, 3, observe_all, &observables);
    assert_collected(&fixture, "scope library\n"
                               " sum c cumulative monotonic\n  {} 1\n"
                               " sum u cumulative\n  {} -2\n"
                               " gauge g\n  {} 3\n"
                               " histogram h cumulative\n"
                               "  {} count=1 sum=1 min=1 max=1 boundaries=[2] counts=[1,0]\n"
                               " sum oc cumulative monotonic\n  {} 4\n"
                               " sum ou cumulative\n  {} -5\n"
                               " gauge og\n  {} 6\n");
    cotel_callback_remove(callback);
    metric_fixture_stop(&fixture);
}

static void a_sum_is_monotonic_by_the_kind(void **state)
{
    const cotel_view view =
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_SUM));
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, &view, 1, COTEL_VIEWS_INDEPENDENT);
    cotel_histogram_record(cotel_histogram_get(fixture.meter, "h", NULL), 1, NULL, 0);
    cotel_gauge *gauge = cotel_gauge_get(fixture.meter, "g", NULL);
    cotel_gauge_record(gauge, 2, NULL, 0);
    cotel_gauge_record(gauge, -3, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " sum h cumulative monotonic\n  {} 1\n"
                               " sum g cumulative\n  {} -1\n");
    metric_fixture_stop(&fixture);
}

static void a_histogram_of_what_may_be_negative_has_no_sum(void **state)
{
    const cotel_view view =
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = one, .boundary_count = 1));
    struct metric_fixture fixture;
    (void)state;
    start(&fixture, &view, 1, COTEL_VIEWS_INDEPENDENT);
    cotel_up_down_counter_add(cotel_up_down_counter_get(fixture.meter, "u", NULL), -2, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " histogram u cumulative\n"
                               "  {} count=1 boundaries=[1] counts=[1,0]\n");
    metric_fixture_stop(&fixture);
}

/* ---- readers ---- */

static void a_reader_has_default_aggregations_by_kind(void **state)
{
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    struct metric_fixture fixture;
    (void)state;
    reader.aggregation[COTEL_INSTRUMENT_COUNTER] = AGGREGATION(.type = COTEL_AGGREGATION_DROP);
    reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] = AGGREGATION(.type = COTEL_AGGREGATION_SUM);
    metric_fixture_start(&fixture, NULL, &reader);
    cotel_counter_add(cotel_counter_get(fixture.meter, "c", NULL), 1, NULL, 0);
    cotel_histogram_record(cotel_histogram_get(fixture.meter, "h", NULL), 2, NULL, 0);
    assert_collected(&fixture, "scope library\n sum h cumulative monotonic\n  {} 2\n");
    metric_fixture_stop(&fixture);
}

static void a_reader_with_an_aggregation_that_a_kind_can_not_have_is_refused(void **state)
{
    cotel_metric_reader_options options = COTEL_METRIC_READER_OPTIONS_INIT;
    cotel_metric_reader *reader = NULL;
    (void)state;
    options.aggregation[COTEL_INSTRUMENT_COUNTER] =
        AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE);
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.aggregation[COTEL_INSTRUMENT_COUNTER] =
        AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM, .boundaries = falling,
                    .boundary_count = 2);
    assert_int_equal(cotel_metric_reader_create(&options, NULL, NULL, &reader),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(reader);
}

static void a_view_beats_the_reader_and_the_default_is_the_kinds_own(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "back",
                                 .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DEFAULT));
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_metric_reader_options reader = COTEL_METRIC_READER_OPTIONS_INIT;
    struct metric_fixture fixture;
    (void)state;
    options.views = &view;
    options.view_count = 1;
    reader.aggregation[COTEL_INSTRUMENT_COUNTER] = AGGREGATION(.type = COTEL_AGGREGATION_DROP);
    metric_fixture_start(&fixture, &options, &reader);
    cotel_counter_add(cotel_counter_get(fixture.meter, "back", NULL), 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(fixture.meter, "gone", NULL), 1, NULL, 0);
    assert_string_equal(collected_names(&fixture), "back");
    metric_fixture_stop(&fixture);
}

/* ---- advice ---- */

/* What becomes of a value of 1 in a histogram that advises the boundary 1 and the key b. */
static void assert_advised(const cotel_view *views, size_t count, const char *attributes,
                           const char *boundaries)
{
    struct metric_fixture fixture;
    char expected[256];
    start(&fixture, views, count, COTEL_VIEWS_INDEPENDENT);
    cotel_histogram *histogram =
        cotel_histogram_get(fixture.meter, "h",
                            INSTRUMENT(.boundaries = one, .boundary_count = 1,
                                       .attribute_keys = keys_b, .attribute_key_count = 1));
    cotel_histogram_record(histogram, 1, A_B_C);
    (void)snprintf(expected, sizeof expected,
                   "scope library\n histogram h cumulative\n"
                   "  {%s} count=1 sum=1%s\n",
                   attributes, boundaries);
    assert_collected(&fixture, expected);
    metric_fixture_stop(&fixture);
}

static void advice_counts_without_a_view(void **state)
{
    (void)state;
    assert_advised(NULL, 0, "b=2", " min=1 max=1 boundaries=[1] counts=[1,0]");
}

static void advice_counts_where_a_view_says_nothing(void **state)
{
    const cotel_view by_default =
        VIEW(.instrument_name = "h", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DEFAULT));
    (void)state;
    assert_advised(&by_default, 1, "b=2", " min=1 max=1 boundaries=[1] counts=[1,0]");
}

static void a_view_beats_advised_boundaries(void **state)
{
    const cotel_view given =
        VIEW(.instrument_name = "h",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = two, .boundary_count = 1));
    const cotel_view left_open =
        VIEW(.instrument_name = "h",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM));
    (void)state;
    assert_advised(&given, 1, "b=2", " boundaries=[2] counts=[1,0]");
    assert_advised(&left_open, 1, "b=2",
                   " boundaries=[0,5,10,25,50,75,100,250,500,750,1000,2500,5000,7500,10000]"
                   " counts=[0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0]");
}

static void a_view_beats_advised_attributes(void **state)
{
    const cotel_view kept =
        VIEW(.instrument_name = "h", .attribute_keys = keys_c, .attribute_key_count = 1);
    const cotel_view left_out = VIEW(.instrument_name = "h", .excluded_attribute_keys = keys_c,
                                     .excluded_attribute_key_count = 1);
    (void)state;
    assert_advised(&kept, 1, "c=3", " min=1 max=1 boundaries=[1] counts=[1,0]");
    assert_advised(&left_out, 1, "a=1,b=2", " min=1 max=1 boundaries=[1] counts=[1,0]");
}

/* ---- views that compose ---- */

/* What composed views make of a counter "x" of 1. */
static void assert_composed(const cotel_view *views, size_t count, const char *expected)
{
    struct metric_fixture fixture;
    start(&fixture, views, count, COTEL_VIEWS_COMPOSABLE);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, A_B_C);
    assert_collected(&fixture, expected);
    metric_fixture_stop(&fixture);
}

static void composed_views_make_one_stream_of_which_the_last_aspect_counts(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "x", .description = "first", .attribute_keys = keys_a_b,
             .attribute_key_count = 2),
        VIEW(.instrument_name = "*", .description = "second"),
        VIEW(.instrument_name = "*", .attribute_keys = keys_b_c, .attribute_key_count = 2),
    };
    (void)state;
    assert_composed(views, 3,
                    "scope library\n"
                    " sum x cumulative monotonic \"second\"\n"
                    "  {b=2} 1\n");
    assert_int_equal(told_count(), 0);
}

static void composed_views_make_a_stream_for_each_name(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "x", .name = "foo", .description = "of foo"),
        VIEW(.instrument_name = "x", .name = "bar"),
        VIEW(.instrument_name = "*", .excluded_attribute_keys = keys_a_b,
             .excluded_attribute_key_count = 2),
    };
    (void)state;
    assert_composed(views, 3,
                    "scope library\n"
                    " sum foo cumulative monotonic \"of foo\"\n"
                    "  {c=3} 1\n"
                    " sum bar cumulative monotonic\n"
                    "  {c=3} 1\n");
}

static void a_composed_setting_that_can_not_be_leaves_the_one_before(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "x",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = two, .boundary_count = 1)),
        VIEW(.instrument_name = "x", .description = "kept",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE)),
    };
    (void)state;
    assert_composed(views, 2,
                    "scope library\n"
                    " histogram x cumulative \"kept\"\n"
                    "  {a=1,b=2,c=3} count=1 sum=1 boundaries=[2] counts=[1,0]\n");
    assert_int_equal(told_count(), 1);
}

static void a_matching_mode_that_there_is_not_is_refused(void **state)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_meter_provider *provider = NULL;
    (void)state;
    options.view_matching_mode = (cotel_view_matching_mode)2;
    assert_int_equal(cotel_meter_provider_create(&options, &provider),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(provider);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_its_default_aggregation),
        cmocka_unit_test(a_sum_is_monotonic_by_the_kind),
        cmocka_unit_test(a_histogram_of_what_may_be_negative_has_no_sum),
        cmocka_unit_test(a_reader_has_default_aggregations_by_kind),
        cmocka_unit_test(a_reader_with_an_aggregation_that_a_kind_can_not_have_is_refused),
        cmocka_unit_test(a_view_beats_the_reader_and_the_default_is_the_kinds_own),
        cmocka_unit_test(advice_counts_without_a_view),
        cmocka_unit_test(advice_counts_where_a_view_says_nothing),
        cmocka_unit_test(a_view_beats_advised_boundaries),
        cmocka_unit_test(a_view_beats_advised_attributes),
        cmocka_unit_test(composed_views_make_one_stream_of_which_the_last_aspect_counts),
        cmocka_unit_test(composed_views_make_a_stream_for_each_name),
        cmocka_unit_test(a_composed_setting_that_can_not_be_leaves_the_one_before),
        cmocka_unit_test(a_matching_mode_that_there_is_not_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
