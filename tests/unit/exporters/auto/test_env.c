/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <cotel/sdk/exemplar.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/provider.h>
#include <cotel/sdk/view.h>

#include "exporters/auto/env.h"

static int told;
static char last_told[512];

static void note_message(void *user, cotel_log_level level, const char *component,
                         const char *message)
{
    told++;
    assert_string_equal(component, "environment");
    (void)snprintf(last_told, sizeof last_told, "%s", message);
}

static int fresh(void **state)
{
    told = 0;
    last_told[0] = '\0';
    cotel_diagnostics_set(note_message, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static struct ct_env with(const char *name, const char *value)
{
    struct ct_env env;
    set(name, value);
    ct_env_read(&env);
    ct_env_tell_problems();
    assert_int_equal(unsetenv(name), 0);
    return env;
}

static void assert_told(const char *name, const char *value, const char *message)
{
    told = 0;
    (void)with(name, value);
    assert_int_equal(told, 1);
    assert_string_equal(last_told, message);
}

static void without_variables_the_defaults_are_those_of_the_specification(void **state)
{
    struct ct_env env;
    ct_env_read(&env);
    ct_env_tell_problems();
    assert_false(env.sdk_disabled.boolean);
    assert_null(env.log_level.decided_by);
    assert_int_equal(env.traces_exporter.list.count, 1);
    assert_int_equal(env.traces_exporter.list.items[0], CT_ENV_OTLP);
    assert_int_equal(env.sampler.word, CT_ENV_PARENT_ALWAYS_ON);
    assert_int_equal(env.schedule_delay.number, 5000);
    assert_int_equal(env.export_timeout.number, 30000);
    assert_int_equal(env.max_queue_size.number, 2048);
    assert_int_equal(env.max_export_batch_size.number, 512);
    assert_int_equal(env.attribute_count.number, 128);
    assert_int_equal(env.attribute_value_length.number, COTEL_UNLIMITED);
    assert_int_equal(env.event_count.number, 128);
    assert_int_equal(env.link_count.number, 128);
    assert_int_equal(env.event_attribute_count.number, 128);
    assert_int_equal(env.link_attribute_count.number, 128);
    assert_int_equal(env.traces.timeout.number, 10000);
    assert_int_equal(env.traces.headers.text.size, 0);
    assert_int_equal(env.traces.endpoint.source, COTEL_ENV_DEFAULT);
    assert_int_equal(env.metrics_exporter.list.count, 1);
    assert_int_equal(env.metrics_exporter.list.items[0], CT_ENV_OTLP);
    assert_int_equal(env.exemplar_filter.word, COTEL_EXEMPLAR_FILTER_TRACE_BASED);
    assert_int_equal(env.export_interval.number, 60000);
    assert_int_equal(env.metric_export_timeout.number, 30000);
    assert_int_equal(env.temporality_preference.word, COTEL_TEMPORALITY_PREFER_CUMULATIVE);
    assert_int_equal(env.histogram_aggregation.word, COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM);
    assert_int_equal(env.prometheus_port.number, 9464);
    assert_int_equal(told, 0);
}

static void an_empty_variable_is_as_none(void **state)
{
    for (size_t i = 0; i < ct_env_variable_count; i++) {
        struct ct_env_value bare, empty;
        struct ct_env_problem problem;
        ct_env_resolve(&ct_env_variables[i], &bare, &problem);
        set(ct_env_variables[i].name, i % 2 ? "" : " \t");
        ct_env_resolve(&ct_env_variables[i], &empty, &problem);
        assert_memory_equal(&empty, &bare, sizeof bare);
        assert_int_equal(problem.text[0], '\0');
    }
}

static void numbers_are_taken(void **state)
{
    assert_int_equal(with("OTEL_BSP_SCHEDULE_DELAY", "0").schedule_delay.number, 0);
    assert_int_equal(with("OTEL_BSP_MAX_QUEUE_SIZE", " 10 ").max_queue_size.number, 10);
    assert_int_equal(with("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "0").attribute_count.number, 0);
    assert_int_equal(told, 0);
}

static void a_number_that_is_none_is_told_and_the_default_taken(void **state)
{
    const char *wrong[] = {"many", "-1", "2147483648", "1.5", "unlimited"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(with("OTEL_BSP_EXPORT_TIMEOUT", wrong[i]).export_timeout.number, 30000);
        assert_int_equal(told, i + 1);
    }
    assert_told("OTEL_BSP_SCHEDULE_DELAY", "many",
                "OTEL_BSP_SCHEDULE_DELAY=many is no whole number from 0 to 2147483647;"
                " 5000 is taken");
}

static void a_number_out_of_range_is_told_and_the_default_taken(void **state)
{
    assert_int_equal(with("OTEL_BSP_MAX_QUEUE_SIZE", "0").max_queue_size.number, 2048);
    assert_int_equal(with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0").max_export_batch_size.number, 512);
    assert_int_equal(told, 2);
}

static void a_batch_is_no_larger_than_the_queue(void **state)
{
    struct ct_env env = with("OTEL_BSP_MAX_QUEUE_SIZE", "100");
    assert_int_equal(env.max_export_batch_size.number, 100);
    assert_int_equal(env.max_export_batch_size.source, COTEL_ENV_GENERAL);
    assert_int_equal(told, 0);
    set("OTEL_BSP_MAX_QUEUE_SIZE", "100");
    assert_int_equal(with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100").max_export_batch_size.number,
                     100);
    assert_int_equal(told, 0);
    assert_told("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "101",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE=101 is more than OTEL_BSP_MAX_QUEUE_SIZE;"
                " 100 is taken");
}

static void words_are_known_in_either_case(void **state)
{
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "Always_Off").sampler.word, CT_ENV_ALWAYS_OFF);
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "traceidratio").sampler.word,
                     CT_ENV_TRACE_ID_RATIO);
    assert_int_equal(with("OTEL_TRACES_SAMPLER", " parentbased_traceidratio ").sampler.word,
                     CT_ENV_PARENT_TRACE_ID_RATIO);
    assert_int_equal(with("OTEL_LOG_LEVEL", "DEBUG").log_level.word, COTEL_LOG_DEBUG);
    assert_int_equal(with("OTEL_LOG_LEVEL", "none").log_level.word, 0);
    assert_int_equal(told, 0);
}

static void an_unknown_word_is_told_with_those_that_are_known_and_the_default_taken(void **state)
{
    assert_int_equal(with("OTEL_TRACES_SAMPLER", "xray").sampler.word, CT_ENV_PARENT_ALWAYS_ON);
    assert_null(with("OTEL_LOG_LEVEL", "loud").log_level.decided_by);
    assert_int_equal(told, 2);
    assert_string_equal(last_told, "OTEL_LOG_LEVEL=loud is not one of none, error, warn, warning,"
                                   " info, debug; it is ignored");
}

static void only_true_disables(void **state)
{
    assert_true(with("OTEL_SDK_DISABLED", "True").sdk_disabled.boolean);
    assert_false(with("OTEL_SDK_DISABLED", "false").sdk_disabled.boolean);
    assert_int_equal(told, 0);
    assert_false(with("OTEL_SDK_DISABLED", "1").sdk_disabled.boolean);
    assert_int_equal(told, 1);
}

static void assert_exporters(const char *text, size_t count, const int *expected)
{
    struct ct_env env = with("OTEL_TRACES_EXPORTER", text);
    assert_int_equal(env.traces_exporter.list.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(env.traces_exporter.list.items[i], expected[i]);
}

static void a_list_has_each_word_once_in_the_order_given(void **state)
{
    assert_exporters("console,otlp,CONSOLE, otlp", 2, (const int[]){CT_ENV_CONSOLE, CT_ENV_OTLP});
    assert_exporters("otlp,,", 1, (const int[]){CT_ENV_OTLP});
    assert_exporters("none", 0, NULL);
    assert_int_equal(told, 0);
}

static void unknown_words_of_a_list_are_told_and_the_others_taken(void **state)
{
    assert_exporters("zipkin,console", 1, (const int[]){CT_ENV_CONSOLE});
    assert_string_equal(last_told, "OTEL_TRACES_EXPORTER=zipkin,console has zipkin, which is not"
                                   " one of otlp, otlp/stdout, console, none; console is taken");
    assert_exporters("zipkin", 1, (const int[]){CT_ENV_OTLP});
    assert_exporters("none,console", 1, (const int[]){CT_ENV_CONSOLE});
    assert_exporters(" , ,", 1, (const int[]){CT_ENV_OTLP});
    assert_int_equal(told, 4);
}

static void a_general_variable_counts_where_the_special_one_is_not_set(void **state)
{
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "7");
    struct ct_env env = with("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "9");
    assert_int_equal(env.attribute_count.number, 9);
    assert_int_equal(env.attribute_count.source, COTEL_ENV_ENVIRONMENT);
    assert_int_equal(env.event_attribute_count.number, 7);
    assert_int_equal(env.event_attribute_count.source, COTEL_ENV_GENERAL);
    assert_int_equal(told, 0);
}

static void a_general_variable_counts_where_the_special_one_cannot_be_used(void **state)
{
    set("OTEL_ATTRIBUTE_COUNT_LIMIT", "7");
    struct ct_env env = with("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "x");
    assert_int_equal(env.attribute_count.number, 7);
    assert_int_equal(env.attribute_count.source, COTEL_ENV_INVALID);
    assert_int_equal(told, 1);
}

static void a_general_variable_that_cannot_be_used_is_told_once(void **state)
{
    assert_int_equal(with("OTEL_ATTRIBUTE_COUNT_LIMIT", "x").attribute_count.number, 128);
    assert_int_equal(told, 1);
}

static void an_endpoint_without_a_scheme_is_told_and_the_default_taken(void **state)
{
    assert_told("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318",
                "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318 is no URL that begins with http:// or"
                " https://; http://localhost:4318 is taken");
}

static void an_endpoint_is_judged_by_its_protocol(void **state)
{
    assert_int_equal(with("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json").traces.endpoint.text.size,
                     strlen("http://localhost:4318/v1/traces"));
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    struct ct_env env = with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 0);
    assert_memory_equal(env.traces.endpoint.text.data, "collector:4317", 15);
    assert_null(env.traces.endpoint.path);
    assert_told("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317/v1/traces",
                "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317/v1/traces is no URL of http or https,"
                " no HOST:PORT and no unix:PATH; http://localhost:4317 is taken");
    set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf");
    env = with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector");
    assert_string_equal(env.traces.endpoint.path, "v1/traces");
}

static void the_general_endpoint_is_judged_by_the_protocol_of_each_signal(void **state)
{
    set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc");
    struct ct_env env = with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(env.traces.endpoint.source, COTEL_ENV_GENERAL);
    assert_int_equal(env.metrics.endpoint.source, COTEL_ENV_DEFAULT);
    assert_int_equal(told, 1);
    assert_string_equal(
        last_told, "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317 is nothing that"
                   " OTEL_EXPORTER_OTLP_METRICS_PROTOCOL can send to; collector:4317 is taken");
    env = with("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4317");
    assert_null(env.traces.endpoint.path);
    assert_string_equal(env.metrics.endpoint.path, "v1/metrics");
    assert_int_equal(told, 1);
}

static void a_signal_that_does_not_use_the_general_endpoint_does_not_judge_it(void **state)
{
    set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc");
    set("OTEL_METRICS_EXPORTER", "prometheus");
    (void)with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 0);
    set("OTEL_METRICS_EXPORTER", "otlp");
    set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://other");
    (void)with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 0);
    set("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "other"); /* of no use: told, and not used */
    (void)with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 2);
}

