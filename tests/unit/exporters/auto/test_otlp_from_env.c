/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the OTLP exporters: they are stood in for by functions that note what they are
 * given. */
#include <cotel/exporters/otlp_grpc.h>
#include <cotel/exporters/otlp_http.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exporters/auto/from_env.h"

#define TEXT_SIZE 256

static struct {
    cotel_signal signal;
    int http, grpc; /* how often one was made */
    char endpoint[TEXT_SIZE];
    char first_header[TEXT_SIZE];
    uint64_t timeout_ms;
    cotel_otlp_compression compression;
    cotel_otlp_encoding encoding;
    bool insecure;
    char ca_file[TEXT_SIZE], certificate_file[TEXT_SIZE], key_file[TEXT_SIZE]; /* "": NULL */
    bool has_no_zstd;
    int told;
    char last_told[TEXT_SIZE];
} seen;

static cotel_exporter http_exporter, grpc_exporter;

static void note(char out[TEXT_SIZE], const char *text)
{
    (void)snprintf(out, TEXT_SIZE, "%s", text ? text : "");
}

static void note_headers(const cotel_otlp_header *headers, size_t count)
{
    if (count != 0)
        (void)snprintf(seen.first_header, TEXT_SIZE, "%s: %s", headers[0].name, headers[0].value);
}

static void note_files(const cotel_otlp_tls_options *tls)
{
    assert_non_null(tls);
    assert_false(tls->insecure_skip_verify);
    note(seen.ca_file, tls->ca_file);
    note(seen.certificate_file, tls->certificate_file);
    note(seen.key_file, tls->key_file);
}

static cotel_status answer(cotel_otlp_compression compression)
{
    bool is_missing = seen.has_no_zstd && compression == COTEL_OTLP_COMPRESSION_ZSTD;
    seen.compression = compression;
    return is_missing ? COTEL_STATUS_NOT_SUPPORTED : COTEL_STATUS_OK;
}

cotel_status cotel_otlp_http_exporter_create(const cotel_otlp_http_options *options,
                                             cotel_exporter **out)
{
    seen.http++;
    note(seen.endpoint, options->endpoint);
    note_headers(options->headers, options->header_count);
    note_files(options->tls);
    seen.timeout_ms = options->timeout_ms;
    seen.encoding = options->encoding;
    seen.signal = options->signal;
    *out = &http_exporter;
    return answer(options->compression);
}

cotel_status cotel_otlp_grpc_exporter_create(const cotel_otlp_grpc_options *options,
                                             cotel_exporter **out)
{
    seen.grpc++;
    note(seen.endpoint, options->endpoint);
    note_headers(options->headers, options->header_count);
    note_files(options->tls);
    seen.timeout_ms = options->timeout_ms;
    seen.insecure = options->insecure;
    seen.signal = options->signal;
    *out = &grpc_exporter;
    return answer(options->compression);
}

static void note_message(void *user, cotel_log_level level, const char *component,
                         const char *message)
{
    seen.told++;
    note(seen.last_told, message);
}

