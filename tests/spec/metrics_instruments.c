/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/api.md "Instrument" and metrics/sdk.md "Meter": which instruments there are, what they
 * are called, what they take, and when they are enabled. */
#include "../support/metric_fixture.h"

#include <math.h>
#include <stdio.h>

static const double one[] = {1}, two[] = {2}, falling[] = {2, 1};

/* ---- duplicate registration ---- */

static void identical_instruments_are_aggregated_together(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    for (int i = 0; i < 2; i++)
        cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.unit = "s")), 1, NULL,
                          0);
    assert_collected(&fixture, "scope library\n sum x unit=s cumulative monotonic\n  {} 2\n");
    assert_int_equal(told_count(), 0);
    metric_fixture_stop(&fixture);
}

static void another_kind_of_a_name_works_and_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(fixture.meter, "x", NULL), 2, NULL, 0);
    assert_told(0, COTEL_LOG_WARNING, "x");
    assert_collected(&fixture, "scope library\n"
                               " sum x cumulative monotonic\n  {} 1\n"
                               " gauge x\n  {} 2\n");
    metric_fixture_stop(&fixture);
}

static void another_unit_or_type_of_number_of_a_name_works_and_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.unit = "s")), 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.unit = "S")), 2, NULL, 0);
    assert_told(0, COTEL_LOG_WARNING, "x");
    cotel_double_counter_add(cotel_double_counter_get(fixture.meter, "x", INSTRUMENT(.unit = "s")),
                             0.5, NULL, 0);
    assert_told(1, COTEL_LOG_WARNING, "x");
    assert_collected(&fixture, "scope library\n"
                               " sum x unit=s cumulative monotonic\n  {} 1\n"
                               " sum x unit=S cumulative monotonic\n  {} 2\n"
                               " sum x unit=s cumulative monotonic\n  {} 0.5\n");
    metric_fixture_stop(&fixture);
}

static void another_description_of_a_name_works_and_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.description = "a")), 1,
                      NULL, 0);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.description = "b")), 2,
                      NULL, 0);
    assert_told(0, COTEL_LOG_WARNING, "description");
    assert_string_equal(collected_names(&fixture), "x x");
    metric_fixture_stop(&fixture);
}

static void a_duplicate_that_a_view_describes_is_one_metric_and_not_told(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "x", .description = "one for both");
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.description = "a")), 1,
                      NULL, 0);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.description = "b")), 2,
                      NULL, 0);
    assert_int_equal(told_count(), 0);
    assert_collected(&fixture,
                     "scope library\n sum x cumulative monotonic \"one for both\"\n  {} 3\n");
    metric_fixture_stop(&fixture);
}

static void a_duplicate_that_a_view_renames_is_not_told(void **state)
{
    const cotel_view view = VIEW_OF(COTEL_INSTRUMENT_GAUGE, .instrument_name = "x", .name = "y");
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(fixture.meter, "x", NULL), 2, NULL, 0);
    assert_int_equal(told_count(), 0);
    assert_string_equal(collected_names(&fixture), "x y");
    metric_fixture_stop(&fixture);
}

static void two_instruments_under_one_new_name_are_told(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "x", .name = "y");
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    (void)cotel_counter_get(fixture.meter, "x", NULL);
    (void)cotel_counter_get(fixture.meter, "Y", NULL);
    assert_told(0, COTEL_LOG_WARNING, "x and Y both give a stream called Y");
    metric_fixture_stop(&fixture);
}

static void the_case_of_a_name_is_the_first_one_and_the_second_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "requestCount", NULL), 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(fixture.meter, "RequestCount", NULL), 2, NULL, 0);
    assert_told(0, COTEL_LOG_ERROR, "requestCount");
    assert_collected(&fixture, "scope library\n sum requestCount cumulative monotonic\n  {} 3\n");
    metric_fixture_stop(&fixture);
}

static void meters_are_namespaces(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_meter *other = cotel_meter_provider_get_meter(fixture.provider, "other", NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(other, "x", NULL), 2, NULL, 0);
    assert_int_equal(told_count(), 0);
    assert_collected(&fixture, "scope library\n sum x cumulative monotonic\n  {} 1\n"
                               "scope other\n gauge x\n  {} 2\n");
    metric_fixture_stop(&fixture);
}

