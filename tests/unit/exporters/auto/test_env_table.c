/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exporters/auto/env_table.h"

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
    return clearenv();
}

static struct ct_env with(const char *name, const char *value)
{
    struct ct_env env;
    assert_int_equal(setenv(name, value, 1), 0);
    ct_env_read(&env);
    assert_int_equal(unsetenv(name), 0);
    return env;
}

static void without_variables_the_defaults_are_those_of_the_specification(void **state)
{
    struct ct_env env;
    ct_env_read(&env);
    assert_false(env.sdk_disabled);
    assert_int_equal(env.log_level, -1);
    assert_null(env.traces_exporter);
    assert_int_equal(env.sampler, CT_ENV_PARENT_ALWAYS_ON);
    assert_int_equal(env.schedule_delay_ms, 5000);
    assert_int_equal(env.export_timeout_ms, 30000);
    assert_int_equal(env.max_queue_size, 2048);
    assert_int_equal(env.max_export_batch_size, 512);
    assert_int_equal(env.event_count, 128);
    assert_int_equal(env.link_count, 128);
    assert_false(env.attribute_count.is_set);
    assert_false(env.timeout_ms.is_set);
    assert_null(env.endpoint);
    assert_int_equal(told, 0);
}

static void an_empty_variable_is_as_none(void **state)
{
    assert_int_equal(with("OTEL_BSP_SCHEDULE_DELAY", "").schedule_delay_ms, 5000);
    assert_null(with("OTEL_EXPORTER_OTLP_ENDPOINT", "").endpoint);
    assert_false(with("OTEL_SDK_DISABLED", "").sdk_disabled);
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "").sampler, CT_ENV_PARENT_ALWAYS_ON);
    assert_false(with("OTEL_ATTRIBUTE_COUNT_LIMIT", "").attribute_count.is_set);
    (void)with("OTEL_EXPORTER_OTLP_PROTOCOL", "");
    assert_int_equal(told, 0);
}

static void numbers_are_taken(void **state)
{
    assert_int_equal(with("OTEL_BSP_SCHEDULE_DELAY", "0").schedule_delay_ms, 0);
    assert_int_equal(with("OTEL_BSP_MAX_QUEUE_SIZE", "10").max_queue_size, 10);
    struct ct_env env = with("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0");
    assert_true(env.span_attribute_count.is_set);
    assert_int_equal(env.span_attribute_count.value, 0);
    assert_int_equal(told, 0);
}

static void a_number_that_is_none_is_told_and_the_default_taken(void **state)
{
    const char *wrong[] = {"many", "-1", "2147483648", "1.5"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(with("OTEL_BSP_EXPORT_TIMEOUT", wrong[i]).export_timeout_ms, 30000);
        assert_int_equal(told, i + 1);
    }
    assert_int_equal(with("OTEL_BSP_MAX_QUEUE_SIZE", "0").max_queue_size, 2048);
    assert_int_equal(with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0").max_export_batch_size, 512);
    assert_false(with("OTEL_EXPORTER_OTLP_TIMEOUT", "x").timeout_ms.is_set);
    assert_int_equal(told, 7);
}

static void words_are_known_in_either_case(void **state)
{
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "Always_Off").sampler, CT_ENV_ALWAYS_OFF);
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "traceidratio").sampler, CT_ENV_TRACE_ID_RATIO);
    assert_int_equal(with("OTEL_TRACES_SAMPLER", " parentbased_traceidratio ").sampler,
                     CT_ENV_PARENT_TRACE_ID_RATIO);
    assert_int_equal(with("OTEL_LOG_LEVEL", "DEBUG").log_level, COTEL_LOG_DEBUG);
    assert_int_equal(with("OTEL_LOG_LEVEL", "none").log_level, 0);
    assert_int_equal(told, 0);
}

static void an_unknown_word_is_told_and_the_default_taken(void **state)
{
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "jaeger_remote").sampler, CT_ENV_PARENT_ALWAYS_ON);
    assert_int_equal(with("OTEL_LOG_LEVEL", "loud").log_level, -1);
    assert_int_equal(told, 2);
}

static void only_true_disables(void **state)
{
    assert_true(with("OTEL_SDK_DISABLED", "True").sdk_disabled);
    assert_false(with("OTEL_SDK_DISABLED", "false").sdk_disabled);
    assert_int_equal(told, 0);
    assert_false(with("OTEL_SDK_DISABLED", "1").sdk_disabled);
    assert_int_equal(told, 1);
}

static void what_is_not_supported_is_told_unless_it_asks_for_what_is_done_anyway(void **state)
{
    (void)with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    (void)with("OTEL_EXPORTER_OTLP_COMPRESSION", "none");
    assert_int_equal(told, 0);
    (void)with("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc");
    (void)with("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    (void)with("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca.pem");
    assert_int_equal(told, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_variables_the_defaults_are_those_of_the_specification,
                               fresh),
        cmocka_unit_test_setup(an_empty_variable_is_as_none, fresh),
        cmocka_unit_test_setup(numbers_are_taken, fresh),
        cmocka_unit_test_setup(a_number_that_is_none_is_told_and_the_default_taken, fresh),
        cmocka_unit_test_setup(words_are_known_in_either_case, fresh),
        cmocka_unit_test_setup(an_unknown_word_is_told_and_the_default_taken, fresh),
        cmocka_unit_test_setup(only_true_disables, fresh),
        cmocka_unit_test_setup(what_is_not_supported_is_told_unless_it_asks_for_what_is_done_anyway,
                               fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
