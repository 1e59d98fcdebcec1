/* SPDX-License-Identifier: Apache-2.0 */
/* Meters, and which provider they belong to. That their scopes are told apart as those of tracers
 * are is in ../test_registry.c: the registry is the same. */
#include "suite.h"

#include "api/registry.h"
#include "fake_metrics.h"

static struct fake_provider first, second;

static int start_afresh(void **state)
{
    cotel_meter_provider_forget(&first.base);
    cotel_meter_provider_forget(&second.base);
    fake_provider_init(&first);
    fake_provider_init(&second);
    return 0;
}

static cotel_counter *counter_of(cotel_meter *meter)
{
    return cotel_counter_get(meter, "counter", NULL);
}

static void the_same_scope_gives_the_same_meter(void **state)
{
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1), cotel_attribute_int("b", 2)};
    const cotel_attribute turned[] = {attributes[1], attributes[0]};
    cotel_meter_options options = COTEL_METER_OPTIONS_INIT;
    options.version = "1";
    options.schema_url = "https://example.org";
    options.attributes = attributes;
    options.attribute_count = 2;
    cotel_meter *meter = cotel_meter_get("library", &options);
    options.attributes = turned;
    assert_ptr_equal(cotel_meter_get("library", &options), meter);
    options.attribute_count = 1;
    assert_ptr_not_equal(cotel_meter_get("library", &options), meter);
    options.size = offsetof(cotel_meter_options, attributes);
    assert_ptr_not_equal(cotel_meter_get("library", &options), meter);
    assert_ptr_not_equal(cotel_meter_get("library", NULL), meter);
}

static void the_scope_reaches_the_provider_once(void **state)
{
    const cotel_attribute attribute = cotel_attribute_int("a", 1);
    cotel_meter_options options = COTEL_METER_OPTIONS_INIT;
    options.version = "1.2";
    options.schema_url = "https://example.org";
    options.attributes = &attribute;
    options.attribute_count = 1;
    (void)cotel_meter_provider_get_meter(&first.base, "scope", &options);
    assert_string_equal(first.last_scope, "scope/1.2/https://example.org");
    assert_int_equal(first.last_attribute_count, 1);
    (void)cotel_meter_provider_get_meter(&first.base, "scope", &options);
    assert_int_equal(first.meters, 1);
}

static void a_meter_without_a_name_works_and_is_told(void **state)
{
    cotel_meter *meter = cotel_meter_provider_get_meter(&first.base, NULL, NULL);
    assert_true(cotel_counter_enabled(counter_of(meter)));
    assert_string_equal(first.last_scope, "//");
    assert_int_equal(first.nameless, 1);
    cotel_meter_provider_set_global(&second.base);
    (void)cotel_meter_get("", NULL);
    assert_int_equal(second.nameless, 1);
}

static void a_meter_taken_before_the_sdk_works_afterwards(void **state)
{
    cotel_meter *meter = cotel_meter_get("early", NULL);
    cotel_counter *counter = counter_of(meter);
    assert_false(cotel_counter_enabled(counter));
    cotel_meter_provider_set_global(&first.base);
    assert_ptr_equal(cotel_meter_provider_global(), &first.base);
    assert_true(cotel_counter_enabled(counter));
    assert_ptr_equal(cotel_meter_get("early", NULL), meter);
    cotel_meter_provider_set_global(NULL);
    assert_null(cotel_meter_provider_global());
    assert_false(cotel_counter_enabled(counter));
}

static void a_meter_of_one_provider_does_not_follow_the_global_one(void **state)
{
    cotel_counter *own = counter_of(cotel_meter_provider_get_meter(&first.base, "own", NULL));
    cotel_meter_provider_set_global(&second.base);
    cotel_counter *global = counter_of(cotel_meter_get("own", NULL));
    assert_ptr_not_equal(own, global);
    second.disabled = true;
    assert_true(cotel_counter_enabled(own));
    assert_false(cotel_counter_enabled(global));
    assert_ptr_equal(cotel_meter_provider_get_meter(NULL, "own", NULL),
                     cotel_meter_get("own", NULL));
}

static void a_provider_that_refuses_leaves_a_meter_that_does_nothing(void **state)
{
    first.refuses = true;
    cotel_meter *meter = cotel_meter_provider_get_meter(&first.base, "refused", NULL);
    assert_non_null(meter);
    assert_false(cotel_counter_enabled(counter_of(meter)));
}

static void a_forgotten_provider_leaves_what_does_nothing(void **state)
{
    cotel_counter *own = counter_of(cotel_meter_provider_get_meter(&first.base, "gone", NULL));
    cotel_counter *global = counter_of(cotel_meter_get("gone", NULL));
    cotel_meter_provider_set_global(&first.base);
    assert_true(cotel_counter_enabled(own) && cotel_counter_enabled(global));
    cotel_meter_provider_forget(&first.base);
    assert_null(cotel_meter_provider_global());
    assert_false(cotel_counter_enabled(own) || cotel_counter_enabled(global));

    /* Another provider at the same address is another. */
    unsigned asked = first.meters;
    unsigned instruments = first.instruments_asked;
    cotel_meter_provider_set_global(&first.base);
    assert_true(first.meters > asked && first.instruments_asked > instruments);
    assert_true(cotel_counter_enabled(global));
    assert_false(cotel_counter_enabled(own));
}

static void functions_beyond_an_older_sdks_table_count_as_absent(void **state)
{
    fake_provider_ops.size = offsetof(struct ct_meter_provider_ops, nameless);
    (void)cotel_meter_provider_get_meter(&first.base, "", NULL);
    assert_int_equal(first.nameless, 0);
    fake_provider_ops.size = offsetof(struct ct_meter_provider_ops, get_meter);
    assert_false(cotel_counter_enabled(
        counter_of(cotel_meter_provider_get_meter(&first.base, "older", NULL))));
    fake_provider_ops.size = sizeof fake_provider_ops;
    fake_meter_ops.size = offsetof(struct ct_meter_ops, get_instrument);
    assert_false(cotel_counter_enabled(
        counter_of(cotel_meter_provider_get_meter(&first.base, "old", NULL))));
}

#define METER_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        METER_TEST(the_same_scope_gives_the_same_meter),
        METER_TEST(the_scope_reaches_the_provider_once),
        METER_TEST(a_meter_without_a_name_works_and_is_told),
        METER_TEST(a_meter_taken_before_the_sdk_works_afterwards),
        METER_TEST(a_meter_of_one_provider_does_not_follow_the_global_one),
        METER_TEST(a_provider_that_refuses_leaves_a_meter_that_does_nothing),
        METER_TEST(a_forgotten_provider_leaves_what_does_nothing),
        METER_TEST(functions_beyond_an_older_sdks_table_count_as_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
