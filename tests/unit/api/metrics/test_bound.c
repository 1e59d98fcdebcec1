/* SPDX-License-Identifier: Apache-2.0 */
/* Bound instruments: what they keep, and what becomes of it when providers change. */
#include "suite.h"

#include "api/metrics/bound.h"
#include "fake_metrics.h"

static struct fake_provider first, second;
static cotel_counter *counter; /* each test's own */
static const cotel_attribute attribute = {.key = {"key", 3},
                                          .value = {.type = COTEL_VALUE_INT, .as = {.integer = 1}}};

static int start_afresh(void **state)
{
    cotel_meter_provider_forget(&first.base);
    cotel_meter_provider_forget(&second.base);
    fake_provider_init(&first);
    fake_provider_init(&second);
    static unsigned number;
    char name[32];
    snprintf(name, sizeof name, "counter.%u", number++);
    counter = cotel_counter_get(cotel_meter_get("bound", NULL), name, NULL);
    return 0;
}

static void attributes_are_copied_deeply(void **state)
{
    char key[] = "key", text[] = "text";
    cotel_value items[] = {cotel_value_string(cotel_str_of(text))};
    const cotel_attribute given[] = {cotel_attribute_of(key, cotel_value_array(items, 1)),
                                     cotel_attribute_int("", 1), cotel_attribute_int("b", 1),
                                     cotel_attribute_int("b", 2)};
    cotel_bound_counter *bound = cotel_counter_bind(counter, given, COUNT_OF(given));
    memset(key, 'x', sizeof key - 1);
    memset(text, 'x', sizeof text - 1);
    memset(items, 0, sizeof items);

    const struct ct_bound *kept = (const struct ct_bound *)bound;
    assert_int_equal(kept->attribute_count, 2);
    assert_str_is(kept->attributes[0].key, "key");
    assert_str_is(kept->attributes[0].value.as.array.items[0].as.string, "text");
    assert_int_equal(kept->attributes[1].value.as.integer, 2);
    cotel_bound_counter_unbind(bound);
}

static void one_bound_before_the_sdk_works_afterwards(void **state)
{
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    cotel_bound_counter_add(bound, 1);
    cotel_meter_provider_set_global(&first.base);
    cotel_bound_counter_add(bound, 2);
    assert_int_equal(fake_find(&first, counter)->sum, 2);
    assert_int_equal(fake_find(&first, counter)->last_count, 1);

    cotel_meter_provider_set_global(NULL);
    cotel_bound_counter_add(bound, 4);
    assert_int_equal(fake_find(&first, counter)->sum, 2);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(first.bounds_released, 1);
}

static void it_is_bound_once_for_each_provider_however_often_they_change(void **state)
{
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    for (int i = 0; i < 5; i++) {
        cotel_meter_provider_set_global(&first.base);
        cotel_bound_counter_add(bound, 1);
        cotel_meter_provider_set_global(&second.base);
        cotel_bound_counter_add(bound, 10);
        cotel_meter_provider_set_global(NULL);
    }
    assert_int_equal(first.bounds, 1);
    assert_int_equal(second.bounds, 1);
    assert_int_equal(first.bounds_released + second.bounds_released, 0);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(first.bounds_released, 1);
    assert_int_equal(second.bounds_released, 1);
    assert_int_equal(fake_find(&first, counter)->sum, 5);
    assert_int_equal(fake_find(&second, counter)->sum, 50);
}

static void a_forgotten_providers_is_released_when_it_is_unbound(void **state)
{
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    cotel_meter_provider_set_global(&first.base);
    cotel_meter_provider_forget(&first.base);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(fake_find(&first, counter)->records, 0);
    assert_int_equal(first.bounds_released, 0);
    cotel_meter_provider_set_global(&first.base); /* another one, though at the same address */
    assert_int_equal(first.bounds, 2);
    cotel_bound_counter_add(bound, 1);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(first.bounds_released, 2);
}

static void what_an_sdk_does_not_bind_is_recorded_all_the_same(void **state)
{
    first.refuses_bounds = true;
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    cotel_meter_provider_set_global(&first.base);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(fake_find(&first, counter)->sum, 1);
    assert_int_equal(fake_find(&first, counter)->last_count, 1);
    first.refuses_bounds = false;
    cotel_meter_provider_set_global(&first.base); /* it is asked again */
    assert_int_equal(first.bounds, 1);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(fake_find(&first, counter)->sum, 2);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(first.bounds_released, 1);
}

static void an_older_sdk_that_can_t_bind_is_recorded_to(void **state)
{
    fake_instrument_ops.size = offsetof(struct ct_instrument_ops, bind);
    cotel_meter_provider_set_global(&first.base);
    cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(fake_find(&first, counter)->sum, 1);
    cotel_meter_provider_set_global(NULL);
    cotel_bound_counter_add(bound, 1);
    assert_int_equal(fake_find(&first, counter)->sum, 1);
    cotel_bound_counter_unbind(bound);
    assert_int_equal(first.bounds, 0);
}

/* In whatever order they go, those that stay are bound to the next provider. */
static void several_are_bound_and_unbound_in_any_order(void **state)
{
    enum { MANY = 5 };
    for (size_t gone = 0; gone < MANY; gone++) {
        cotel_bound_counter *bounds[MANY];
        for (size_t i = 0; i < MANY; i++)
            bounds[i] = cotel_counter_bind(counter, &attribute, 1);
        cotel_bound_counter_unbind(bounds[gone]);
        bounds[gone] = NULL;
        cotel_meter_provider_set_global(&first.base);
        for (size_t i = 0; i < MANY; i++) {
            cotel_bound_counter_add(bounds[i], 1);
            cotel_bound_counter_unbind(bounds[i]);
        }
        cotel_meter_provider_set_global(NULL);
    }
    assert_int_equal(fake_find(&first, counter)->records, MANY * (MANY - 1));
    assert_int_equal(first.bounds, MANY * (MANY - 1));
    assert_int_equal(first.bounds_released, first.bounds);
}

#define BOUND_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUND_TEST(attributes_are_copied_deeply),
        BOUND_TEST(one_bound_before_the_sdk_works_afterwards),
        BOUND_TEST(it_is_bound_once_for_each_provider_however_often_they_change),
        BOUND_TEST(a_forgotten_providers_is_released_when_it_is_unbound),
        BOUND_TEST(what_an_sdk_does_not_bind_is_recorded_all_the_same),
        BOUND_TEST(an_older_sdk_that_can_t_bind_is_recorded_to),
        BOUND_TEST(several_are_bound_and_unbound_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
