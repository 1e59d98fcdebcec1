/* SPDX-License-Identifier: Apache-2.0 */
/* Which attributes of a measurement go to its exemplar. */
#include <cotel/trace.h>

#include "chosen.h"

static void expect_key(const exemplar_message *exemplar, size_t index, const char *key)
{
    assert_true(index < exemplar->n_filtered_attributes);
    assert_int_equal(exemplar->filtered_attributes[index]->key.len, strlen(key));
    assert_memory_equal(exemplar->filtered_attributes[index]->key.data, key, strlen(key));
}

/* Those that are left out by a filter that keeps "kept" alone. */
static point_message *offer_attributes(struct chosen *chosen, const cotel_attribute *attributes,
                                       size_t count)
{
    cotel_str kept = cotel_str_of("kept");
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, &kept, 1);
    struct ct_exemplars *exemplars = make(chosen, true);
    const cotel_measurement measurement = {.attributes = attributes, .attribute_count = count};
    ct_exemplars_offer(exemplars, &measurement, filter);
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 1);
    ct_exemplars_destroy(exemplars);
    ct_key_filter_destroy(filter);
    return point;
}

static void attributes_that_the_stream_leaves_out_are_kept(void **state)
{
    const cotel_attribute attributes[] = {
        cotel_attribute_string("kept", "in the stream"), cotel_attribute_string("user", "early"),
        cotel_attribute_int("", 1), cotel_attribute_int("shard", 12),
        cotel_attribute_string("user", "late")};
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, 5);
    const exemplar_message *exemplar = point->exemplars[0];
    assert_int_equal(exemplar->n_filtered_attributes, 2);
    expect_key(exemplar, 0, "shard");
    assert_int_equal(exemplar->filtered_attributes[0]->value->int_value, 12);
    expect_key(exemplar, 1, "user");
    assert_memory_equal(exemplar->filtered_attributes[1]->value->string_value.data, "late", 4);
    let_go(point);
}

static void a_stream_that_leaves_out_nothing_keeps_no_attributes(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_string("user", "x")};
    const cotel_measurement measurement = {.attributes = attributes, .attribute_count = 1};
    for (int keeps = 0; keeps < 2; keeps++) {
        struct chosen chosen = first_of(1);
        struct ct_exemplars *exemplars = make(&chosen, keeps);
        ct_exemplars_offer(exemplars, &measurement, NULL);
        point_message *point = take(exemplars);
        assert_int_equal(point->exemplars[0]->n_filtered_attributes, 0);
        let_go(point);
        ct_exemplars_destroy(exemplars);
    }
}

/* Around an attribute that takes all of the room but one byte, exactly it, and one byte more. */
static void an_attribute_that_does_not_fit_is_left_out_whole(void **state)
{
    static char text[CT_EXEMPLAR_ATTRIBUTE_BYTES];
    const size_t overhead = 14; /* two bytes of length in three messages, and tags, and a key */
    memset(text, 'x', sizeof text);
    for (int over = -1; over <= 1; over++) {
        size_t size = (size_t)((int)(CT_EXEMPLAR_ATTRIBUTE_BYTES - overhead) + over);
        const cotel_attribute attributes[] = {
            {cotel_str_of("big"), cotel_value_string(cotel_str_n(text, size))},
            cotel_attribute_int("small", 1)};
        struct chosen chosen = first_of(1);
        point_message *point = offer_attributes(&chosen, attributes, 2);
        assert_int_equal(point->exemplars[0]->n_filtered_attributes, 1);
        expect_key(point->exemplars[0], 0, over <= 0 ? "big" : "small");
        let_go(point);
    }
}

static void what_follows_one_that_does_not_fit_is_kept(void **state)
{
    static char huge[100000];
    memset(huge, 'x', sizeof huge);
    const cotel_attribute attributes[] = {
        {cotel_str_of("huge"), cotel_value_string(cotel_str_n(huge, sizeof huge))},
        {cotel_str_n(huge, sizeof huge), cotel_value_int(1)},
        cotel_attribute_string("after", "x")};
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, 3);
    assert_int_equal(point->exemplars[0]->n_filtered_attributes, 1);
    expect_key(point->exemplars[0], 0, "after");
    let_go(point);
}

