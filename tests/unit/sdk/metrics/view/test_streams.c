/* SPDX-License-Identifier: Apache-2.0 */
/* What a stream is made of: by the view, the reader, or the instrument. */
#include "resolved.h"

#include <math.h>
#include <string.h>

static const double one_two[] = {1, 2}, three[] = {3};
static const char *const keys_a_b[] = {"a", "b"}, *const keys_b[] = {"b"};
static const cotel_str advised_c[] = {{"c", 1}};

static void without_views(struct resolved *resolved)
{
    resolved_init(resolved, NULL, 0, COTEL_VIEWS_INDEPENDENT);
}

static void with_view(struct resolved *resolved, cotel_view view)
{
    resolved_init(resolved, &view, 1, COTEL_VIEWS_INDEPENDENT);
}

static void assert_boundaries(const struct ct_stream_config *stream, const double *boundaries,
                              size_t count)
{
    assert_int_equal(stream->aggregation.type, COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM);
    assert_int_equal(stream->aggregation.boundary_count, count);
    assert_non_null(stream->aggregation.boundaries);
    for (size_t i = 0; i < count; i++)
        assert_true(stream->aggregation.boundaries[i] == boundaries[i]);
}

static void assert_default_boundaries(const struct ct_stream_config *stream)
{
    static const double boundaries[] = {0,   5,   10,   25,   50,   75,   100,  250,
                                        500, 750, 1000, 2500, 5000, 7500, 10000};
    assert_boundaries(stream, boundaries, COUNT(boundaries));
}

/* ---- without views ---- */

static void an_instrument_without_views_is_a_stream_as_it_is(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    const struct ct_stream_config *stream = stream_of(&resolved, "requests");
    assert_str(stream->name, "requests");
    assert_str(stream->unit, "s");
    assert_str(stream->description, "how long");
    assert_null(stream->keys);
    assert_null(stream->reservoir);
    assert_int_equal(stream->cardinality_limit, 2000);
    assert_int_equal(told(), 0);
    resolved_fini(&resolved);
}

static void each_kind_has_an_aggregation_of_its_own(void **state)
{
    static const cotel_aggregation_type types[COTEL_INSTRUMENT_KINDS] = {
        COTEL_AGGREGATION_SUM,
        COTEL_AGGREGATION_SUM,
        COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
        COTEL_AGGREGATION_LAST_VALUE,
        COTEL_AGGREGATION_SUM,
        COTEL_AGGREGATION_SUM,
        COTEL_AGGREGATION_LAST_VALUE};
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    for (int kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
        assert_int_equal(stream_of_kind(&resolved, (cotel_instrument_kind)kind)->aggregation.type,
                         types[kind]);
    resolved_fini(&resolved);
}

static void a_histogram_has_the_default_boundaries(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_default_boundaries(stream);
    assert_true(stream->aggregation.record_min_max);
    resolved_fini(&resolved);
}

static void a_unit_that_is_not_valid_is_left_out(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.info.unit = cotel_str_of("\xc2\xb5s");
    assert_str(stream_of(&resolved, "h")->unit, "");
    resolved_fini(&resolved);
}

/* ---- advice ---- */

static void advised_boundaries_count_without_a_view(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.info.boundaries = one_two;
    resolved.info.boundary_count = 2;
    assert_boundaries(stream_of(&resolved, "h"), one_two, 2);
    resolved.info.boundary_count = 0;
    assert_boundaries(stream_of(&resolved, "h"), one_two, 0);
    resolved_fini(&resolved);
}

static void advised_boundaries_count_before_the_readers(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] =
        AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM, .boundaries = three,
                    .boundary_count = 1);
    assert_boundaries(stream_of(&resolved, "h"), three, 1);
    resolved.info.boundaries = one_two;
    resolved.info.boundary_count = 2;
    assert_boundaries(stream_of(&resolved, "h"), one_two, 2);
    resolved_fini(&resolved);
}

