/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/sdk.md "View": which instruments a view is for, and what it makes of them. */
#include "../support/metric_fixture.h"

static const char *const keys_a_b[] = {"a", "b"}, *const keys_b[] = {"b"};
static const double five_ten[] = {5, 10};

#define A_B_C \
    WITH(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2), cotel_attribute_int("c", 3))

/* ---- instrument selection criteria ---- */

/* Instruments of every kind and of two meters, each with a value. */
static void record_everything(struct metric_fixture *fixture)
{
    cotel_meter_options of_other = COTEL_METER_OPTIONS_INIT;
    of_other.version = "2.0";
    of_other.schema_url = "https://schema/2";
    cotel_meter *other = cotel_meter_provider_get_meter(fixture->provider, "other", &of_other);
    cotel_counter_add(cotel_counter_get(fixture->meter, "http.requests", INSTRUMENT(.unit = "1")),
                      1, NULL, 0);
    cotel_histogram_record(
        cotel_histogram_get(fixture->meter, "http.latency", INSTRUMENT(.unit = "ms")), 1, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(other, "heat", INSTRUMENT(.unit = "MS")), 1, NULL, 0);
}

/* The names that are left when a view drops what meets its criteria. */
static void assert_left(cotel_view view, const char *names)
{
    struct metric_fixture fixture;
    view.aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DROP);
    metric_fixture_start_with_views(&fixture, &view, 1);
    record_everything(&fixture);
    assert_string_equal(collected_names(&fixture), names);
    metric_fixture_stop(&fixture);
}

static void criteria_can_be_an_exact_name(void **state)
{
    (void)state;
    assert_left(VIEW(.instrument_name = "http.requests"), "http.latency heat");
    assert_left(VIEW(.instrument_name = "HTTP.Requests"), "http.latency heat");
    assert_left(VIEW(.instrument_name = "http"), "http.requests http.latency heat");
}

static void a_star_matches_all_instruments(void **state)
{
    (void)state;
    assert_left(VIEW(.instrument_name = "*"), "");
}

static void names_can_have_wildcards(void **state)
{
    (void)state;
    assert_left(VIEW(.instrument_name = "http.*"), "heat");
    assert_left(VIEW(.instrument_name = "hea?"), "http.requests http.latency");
    assert_left(VIEW(.instrument_name = "he?t?"), "http.requests http.latency heat");
}

static void criteria_can_be_a_kind(void **state)
{
    (void)state;
    assert_left(VIEW_OF(COTEL_INSTRUMENT_COUNTER), "http.latency heat");
    assert_left(VIEW_OF(COTEL_INSTRUMENT_GAUGE), "http.requests http.latency");
}

static void criteria_can_be_a_unit(void **state)
{
    (void)state;
    assert_left(VIEW(.instrument_unit = "ms"), "http.requests heat");
}

static void criteria_can_be_a_meter(void **state)
{
    (void)state;
    assert_left(VIEW(.meter_name = "other"), "http.requests http.latency");
    assert_left(VIEW(.meter_version = "2.0"), "http.requests http.latency");
    assert_left(VIEW(.meter_schema_url = "https://schema/2"), "http.requests http.latency");
}

static void criteria_are_additive(void **state)
{
    (void)state;
    assert_left(VIEW_OF(COTEL_INSTRUMENT_HISTOGRAM, .instrument_name = "http.*"),
                "http.requests heat");
    assert_left(VIEW(.instrument_name = "http.*", .meter_name = "other"),
                "http.requests http.latency heat");
}

/* ---- stream configuration ---- */

/* What one view makes of a counter "requests" with a value of 1. */
static void assert_viewed(cotel_view view, const char *expected)
{
    struct metric_fixture fixture;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_counter *counter = cotel_counter_get(
        fixture.meter, "requests", INSTRUMENT(.unit = "{request}", .description = "how many"));
    cotel_counter_add(counter, 1, A_B_C);
    assert_collected(&fixture, expected);
    assert_int_equal(told_count(), 0);
    metric_fixture_stop(&fixture);
}

static void a_view_without_a_stream_changes_nothing(void **state)
{
    (void)state;
    assert_viewed(VIEW(.instrument_name = "*"),
                  "scope library\n"
                  " sum requests unit={request} cumulative monotonic \"how many\"\n"
                  "  {a=1,b=2,c=3} 1\n");
}

static void a_view_renames_and_the_name_needs_no_syntax(void **state)
{
    (void)state;
    assert_viewed(VIEW(.instrument_name = "requests", .name = "2 of them!"),
                  "scope library\n"
                  " sum 2 of them! unit={request} cumulative monotonic \"how many\"\n"
                  "  {a=1,b=2,c=3} 1\n");
}

static void a_view_describes(void **state)
{
    (void)state;
    assert_viewed(VIEW(.instrument_name = "*", .description = "all that came"),
                  "scope library\n"
                  " sum requests unit={request} cumulative monotonic \"all that came\"\n"
                  "  {a=1,b=2,c=3} 1\n");
}