static void values_of_every_kind_are_kept(void **state)
{
    const int64_t integers[] = {1, 2, 3};
    const cotel_attribute items[] = {cotel_attribute_int("a", 1), cotel_attribute_bool("b", true)};
    const cotel_attribute attributes[] = {
        {cotel_str_of("array"), cotel_value_int_array(integers, 3)},
        {cotel_str_of("map"), cotel_value_map(items, 2)},
        {cotel_str_of("bytes"), cotel_value_bytes("\0\1", 2)},
        {cotel_str_of("empty"), {.type = COTEL_VALUE_EMPTY}},
        cotel_attribute_double("double", 0.5)};
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, 5);
    const exemplar_message *exemplar = point->exemplars[0];
    assert_int_equal(exemplar->n_filtered_attributes, 5);
    assert_int_equal(exemplar->filtered_attributes[0]->value->array_value->n_values, 3);
    assert_int_equal(exemplar->filtered_attributes[1]->value->kvlist_value->n_values, 2);
    assert_int_equal(exemplar->filtered_attributes[2]->value->bytes_value.len, 2);
    expect_key(exemplar, 3, "empty");
    assert_true(exemplar->filtered_attributes[4]->value->double_value == 0.5);
    let_go(point);
}

/* Finding equal keys in a large map would allocate, and a long array would be walked for long. */
static void large_maps_and_arrays_are_left_out(void **state)
{
    static cotel_attribute items[33];
    static int64_t integers[100000];
    for (size_t i = 0; i < 33; i++)
        items[i] = cotel_attribute_int("k", 1);
    const cotel_attribute attributes[] = {
        {cotel_str_of("map"), cotel_value_map(items, 33)},
        {cotel_str_of("array"), cotel_value_int_array(integers, 100000)},
        cotel_attribute_int("after", 1)};
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, 3);
    assert_int_equal(point->exemplars[0]->n_filtered_attributes, 1);
    expect_key(point->exemplars[0], 0, "after");
    let_go(point);
}

static void nesting_without_end_is_survived(void **state)
{
    static cotel_value nested[200];
    nested[0] = cotel_value_int(1);
    for (size_t i = 1; i < 200; i++)
        nested[i] = cotel_value_array(&nested[i - 1], 1);
    const cotel_attribute attributes[] = {{cotel_str_of("deep"), nested[199]},
                                          cotel_attribute_int("after", 1)};
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, 2);
    expect_key(point->exemplars[0], point->exemplars[0]->n_filtered_attributes - 1, "after");
    let_go(point);
}

static void of_very_many_attributes_the_last_are_looked_at(void **state)
{
    static cotel_attribute attributes[CT_EXEMPLAR_MAX_ATTRIBUTES + 1];
    for (size_t i = 0; i <= CT_EXEMPLAR_MAX_ATTRIBUTES; i++)
        attributes[i] = cotel_attribute_int("kept", 1);
    attributes[0] = cotel_attribute_int("first", 1);
    attributes[1] = cotel_attribute_int("second", 1);
    struct chosen chosen = first_of(1);
    point_message *point = offer_attributes(&chosen, attributes, CT_EXEMPLAR_MAX_ATTRIBUTES + 1);
    assert_int_equal(point->exemplars[0]->n_filtered_attributes, 1);
    expect_key(point->exemplars[0], 0, "second");
    let_go(point);
}

static void full_places_need_no_more_than_was_said(void **state)
{
    static char text[CT_EXEMPLAR_ATTRIBUTE_BYTES];
    memset(text, 'x', sizeof text);
    cotel_span span = cotel_span_none();
    span.trace_id.bytes[0] = span.span_id.bytes[0] = 1;
    cotel_context *context = cotel_context_with_span(cotel_context_empty(), &span);
    struct ct_key_filter *none = ct_key_filter_create(CT_KEYS_ONLY_LISTED, NULL, 0);
    const cotel_attribute attribute = {
        cotel_str_of("big"),
        cotel_value_string(cotel_str_n(text, CT_EXEMPLAR_ATTRIBUTE_BYTES - 14))};
    const cotel_measurement measurement = {
        .attributes = &attribute, .attribute_count = 1, .context = context};
    struct chosen chosen = first_of(20);
    struct ct_exemplars *exemplars = make(&chosen, true);
    for (chosen.place = 0; chosen.place < 20; chosen.place++)
        ct_exemplars_offer(exemplars, &measurement, none);
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 20);
    for (size_t i = 0; i < 20; i++)
        assert_int_equal(point->exemplars[i]->n_filtered_attributes, 1);
    let_go(point);
    ct_exemplars_destroy(exemplars);
    ct_key_filter_destroy(none);
    cotel_context_unref(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_that_the_stream_leaves_out_are_kept),
        cmocka_unit_test(a_stream_that_leaves_out_nothing_keeps_no_attributes),
        cmocka_unit_test(an_attribute_that_does_not_fit_is_left_out_whole),
        cmocka_unit_test(what_follows_one_that_does_not_fit_is_kept),
        cmocka_unit_test(values_of_every_kind_are_kept),
        cmocka_unit_test(large_maps_and_arrays_are_left_out),
        cmocka_unit_test(nesting_without_end_is_survived),
        cmocka_unit_test(of_very_many_attributes_the_last_are_looked_at),
        cmocka_unit_test(full_places_need_no_more_than_was_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
