/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of measurements that are offered, read back as the exemplars of a NumberDataPoint by
 * the decoder that is made of the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cotel/trace.h>

#include "proto/metrics.pb-c.h"
#include "sdk/metrics/exemplar/default_factory.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "sdk/metrics/view/key_filter.h"
#include "wire/field_numbers.h"

typedef Opentelemetry__Proto__Metrics__V1__NumberDataPoint point_message;
typedef Opentelemetry__Proto__Metrics__V1__Exemplar exemplar_message;

#define HAS_DOUBLE OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_DOUBLE
#define HAS_INT OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_INT

/* ---- reservoirs of our own ---- */

struct chosen {
    cotel_exemplar_reservoir base;
    int place; /* what it answers */
    int collections;
    int destroyed;
    size_t places;
};

static int offer_chosen(cotel_exemplar_reservoir *self, const cotel_measurement *measurement)
{
    return ((struct chosen *)self)->place;
}

static void count_collection(cotel_exemplar_reservoir *self)
{
    ((struct chosen *)self)->collections++;
}

static void count_destruction(cotel_exemplar_reservoir *self)
{
    ((struct chosen *)self)->destroyed++;
}

static const cotel_exemplar_reservoir_ops chosen_ops = {.size = sizeof chosen_ops,
                                                        .offer = offer_chosen,
                                                        .collected = count_collection,
                                                        .destroy = count_destruction};

static cotel_exemplar_reservoir *create_chosen(void *user, size_t *places)
{
    struct chosen *chosen = user;
    *places = chosen->places;
    return &chosen->base;
}

static cotel_exemplar_reservoir_factory factory_of(struct chosen *chosen)
{
    return (cotel_exemplar_reservoir_factory){
        .size = sizeof(cotel_exemplar_reservoir_factory), .create = create_chosen, .user = chosen};
}

static struct ct_exemplars *make(struct chosen *chosen, bool keeps_attributes)
{
    cotel_exemplar_reservoir_factory factory = factory_of(chosen);
    struct ct_exemplars *exemplars = ct_exemplars_create(&factory, keeps_attributes);
    assert_non_null(exemplars);
    return exemplars;
}

static struct chosen first_of(size_t places)
{
    return (struct chosen){.base = {&chosen_ops}, .places = places};
}

/* ---- reading ---- */

static point_message *take(struct ct_exemplars *exemplars)
{
    struct ct_buffer bytes = CT_BUFFER_INIT;
    assert_true(ct_buffer_reserve(&bytes, ct_exemplars_most_bytes(exemplars)));
    const uint8_t *before = bytes.data;
    ct_exemplars_take(exemplars, CT_NUMBER_POINT_EXEMPLARS, &bytes);
    assert_ptr_equal(bytes.data, before); /* nothing was allocated */
    point_message *point = ct_opentelemetry__proto__metrics__v1__number_data_point__unpack(
        NULL, bytes.size, bytes.data);
    assert_non_null(point);
    ct_buffer_fini(&bytes);
    return point;
}

static void let_go(point_message *point)
{
    ct_opentelemetry__proto__metrics__v1__number_data_point__free_unpacked(point, NULL);
}

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

/* ---- tests ---- */

static void an_exemplar_has_value_time_and_span(void **state)
{
    cotel_span span = cotel_span_none();
    memset(span.trace_id.bytes, 0xab, sizeof span.trace_id.bytes);
    memset(span.span_id.bytes, 0xcd, sizeof span.span_id.bytes);
    cotel_context *context = cotel_context_with_span(cotel_context_empty(), &span);
    struct chosen chosen = first_of(1);
    struct ct_exemplars *exemplars = make(&chosen, false);
    const cotel_measurement measurement = {.integer = -7,
                                           .floating = -7,
                                           .time_unix_ns = UINT64_C(1700000000123456789),
                                           .context = context};
    ct_exemplars_offer(exemplars, &measurement, NULL);
    cotel_context_unref(context); /* nothing of it is kept */
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 1);
    const exemplar_message *exemplar = point->exemplars[0];
    assert_int_equal(exemplar->value_case, HAS_INT);
    assert_int_equal(exemplar->as_int, -7);
    assert_int_equal(exemplar->time_unix_nano, UINT64_C(1700000000123456789));
    assert_int_equal(exemplar->trace_id.len, 16);
    assert_memory_equal(exemplar->trace_id.data, span.trace_id.bytes, 16);
    assert_int_equal(exemplar->span_id.len, 8);
    assert_memory_equal(exemplar->span_id.data, span.span_id.bytes, 8);
    let_go(point);
    ct_exemplars_destroy(exemplars);
}