static void a_view_keeps_the_attributes_on_its_list(void **state)
{
    (void)state;
    assert_viewed(
        VIEW(.instrument_name = "*", .attribute_keys = keys_a_b, .attribute_key_count = 2),
        "scope library\n"
        " sum requests unit={request} cumulative monotonic \"how many\"\n"
        "  {a=1,b=2} 1\n");
    assert_viewed(VIEW(.instrument_name = "*", .attribute_keys = keys_a_b),
                  "scope library\n"
                  " sum requests unit={request} cumulative monotonic \"how many\"\n"
                  "  {} 1\n");
}

static void a_view_leaves_excluded_attributes_out(void **state)
{
    (void)state;
    assert_viewed(VIEW(.instrument_name = "*", .excluded_attribute_keys = keys_a_b,
                       .excluded_attribute_key_count = 2),
                  "scope library\n"
                  " sum requests unit={request} cumulative monotonic \"how many\"\n"
                  "  {c=3} 1\n");
    assert_viewed(VIEW(.instrument_name = "*", .attribute_keys = keys_a_b, .attribute_key_count = 2,
                       .excluded_attribute_keys = keys_b, .excluded_attribute_key_count = 1),
                  "scope library\n"
                  " sum requests unit={request} cumulative monotonic \"how many\"\n"
                  "  {a=1} 1\n");
}

static void series_that_differ_in_what_is_left_out_are_one(void **state)
{
    struct metric_fixture fixture;
    const cotel_view view =
        VIEW(.instrument_name = "*", .attribute_keys = keys_b, .attribute_key_count = 1);
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "requests", NULL);
    cotel_counter_add(counter, 1, WITH(cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)));
    cotel_counter_add(counter, 2, WITH(cotel_attribute_int("b", 2), cotel_attribute_int("a", 7)));
    cotel_counter_add(counter, 4, WITH(cotel_attribute_int("b", 2)));
    cotel_counter_add(counter, 8, NULL, 0);
    assert_collected(&fixture, "scope library\n"
                               " sum requests cumulative monotonic\n"
                               "  {b=2} 7\n"
                               "  {} 8\n");
    metric_fixture_stop(&fixture);
}

static void what_a_view_leaves_out_is_on_exemplars(void **state)
{
    struct metric_fixture fixture;
    const cotel_view view =
        VIEW(.instrument_name = "*", .attribute_keys = keys_a_b, .attribute_key_count = 2);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    (void)state;
    options.views = &view;
    options.view_count = 1;
    options.exemplar_filter = COTEL_EXEMPLAR_FILTER_ALWAYS_ON;
    metric_fixture_start(&fixture, &options, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "requests", NULL), 1, A_B_C);
    assert_collected(&fixture, "scope library\n"
                               " sum requests cumulative monotonic\n"
                               "  {a=1,b=2} 1\n"
                               "   exemplar 1 {c=3}\n");
    metric_fixture_stop(&fixture);
}

static void a_view_has_an_aggregation(void **state)
{
    (void)state;
    assert_viewed(
        VIEW(.instrument_name = "*",
             .aggregation =
                 AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                             .boundaries = five_ten, .boundary_count = 2, .record_min_max = true)),
        "scope library\n"
        " histogram requests unit={request} cumulative \"how many\"\n"
        "  {a=1,b=2,c=3} count=1 sum=1 min=1 max=1 boundaries=[5,10] counts=[1,0,0]\n");
    assert_viewed(
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                        .max_buckets = 4, .max_scale = 3)),
        "scope library\n"
        " exponential_histogram requests unit={request} cumulative \"how many\"\n"
        "  {a=1,b=2,c=3} count=1 sum=1 scale=3 zero=0 threshold=0 positive=-1:[1] negative=0:[]\n");
}

static int no_place(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    (void)self;
    (void)measurement;
    return -1;
}

static void nothing_to_free(cotel_exemplar_reservoir *self)
{
    (void)self;
}

static cotel_exemplar_reservoir *count_and_refuse(void *user, size_t *places)
{
    static const cotel_exemplar_reservoir_ops ops = {
        .size = sizeof ops, .offer = no_place, .destroy = nothing_to_free};
    static cotel_exemplar_reservoir reservoir = {&ops};
    ++*(int *)user;
    *places = 1;
    return &reservoir;
}

static void a_view_has_a_reservoir(void **state)
{
    int made = 0;
    const cotel_exemplar_reservoir_factory factory = {
        .size = sizeof factory, .create = count_and_refuse, .user = &made};
    const cotel_view view = VIEW(.instrument_name = "*", .exemplar_reservoir = &factory);
    cotel_meter_provider_options options = COTEL_METER_PROVIDER_OPTIONS_INIT;
    struct metric_fixture fixture;
    (void)state;
    options.views = &view;
    options.view_count = 1;
    options.exemplar_filter = COTEL_EXEMPLAR_FILTER_ALWAYS_ON;
    metric_fixture_start(&fixture, &options, NULL);
    cotel_counter_add(cotel_counter_get(fixture.meter, "requests", NULL), 1, NULL, 0);
    assert_collected(&fixture, "scope library\n sum requests cumulative monotonic\n  {} 1\n");
    assert_int_equal(made, 1);
    metric_fixture_stop(&fixture);
}

