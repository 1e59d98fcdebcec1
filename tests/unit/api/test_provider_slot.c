/* SPDX-License-Identifier: Apache-2.0 */
#include "suite.h"

#include "fake_sdk.h"

static int start_afresh(void **state)
{
    fake_reset();
    cotel_tracer_provider_set_global(NULL);
    return 0;
}

static bool works(cotel_tracer *tracer)
{
    unsigned before = fake_calls.started;
    cotel_span span = cotel_span_start(tracer, "work", NULL);
    cotel_span_end(&span);
    return fake_calls.started == before + 1;
}

static void a_tracer_taken_before_the_sdk_works_afterwards(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer *tracer = cotel_tracer_get("early", NULL);
    assert_false(works(tracer));
    cotel_tracer_provider_set_global(&provider.base);
    assert_ptr_equal(cotel_tracer_provider_global(), &provider.base);
    assert_true(works(tracer));
    assert_true(cotel_tracer_enabled(tracer));
    assert_ptr_equal(cotel_tracer_get("early", NULL), tracer);
}

static void a_tracer_taken_afterwards_works_at_once(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer_provider_set_global(&provider.base);
    assert_true(works(cotel_tracer_get("late", NULL)));
}

static void taking_the_provider_away_makes_tracers_no_ops(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer *tracer = cotel_tracer_get("away", NULL);
    cotel_tracer_provider_set_global(&provider.base);
    cotel_tracer_provider_set_global(NULL);
    assert_null(cotel_tracer_provider_global());
    assert_false(works(tracer));
}

static void a_provider_is_asked_once_for_a_scope(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer_provider_set_global(&provider.base);
    (void)cotel_tracer_get("once", NULL);
    unsigned asked = provider.tracers;
    (void)cotel_tracer_get("once", NULL);
    cotel_tracer_provider_set_global(NULL);
    cotel_tracer_provider_set_global(&provider.base);
    assert_int_equal(provider.tracers, asked);
}

static void the_scope_reaches_the_provider(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    const cotel_attribute attributes[] = {cotel_attribute_int("a", 1)};
    cotel_tracer_options options = COTEL_TRACER_OPTIONS_INIT;
    options.version = "1.2";
    options.schema_url = "https://example.org";
    options.attributes = attributes;
    options.attribute_count = 1;
    cotel_tracer_provider_set_global(&provider.base);
    (void)cotel_tracer_get("scope", &options);
    assert_string_equal(provider.last_scope, "scope/1.2/https://example.org");
    assert_int_equal(provider.last_attribute_count, 1);
}

static void a_provider_that_refuses_leaves_a_no_op(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    provider.refuses = true;
    cotel_tracer_provider_set_global(&provider.base);
    cotel_tracer *tracer = cotel_tracer_get("refused", NULL);
    assert_non_null(tracer);
    assert_false(works(tracer));
}

static void tracers_of_one_provider_do_not_follow_the_global_one(void **state)
{
    static struct fake_provider own = FAKE_PROVIDER_INIT, global = FAKE_PROVIDER_INIT;
    cotel_tracer *tracer = cotel_tracer_provider_get_tracer(&own.base, "own", NULL);
    assert_true(works(tracer));
    cotel_tracer_provider_set_global(&global.base);
    assert_ptr_not_equal(cotel_tracer_get("own", NULL), tracer);
    cotel_tracer_provider_set_global(NULL);
    assert_true(works(tracer));
    assert_ptr_equal(cotel_tracer_provider_get_tracer(&own.base, "own", NULL), tracer);
}

static void no_provider_means_the_global_one(void **state)
{
    assert_ptr_equal(cotel_tracer_provider_get_tracer(NULL, "global", NULL),
                     cotel_tracer_get("global", NULL));
}