static void the_first_advice_counts_and_other_one_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_histogram_record(
        cotel_histogram_get(fixture.meter, "h", INSTRUMENT(.boundaries = one, .boundary_count = 1)),
        1, NULL, 0);
    cotel_histogram_record(
        cotel_histogram_get(fixture.meter, "h", INSTRUMENT(.boundaries = two, .boundary_count = 1)),
        2, NULL, 0);
    assert_int_equal(told_count(), 1);
    assert_collected(&fixture, "scope library\n histogram h cumulative\n"
                               "  {} count=2 sum=3 min=1 max=2 boundaries=[1] counts=[1,1]\n");
    metric_fixture_stop(&fixture);
}

static void advice_that_is_not_valid_is_told_and_not_there(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_histogram_record(
        cotel_histogram_get(fixture.meter, "h",
                            INSTRUMENT(.boundaries = falling, .boundary_count = 2)),
        1, NULL, 0);
    assert_told(0, COTEL_LOG_ERROR, "h");
    assert_collected(&fixture,
                     "scope library\n histogram h cumulative\n"
                     "  {} count=1 sum=1 min=1 max=1"
                     " boundaries=[0,5,10,25,50,75,100,250,500,750,1000,2500,5000,7500,10000]"
                     " counts=[0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0]\n");
    metric_fixture_stop(&fixture);
}

/* ---- names, units, descriptions ---- */

static void a_name_that_is_none_works_and_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "1st place", NULL), 1, NULL, 0);
    assert_told(0, COTEL_LOG_ERROR, "1st place");
    assert_string_equal(collected_names(&fixture), "1st place");
    metric_fixture_stop(&fixture);
}

static void an_empty_name_works_and_is_told(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, NULL, NULL), 1, NULL, 0);
    assert_int_equal(told_count(), 1);
    assert_int_equal(told_level(), COTEL_LOG_ERROR);
    assert_collected(&fixture, "scope library\n sum  cumulative monotonic\n  {} 1\n");
    metric_fixture_stop(&fixture);
}

static void names_of_255_characters_are_fine(void **state)
{
    char name[COTEL_INSTRUMENT_MAX_NAME + 2];
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    cotel_counter_add(cotel_counter_get(fixture.meter, name, NULL), 1, NULL, 0);
    assert_int_equal(told_count(), 0);
    assert_string_equal(collected_names(&fixture), name);
    name[255] = 'n';
    name[256] = '\0';
    (void)cotel_counter_get(fixture.meter, name, NULL);
    assert_int_equal(told_count(), 1);
    metric_fixture_stop(&fixture);
}

static void no_unit_and_an_empty_one_are_the_same(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, NULL, 0);
    cotel_counter_add(
        cotel_counter_get(fixture.meter, "x", INSTRUMENT(.unit = "", .description = "")), 1, NULL,
        0);
    assert_int_equal(told_count(), 0);
    assert_collected(&fixture, "scope library\n sum x cumulative monotonic\n  {} 2\n");
    metric_fixture_stop(&fixture);
}

static void a_unit_has_63_characters_of_ascii(void **state)
{
    char unit[COTEL_INSTRUMENT_MAX_UNIT + 2], expected[200];
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    memset(unit, 'u', sizeof unit);
    unit[63] = '\0';
    cotel_counter_add(cotel_counter_get(fixture.meter, "a", INSTRUMENT(.unit = unit)), 1, NULL, 0);
    assert_int_equal(told_count(), 0);
    (void)snprintf(expected, sizeof expected,
                   "scope library\n sum a unit=%s cumulative monotonic\n  {} 1\n", unit);
    assert_collected(&fixture, expected);
    unit[63] = 'u';
    unit[64] = '\0';
    (void)cotel_counter_get(fixture.meter, "b", INSTRUMENT(.unit = unit));
    assert_int_equal(told_count(), 1);
    metric_fixture_stop(&fixture);
}

static void a_description_of_any_length_and_plane_arrives_whole(void **state)
{
    char description[3 * 2000 + 1], expected[sizeof description + 100];
    struct metric_fixture fixture;
    (void)state;
    for (size_t i = 0; i + 3 < sizeof description; i += 3)
        memcpy(description + i, "\xe2\x82\xac", 4); /* a character of the BMP: the euro */
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", INSTRUMENT(.description = description)),
                      1, NULL, 0);
    (void)snprintf(expected, sizeof expected,
                   "scope library\n sum x cumulative monotonic \"%s\"\n  {} 1\n", description);
    assert_collected(&fixture, expected);
    metric_fixture_stop(&fixture);
}