static void advised_boundaries_count_with_a_view_that_asks_for_the_default(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "*",
                              .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DEFAULT)));
    resolved.info.boundaries = one_two;
    resolved.info.boundary_count = 2;
    assert_boundaries(stream_of(&resolved, "h"), one_two, 2);
    resolved_fini(&resolved);
}

static void a_view_with_a_histogram_beats_advised_boundaries(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved,
              VIEW(.instrument_name = "*",
                   .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                              .boundaries = three, .boundary_count = 1)));
    resolved.info.boundaries = one_two;
    resolved.info.boundary_count = 2;
    assert_boundaries(stream_of(&resolved, "h"), three, 1);
    resolved_fini(&resolved);
}

static void a_view_with_a_histogram_without_boundaries_beats_the_advice_too(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(
        &resolved,
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM)));
    resolved.info.boundaries = one_two;
    resolved.info.boundary_count = 2;
    assert_default_boundaries(stream_of(&resolved, "h"));
    resolved_fini(&resolved);
}

static void advice_that_is_not_valid_is_no_advice(void **state)
{
    static const double falling[] = {2, 1};
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.info.boundaries = falling;
    resolved.info.boundary_count = 2;
    assert_default_boundaries(stream_of(&resolved, "h"));
    resolved_fini(&resolved);
}

static void advised_attributes_count_when_no_view_names_any(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "viewed", .description = "other"));
    resolved.info.attribute_keys = advised_c;
    resolved.info.attribute_key_count = 1;
    assert_string_equal(kept_keys(stream_of(&resolved, "h")), "c");
    assert_string_equal(kept_keys(stream_of(&resolved, "viewed")), "c");
    resolved.info.attribute_key_count = 0;
    assert_string_equal(kept_keys(stream_of(&resolved, "h")), "");
    resolved_fini(&resolved);
}

static void a_view_that_keeps_or_leaves_out_attributes_beats_the_advice(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "keeps", .attribute_keys = keys_a_b, .attribute_key_count = 2),
        VIEW(.instrument_name = "none", .attribute_keys = keys_a_b),
        VIEW(.instrument_name = "leaves", .excluded_attribute_keys = keys_b,
             .excluded_attribute_key_count = 1),
        VIEW(.instrument_name = "both", .attribute_keys = keys_a_b, .attribute_key_count = 2,
             .excluded_attribute_keys = keys_b, .excluded_attribute_key_count = 1),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, COUNT(views), COTEL_VIEWS_INDEPENDENT);
    resolved.info.attribute_keys = advised_c;
    resolved.info.attribute_key_count = 1;
    assert_string_equal(kept_keys(stream_of(&resolved, "keeps")), "ab");
    assert_string_equal(kept_keys(stream_of(&resolved, "none")), "");
    assert_string_equal(kept_keys(stream_of(&resolved, "leaves")), "acde");
    assert_string_equal(kept_keys(stream_of(&resolved, "both")), "a");
    assert_int_equal(told(), 0);
    resolved_fini(&resolved);
}

static void asking_again_gives_the_same_filter(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.info.attribute_keys = advised_c;
    resolved.info.attribute_key_count = 1;
    const struct ct_key_filter *first = stream_of(&resolved, "h")->keys;
    assert_non_null(first);
    assert_ptr_equal(stream_of(&resolved, "g")->keys, first);
    resolved_fini(&resolved);
}

/* ---- what a view says ---- */

static void a_view_gives_what_it_says_and_leaves_the_rest(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "old", .name = "1 new name!"));
    const struct ct_stream_config *stream = stream_of(&resolved, "OLD");
    assert_str(stream->name, "1 new name!"); /* which needs to follow no syntax */
    assert_str(stream->description, "how long");
    assert_str(stream->unit, "s");
    assert_default_boundaries(stream);
    resolved_fini(&resolved);
}

static void a_view_may_empty_a_description(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "*", .description = ""));
    assert_str(stream_of(&resolved, "h")->description, "");
    resolved_fini(&resolved);
}

