/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of measurements that are offered. */
#include <cotel/trace.h>

#include "chosen.h"
#include "sdk/metrics/exemplar/default_factory.h"

#define HAS_DOUBLE OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_DOUBLE
#define HAS_INT OPENTELEMETRY__PROTO__METRICS__V1__EXEMPLAR__VALUE_AS_INT

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
        struct ct_exemplars *exemplars = make(&chosen, false);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