static void a_double_stays_one_and_no_span_is_none(void **state)
{
    struct chosen chosen = first_of(1);
    struct ct_exemplars *exemplars = make(&chosen, false);
    const cotel_measurement measurement = {
        .is_double = true, .floating = 0.1, .context = cotel_context_empty()};
    ct_exemplars_offer(exemplars, &measurement, NULL);
    point_message *point = take(exemplars);
    assert_int_equal(point->exemplars[0]->value_case, HAS_DOUBLE);
    assert_true(point->exemplars[0]->as_double == 0.1);
    assert_int_equal(point->exemplars[0]->trace_id.len, 0);
    assert_int_equal(point->exemplars[0]->span_id.len, 0);
    let_go(point);
    ct_exemplars_destroy(exemplars);
}

static void without_a_context_the_threads_own_is_not_asked(void **state)
{
    cotel_span span = cotel_span_none();
    span.trace_id.bytes[0] = span.span_id.bytes[0] = 1;
    cotel_token token = cotel_span_activate(&span);
    struct chosen chosen = first_of(1);
    struct ct_exemplars *exemplars = make(&chosen, false);
    ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = 1}, NULL);
    point_message *point = take(exemplars);
    assert_int_equal(point->exemplars[0]->trace_id.len, 0);
    let_go(point);
    ct_exemplars_destroy(exemplars);
    cotel_context_detach(token);
}

static void what_was_in_a_place_is_replaced_whole(void **state)
{
    cotel_str kept = cotel_str_of("kept");
    struct ct_key_filter *filter = ct_key_filter_create(CT_KEYS_ONLY_LISTED, &kept, 1);
    struct chosen chosen = first_of(3);
    struct ct_exemplars *exemplars = make(&chosen, true);
    const cotel_attribute attributes[] = {cotel_attribute_string("gone", "x")};
    const cotel_measurement first = {.integer = 1, .attributes = attributes, .attribute_count = 1};
    ct_exemplars_offer(exemplars, &first, filter);
    ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = 2}, filter);
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 1);
    assert_int_equal(point->exemplars[0]->as_int, 2);
    assert_int_equal(point->exemplars[0]->n_filtered_attributes, 0);
    let_go(point);
    ct_exemplars_destroy(exemplars);
    ct_key_filter_destroy(filter);
}

static void each_collection_begins_with_empty_places(void **state)
{
    struct chosen chosen = first_of(2);
    struct ct_exemplars *exemplars = make(&chosen, false);
    ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = 1}, NULL);
    let_go(take(exemplars));
    assert_int_equal(chosen.collections, 1);
    chosen.place = 1;
    ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = 2}, NULL);
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 1);
    assert_int_equal(point->exemplars[0]->as_int, 2);
    let_go(point);
    point = take(exemplars);
    assert_int_equal(point->n_exemplars, 0);
    let_go(point);
    assert_int_equal(chosen.collections, 3);
    ct_exemplars_destroy(exemplars);
    assert_int_equal(chosen.destroyed, 1);
}

