/* SPDX-License-Identifier: Apache-2.0 */
/* protocol/exporter.md "Configuration Options": what the variables of OTLP come to. What is then
 * sent is shown with real peers, in tests/integration/otlp_env. */
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

#define SHUTDOWN_MS 10000
#define PREFIX "OTEL_EXPORTER_OTLP_"

static struct {
    int warnings, errors;
    char text[2048]; /* all of them, a line each */
} heard;

static void hear(void *user, cotel_log_level level, const char *component, const char *message)
{
    size_t used = strlen(heard.text);
    heard.warnings += level == COTEL_LOG_WARNING;
    heard.errors += level == COTEL_LOG_ERROR;
    (void)snprintf(heard.text + used, sizeof heard.text - used, "%s\n", message);
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

/* Names are given without PREFIX. */
static void set(const char *name, const char *value)
{
    char whole[128];
    (void)snprintf(whole, sizeof whole, PREFIX "%s", name);
    assert_int_equal(setenv(whole, value, 1), 0);
}

static cotel_env_variable look_up(const char *name)
{
    cotel_env_variable variable = {.size = sizeof variable};
    for (size_t i = 0; cotel_env_variable_at(i, &variable); i++) {
        if (strncmp(variable.name, PREFIX, sizeof PREFIX - 1) == 0 &&
            strcmp(variable.name + sizeof PREFIX - 1, name) == 0)
            return variable;
    }
    fail_msg("there is no " PREFIX "%s", name);
    return variable;
}

static void assert_is(const char *name, const char *value)
{
    cotel_env_variable variable = look_up(name);
    assert_string_equal(variable.value, value);
    assert_string_equal(variable.note, "");
}

static void init(void)
{
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
}

static void assert_nothing_is_told(void)
{
    init();
    assert_string_equal(heard.text, "");
    assert_int_equal(stop(NULL), 0);
}

static void assert_told(const char *part)
{
    if (!strstr(heard.text, part))
        fail_msg("no \"%s\" in: %s", part, heard.text);
}

static void the_protocol_is_http_with_protobuf_by_default(void **state)
{
    assert_is("PROTOCOL", "http/protobuf");
    assert_is("TRACES_PROTOCOL", "http/protobuf");
    assert_nothing_is_told();
}

static void each_protocol_of_the_specification_can_be_named(void **state)
{
    const char *protocols[] = {"http/protobuf", "http/json", "grpc"};
    for (size_t i = 0; i < 3; i++) {
        set("PROTOCOL", protocols[i]);
        assert_is("TRACES_PROTOCOL", protocols[i]);
        assert_string_equal(look_up("PROTOCOL").note, "");
    }
}

static void an_unknown_protocol_is_told_and_the_default_spoken(void **state)
{
    set("PROTOCOL", "http/thrift");
    assert_string_equal(look_up("TRACES_PROTOCOL").value, "http/protobuf");
    init();
    assert_int_equal(heard.warnings, 1);
    assert_told(PREFIX "PROTOCOL=http/thrift is not one of http/protobuf, http/json, grpc");
}

static void the_default_endpoint_is_this_host_without_tls(void **state)
{
    assert_is("ENDPOINT", "http://localhost:4318");
    assert_is("TRACES_ENDPOINT", "http://localhost:4318/v1/traces");
}

static void the_default_endpoint_over_grpc_has_another_port(void **state)
{
    set("PROTOCOL", "grpc");
    assert_is("ENDPOINT", "http://localhost:4317");
    assert_is("TRACES_ENDPOINT", "http://localhost:4317");
}

static void the_general_endpoint_is_the_base_of_the_signals(void **state)
{
    const char *bases[] = {"http://collector:4318/base", "http://collector:4318/base/"};
    for (size_t i = 0; i < 2; i++) {
        set("ENDPOINT", bases[i]);
        assert_is("TRACES_ENDPOINT", "http://collector:4318/base/v1/traces");
    }
}

static void the_endpoint_of_the_signal_is_used_as_it_is(void **state)
{
    const char *endpoints[] = {"http://collector:4318", "https://collector/v1/traces/",
                               "http://collector/other"};
    set("ENDPOINT", "http://general");
    for (size_t i = 0; i < 3; i++) {
        set("TRACES_ENDPOINT", endpoints[i]);
        assert_is("TRACES_ENDPOINT", endpoints[i]);
    }
}

static void over_grpc_no_path_is_put_behind_the_general_endpoint(void **state)
{
    set("TRACES_PROTOCOL", "grpc");
    set("ENDPOINT", "https://collector:4317/");
    assert_is("TRACES_ENDPOINT", "https://collector:4317/");
}

static void over_grpc_an_endpoint_may_lack_a_scheme_or_be_a_socket_file(void **state)
{
    const char *endpoints[] = {"collector:4317", "collector",        "[::1]:4317",
                               "unix:/run/otlp", "unix:///run/otlp", "HTTPS://collector"};
    set("PROTOCOL", "grpc");
    for (size_t i = 0; i < sizeof endpoints / sizeof *endpoints; i++) {
        set("ENDPOINT", endpoints[i]);
        assert_is("TRACES_ENDPOINT", endpoints[i]);
    }
}

static void over_http_an_endpoint_without_a_scheme_is_told(void **state)
{
    set("ENDPOINT", "collector:4318");
    assert_string_equal(look_up("TRACES_ENDPOINT").value, "http://localhost:4318/v1/traces");
    init();
    assert_int_equal(heard.warnings, 1);
    assert_told(PREFIX "ENDPOINT=collector:4318 is no URL");
}

static void each_option_of_the_signal_goes_before_the_general_one(void **state)
{
    const struct {
        const char *name, *general, *own;
    } rows[] = {
        {"PROTOCOL", "grpc", "http/json"},
        {"HEADERS", "a=***", "b=***"},
        {"TIMEOUT", "5", "6"},
        {"COMPRESSION", "gzip", "none"},
        {"INSECURE", "true", "false"},
        {"CERTIFICATE", "/dev/null", "/dev/zero"},
        {"CLIENT_CERTIFICATE", "/dev/null", "/dev/zero"},
        {"CLIENT_KEY", "/dev/null", "/dev/zero"},
    };
    static const char *const signals[] = {"TRACES", "METRICS"};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        char name[64];
        size_t row = i / 2;
        (void)snprintf(name, sizeof name, "%s_%s", signals[i % 2], rows[row].name);
        set(rows[row].name, rows[row].general);
        assert_is(name, rows[row].general);
        set(name, rows[row].own);
        assert_is(name, rows[row].own);
        assert_is(rows[row].name, rows[row].general);
    }
}