static void a_view_has_a_cardinality_limit(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "*", .cardinality_limit = 1);
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    cotel_counter *counter = cotel_counter_get(fixture.meter, "requests", NULL);
    for (int64_t i = 0; i < 3; i++)
        cotel_counter_add(counter, 1, WITH(cotel_attribute_int("a", i)));
    assert_collected(&fixture, "scope library\n"
                               " sum requests cumulative monotonic\n"
                               "  {a=0} 1\n"
                               "  {otel.metric.overflow=true} 2\n");
    metric_fixture_stop(&fixture);
}

/* ---- measurement processing: several views ---- */

static void each_matching_view_gives_a_stream(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "y", .name = "foo"),
        VIEW(.instrument_name = "y", .name = "bar", .attribute_keys = keys_b,
             .attribute_key_count = 1),
    };
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, views, 2);
    cotel_counter_add(cotel_counter_get(fixture.meter, "y", NULL), 1, A_B_C);
    assert_collected(&fixture, "scope library\n"
                               " sum foo cumulative monotonic\n"
                               "  {a=1,b=2,c=3} 1\n"
                               " sum bar cumulative monotonic\n"
                               "  {b=2} 1\n");
    assert_int_equal(told_count(), 0);
    metric_fixture_stop(&fixture);
}

static void views_that_give_one_name_are_applied_and_told(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "x", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_SUM)),
        VIEW(.instrument_name = "*", .attribute_keys = keys_a_b, .attribute_key_count = 2),
    };
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, views, 2);
    cotel_counter_add(cotel_counter_get(fixture.meter, "x", NULL), 1, A_B_C);
    assert_told(0, COTEL_LOG_WARNING, "x");
    assert_collected(&fixture, "scope library\n"
                               " sum x cumulative monotonic\n"
                               "  {a=1,b=2,c=3} 1\n"
                               " sum x cumulative monotonic\n"
                               "  {a=1,b=2} 1\n");
    metric_fixture_stop(&fixture);
}

static void a_view_that_drops_the_rest_leaves_one_instrument(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "heat"),
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DROP)),
    };
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, views, 2);
    record_everything(&fixture);
    assert_string_equal(collected_names(&fixture), "heat");
    assert_int_equal(told_count(), 0);
    metric_fixture_stop(&fixture);
}

static void observe_one(cotel_observer *observer, void *user)
{
    cotel_observe(observer, *(cotel_observable **)user, 1, NULL, 0);
}

static void a_view_that_an_instrument_can_not_follow_is_told_and_is_not_there(void **state)
{
    const cotel_view view =
        VIEW(.instrument_name = "*", .description = "viewed",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM));
    struct metric_fixture fixture;
    cotel_observable *gauge = NULL;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    gauge = cotel_observable_gauge_get(fixture.meter, "heat", NULL, observe_one, &gauge);
    assert_told(0, COTEL_LOG_WARNING, "observable gauges");
    assert_collected(&fixture, "scope library\n gauge heat\n  {} 1\n");
    metric_fixture_stop(&fixture);
}

static void a_view_that_can_not_be_is_told_and_left_out(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "re*", .name = "one name for many");
    struct metric_fixture fixture;
    (void)state;
    metric_fixture_start_with_views(&fixture, &view, 1);
    assert_told(0, COTEL_LOG_WARNING, "re*");
    cotel_counter_add(cotel_counter_get(fixture.meter, "requests", NULL), 1, NULL, 0);
    assert_string_equal(collected_names(&fixture), "requests");
    metric_fixture_stop(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(criteria_can_be_an_exact_name),
        cmocka_unit_test(a_star_matches_all_instruments),
        cmocka_unit_test(names_can_have_wildcards),
        cmocka_unit_test(criteria_can_be_a_kind),
        cmocka_unit_test(criteria_can_be_a_unit),
        cmocka_unit_test(criteria_can_be_a_meter),
        cmocka_unit_test(criteria_are_additive),
        cmocka_unit_test(a_view_without_a_stream_changes_nothing),
        cmocka_unit_test(a_view_renames_and_the_name_needs_no_syntax),
        cmocka_unit_test(a_view_describes),
        cmocka_unit_test(a_view_keeps_the_attributes_on_its_list),
        cmocka_unit_test(a_view_leaves_excluded_attributes_out),
        cmocka_unit_test(series_that_differ_in_what_is_left_out_are_one),
        cmocka_unit_test(what_a_view_leaves_out_is_on_exemplars),
        cmocka_unit_test(a_view_has_an_aggregation),
        cmocka_unit_test(a_view_has_a_reservoir),
        cmocka_unit_test(a_view_has_a_cardinality_limit),
        cmocka_unit_test(each_matching_view_gives_a_stream),
        cmocka_unit_test(views_that_give_one_name_are_applied_and_told),
        cmocka_unit_test(a_view_that_drops_the_rest_leaves_one_instrument),
        cmocka_unit_test(a_view_that_an_instrument_can_not_follow_is_told_and_is_not_there),
        cmocka_unit_test(a_view_that_can_not_be_is_told_and_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
