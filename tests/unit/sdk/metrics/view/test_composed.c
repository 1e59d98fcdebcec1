/* SPDX-License-Identifier: Apache-2.0 */
/* Views that make one stream together. */
#include "resolved.h"

#include <string.h>

static const char *const keys_a_b_c[] = {"a", "b", "c"}, *const keys_b_c_d[] = {"b", "c", "d"};
static const char *const keys_c[] = {"c"};
static const double one_two[] = {1, 2};

static void compose(struct resolved *resolved, const cotel_view *views, size_t count)
{
    resolved_init(resolved, views, count, COTEL_VIEWS_COMPOSABLE);
    resolved->info.name = cotel_str_of("h");
}

static void views_without_a_name_make_one_stream(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h", .description = "first", .cardinality_limit = 3),
        VIEW(.instrument_name = "*", .description = "second"),
    };
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, 2);
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_str(stream->name, "h");
    assert_str(stream->description, "second"); /* the last one that has one */
    assert_int_equal(stream->cardinality_limit, 3);
    resolved_fini(&resolved);
}

static void each_name_is_a_stream_with_those_that_give_none(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h", .name = "foo", .description = "of foo"),
        VIEW(.instrument_name = "*", .cardinality_limit = 3),
        VIEW(.instrument_name = "h", .name = "bar"),
        VIEW(.instrument_name = "h", .name = "foo", .cardinality_limit = 4),
        VIEW(.instrument_name = "other", .name = "none"),
    };
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, COUNT(views));
    assert_int_equal(resolve(&resolved), 2);
    assert_str(resolved.streams[0].name, "foo");
    assert_str(resolved.streams[0].description, "of foo");
    assert_int_equal(resolved.streams[0].cardinality_limit, 4);
    assert_str(resolved.streams[1].name, "bar");
    assert_str(resolved.streams[1].description, "how long");
    assert_int_equal(resolved.streams[1].cardinality_limit, 3);
    resolved_fini(&resolved);
}

/* Names of streams end up as names of metrics, whose case does not count. */
static void names_in_another_case_are_one(void **state)
{
    const cotel_view views[] = {VIEW(.instrument_name = "h", .name = "foo"),
                                VIEW(.instrument_name = "h", .name = "FOO")};
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, 2);
    assert_int_equal(resolve(&resolved), 1);
    resolved_fini(&resolved);
}

static void an_attribute_has_to_pass_all_lists(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h", .attribute_keys = keys_a_b_c, .attribute_key_count = 3),
        VIEW(.instrument_name = "*", .attribute_keys = keys_b_c_d, .attribute_key_count = 3),
        VIEW(.instrument_name = "*", .excluded_attribute_keys = keys_c,
             .excluded_attribute_key_count = 1),
    };
    const cotel_str advised[] = {{"a", 1}};
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, COUNT(views));
    resolved.info.attribute_keys = advised;
    resolved.info.attribute_key_count = 1;
    assert_string_equal(kept_keys(stream_of(&resolved, "h")), "b");
    assert_string_equal(kept_keys(stream_of(&resolved, "other")), "bd");
    const struct ct_key_filter *filter = resolved.streams[0].keys;
    assert_ptr_equal(stream_of(&resolved, "third")->keys, filter);
    resolved_fini(&resolved);
}

static void advised_attributes_count_when_none_of_them_names_any(void **state)
{
    const cotel_view views[] = {VIEW(.instrument_name = "h", .description = "first"),
                                VIEW(.instrument_name = "h", .cardinality_limit = 2)};
    const cotel_str advised[] = {{"a", 1}};
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, 2);
    resolved.info.attribute_keys = advised;
    resolved.info.attribute_key_count = 1;
    assert_string_equal(kept_keys(stream_of(&resolved, "h")), "a");
    resolved_fini(&resolved);
}

static void an_aggregation_is_taken_whole(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                        .boundaries = one_two, .boundary_count = 2)),
        VIEW(.instrument_name = "h",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM)),
        VIEW(.instrument_name = "h"),
    };
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, COUNT(views));
    assert_int_equal(stream_of(&resolved, "h")->aggregation.boundary_count, 15);
    resolved_fini(&resolved);
}

static void an_aggregation_that_the_kind_can_not_have_leaves_the_one_before(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_SUM)),
        VIEW(.instrument_name = "*", .description = "kept",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE)),
    };
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, 2);
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_int_equal(stream->aggregation.type, COTEL_AGGREGATION_SUM);
    assert_str(stream->description, "kept");
    assert_string_equal(told_last(),
                        "the view of instruments \"*\" has an aggregation that histograms can't "
                        "have: the aggregation is left out for them");
    assert_int_equal(stream_of(&resolved, "other")->aggregation.type,
                     COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM);
    resolved_fini(&resolved);
}

static void the_last_one_may_drop_or_bring_back(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DROP)),
        VIEW(.instrument_name = "h", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DEFAULT)),
    };
    struct resolved resolved;
    (void)state;
    compose(&resolved, views, 2);
    assert_int_equal(resolve(&resolved), 1);
    resolved.info.name = cotel_str_of("other");
    assert_int_equal(resolve(&resolved), 0);
    resolved_fini(&resolved);
}

static void an_instrument_that_none_matches_is_as_it_is(void **state)
{
    const cotel_view view = VIEW(.instrument_name = "viewed", .description = "viewed");
    struct resolved resolved;
    (void)state;
    compose(&resolved, &view, 1);
    assert_str(stream_of(&resolved, "h")->description, "how long");
    resolved_fini(&resolved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_without_a_name_make_one_stream),
        cmocka_unit_test(each_name_is_a_stream_with_those_that_give_none),
        cmocka_unit_test(names_in_another_case_are_one),
        cmocka_unit_test(an_attribute_has_to_pass_all_lists),
        cmocka_unit_test(advised_attributes_count_when_none_of_them_names_any),
        cmocka_unit_test(an_aggregation_is_taken_whole),
        cmocka_unit_test(an_aggregation_that_the_kind_can_not_have_leaves_the_one_before),
        cmocka_unit_test(the_last_one_may_drop_or_bring_back),
        cmocka_unit_test(an_instrument_that_none_matches_is_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