static void each_signal_has_a_protocol_and_an_endpoint_of_its_own(void **state)
{
    set("METRICS_PROTOCOL", "grpc");
    assert_is("TRACES_ENDPOINT", "http://localhost:4318/v1/traces");
    assert_is("METRICS_ENDPOINT", "http://localhost:4317");
    set("ENDPOINT", "http://collector:4318/base");
    assert_is("TRACES_ENDPOINT", "http://collector:4318/base/v1/traces");
    assert_is("METRICS_ENDPOINT", "http://collector:4318/base");
    set("METRICS_PROTOCOL", "http/json");
    assert_is("METRICS_ENDPOINT", "http://collector:4318/base/v1/metrics");
    set("METRICS_ENDPOINT", "http://other/as/is");
    assert_is("METRICS_ENDPOINT", "http://other/as/is");
}

static void requests_are_not_compressed_by_default(void **state)
{
    assert_is("TRACES_COMPRESSION", "none");
}

static void gzip_none_and_zstd_are_compressions_and_nothing_else_is(void **state)
{
    const char *good[] = {"gzip", "none", "zstd", "GZIP"};
    for (size_t i = 0; i < 4; i++) {
        set("COMPRESSION", good[i]);
        assert_string_equal(look_up("COMPRESSION").note, "");
    }
    set("COMPRESSION", "snappy");
    assert_string_equal(look_up("TRACES_COMPRESSION").value, "none");
    init();
    assert_int_equal(heard.warnings, 1);
}