static void views_are_copied(void **state)
{
    char name[] = "h", new_name[] = "n", key[] = "a";
    const char *keys[] = {key};
    double boundaries[] = {1};
    struct resolved resolved;
    (void)state;
    with_view(&resolved,
              VIEW(.instrument_name = name, .name = new_name, .attribute_keys = keys,
                   .attribute_key_count = 1,
                   .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM,
                                              .boundaries = boundaries, .boundary_count = 1)));
    name[0] = new_name[0] = key[0] = 'x';
    boundaries[0] = 2;
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_str(stream->name, "n");
    assert_string_equal(kept_keys(stream), "a");
    assert_boundaries(stream, (const double[]){1}, 1);
    resolved_fini(&resolved);
}

static void an_aggregation_comes_with_its_parameters(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved,
              VIEW(.instrument_name = "*",
                   .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM,
                                              .max_buckets = 2, .max_scale = -10)));
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_int_equal(stream->aggregation.type, COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM);
    assert_int_equal(stream->aggregation.max_buckets, 2);
    assert_int_equal(stream->aggregation.max_scale, -10);
    assert_false(stream->aggregation.record_min_max);
    resolved_fini(&resolved);
}

static cotel_exemplar_reservoir *no_reservoir(void *user, size_t *places)
{
    (void)user;
    (void)places;
    return NULL;
}

static void a_reservoir_factory_goes_through(void **state)
{
    const cotel_exemplar_reservoir_factory mine = {.size = sizeof mine, .create = no_reservoir};
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "*", .exemplar_reservoir = &mine));
    assert_ptr_equal(stream_of(&resolved, "h")->reservoir, &mine);
    resolved_fini(&resolved);
}

/* ---- the reader ---- */

static void a_reader_says_which_aggregation_a_kind_has(void **state)
{
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] =
        AGGREGATION(.type = COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM, .max_buckets = 7,
                    .max_scale = 3);
    const struct ct_stream_config *stream = stream_of(&resolved, "h");
    assert_int_equal(stream->aggregation.type, COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM);
    assert_int_equal(stream->aggregation.max_buckets, 7);
    assert_int_equal(stream_of_kind(&resolved, COTEL_INSTRUMENT_COUNTER)->aggregation.type,
                     COTEL_AGGREGATION_SUM);
    resolved_fini(&resolved);
}

static void what_a_reader_says_outlives_its_options(void **state)
{
    double boundaries[] = {3};
    struct resolved resolved;
    (void)state;
    without_views(&resolved);
    resolved.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] =
        AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM, .boundaries = boundaries,
                    .boundary_count = 1);
    const struct ct_stream_config first = *stream_of(&resolved, "h");
    assert_ptr_equal(stream_of(&resolved, "g")->aggregation.boundaries,
                     first.aggregation.boundaries);
    boundaries[0] = 4;
    assert_boundaries(&first, three, 1);
    resolved_fini(&resolved);
}

static void a_reader_may_drop_a_kind_and_a_view_bring_it_back(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "named", .description = "still dropped"),
        VIEW(.instrument_name = "back",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DEFAULT)),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    resolved.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] =
        AGGREGATION(.type = COTEL_AGGREGATION_DROP);
    assert_int_equal(resolve(&resolved), 0);
    resolved.info.name = cotel_str_of("named");
    assert_int_equal(resolve(&resolved), 0);
    assert_default_boundaries(stream_of(&resolved, "back"));
    resolved_fini(&resolved);
}

static void the_cardinality_limit_is_the_views_the_readers_or_2000(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "limited", .cardinality_limit = 7),
        VIEW(.instrument_name = "viewed", .description = "without a limit"),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(stream_of(&resolved, "viewed")->cardinality_limit, 2000);
    resolved.reader.cardinality_limit[COTEL_INSTRUMENT_HISTOGRAM] = 30;
    assert_int_equal(stream_of(&resolved, "limited")->cardinality_limit, 7);
    assert_int_equal(stream_of(&resolved, "viewed")->cardinality_limit, 30);
    assert_int_equal(stream_of(&resolved, "other")->cardinality_limit, 30);
    assert_int_equal(stream_of_kind(&resolved, COTEL_INSTRUMENT_GAUGE)->cardinality_limit, 2000);
    resolved_fini(&resolved);
}

