/* SPDX-License-Identifier: Apache-2.0 */
/* metrics/api.md and metrics/noop.md: what an instrumented library may rely on without an SDK. What
 * an SDK makes of it is in the other chapters of metrics. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cotel/cotel.h>

#include <math.h>
#include <pthread.h>
#include <string.h>

static void never_called(cotel_observer *observer, void *user)
{
    fail_msg("nobody collects");
}

static void there_is_no_global_provider_until_one_is_set(void **state)
{
    assert_null(cotel_meter_provider_global());
    cotel_meter_provider_set_global(NULL);
    assert_null(cotel_meter_provider_global());
}

static void a_meter_is_identified_by_name_version_schema_url_and_attributes(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("team", "core");
    cotel_meter_options options = COTEL_METER_OPTIONS_INIT;
    cotel_meter *meters[5];
    meters[0] = cotel_meter_get("library", &options);
    meters[1] = cotel_meter_get("another", &options);
    options.version = "1";
    meters[2] = cotel_meter_get("library", &options);
    options.schema_url = "https://example.com/schema";
    meters[3] = cotel_meter_get("library", &options);
    options.attributes = &attribute;
    options.attribute_count = 1;
    meters[4] = cotel_meter_get("library", &options);
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = 0; j < i; j++)
            assert_ptr_not_equal(meters[i], meters[j]);
    }
    assert_ptr_equal(cotel_meter_get("library", &options), meters[4]);
}

static void an_invalid_name_gives_a_working_meter(void **state)
{
    assert_non_null(cotel_meter_get(NULL, NULL));
    assert_non_null(cotel_counter_get(cotel_meter_get("", NULL), "counter", NULL));
}

static void the_same_instrument_can_be_had_of_several_meters(void **state)
{
    cotel_counter *one = cotel_counter_get(cotel_meter_get("one", NULL), "name", NULL);
    assert_ptr_not_equal(one, cotel_counter_get(cotel_meter_get("two", NULL), "name", NULL));
    assert_ptr_equal(one, cotel_counter_get(cotel_meter_get("one", NULL), "name", NULL));
}

static void integers_and_doubles_are_different_instruments(void **state)
{
    cotel_meter *meter = cotel_meter_get("types", NULL);
    assert_ptr_not_equal((const void *)cotel_counter_get(meter, "name", NULL),
                         (const void *)cotel_double_counter_get(meter, "name", NULL));
}

/* The API takes any text: only an SDK judges it. */
static void names_units_and_descriptions_are_taken_as_they_are(void **state)
{
    cotel_meter *meter = cotel_meter_get("texts", NULL);
    char unit[64], description[3 * 1023 + 1];
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    memset(unit, 'u', sizeof unit - 1);
    unit[sizeof unit - 1] = '\0';
    for (size_t i = 0; i + 3 < sizeof description; i += 3)
        memcpy(description + i, "\xe2\x82\xac", 3); /* 1023 characters of the basic plane */
    description[sizeof description - 1] = '\0';
    options.unit = unit;
    options.description = description;
    cotel_counter *counter = cotel_counter_get(meter, "1 strange/name", &options);
    assert_non_null(counter);
    assert_ptr_equal(cotel_counter_get(meter, "1 strange/name", &options), counter);
    options.unit = "U";
    assert_ptr_not_equal(cotel_counter_get(meter, "1 strange/name", &options), counter);
}

static void advice_can_be_given_at_creation_and_only_then(void **state)
{
    const double boundaries[] = {1, 10};
    const char *const keys[] = {"model"};
    cotel_instrument_options options = COTEL_INSTRUMENT_OPTIONS_INIT;
    options.boundaries = boundaries;
    options.boundary_count = 2;
    options.attribute_keys = keys;
    options.attribute_key_count = 1;
    cotel_histogram *histogram =
        cotel_histogram_get(cotel_meter_get("advice", NULL), "latency", &options);
    cotel_histogram_record(histogram, 5, NULL, 0);
}

static void synchronous_instruments_take_all_values_and_do_nothing(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("key", "value");
    cotel_meter *meter = cotel_meter_get("no-op", NULL);
    cotel_counter_add(cotel_counter_get(meter, "a", NULL), -1, &attribute, 1);
    cotel_double_counter_add(cotel_double_counter_get(meter, "b", NULL), NAN, &attribute, 1);
    cotel_up_down_counter_add(cotel_up_down_counter_get(meter, "c", NULL), INT64_MIN, NULL, 0);
    cotel_double_up_down_counter_add(cotel_double_up_down_counter_get(meter, "d", NULL), -INFINITY,
                                     NULL, 0);
    cotel_histogram_record(cotel_histogram_get(meter, "e", NULL), -5, &attribute, 1);
    cotel_double_histogram_record(cotel_double_histogram_get(meter, "f", NULL), INFINITY, NULL, 0);
    cotel_gauge_record(cotel_gauge_get(meter, "g", NULL), INT64_MAX, &attribute, 1);
    cotel_double_gauge_record(cotel_double_gauge_get(meter, "h", NULL), NAN, &attribute, 1);
}