static int fresh(void **state)
{
    memset(&seen, 0, sizeof seen);
    cotel_diagnostics_set(note_message, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static void set(const char *name, const char *value)
{
    assert_int_equal(setenv(name, value, 1), 0);
}

static cotel_status create(void)
{
    struct ct_env env;
    cotel_exporter *exporter;
    ct_env_read(&env);
    return ct_otlp_from_env(&env.traces, COTEL_SIGNAL_TRACES, &exporter);
}

static void assert_created(void)
{
    assert_int_equal(create(), COTEL_STATUS_OK);
}

static void without_variables_everything_is_as_the_exporter_has_it(void **state)
{
    const cotel_otlp_http_options defaults = COTEL_OTLP_HTTP_OPTIONS_INIT;
    assert_created();
    assert_int_equal(seen.http, 1);
    assert_int_equal(seen.grpc, 0);
    assert_string_equal(seen.endpoint, "http://localhost:4318/v1/traces");
    assert_int_equal(seen.timeout_ms, defaults.timeout_ms);
    assert_int_equal(seen.encoding, defaults.encoding);
    assert_int_equal(seen.compression, defaults.compression);
    assert_string_equal(seen.first_header, "");
    assert_string_equal(seen.ca_file, "");
    assert_string_equal(seen.certificate_file, "");
    assert_string_equal(seen.key_file, "");
    assert_int_equal(seen.told, 0);
}

static void http_json_is_the_other_encoding(void **state)
{
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "HTTP/JSON");
    assert_created();
    assert_int_equal(seen.http, 1);
    assert_int_equal(seen.encoding, COTEL_OTLP_ENCODING_JSON);
}

static void grpc_is_another_exporter(void **state)
{
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    if (!HAS_GRPC)
        skip();
    assert_created();
    assert_int_equal(seen.http, 0);
    assert_int_equal(seen.grpc, 1);
    assert_string_equal(seen.endpoint, "http://localhost:4317");
    assert_int_equal(seen.timeout_ms, 10000);
    assert_false(seen.insecure);
}

static void grpc_that_is_not_built_is_told_and_nothing_else_tried(void **state)
{
    if (HAS_GRPC)
        skip();
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    assert_int_equal(create(), COTEL_STATUS_NOT_FOUND);
    assert_int_equal(seen.http, 0);
    assert_string_equal(seen.last_told, "OTLP over gRPC is not in this build");
}

static void all_settings_arrive_in_each_protocol(void **state)
{
    const char *protocols[] = {"http/protobuf", "http/json", "grpc"};
    for (size_t i = 0; i < 2 + HAS_GRPC; i++) {
        assert_int_equal(fresh(state), 0);
        set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", protocols[i]);
        set("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector:1");
        set("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "key=value");
        set("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "17");
        set("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip");
        set("OTEL_EXPORTER_OTLP_TRACES_INSECURE", "true");
        set("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "/ca");
        set("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/client");
        set("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", " /key ");
        assert_created();
        assert_string_equal(seen.endpoint, "https://collector:1");
        assert_string_equal(seen.first_header, "key: value");
        assert_int_equal(seen.timeout_ms, 17);
        assert_int_equal(seen.compression, COTEL_OTLP_COMPRESSION_GZIP);
        assert_int_equal(seen.insecure, seen.grpc == 1);
        assert_string_equal(seen.ca_file, "/ca");
        assert_string_equal(seen.certificate_file, "/client");
        assert_string_equal(seen.key_file, "/key");
    }
}

static void general_settings_arrive_where_the_signal_has_none(void **state)
{
    set("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
    set("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    set("OTEL_EXPORTER_OTLP_CERTIFICATE", "/ca");
    set("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "/client");
    set("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/key");
    set("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none");
    set("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "/own");
    assert_created();
    assert_int_equal(seen.encoding, COTEL_OTLP_ENCODING_JSON);
    assert_int_equal(seen.compression, COTEL_OTLP_COMPRESSION_NONE);
    assert_string_equal(seen.ca_file, "/ca");
    assert_string_equal(seen.certificate_file, "/client");
    assert_string_equal(seen.key_file, "/own");
}

static void each_signal_has_settings_of_its_own(void **state)
{
    const char *protocols[] = {"http/protobuf", "grpc"};
    set("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "17");
    set("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "18");
    for (size_t i = 0; i < 1 + HAS_GRPC; i++) {
        struct ct_env env;
        cotel_exporter *exporter;
        set("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", protocols[i]);
        ct_env_read(&env);
        assert_int_equal(ct_otlp_from_env(&env.metrics, COTEL_SIGNAL_METRICS, &exporter),
                         COTEL_STATUS_OK);
        assert_int_equal(seen.signal, COTEL_SIGNAL_METRICS);
        assert_string_equal(seen.endpoint,
                            i == 0 ? "http://localhost:4318/v1/metrics" : "http://localhost:4317");
        assert_int_equal(seen.timeout_ms, 18);
        assert_created();
        assert_int_equal(seen.signal, COTEL_SIGNAL_TRACES);
        assert_string_equal(seen.endpoint, "http://localhost:4318/v1/traces");
        assert_int_equal(seen.timeout_ms, 17);
    }
}

static void zstd_that_is_not_built_is_told_and_not_used(void **state)
{
    set("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd");
    assert_created();
    assert_int_equal(seen.compression, COTEL_OTLP_COMPRESSION_ZSTD);
    assert_int_equal(seen.told, 0);
    seen.has_no_zstd = true;
    assert_created();
    assert_int_equal(seen.compression, COTEL_OTLP_COMPRESSION_NONE);
    assert_int_equal(seen.told, 1);
    assert_string_equal(seen.last_told, "the compression zstd is not in this build: none is taken");
}

static void a_key_without_a_certificate_is_told_and_no_exporter(void **state)
{
    set("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/key");
    assert_int_equal(create(), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(seen.http, 0);
    assert_string_equal(seen.last_told,
                        "there is a client key for OTLP, /key, and no client certificate");
    set("OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE", "/client");
    assert_created();
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_variables_everything_is_as_the_exporter_has_it),
        TEST(http_json_is_the_other_encoding),
        TEST(grpc_is_another_exporter),
        TEST(grpc_that_is_not_built_is_told_and_nothing_else_tried),
        TEST(all_settings_arrive_in_each_protocol),
        TEST(general_settings_arrive_where_the_signal_has_none),
        TEST(each_signal_has_settings_of_its_own),
        TEST(zstd_that_is_not_built_is_told_and_not_used),
        TEST(a_key_without_a_certificate_is_told_and_no_exporter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
