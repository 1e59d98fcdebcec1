/* SPDX-License-Identifier: Apache-2.0 */
/* Alone in its process: it fills the registry of meters. */
#include "suite.h"

#include "api/registry.h"
#include "fake_metrics.h"

static struct fake_provider provider;

static cotel_meter *numbered(unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "meter.%u", number);
    return cotel_meter_get(name, NULL);
}

static void beyond_the_limit_one_shared_meter_is_given_out(void **state)
{
    fake_provider_init(&provider);
    cotel_meter_provider_set_global(&provider.base);
    cotel_meter *first = numbered(0);
    cotel_meter *last = NULL;
    for (unsigned i = 1; i < CT_REGISTRY_MAX; i++)
        last = numbered(i);

    cotel_meter *shared = numbered(CT_REGISTRY_MAX);
    assert_non_null(shared);
    assert_ptr_not_equal(shared, last);
    assert_ptr_equal(numbered(CT_REGISTRY_MAX + 1), shared);
    assert_ptr_equal(numbered(0), first);
    assert_ptr_equal(numbered(CT_REGISTRY_MAX - 1), last);
    assert_true(cotel_counter_enabled(cotel_counter_get(last, "counter", NULL)));
    assert_int_equal(provider.meters, CT_REGISTRY_MAX);

    cotel_counter *counter = cotel_counter_get(shared, "counter", NULL);
    assert_ptr_equal(counter, cotel_counter_get(shared, "another", NULL));
    assert_false(cotel_counter_enabled(counter));
    cotel_counter_add(counter, 1, NULL, 0);
    assert_non_null(cotel_observable_gauge_get(shared, "gauge", NULL, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beyond_the_limit_one_shared_meter_is_given_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