/* ---- several views ---- */

static void each_matching_view_gives_a_stream_of_its_own(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h", .name = "foo"),
        VIEW(.instrument_name = "other"),
        VIEW(.instrument_name = "h", .name = "bar", .cardinality_limit = 3),
        VIEW(.instrument_name = "*", .attribute_keys = keys_b, .attribute_key_count = 1),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, COUNT(views), COTEL_VIEWS_INDEPENDENT);
    resolved.info.name = cotel_str_of("h");
    assert_int_equal(resolve(&resolved), 3);
    assert_str(resolved.streams[0].name, "foo");
    assert_int_equal(resolved.streams[0].cardinality_limit, 2000);
    assert_null(resolved.streams[0].keys);
    assert_str(resolved.streams[1].name, "bar");
    assert_int_equal(resolved.streams[1].cardinality_limit, 3);
    assert_str(resolved.streams[2].name, "h");
    assert_string_equal(kept_keys(&resolved.streams[2]), "b");
    resolved_fini(&resolved);
}

static void a_view_that_drops_leaves_the_streams_of_others(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "h"),
        VIEW(.instrument_name = "*", .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_DROP)),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    assert_str(stream_of(&resolved, "h")->name, "h");
    resolved.info.name = cotel_str_of("other");
    assert_int_equal(resolve(&resolved), 0);
    assert_int_equal(told(), 0);
    resolved_fini(&resolved);
}

static void what_does_not_fit_is_left_out(void **state)
{
    const cotel_view views[] = {VIEW(.instrument_name = "*", .description = "first"),
                                VIEW(.instrument_name = "*", .description = "second")};
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    assert_int_equal(ct_views_resolve(resolved.views, &resolved.scope, &resolved.info,
                                      &resolved.reader, resolved.streams, 1),
                     1);
    assert_str(resolved.streams[0].description, "first");
    resolved_fini(&resolved);
}

/* ---- what a kind can't have ---- */

static void which_aggregations_suit_which_kinds(void **state)
{
    /* By kind, in the order of cotel_instrument_kind. */
    static const struct {
        cotel_aggregation_type type;
        const char *suits;
    } rows[] = {
        {COTEL_AGGREGATION_DEFAULT, "yyyyyyy"},
        {COTEL_AGGREGATION_DROP, "yyyyyyy"},
        {COTEL_AGGREGATION_SUM, "yyyyyyy"},
        {COTEL_AGGREGATION_LAST_VALUE, "---y--y"},
        {COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM, "yyyy---"},
        {COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM, "yyyy---"},
    };
    (void)state;
    for (size_t row = 0; row < COUNT(rows); row++) {
        for (int kind = 0; kind < COTEL_INSTRUMENT_KINDS; kind++)
            assert_int_equal(ct_aggregation_suits(rows[row].type, (cotel_instrument_kind)kind),
                             rows[row].suits[kind] == 'y');
    }
}

static void a_view_that_a_kind_can_not_follow_is_not_there_for_it(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(
        &resolved,
        VIEW(.instrument_name = "*", .description = "viewed",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM)));
    const struct ct_stream_config *stream =
        stream_of_kind(&resolved, COTEL_INSTRUMENT_OBSERVABLE_GAUGE);
    assert_int_equal(stream->aggregation.type, COTEL_AGGREGATION_LAST_VALUE);
    assert_str(stream->description, "how long");
    assert_int_equal(told(), 1);
    assert_string_equal(told_last(),
                        "the view of instruments \"*\" has an aggregation that observable gauges "
                        "can't have: the view is left out for them");
    assert_str(stream_of_kind(&resolved, COTEL_INSTRUMENT_GAUGE)->description, "viewed");
    resolved_fini(&resolved);
}