static void there_is_security_over_grpc_by_default(void **state)
{
    assert_is("INSECURE", "false");
    assert_is("TRACES_INSECURE", "false");
}

static void a_certificate_that_cannot_be_read_is_told_and_leaves_no_exporter(void **state)
{
    set("ENDPOINT", "https://localhost:4318");
    set("CERTIFICATE", "/nowhere/ca.pem");
    init();
    assert_told(PREFIX "CERTIFICATE=/nowhere/ca.pem cannot be read: No such file or directory");
    assert_int_equal(heard.errors, 2);
    assert_told("the exporter otlp cannot be had: ");
    assert_told("the exporter otlp of metrics cannot be had: ");
}

static void a_client_key_without_a_certificate_is_told_and_leaves_no_exporter(void **state)
{
    set("CLIENT_KEY", "/dev/null");
    init();
    assert_told("there is a client key for OTLP, /dev/null, and no client certificate");
    assert_told("the exporter otlp cannot be had: ");
}

static void the_timeout_is_ten_seconds_by_default(void **state)
{
    assert_is("TRACES_TIMEOUT", "10000");
}

static void what_is_for_logs_is_not_read_yet(void **state)
{
    set("LOGS_PROTOCOL", "grpc");
    set("LOGS_ENDPOINT", "https://collector");
    assert_int_equal(look_up("LOGS_PROTOCOL").source, COTEL_ENV_NOT_READ);
    init();
    assert_int_equal(heard.warnings, 2);
    assert_told(PREFIX "LOGS_PROTOCOL=grpc is not read by this version");
}

/* metrics/sdk_exporters/otlp.md "Additional Configuration". */
static void temporality_and_histograms_of_metrics_can_be_chosen(void **state)
{
    const struct {
        const char *name, *preset, *chosen;
    } rows[] = {
        {"METRICS_TEMPORALITY_PREFERENCE", "cumulative", "delta"},
        {"METRICS_TEMPORALITY_PREFERENCE", "cumulative", "lowmemory"},
        {"METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "explicit_bucket_histogram",
         "base2_exponential_bucket_histogram"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(look_up(rows[i].name).default_value, rows[i].preset);
        set(rows[i].name, rows[i].chosen);
        assert_is(rows[i].name, rows[i].chosen);
        set(rows[i].name, "other");
        assert_string_equal(look_up(rows[i].name).value, rows[i].preset);
        assert_int_equal(look_up(rows[i].name).source, COTEL_ENV_INVALID);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_protocol_is_http_with_protobuf_by_default),
        TEST(each_protocol_of_the_specification_can_be_named),
        TEST(an_unknown_protocol_is_told_and_the_default_spoken),
        TEST(the_default_endpoint_is_this_host_without_tls),
        TEST(the_default_endpoint_over_grpc_has_another_port),
        TEST(the_general_endpoint_is_the_base_of_the_signals),
        TEST(the_endpoint_of_the_signal_is_used_as_it_is),
        TEST(over_grpc_no_path_is_put_behind_the_general_endpoint),
        TEST(over_grpc_an_endpoint_may_lack_a_scheme_or_be_a_socket_file),
        TEST(over_http_an_endpoint_without_a_scheme_is_told),
        TEST(each_option_of_the_signal_goes_before_the_general_one),
        TEST(each_signal_has_a_protocol_and_an_endpoint_of_its_own),
        TEST(requests_are_not_compressed_by_default),
        TEST(gzip_none_and_zstd_are_compressions_and_nothing_else_is),
        TEST(there_is_security_over_grpc_by_default),
        TEST(a_certificate_that_cannot_be_read_is_told_and_leaves_no_exporter),
        TEST(a_client_key_without_a_certificate_is_told_and_leaves_no_exporter),
        TEST(the_timeout_is_ten_seconds_by_default),
        TEST(what_is_for_logs_is_not_read_yet),
        TEST(temporality_and_histograms_of_metrics_can_be_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
