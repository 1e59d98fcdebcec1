/* SPDX-License-Identifier: Apache-2.0 */
/* Each allocation of a call fails in its turn. The linker puts these allocators in place of the C
 * library's. */
#include "suite.h"

#include "fake_metrics.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int fails_in = -1; /* how many succeed first; -1: all do */

static bool fails(void)
{
    return fails_in >= 0 && fails_in-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

static struct fake_provider provider;

static int start_afresh(void **state)
{
    fails_in = -1;
    cotel_meter_provider_forget(&provider.base);
    fake_provider_init(&provider);
    cotel_meter_provider_set_global(&provider.base);
    return 0;
}

static void a_meter_that_can_t_be_made_is_the_shared_one(void **state)
{
    fails_in = 0;
    cotel_meter *shared = cotel_meter_get("needs memory", NULL);
    assert_non_null(shared);
    assert_false(cotel_counter_enabled(cotel_counter_get(shared, "counter", NULL)));
    cotel_meter *meter = cotel_meter_get("needs memory", NULL);
    assert_ptr_not_equal(meter, shared);
    assert_true(cotel_counter_enabled(cotel_counter_get(meter, "counter", NULL)));
}

static void an_instrument_that_can_t_be_made_is_the_shared_one(void **state)
{
    cotel_meter *meter = cotel_meter_get("memory", NULL);
    fails_in = 0;
    cotel_counter *shared = cotel_counter_get(meter, "needs memory", NULL);
    assert_ptr_equal(shared, cotel_counter_get(NULL, "needs memory", NULL));
    assert_true(cotel_counter_enabled(cotel_counter_get(meter, "needs memory", NULL)));
}

static void one_that_can_t_be_bound_is_null_or_records_unbound(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("a", 1);
    cotel_counter *counter = cotel_counter_get(cotel_meter_get("memory", NULL), "bound", NULL);
    for (int first = 0; first < 4; first++) {
        fails_in = first; /* itself, its attributes, what is kept of the SDK's, the SDK's */
        cotel_bound_counter *bound = cotel_counter_bind(counter, &attribute, 1);
        assert_int_equal(fails_in, -1);
        assert_int_equal(bound != NULL, first >= 2);
        cotel_bound_counter_add(bound, 1);
        cotel_bound_counter_unbind(bound);
    }
    assert_int_equal(fake_find(&provider, counter)->sum, 2);
    assert_int_equal(provider.bounds_released, provider.bounds);
}

static void count_runs(cotel_observer *observer, void *user)
{
    ++*(unsigned *)user;
}

static void a_callback_that_can_t_be_added_is_null_or_added_with_the_next_provider(void **state)
{
    unsigned runs = 0;
    cotel_observable *gauge =
        cotel_observable_gauge_get(cotel_meter_get("memory", NULL), "gauge", NULL, NULL, NULL);
    for (int first = 0; first < 3; first++) {
        fails_in = first; /* itself, its enrolment, the SDK's */
        cotel_callback *callback = cotel_observable_add_callback(&gauge, 1, count_runs, &runs);
        assert_int_equal(fails_in, -1);
        assert_int_equal(callback != NULL, first >= 1);
        fake_collect(&provider);
        assert_int_equal(runs, 0);
        cotel_meter_provider_set_global(&provider.base);
        fake_collect(&provider);
        assert_int_equal(runs, first >= 1);
        runs = 0;
        cotel_callback_remove(callback);
    }
    fails_in = 0; /* for ever, but not this time */
    (void)cotel_observable_gauge_get(cotel_meter_get("memory", NULL), "gauge", NULL, count_runs,
                                     &runs);
    assert_int_equal(provider.callbacks_added, provider.callbacks_released);
}

#define MEMORY_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MEMORY_TEST(a_meter_that_can_t_be_made_is_the_shared_one),
        MEMORY_TEST(an_instrument_that_can_t_be_made_is_the_shared_one),
        MEMORY_TEST(one_that_can_t_be_bound_is_null_or_records_unbound),
        MEMORY_TEST(a_callback_that_can_t_be_added_is_null_or_added_with_the_next_provider),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
