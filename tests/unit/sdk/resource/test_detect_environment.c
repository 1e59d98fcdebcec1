/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/diagnostics.h>

#include <stdlib.h>

#include "look.h"

static int told;

static void count_message(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    told++;
}

static int fresh(void **state)
{
    told = 0;
    cotel_diagnostics_set(count_message, NULL, COTEL_LOG_WARNING);
    return unsetenv("OTEL_RESOURCE_ATTRIBUTES") | unsetenv("OTEL_SERVICE_NAME");
}

static cotel_resource *with(const char *attributes, const char *service_name)
{
    if (attributes)
        assert_int_equal(setenv("OTEL_RESOURCE_ATTRIBUTES", attributes, 1), 0);
    if (service_name)
        assert_int_equal(setenv("OTEL_SERVICE_NAME", service_name, 1), 0);
    return detected(COTEL_DETECT_SERVICE | COTEL_DETECT_ENVIRONMENT);
}

static void pairs_are_read_with_spaces_around_them(void **state)
{
    cotel_resource *resource =
        with("deployment.environment.name=prod, team = core ,empty=,x=a=b", NULL);
    assert_text(resource, "deployment.environment.name", "prod");
    assert_text(resource, "team", "core");
    assert_text(resource, "empty", "");
    assert_text(resource, "x", "a=b");
    assert_int_equal(told, 0);
    cotel_resource_unref(resource);
}

static void percent_encoded_keys_and_values_are_decoded(void **state)
{
    cotel_resource *resource = with("a%2Cb=1%3d2%2c3,snow=%E2%98%83,pad=%20x%20", NULL);
    assert_text(resource, "a,b", "1=2,3");
    assert_text(resource, "snow", "\xe2\x98\x83");
    assert_text(resource, "pad", " x ");
    cotel_resource_unref(resource);
}

static void one_mistake_discards_the_whole_variable(void **state)
{
    const char *wrong[] = {"a=1,b",     "a=1,=2",   "a=1,b=%", "a=1,b=%4",
                           "a=1,b=%zz", "a=1,%4=b", "a=1, =2", "a"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        told = 0;
        cotel_resource *resource = with(wrong[i], NULL);
        assert_false(has(resource, "a"));
        assert_int_equal(count_of(resource), 2);
        assert_int_equal(told, 1);
        cotel_resource_unref(resource);
    }
}

static void empty_members_say_nothing(void **state)
{
    cotel_resource *resource = with(",a=1,, ,b=2,", NULL);
    assert_text(resource, "a", "1");
    assert_text(resource, "b", "2");
    assert_int_equal(told, 0);
    cotel_resource_unref(resource);
}

static void the_last_of_equal_keys_is_kept(void **state)
{
    cotel_resource *resource = with("a=1,a=2", NULL);
    assert_text(resource, "a", "2");
    cotel_resource_unref(resource);
}

static void an_empty_variable_is_as_none(void **state)
{
    cotel_resource *resource = with("", "");
    assert_int_equal(count_of(resource), 2);
    assert_memory_equal(text_of(resource, "service.name").data, "unknown_service:", 16);
    assert_int_equal(told, 0);
    cotel_resource_unref(resource);
}

static void the_environment_wins_over_what_was_detected(void **state)
{
    cotel_resource *resource = with("service.name=from.attributes,service.instance.id=7", NULL);
    assert_text(resource, "service.name", "from.attributes");
    assert_text(resource, "service.instance.id", "7");
    cotel_resource_unref(resource);
}

static void the_service_name_variable_wins_over_all(void **state)
{
    cotel_resource *resource = with("service.name=from.attributes", "plain, as=it%20is");
    assert_text(resource, "service.name", "plain, as=it%20is");
    cotel_resource_unref(resource);
}

static void who_does_not_ask_for_the_environment_gets_but_the_name_of_it(void **state)
{
    cotel_resource_unref(with("a=1", "named"));
    cotel_resource *resource = detected(COTEL_DETECT_SERVICE);
    assert_false(has(resource, "a"));
    assert_text(resource, "service.name", "named");
    cotel_resource_unref(resource);
    resource = detected(COTEL_DETECT_SDK);
    assert_false(has(resource, "service.name"));
    cotel_resource_unref(resource);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pairs_are_read_with_spaces_around_them, fresh),
        cmocka_unit_test_setup(percent_encoded_keys_and_values_are_decoded, fresh),
        cmocka_unit_test_setup(one_mistake_discards_the_whole_variable, fresh),
        cmocka_unit_test_setup(empty_members_say_nothing, fresh),
        cmocka_unit_test_setup(the_last_of_equal_keys_is_kept, fresh),
        cmocka_unit_test_setup(an_empty_variable_is_as_none, fresh),
        cmocka_unit_test_setup(the_environment_wins_over_what_was_detected, fresh),
        cmocka_unit_test_setup(the_service_name_variable_wins_over_all, fresh),
        cmocka_unit_test_setup(who_does_not_ask_for_the_environment_gets_but_the_name_of_it, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