static void without_an_sdk_nothing_is_enabled(void **state)
{
    cotel_meter *meter = cotel_meter_get("enabled", NULL);
    assert_false(cotel_counter_enabled(cotel_counter_get(meter, "a", NULL)));
    assert_false(cotel_double_counter_enabled(cotel_double_counter_get(meter, "b", NULL)));
    assert_false(cotel_up_down_counter_enabled(cotel_up_down_counter_get(meter, "c", NULL)));
    assert_false(
        cotel_double_up_down_counter_enabled(cotel_double_up_down_counter_get(meter, "d", NULL)));
    assert_false(cotel_histogram_enabled(cotel_histogram_get(meter, "e", NULL)));
    assert_false(cotel_double_histogram_enabled(cotel_double_histogram_get(meter, "f", NULL)));
    assert_false(cotel_gauge_enabled(cotel_gauge_get(meter, "g", NULL)));
    assert_false(cotel_double_gauge_enabled(cotel_double_gauge_get(meter, "h", NULL)));
}

static void attributes_can_be_bound_beforehand(void **state)
{
    const cotel_attribute attribute = cotel_attribute_string("model", "large");
    cotel_counter *counter = cotel_counter_get(cotel_meter_get("bind", NULL), "requests", NULL);
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    assert_non_null(bound);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
}

static void asynchronous_instruments_take_callbacks_at_creation_and_later(void **state)
{
    int user_state = 0;
    cotel_meter *meter = cotel_meter_get("callbacks", NULL);
    cotel_observable *observables[] = {
        cotel_observable_counter_get(meter, "a", NULL, never_called, NULL),
        cotel_observable_double_counter_get(meter, "b", NULL, NULL, NULL),
        cotel_observable_up_down_counter_get(meter, "c", NULL, NULL, NULL),
        cotel_observable_double_up_down_counter_get(meter, "d", NULL, NULL, NULL),
        cotel_observable_gauge_get(meter, "e", NULL, NULL, NULL),
        cotel_observable_double_gauge_get(meter, "f", NULL, never_called, &user_state),
    };
    cotel_callback *one = cotel_observable_add_callback(observables, 1, never_called, &user_state);
    cotel_callback *all = cotel_observable_add_callback(observables, 6, never_called, &user_state);
    assert_non_null(one);
    assert_non_null(all);
    cotel_callback_remove(one);
    cotel_callback_remove(all);
}

static void a_callback_of_instruments_of_several_meters_is_refused(void **state)
{
    cotel_observable *observables[] = {
        cotel_observable_gauge_get(cotel_meter_get("one", NULL), "gauge", NULL, NULL, NULL),
        cotel_observable_gauge_get(cotel_meter_get("two", NULL), "gauge", NULL, NULL, NULL),
    };
    assert_null(cotel_observable_add_callback(observables, 2, never_called, NULL));
}

enum { THREADS = 4, ROUNDS = 100 };

static void *use_all(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        cotel_meter *meter = cotel_meter_get("threads", NULL);
        cotel_counter *counter = cotel_counter_get(meter, "counter", NULL);
        cotel_observable *gauge =
            cotel_observable_gauge_get(meter, "gauge", NULL, never_called, NULL);
        cotel_bound_counter *bound = cotel_counter_bind(counter, NULL, 0);
        cotel_counter_add(counter, 1, NULL, 0);
        cotel_bound_counter_add(bound, 1);
        cotel_bound_counter_unbind(bound);
        cotel_callback_remove(cotel_observable_add_callback(&gauge, 1, never_called, NULL));
        cotel_meter_provider_set_global(NULL);
    }
    return cotel_counter_get(cotel_meter_get("threads", NULL), "counter", NULL);
}

static void all_may_be_called_at_once(void **state)
{
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_all, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *counter;
        assert_int_equal(pthread_join(threads[i], &counter), 0);
        assert_ptr_equal(counter,
                         cotel_counter_get(cotel_meter_get("threads", NULL), "counter", NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_no_global_provider_until_one_is_set),
        cmocka_unit_test(a_meter_is_identified_by_name_version_schema_url_and_attributes),
        cmocka_unit_test(an_invalid_name_gives_a_working_meter),
        cmocka_unit_test(the_same_instrument_can_be_had_of_several_meters),
        cmocka_unit_test(integers_and_doubles_are_different_instruments),
        cmocka_unit_test(names_units_and_descriptions_are_taken_as_they_are),
        cmocka_unit_test(advice_can_be_given_at_creation_and_only_then),
        cmocka_unit_test(synchronous_instruments_take_all_values_and_do_nothing),
        cmocka_unit_test(without_an_sdk_nothing_is_enabled),
        cmocka_unit_test(attributes_can_be_bound_beforehand),
        cmocka_unit_test(asynchronous_instruments_take_callbacks_at_creation_and_later),
        cmocka_unit_test(a_callback_of_instruments_of_several_meters_is_refused),
        cmocka_unit_test(all_may_be_called_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