/* ---- values ---- */

static void what_only_grows_refuses_negative_values(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_double_histogram *histogram = cotel_double_histogram_get(
        fixture.meter, "h", INSTRUMENT(.boundaries = one, .boundary_count = 1));
    cotel_counter_add(counter, 1, NULL, 0);
    cotel_counter_add(counter, -1, NULL, 0);
    cotel_double_histogram_record(histogram, 1, NULL, 0);
    cotel_double_histogram_record(histogram, -0.5, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " sum c cumulative monotonic\n  {} 1\n"
                               " histogram h cumulative\n"
                               "  {} count=1 sum=1 min=1 max=1 boundaries=[1] counts=[1,0]\n");
    assert_int_equal(metric_counts(&fixture).refused, 2);
    metric_fixture_stop(&fixture);
}

static void values_that_are_not_finite_are_refused_but_by_gauges(void **state)
{
    const double values[] = {NAN, INFINITY, -INFINITY};
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_double_gauge *gauge = cotel_double_gauge_get(fixture.meter, "g", NULL);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        cotel_double_counter_add(cotel_double_counter_get(fixture.meter, "c", NULL), values[i],
                                 NULL, 0);
        cotel_double_up_down_counter_add(cotel_double_up_down_counter_get(fixture.meter, "u", NULL),
                                         values[i], NULL, 0);
        cotel_double_histogram_record(cotel_double_histogram_get(fixture.meter, "h", NULL),
                                      values[i], NULL, 0);
        cotel_double_gauge_record(gauge, values[i], NULL, 0);
    }
    assert_collected(&fixture, "scope library\n gauge g\n  {} -inf\n");
    assert_int_equal(metric_counts(&fixture).refused, 9);
    metric_fixture_stop(&fixture);
}

static void observe_values(cotel_observer *observer, void *user)
{
    cotel_observe_double(observer, *(cotel_observable **)user, NAN, NULL, 0);
}

/* A value of a gauge may be anything; a sum or a bucket of it may not. */
static void gauges_take_what_is_not_finite_as_last_values_only(void **state)
{
    const double values[] = {2, NAN, INFINITY, -INFINITY};
    const cotel_view views[] = {
        VIEW(.instrument_name = "g", .name = "sum",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_SUM)),
        VIEW(.instrument_name = "g", .name = "buckets",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = values, .boundary_count = 1)),
        VIEW(.instrument_name = "g", .name = "exponential",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                        .max_buckets = 4, .max_scale = 0)),
        VIEW(.instrument_name = "g", .name = "last"),
        VIEW(.instrument_name = "o", .name = "observed",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_SUM)),
    };
    struct metric_fixture fixture;
    cotel_observable *observable;
    (void)state;
    metric_fixture_start_with_views(&fixture, views, COUNT_OF(views));
    cotel_double_gauge *gauge = cotel_double_gauge_get(fixture.meter, "g", NULL);
    cotel_bound_double_gauge *bound = cotel_double_gauge_bind(gauge, NULL, 0);
    observable =
        cotel_observable_double_gauge_get(fixture.meter, "o", NULL, observe_values, &observable);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        cotel_double_gauge_record(gauge, values[i], NULL, 0);
        cotel_bound_double_gauge_record(bound, values[i]);
    }
    assert_collected(&fixture, "scope library\n sum sum cumulative\n  {} 4\n"
                               " histogram buckets cumulative\n"
                               "  {} count=2 boundaries=[2] counts=[2,0]\n"
                               " exponential_histogram exponential cumulative\n"
                               "  {} count=2 scale=0 zero=0 threshold=0 positive=0:[2] "
                               "negative=0:[]\n"
                               " gauge last\n  {} -inf\n");
    assert_int_equal(metric_counts(&fixture).refused, 3 * 2 * 3 + 1);
    cotel_bound_double_gauge_unbind(bound);
    metric_fixture_stop(&fixture);
}

/* ---- enabled ---- */

static void disable_library(const cotel_scope_view *scope, cotel_meter_config *config, void *user)
{
    const bool *disabled = user;
    if (scope->name.size == strlen("library") && *disabled)
        config->enabled = false;
}