static void where_nobody_uses_it_the_general_protocol_judges(void **state)
{
    set("OTEL_TRACES_EXPORTER", "none");
    set("OTEL_METRICS_EXPORTER", "none");
    (void)with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 1);
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    (void)with("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317");
    assert_int_equal(told, 1);
}

static void a_port_is_no_larger_than_ports_are(void **state)
{
    assert_int_equal(with("OTEL_EXPORTER_PROMETHEUS_PORT", "0").prometheus_port.number, 0);
    assert_int_equal(with("OTEL_EXPORTER_PROMETHEUS_PORT", "65535").prometheus_port.number, 65535);
    assert_int_equal(told, 0);
    assert_told("OTEL_EXPORTER_PROMETHEUS_PORT", "65536",
                "OTEL_EXPORTER_PROMETHEUS_PORT=65536 is no whole number from 0 to 65535; 9464 is"
                " taken");
}

static void a_file_that_cannot_be_read_is_told_and_not_done_without(void **state)
{
    struct ct_env env = with("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem");
    assert_memory_equal(env.traces.certificate.text.data, "/nowhere/ca.pem", 16);
    assert_int_equal(told, 1);
    assert_string_equal(last_told, "OTEL_EXPORTER_OTLP_CERTIFICATE=/nowhere/ca.pem cannot be read:"
                                   " No such file or directory");
}