static void a_forgotten_provider_leaves_no_ops(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer *own = cotel_tracer_provider_get_tracer(&provider.base, "forgotten", NULL);
    cotel_tracer *global = cotel_tracer_get("forgotten", NULL);
    cotel_tracer_provider_set_global(&provider.base);
    assert_true(works(own) && works(global));

    cotel_tracer_provider_forget(&provider.base);
    assert_null(cotel_tracer_provider_global());
    assert_false(works(own));
    assert_false(works(global));
}

static void a_new_provider_at_the_address_of_a_forgotten_one_is_another(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer *own = cotel_tracer_provider_get_tracer(&provider.base, "again", NULL);
    cotel_tracer *global = cotel_tracer_get("again", NULL);
    cotel_tracer_provider_set_global(&provider.base);
    cotel_tracer_provider_forget(&provider.base);
    unsigned asked = provider.tracers;

    cotel_tracer_provider_set_global(&provider.base);
    assert_true(provider.tracers > asked); /* the old answers are not believed */
    assert_true(works(global));
    assert_false(works(own));
    cotel_tracer *renewed = cotel_tracer_provider_get_tracer(&provider.base, "again", NULL);
    assert_ptr_not_equal(renewed, own);
    assert_true(works(renewed));
}

static void forgetting_another_provider_leaves_the_global_one(void **state)
{
    static struct fake_provider global = FAKE_PROVIDER_INIT, other = FAKE_PROVIDER_INIT;
    cotel_tracer *tracer = cotel_tracer_get("kept", NULL);
    cotel_tracer_provider_set_global(&global.base);
    cotel_tracer_provider_forget(&other.base);
    cotel_tracer_provider_forget(NULL);
    assert_ptr_equal(cotel_tracer_provider_global(), &global.base);
    assert_true(works(tracer));
}

static void whether_a_tracer_is_enabled_is_asked_each_time(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer_provider_set_global(&provider.base);
    cotel_tracer *tracer = cotel_tracer_get("enabled", NULL);
    assert_true(cotel_tracer_enabled(tracer));
    fake_enabled = false;
    assert_false(cotel_tracer_enabled(tracer));
    fake_enabled = true;
}

static void functions_beyond_an_older_sdks_table_count_as_absent(void **state)
{
    static struct fake_provider provider = FAKE_PROVIDER_INIT;
    cotel_tracer_provider_set_global(&provider.base);
    cotel_tracer *tracer = cotel_tracer_get("older", NULL);
    fake_tracer_ops.size = offsetof(struct ct_tracer_ops, start);
    assert_true(cotel_tracer_enabled(tracer));
    assert_false(works(tracer));
    fake_tracer_ops.size = offsetof(struct ct_tracer_ops, enabled);
    assert_false(cotel_tracer_enabled(tracer));

    fake_provider_ops.size = offsetof(struct ct_provider_ops, get_tracer);
    assert_false(works(cotel_tracer_get("older still", NULL)));
}

#define SLOT_TEST(name) cmocka_unit_test_setup(name, start_afresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SLOT_TEST(a_tracer_taken_before_the_sdk_works_afterwards),
        SLOT_TEST(a_tracer_taken_afterwards_works_at_once),
        SLOT_TEST(taking_the_provider_away_makes_tracers_no_ops),
        SLOT_TEST(a_provider_is_asked_once_for_a_scope),
        SLOT_TEST(the_scope_reaches_the_provider),
        SLOT_TEST(a_provider_that_refuses_leaves_a_no_op),
        SLOT_TEST(tracers_of_one_provider_do_not_follow_the_global_one),
        SLOT_TEST(no_provider_means_the_global_one),
        SLOT_TEST(a_forgotten_provider_leaves_no_ops),
        SLOT_TEST(a_new_provider_at_the_address_of_a_forgotten_one_is_another),
        SLOT_TEST(forgetting_another_provider_leaves_the_global_one),
        SLOT_TEST(whether_a_tracer_is_enabled_is_asked_each_time),
        SLOT_TEST(functions_beyond_an_older_sdks_table_count_as_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
