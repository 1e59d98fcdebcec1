/* SPDX-License-Identifier: Apache-2.0 */
/* Views that can't be. */
#include "resolved.h"

#include <math.h>
#include <string.h>

static const char *const with_null[] = {"a", NULL};
static const double falling[] = {1, 2, 2}, not_a_number[] = {1, NAN}, endless[] = {1, INFINITY};
static double too_many[COTEL_MAX_BOUNDARIES + 1];

/* It is told with these words, and the next view is there nevertheless. */
static void assert_left_out(cotel_view view, const char *fault)
{
    struct resolved resolved;
    const cotel_view views[] = {view, VIEW(.instrument_name = "*", .description = "next")};
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(told(), 1);
    assert_non_null(strstr(told_last(), fault));
    assert_str(stream_of(&resolved, "h")->description, "next");
    resolved_fini(&resolved);
}

static void assert_aggregation_left_out(const cotel_aggregation *aggregation, const char *fault)
{
    assert_left_out(VIEW(.instrument_name = "*", .aggregation = aggregation), fault);
    assert_non_null(ct_aggregation_fault(aggregation));
}

static void assert_boundaries_left_out(const double *boundaries, size_t count)
{
    assert_aggregation_left_out(AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                            .boundaries = boundaries, .boundary_count = count),
                                "boundaries");
}

static void one_without_criteria(void **state)
{
    (void)state;
    assert_left_out(VIEW(.description = "all"), "no criteria");
}

static void one_of_no_such_kind(void **state)
{
    (void)state;
    assert_left_out(VIEW_OF(COTEL_INSTRUMENT_KINDS), "kind of instruments");
    assert_left_out(VIEW_OF(-2), "kind of instruments");
}

static void one_with_a_name_for_several_instruments(void **state)
{
    (void)state;
    assert_left_out(VIEW(.instrument_name = "h*", .name = "new"), "one instrument alone");
    assert_left_out(VIEW(.instrument_name = "?", .name = "new"), "one instrument alone");
    assert_left_out(VIEW(.meter_name = "library", .name = "new"), "one instrument alone");
}

static void one_with_an_empty_name(void **state)
{
    (void)state;
    assert_left_out(VIEW(.instrument_name = "h", .name = ""), "empty name");
}

static void one_with_keys_that_are_not_there(void **state)
{
    (void)state;
    assert_left_out(VIEW(.instrument_name = "*", .attribute_key_count = 1), "attribute keys");
    assert_left_out(
        VIEW(.instrument_name = "*", .attribute_keys = with_null, .attribute_key_count = 2),
        "attribute keys");
    assert_left_out(VIEW(.instrument_name = "*", .excluded_attribute_keys = with_null,
                         .excluded_attribute_key_count = 2),
                    "attribute keys");
}

static void one_with_too_many_keys(void **state)
{
    static const char *keys[COTEL_VIEW_MAX_ATTRIBUTE_KEYS + 1];
    struct resolved resolved;
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++)
        keys[i] = "key";
    assert_left_out(
        VIEW(.instrument_name = "*", .attribute_keys = keys, .attribute_key_count = COUNT(keys)),
        "attribute keys");
    const cotel_view most = VIEW(.instrument_name = "*", .attribute_keys = keys,
                                 .attribute_key_count = COTEL_VIEW_MAX_ATTRIBUTE_KEYS);
    resolved_init(&resolved, &most, 1, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(told(), 0);
    resolved_fini(&resolved);
}

static void one_with_too_large_a_limit(void **state)
{
    struct resolved resolved;
    const cotel_view largest = VIEW(.instrument_name = "*", .cardinality_limit = 1000000);
    (void)state;
    assert_left_out(VIEW(.instrument_name = "*", .cardinality_limit = 1000001), "limit");
    resolved_init(&resolved, &largest, 1, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(stream_of(&resolved, "h")->cardinality_limit, 1000000);
    resolved_fini(&resolved);
}

static void one_with_a_reservoir_that_makes_none(void **state)
{
    const cotel_exemplar_reservoir_factory none = {.size = sizeof none};
    const cotel_exemplar_reservoir_factory unset = {.size = 0};
    (void)state;
    assert_left_out(VIEW(.instrument_name = "*", .exemplar_reservoir = &none), "reservoir");
    assert_left_out(VIEW(.instrument_name = "*", .exemplar_reservoir = &unset), "reservoir");
}

static void one_whose_boundaries_do_not_ascend(void **state)
{
    (void)state;
    assert_boundaries_left_out(falling, COUNT(falling));
    assert_boundaries_left_out(not_a_number, COUNT(not_a_number));
    assert_boundaries_left_out(endless, COUNT(endless));
    assert_boundaries_left_out(NULL, 1);
}

static void one_with_too_many_boundaries(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(too_many); i++)
        too_many[i] = (double)i;
    assert_boundaries_left_out(too_many, COUNT(too_many));
    assert_true(ct_boundaries_are_valid(too_many, COTEL_MAX_BOUNDARIES));
}