static void secrets_are_not_told(void **state)
{
    assert_told("OTEL_EXPORTER_OTLP_HEADERS", "authorization=s3cret,b",
                "OTEL_EXPORTER_OTLP_HEADERS=*** is not name=value,... of printable text with every"
                " % as %25; it is ignored");
    assert_told("OTEL_EXPORTER_OTLP_ENDPOINT", "user:s3cret@host",
                "OTEL_EXPORTER_OTLP_ENDPOINT=***@host is no URL that begins with http:// or"
                " https://; http://localhost:4318 is taken");
}

static void the_argument_of_a_sampler_is_read_as_the_sampler_wants_it(void **state)
{
    assert_told("OTEL_TRACES_SAMPLER_ARG", "0.5",
                "OTEL_TRACES_SAMPLER_ARG=0.5 is for another sampler: this one takes no argument;"
                " it is ignored");
    set("OTEL_TRACES_SAMPLER", "traceidratio");
    assert_true(with("OTEL_TRACES_SAMPLER_ARG", "0.25").sampler_argument.ratio == 0.25);
    assert_true(with("OTEL_TRACES_SAMPLER_ARG", "").sampler_argument.ratio == 1.0);
    assert_int_equal(told, 1);
    assert_told("OTEL_TRACES_SAMPLER_ARG", "half",
                "OTEL_TRACES_SAMPLER_ARG=half is no ratio from 0 to 1; 1.0 is taken");
}