static void it_is_told_once_for_each_kind(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW(.instrument_name = "*",
                              .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE)));
    (void)stream_of_kind(&resolved, COTEL_INSTRUMENT_COUNTER);
    (void)stream_of_kind(&resolved, COTEL_INSTRUMENT_COUNTER);
    assert_int_equal(told(), 1);
    (void)stream_of_kind(&resolved, COTEL_INSTRUMENT_HISTOGRAM);
    assert_int_equal(told(), 2);
    resolved_fini(&resolved);
}

static void other_views_of_the_instrument_stay(void **state)
{
    const cotel_view views[] = {
        VIEW(.instrument_name = "*",
             .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE)),
        VIEW(.instrument_name = "h", .description = "viewed"),
    };
    struct resolved resolved;
    (void)state;
    resolved_init(&resolved, views, 2, COTEL_VIEWS_INDEPENDENT);
    assert_str(stream_of(&resolved, "h")->description, "viewed");
    resolved_fini(&resolved);
}

static void what_is_known_beforehand_is_told_beforehand(void **state)
{
    struct resolved resolved;
    (void)state;
    with_view(&resolved, VIEW_OF(COTEL_INSTRUMENT_COUNTER,
                                 .aggregation = AGGREGATION(.type = COTEL_AGGREGATION_LAST_VALUE)));
    assert_int_equal(told(), 1);
    (void)stream_of_kind(&resolved, COTEL_INSTRUMENT_COUNTER);
    assert_int_equal(told(), 1);
    resolved_fini(&resolved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_instrument_without_views_is_a_stream_as_it_is),
        cmocka_unit_test(each_kind_has_an_aggregation_of_its_own),
        cmocka_unit_test(a_histogram_has_the_default_boundaries),
        cmocka_unit_test(a_unit_that_is_not_valid_is_left_out),
        cmocka_unit_test(advised_boundaries_count_without_a_view),
        cmocka_unit_test(advised_boundaries_count_before_the_readers),
        cmocka_unit_test(advised_boundaries_count_with_a_view_that_asks_for_the_default),
        cmocka_unit_test(a_view_with_a_histogram_beats_advised_boundaries),
        cmocka_unit_test(a_view_with_a_histogram_without_boundaries_beats_the_advice_too),
        cmocka_unit_test(advice_that_is_not_valid_is_no_advice),
        cmocka_unit_test(advised_attributes_count_when_no_view_names_any),
        cmocka_unit_test(a_view_that_keeps_or_leaves_out_attributes_beats_the_advice),
        cmocka_unit_test(asking_again_gives_the_same_filter),
        cmocka_unit_test(a_view_gives_what_it_says_and_leaves_the_rest),
        cmocka_unit_test(a_view_may_empty_a_description),
        cmocka_unit_test(views_are_copied),
        cmocka_unit_test(an_aggregation_comes_with_its_parameters),
        cmocka_unit_test(a_reservoir_factory_goes_through),
        cmocka_unit_test(a_reader_says_which_aggregation_a_kind_has),
        cmocka_unit_test(what_a_reader_says_outlives_its_options),
        cmocka_unit_test(a_reader_may_drop_a_kind_and_a_view_bring_it_back),
        cmocka_unit_test(the_cardinality_limit_is_the_views_the_readers_or_2000),
        cmocka_unit_test(each_matching_view_gives_a_stream_of_its_own),
        cmocka_unit_test(a_view_that_drops_leaves_the_streams_of_others),
        cmocka_unit_test(what_does_not_fit_is_left_out),
        cmocka_unit_test(which_aggregations_suit_which_kinds),
        cmocka_unit_test(a_view_that_a_kind_can_not_follow_is_not_there_for_it),
        cmocka_unit_test(it_is_told_once_for_each_kind),
        cmocka_unit_test(other_views_of_the_instrument_stay),
        cmocka_unit_test(what_is_known_beforehand_is_told_beforehand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