static void one_with_parameters_out_of_range(void **state)
{
    static const struct {
        uint32_t max_buckets;
        int32_t max_scale;
    } bad[] = {{1, 20}, {16385, 20}, {160, 21}, {160, -11}}, good[] = {{2, 20}, {16384, -10}};
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_aggregation_left_out(AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                                .max_buckets = bad[i].max_buckets,
                                                .max_scale = bad[i].max_scale),
                                    i < 2 ? "buckets" : "scale");
    for (size_t i = 0; i < COUNT(good); i++)
        assert_null(ct_aggregation_fault(
            AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                        .max_buckets = good[i].max_buckets, .max_scale = good[i].max_scale)));
}

static void one_with_no_such_aggregation(void **state)
{
    (void)state;
    assert_aggregation_left_out(AGGREGATION(.type = (cotel_aggregation_type)6), "type");
    assert_aggregation_left_out(&(cotel_aggregation){.type = COTEL_AGGREGATION_SUM}, "size");
}

static void parameters_of_other_aggregations_do_not_matter(void **state)
{
    (void)state;
    const cotel_aggregation *sum =
        AGGREGATION(.type = COTEL_AGGREGATION_SUM, .boundary_count = 9, .max_scale = 99);
    assert_null(ct_aggregation_fault(sum));
}

static void a_view_that_left_out_its_size_is_refused(void **state)
{
    struct ct_views *views = NULL;
    cotel_view two[] = {VIEW(.instrument_name = "*"), VIEW(.instrument_name = "*")};
    (void)state;
    two[1].size = 0;
    assert_int_equal(ct_views_create(two, 2, COTEL_VIEWS_INDEPENDENT, &views),
                     COTEL_STATUS_INVALID_ARGUMENT);
    two[0].size = 0;
    assert_int_equal(ct_views_create(two, 1, COTEL_VIEWS_INDEPENDENT, &views),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(views);
}

static void more_views_than_there_may_be_are_refused(void **state)
{
    static cotel_view many[COTEL_MAX_VIEWS + 1];
    struct ct_views *views = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = VIEW(.instrument_name = "*");
    assert_int_equal(ct_views_create(many, COUNT(many), COTEL_VIEWS_INDEPENDENT, &views),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(ct_views_create(NULL, 1, COTEL_VIEWS_INDEPENDENT, &views),
                     COTEL_STATUS_INVALID_ARGUMENT);
    struct resolved resolved;
    resolved_init(&resolved, many, COTEL_MAX_VIEWS, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(resolve(&resolved), COTEL_MAX_VIEWS);
    resolved_fini(&resolved);
}

static void no_other_matching_mode_is_taken(void **state)
{
    struct ct_views *views = NULL;
    (void)state;
    assert_int_equal(ct_views_create(NULL, 0, (cotel_view_matching_mode)2, &views),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_null(views);
}

/* A program that was compiled when a view ended before its limit. */
static void a_view_of_an_older_header_has_defaults_beyond_its_end(void **state)
{
    struct old_view {
        _Alignas(cotel_view) char bytes[offsetof(cotel_view, cardinality_limit)];
    } old[2];
    cotel_view view = VIEW(.instrument_name = "*", .description = "old", .cardinality_limit = 5);
    struct resolved resolved;
    (void)state;
    view.size = sizeof old[0];
    memcpy(&old[0], &view, sizeof old[0]);
    memcpy(&old[1], &view, sizeof old[1]);
    resolved_init(&resolved, (const cotel_view *)(const void *)old, 2, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(resolve(&resolved), 2);
    assert_str(resolved.streams[1].description, "old");
    assert_int_equal(resolved.streams[1].cardinality_limit, 2000);
    resolved_fini(&resolved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_without_criteria),
        cmocka_unit_test(one_of_no_such_kind),
        cmocka_unit_test(one_with_a_name_for_several_instruments),
        cmocka_unit_test(one_with_an_empty_name),
        cmocka_unit_test(one_with_keys_that_are_not_there),
        cmocka_unit_test(one_with_too_many_keys),
        cmocka_unit_test(one_with_too_large_a_limit),
        cmocka_unit_test(one_with_a_reservoir_that_makes_none),
        cmocka_unit_test(one_whose_boundaries_do_not_ascend),
        cmocka_unit_test(one_with_too_many_boundaries),
        cmocka_unit_test(one_with_parameters_out_of_range),
        cmocka_unit_test(one_with_no_such_aggregation),
        cmocka_unit_test(parameters_of_other_aggregations_do_not_matter),
        cmocka_unit_test(a_view_that_left_out_its_size_is_refused),
        cmocka_unit_test(more_views_than_there_may_be_are_refused),
        cmocka_unit_test(no_other_matching_mode_is_taken),
        cmocka_unit_test(a_view_of_an_older_header_has_defaults_beyond_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