static void the_argument_of_the_remote_sampler_is_told_without_its_password(void **state)
{
    set("OTEL_TRACES_SAMPLER", "jaeger_remote");
    assert_told(
        "OTEL_TRACES_SAMPLER_ARG", "endpoint=http://me:s3cret@host,pollingIntervalMs=0",
        "OTEL_TRACES_SAMPLER_ARG=endpoint=http://***@host,pollingIntervalMs=0 has"
        " pollingIntervalMs, which is none of endpoint=URL, pollingIntervalMs=1 to 2147483647"
        " and initialSamplingRate=0 to 1; it is ignored");
    assert_told("OTEL_TRACES_SAMPLER_ARG", "me:s3cret@host",
                "OTEL_TRACES_SAMPLER_ARG=***@host has a nameless member, which is none of"
                " endpoint=URL, pollingIntervalMs=1 to 2147483647 and initialSamplingRate=0 to 1;"
                " it is ignored");
}

static void what_is_not_read_is_told_unless_it_asks_for_what_is_done_anyway(void **state)
{
    (void)with("OTEL_EXPORTER_OTLP_LOGS_INSECURE", "False");
    (void)with("OTEL_LOGS_EXPORTER", "none");
    assert_int_equal(told, 0);
    (void)with("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", "grpc");
    (void)with("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "gzip");
    (void)with("OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "/ca.pem");
    assert_int_equal(told, 3);
    assert_told("OTEL_CONFIG_FILE", "otel.yaml",
                "OTEL_CONFIG_FILE=otel.yaml is not read by this version; it is ignored");
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_variables_the_defaults_are_those_of_the_specification),
        TEST(an_empty_variable_is_as_none),
        TEST(numbers_are_taken),
        TEST(a_number_that_is_none_is_told_and_the_default_taken),
        TEST(a_number_out_of_range_is_told_and_the_default_taken),
        TEST(a_batch_is_no_larger_than_the_queue),
        TEST(words_are_known_in_either_case),
        TEST(an_unknown_word_is_told_with_those_that_are_known_and_the_default_taken),
        TEST(only_true_disables),
        TEST(a_list_has_each_word_once_in_the_order_given),
        TEST(unknown_words_of_a_list_are_told_and_the_others_taken),
        TEST(a_general_variable_counts_where_the_special_one_is_not_set),
        TEST(a_general_variable_counts_where_the_special_one_cannot_be_used),
        TEST(a_general_variable_that_cannot_be_used_is_told_once),
        TEST(an_endpoint_without_a_scheme_is_told_and_the_default_taken),
        TEST(an_endpoint_is_judged_by_its_protocol),
        TEST(the_general_endpoint_is_judged_by_the_protocol_of_each_signal),
        TEST(a_signal_that_does_not_use_the_general_endpoint_does_not_judge_it),
        TEST(where_nobody_uses_it_the_general_protocol_judges),
        TEST(a_port_is_no_larger_than_ports_are),
        TEST(a_file_that_cannot_be_read_is_told_and_not_done_without),
        TEST(secrets_are_not_told),
        TEST(the_argument_of_a_sampler_is_read_as_the_sampler_wants_it),
        TEST(the_argument_of_the_remote_sampler_is_told_without_its_password),
        TEST(what_is_not_read_is_told_unless_it_asks_for_what_is_done_anyway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
