/* SPDX-License-Identifier: Apache-2.0 */
/* Recording, with every kind of instrument, and in which context it happens. */
#include "suite.h"

#include "fake_metrics.h"

static struct fake_provider provider;

static int start_afresh(void **state)
{
    cotel_meter_provider_forget(&provider.base);
    fake_provider_init(&provider);
    return 0;
}

static cotel_meter *meter(void)
{
    return cotel_meter_provider_get_meter(&provider.base, "record", NULL);
}

static struct fake_instrument *newest(void)
{
    return &provider.instruments[provider.instrument_count - 1];
}

/* Of one kind: what is recorded in each way arrives, with its attributes, and NULL takes it. */
#define DEFINE_TEST(name, verb, one, two, three)                              \
    static void a_##name##_records(void **state)                              \
    {                                                                         \
        const cotel_attribute attribute = cotel_attribute_int("a", 1);        \
        cotel_##name *name = cotel_##name##_get(meter(), "name", NULL);       \
        assert_true(cotel_##name##_enabled(name));                            \
        cotel_##name##_##verb(name, one, &attribute, 1);                      \
        assert_int_equal(newest()->sum, 1);                                   \
        assert_int_equal(newest()->last_count, 1);                            \
        cotel_##name##_##verb##_in(name, two, NULL, 5, NULL);                 \
        assert_int_equal(newest()->sum, 3);                                   \
        assert_int_equal(newest()->last_count, 0);                            \
        cotel_bound_##name *bound = cotel_##name##_bind(name, &attribute, 1); \
        cotel_bound_##name##_##verb(bound, three);                            \
        assert_int_equal(newest()->sum, 6);                                   \
        assert_int_equal(newest()->last_count, 1);                            \
        cotel_bound_##name##_unbind(bound);                                   \
        assert_int_equal(newest()->records, 3);                               \
        provider.disabled = true;                                             \
        assert_false(cotel_##name##_enabled(name));                           \
                                                                              \
        cotel_##name##_##verb(NULL, one, &attribute, 1);                      \
        cotel_##name##_##verb##_in(NULL, one, &attribute, 1, NULL);           \
        assert_false(cotel_##name##_enabled(NULL));                           \
        assert_null(cotel_##name##_bind(NULL, &attribute, 1));                \
        cotel_bound_##name##_##verb(NULL, one);                               \
        cotel_bound_##name##_unbind(NULL);                                    \
        assert_int_equal(newest()->records, 3);                               \
    }
DEFINE_TEST(counter, add, 1, 2, 3)
DEFINE_TEST(double_counter, add, 1.5, 2.5, 3.5)
DEFINE_TEST(up_down_counter, add, 1, 2, 3)
DEFINE_TEST(double_up_down_counter, add, 1.5, 2.5, 3.5)
DEFINE_TEST(histogram, record, 1, 2, 3)
DEFINE_TEST(double_histogram, record, 1.5, 2.5, 3.5)
DEFINE_TEST(gauge, record, 1, 2, 3)
DEFINE_TEST(double_gauge, record, 1.5, 2.5, 3.5)

static void every_value_is_passed_on_for_the_sdk_to_judge(void **state)
{
    cotel_counter *counter = cotel_counter_get(meter(), "counter", NULL);
    cotel_counter_add(counter, -5, NULL, 0);
    assert_int_equal(newest()->sum, -5);
    cotel_counter_add(counter, INT64_MIN + 5, NULL, 0);
    assert_int_equal(newest()->sum, INT64_MIN);
}

static void the_context_is_the_current_one_and_null_without_one(void **state)
{
    cotel_counter *counter = cotel_counter_get(meter(), "counter", NULL);
    cotel_bound_counter *bound = cotel_counter_bind(counter, NULL, 0);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_null(newest()->last_context);

    cotel_span span = sample_span(1);
    cotel_token token = cotel_span_activate(&span);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_ptr_equal(newest()->last_context, cotel_context_current());
    cotel_token inner = cotel_context_attach(NULL);
    cotel_bound_counter_add(bound, 1);
    assert_ptr_equal(newest()->last_context, cotel_context_current());
    cotel_context_detach(inner);
    cotel_context_detach(token);
    cotel_bound_counter_add(bound, 1);
    assert_null(newest()->last_context);
    cotel_bound_counter_unbind(bound);
}

static void a_context_that_is_given_counts(void **state)
{
    cotel_counter *counter = cotel_counter_get(meter(), "counter", NULL);
    cotel_span span = sample_span(1), other = sample_span(2);
    cotel_context *context = cotel_context_with_span(NULL, &other);
    cotel_token token = cotel_span_activate(&span);
    cotel_counter_add_in(counter, 1, NULL, 0, context);
    assert_ptr_equal(newest()->last_context, context);
    cotel_counter_add_in(counter, 1, NULL, 0, NULL);
    assert_ptr_equal(newest()->last_context, cotel_context_current());
    cotel_context_detach(token);
    cotel_context_unref(context);
}

static void *own_state;

static void *get_own(void *user)
{
    return own_state;
}

static void set_own(void *user, void *state)
{
    own_state = state;
}

static void a_storage_of_contexts_of_ones_own_is_asked(void **state)
{
    const cotel_context_storage storage = {.size = sizeof storage, .get = get_own, .set = set_own};
    cotel_counter *counter = cotel_counter_get(meter(), "counter", NULL);
    cotel_span span = sample_span(1);
    assert_true(cotel_context_set_storage(&storage));
    cotel_counter_add(counter, 1, NULL, 0);
    assert_null(newest()->last_context);
    cotel_token token = cotel_span_activate(&span);
    cotel_counter_add(counter, 1, NULL, 0);
    assert_non_null(own_state);
    assert_ptr_equal(newest()->last_context, cotel_context_current());
    cotel_context_detach(token);
    assert_true(cotel_context_set_storage(NULL));
    cotel_context_state_destroy(own_state);
}

#define RECORD_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORD_TEST(a_counter_records),
        RECORD_TEST(a_double_counter_records),
        RECORD_TEST(a_up_down_counter_records),
        RECORD_TEST(a_double_up_down_counter_records),
        RECORD_TEST(a_histogram_records),
        RECORD_TEST(a_double_histogram_records),
        RECORD_TEST(a_gauge_records),
        RECORD_TEST(a_double_gauge_records),
        RECORD_TEST(every_value_is_passed_on_for_the_sdk_to_judge),
        RECORD_TEST(the_context_is_the_current_one_and_null_without_one),
        RECORD_TEST(a_context_that_is_given_counts),
        RECORD_TEST(a_storage_of_contexts_of_ones_own_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
