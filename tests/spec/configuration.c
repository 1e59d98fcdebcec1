/* SPDX-License-Identifier: Apache-2.0 */
/* configuration/common.md and the "Type-specific guidance" of sdk-environment-variables.md: how the
 * value of a variable is read. cotel_env_variable_at() says what it comes to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define SHUTDOWN_MS 10000

static struct {
    int warnings;
    char last[512];
} heard;

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    heard.warnings++;
    (void)snprintf(heard.last, sizeof heard.last, "%s", message);
}

static int start(void **state)
{
    memset(&heard, 0, sizeof heard);
    cotel_diagnostics_set(hear, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static int stop(void **state)
{
    return cotel_sdk_shutdown(SHUTDOWN_MS, NULL);
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static cotel_env_variable look_up(const char *name)
{
    cotel_env_variable variable = {.size = sizeof variable};
    for (size_t i = 0; cotel_env_variable_at(i, &variable); i++) {
        if (strcmp(variable.name, name) == 0)
            return variable;
    }
    fail_msg("there is no %s", name);
    return variable;
}

/* What a text comes to in a variable. */
static void assert_taken(const char *name, const char *text, const char *value)
{
    set(name, text);
    cotel_env_variable variable = look_up(name);
    assert_int_equal(variable.source, COTEL_ENV_ENVIRONMENT);
    assert_string_equal(variable.value, value);
    assert_string_equal(variable.note, "");
    assert_int_equal(unsetenv(name), 0);
}

/* The text cannot be used: its default is in force, and there is one warning, which quotes it. */
static void assert_refused(const char *name, const char *text)
{
    set(name, text);
    set("OTEL_SDK_DISABLED", "true");
    heard.warnings = 0;
    cotel_env_variable variable = look_up(name);
    assert_int_equal(variable.source, COTEL_ENV_INVALID);
    assert_string_equal(variable.value, variable.default_value);
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_int_equal(heard.warnings, 1);
    assert_memory_equal(heard.last, name, strlen(name));
    assert_non_null(strstr(heard.last, text));
    assert_int_equal(unsetenv(name), 0);
}

static void an_empty_value_is_as_if_it_were_not_set(void **state)
{
    cotel_env_variable bare = {.size = sizeof bare}, empty = bare;
    for (size_t i = 0; cotel_env_variable_at(i, &bare); i++) {
        set(bare.name, "");
        assert_true(cotel_env_variable_at(i, &empty));
        assert_memory_equal(&empty, &bare, sizeof bare);
    }
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
    assert_int_equal(heard.warnings, 0);
}

static void only_the_word_true_in_either_case_is_true(void **state)
{
    assert_taken("OTEL_SDK_DISABLED", "true", "true");
    assert_taken("OTEL_SDK_DISABLED", "TRUE", "true");
    assert_taken("OTEL_SDK_DISABLED", "True", "true");
    assert_taken("OTEL_SDK_DISABLED", "fAlse", "false");
}

static void any_other_boolean_is_false_and_told(void **state)
{
    const char *wrong[] = {"1", "yes", "on", "t", "0", "no"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        set("OTEL_SDK_DISABLED", wrong[i]);
        assert_string_equal(look_up("OTEL_SDK_DISABLED").value, "false");
        assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
        assert_non_null(cotel_tracer_provider_global());
        assert_int_equal(stop(state), 0);
        assert_int_equal(heard.warnings, i + 1);
    }
}

static void integers_go_from_0_to_the_largest_signed_one(void **state)
{
    assert_taken("OTEL_SPAN_EVENT_COUNT_LIMIT", "0", "0");
    assert_taken("OTEL_SPAN_EVENT_COUNT_LIMIT", "2147483647", "2147483647");
    assert_refused("OTEL_SPAN_EVENT_COUNT_LIMIT", "2147483648");
}

static void a_number_that_cannot_be_read_is_told_and_ignored(void **state)
{
    assert_refused("OTEL_SPAN_LINK_COUNT_LIMIT", "many");
    assert_refused("OTEL_ATTRIBUTE_COUNT_LIMIT", "12.5");
    assert_refused("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0x10");
    assert_refused("OTEL_BSP_MAX_QUEUE_SIZE", "10 000");
}

static void a_negative_number_has_no_meaning_of_its_own(void **state)
{
    assert_refused("OTEL_BSP_SCHEDULE_DELAY", "-1");
    assert_refused("OTEL_BSP_EXPORT_TIMEOUT", "-1");
    assert_refused("OTEL_EXPORTER_OTLP_TIMEOUT", "-1");
    assert_refused("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "-1");
}

static void sizes_of_the_batch_processor_are_positive(void **state)
{
    assert_refused("OTEL_BSP_MAX_QUEUE_SIZE", "0");
    assert_refused("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0");
    assert_taken("OTEL_BSP_MAX_QUEUE_SIZE", "1", "1");
}

static void durations_and_timeouts_are_milliseconds_without_a_unit(void **state)
{
    assert_taken("OTEL_BSP_SCHEDULE_DELAY", "12000", "12000");
    assert_taken("OTEL_EXPORTER_OTLP_TIMEOUT", "12000", "12000");
    assert_refused("OTEL_BSP_SCHEDULE_DELAY", "12s");
    assert_refused("OTEL_EXPORTER_OTLP_TIMEOUT", "12s");
}

static void words_are_taken_in_either_case(void **state)
{
    assert_taken("OTEL_TRACES_SAMPLER", "ALWAYS_OFF", "always_off");
    assert_taken("OTEL_TRACES_EXPORTER", "Console", "console");
    assert_taken("OTEL_PROPAGATORS", "B3Multi", "b3multi");
    assert_taken("OTEL_LOG_LEVEL", "Debug", "debug");
}

static void an_unknown_word_is_told_and_ignored(void **state)
{
    assert_refused("OTEL_TRACES_SAMPLER", "xray");
    assert_refused("OTEL_TRACES_EXPORTER", "zipkin");
    assert_refused("OTEL_TRACES_EXPORTER", "logging");
    assert_refused("OTEL_LOG_LEVEL", "loud");
    assert_refused("OTEL_PROPAGATORS", "xray,ottrace");
}

static void spaces_around_a_value_do_not_count(void **state)
{
    assert_taken("OTEL_SDK_DISABLED", " true ", "true");
    assert_taken("OTEL_BSP_SCHEDULE_DELAY", "\t7 ", "7");
    assert_taken("OTEL_TRACES_SAMPLER", " always_on", "always_on");
    assert_taken("OTEL_PROPAGATORS", " b3 , baggage ", "b3,baggage");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_value_is_as_if_it_were_not_set),
        TEST(only_the_word_true_in_either_case_is_true),
        TEST(any_other_boolean_is_false_and_told),
        TEST(integers_go_from_0_to_the_largest_signed_one),
        TEST(a_number_that_cannot_be_read_is_told_and_ignored),
        TEST(a_negative_number_has_no_meaning_of_its_own),
        TEST(sizes_of_the_batch_processor_are_positive),
        TEST(durations_and_timeouts_are_milliseconds_without_a_unit),
        TEST(words_are_taken_in_either_case),
        TEST(an_unknown_word_is_told_and_ignored),
        TEST(spaces_around_a_value_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