static void a_place_out_of_range_is_ignored(void **state)
{
    static const int places[] = {-1, 2, 3, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct chosen chosen = first_of(2);
        struct ct_exemplars *exemplars = make(&chosen, true);
        chosen.place = places[i];
        ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = 1}, NULL);
        point_message *point = take(exemplars);
        assert_int_equal(point->n_exemplars, 0);
        let_go(point);
        ct_exemplars_destroy(exemplars);
    }
}

static void expect_refused(struct chosen chosen)
{
    cotel_exemplar_reservoir_factory factory = factory_of(&chosen);
    assert_null(ct_exemplars_create(&factory, true));
    assert_int_equal(chosen.destroyed, 1);
}

static void reservoirs_that_cannot_be_used_are_given_back(void **state)
{
    static const cotel_exemplar_reservoir_ops no_offer = {.size = sizeof no_offer,
                                                          .destroy = count_destruction};
    expect_refused(first_of(0));
    expect_refused(first_of(COTEL_EXEMPLAR_MAX_PLACES + 1));
    struct chosen silent = first_of(1);
    silent.base.ops = &no_offer;
    expect_refused(silent);
}

static cotel_exemplar_reservoir *create_none(void *user, size_t *places)
{
    return NULL;
}

static void without_a_reservoir_there_are_no_exemplars(void **state)
{
    cotel_exemplar_reservoir_factory none = {.size = sizeof none, .create = create_none};
    assert_null(ct_exemplars_create(&none, true));
    assert_null(ct_exemplars_create(NULL, true));
    none.create = NULL;
    assert_null(ct_exemplars_create(&none, true));
    ct_exemplars_destroy(NULL);
}

static void as_many_places_as_allowed_can_be_filled(void **state)
{
    struct chosen chosen = first_of(COTEL_EXEMPLAR_MAX_PLACES);
    struct ct_exemplars *exemplars = make(&chosen, false);
    for (int i = 0; i < COTEL_EXEMPLAR_MAX_PLACES; i++) {
        chosen.place = i;
        ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = i}, NULL);
    }
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, COTEL_EXEMPLAR_MAX_PLACES);
    for (int i = 0; i < COTEL_EXEMPLAR_MAX_PLACES; i++)
        assert_int_equal(point->exemplars[i]->as_int, i);
    let_go(point);
    ct_exemplars_destroy(exemplars);
}

static void the_reservoir_of_a_histogram_keeps_the_last_of_each_bucket(void **state)
{
    static const double boundaries[] = {1, 2};
    const struct ct_explicit_config config = {.boundaries = boundaries, .count = 2};
    cotel_exemplar_reservoir_factory factory = ct_exemplar_factory_explicit(&config);
    struct ct_exemplars *exemplars = ct_exemplars_create(&factory, false);
    for (int i = 0; i < 6; i++)
        ct_exemplars_offer(exemplars, &(cotel_measurement){.integer = i, .floating = i}, NULL);
    point_message *point = take(exemplars);
    assert_int_equal(point->n_exemplars, 3);
    assert_int_equal(point->exemplars[0]->as_int, 1);
    assert_int_equal(point->exemplars[1]->as_int, 2);
    assert_int_equal(point->exemplars[2]->as_int, 5);
    let_go(point);
    ct_exemplars_destroy(exemplars);
}

/* ---- attributes ---- */

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
        cmocka_unit_test(an_exemplar_has_value_time_and_span),
        cmocka_unit_test(a_double_stays_one_and_no_span_is_none),
        cmocka_unit_test(without_a_context_the_threads_own_is_not_asked),
        cmocka_unit_test(what_was_in_a_place_is_replaced_whole),
        cmocka_unit_test(each_collection_begins_with_empty_places),
        cmocka_unit_test(a_place_out_of_range_is_ignored),
        cmocka_unit_test(reservoirs_that_cannot_be_used_are_given_back),
        cmocka_unit_test(without_a_reservoir_there_are_no_exemplars),
        cmocka_unit_test(as_many_places_as_allowed_can_be_filled),
        cmocka_unit_test(the_reservoir_of_a_histogram_keeps_the_last_of_each_bucket),
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