static void an_instrument_is_enabled_by_default(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    assert_true(cotel_counter_enabled(cotel_counter_get(fixture.meter, "c", NULL)));
    assert_true(cotel_double_gauge_enabled(cotel_double_gauge_get(fixture.meter, "g", NULL)));
    metric_fixture_stop(&fixture);
}

static void an_instrument_that_all_views_drop_is_not_enabled(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "kept"),
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DROP)),
    };
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, views, 2);
    assert_true(cotel_counter_enabled(cotel_counter_get(fixture.meter, "kept", NULL)));
    assert_false(cotel_counter_enabled(cotel_counter_get(fixture.meter, "dropped", NULL)));
    metric_fixture_stop(&fixture);
}

static void a_disabled_meter_records_and_exports_nothing(void **state)
{
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    struct metric_fixture fixture;
    bool disabled = true;
    (void)state;
    options.configurator = disable_library;
    options.configurator_user = &disabled;
    metric_fixture_start(&fixture, &options, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_meter *other = cotel_meter_provider_get_meter(fixture.provider, "other", NULL);
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 1, NULL, 0);
    cotel_counter_add(cotel_counter_get(other, "o", NULL), 1, NULL, 0);
    assert_string_equal(collected_names(&fixture), "o");
    metric_fixture_stop(&fixture);
}

static void a_new_configurator_reaches_meters_that_are_there(void **state)
{
    struct metric_fixture fixture;
    bool disabled = true;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_int_equal(
        cotel_meter_provider_set_configurator(fixture.provider, disable_library, &disabled),
        COTEL_STATUS_OK);
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 2, NULL, 0);
    assert_string_equal(collected_names(&fixture), "");
    assert_int_equal(cotel_meter_provider_set_configurator(fixture.provider, NULL, NULL),
                     COTEL_STATUS_OK);
    assert_true(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 4, NULL, 0);
    assert_collected(&fixture, "scope library\n sum c cumulative monotonic\n  {} 5\n");
    metric_fixture_stop(&fixture);
}

static void nothing_is_enabled_after_shutdown(void **state)
{
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start(&fixture, NULL, NULL);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "c", NULL);
    assert_int_equal(cotel_meter_provider_shutdown(fixture.provider, 1000, NULL), COTEL_STATUS_OK);
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 1, NULL, 0);
    metric_fixture_stop(&fixture);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_false(cotel_counter_enabled(counter));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identical_instruments_are_aggregated_together),
        cmocka_unit_test(another_kind_of_a_name_works_and_is_told),
        cmocka_unit_test(another_unit_or_type_of_number_of_a_name_works_and_is_told),
        cmocka_unit_test(another_description_of_a_name_works_and_is_told),
        cmocka_unit_test(a_duplicate_that_a_view_describes_is_one_metric_and_not_told),
        cmocka_unit_test(a_duplicate_that_a_view_renames_is_not_told),
        cmocka_unit_test(two_instruments_under_one_new_name_are_told),
        cmocka_unit_test(the_case_of_a_name_is_the_first_one_and_the_second_is_told),
        cmocka_unit_test(meters_are_namespaces),
        cmocka_unit_test(the_first_advice_counts_and_other_one_is_told),
        cmocka_unit_test(advice_that_is_not_valid_is_told_and_not_there),
        cmocka_unit_test(a_name_that_is_none_works_and_is_told),
        cmocka_unit_test(an_empty_name_works_and_is_told),
        cmocka_unit_test(names_of_255_characters_are_fine),
        cmocka_unit_test(no_unit_and_an_empty_one_are_the_same),
        cmocka_unit_test(a_unit_has_63_characters_of_ascii),
        cmocka_unit_test(a_description_of_any_length_and_plane_arrives_whole),
        cmocka_unit_test(what_only_grows_refuses_negative_values),
        cmocka_unit_test(values_that_are_not_finite_are_refused_but_by_gauges),
        cmocka_unit_test(gauges_take_what_is_not_finite_as_last_values_only),
        cmocka_unit_test(an_instrument_is_enabled_by_default),
        cmocka_unit_test(an_instrument_that_all_views_drop_is_not_enabled),
        cmocka_unit_test(a_disabled_meter_records_and_exports_nothing),
        cmocka_unit_test(a_new_configurator_reaches_meters_that_are_there),
        cmocka_unit_test(nothing_is_enabled_after_shutdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
