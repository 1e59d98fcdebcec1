/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/config.h"

#include <cotel/version.h>

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static cotel_status status_of(const cotel_otlp_grpc_options *options)
{
    cotel_exporter *exporter = NULL;
    cotel_status status = cotel_otlp_grpc_exporter_create(options, &exporter);
    assert_int_equal(exporter != NULL, status == COTEL_STATUS_OK);
    if (status == COTEL_STATUS_OK)
        exporter->ops->destroy(exporter);
    return status;
}

static cotel_status header_status(const char *name, const char *value)
{
    const cotel_otlp_header headers[] = {{"first", "1"}, {name, value}};
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.headers = headers;
    options.header_count = 2;
    return status_of(&options);
}

static void the_macro_and_the_function_give_the_same(void **state)
{
    const cotel_otlp_grpc_options by_macro = COTEL_OTLP_GRPC_OPTIONS_INIT;
    cotel_otlp_grpc_options by_function = {.size = 1, .endpoint = "x", .concurrency = 3};
    cotel_otlp_grpc_options_init(&by_function);
    assert_int_equal(by_function.size, by_macro.size);
    assert_null(by_function.endpoint);
    assert_int_equal(by_function.concurrency, 1);
    assert_int_equal(by_function.max_request_bytes, 64u << 20);
    assert_int_equal(by_function.max_response_bytes, 4u << 20);
    cotel_otlp_grpc_options_init(NULL);
}

static void no_options_are_the_defaults(void **state)
{
    struct ct_grpc_config config;
    assert_int_equal(ct_grpc_config_init(&config, NULL), COTEL_STATUS_OK);
    assert_string_equal(config.target.authority, "localhost:4317");
    assert_false(config.target.is_secure);
    assert_string_equal(config.user_agent, "OTel-OTLP-Exporter-C/" COTEL_VERSION);
    assert_int_equal(config.concurrency, 1);
    assert_int_equal(config.keepalive_ns, 0);
    ct_grpc_config_fini(&config);
}

static void an_older_caller_gets_defaults_for_what_it_does_not_know(void **state)
{
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.timeout_ms = 7;
    options.concurrency = 63;
    options.size = offsetof(cotel_otlp_grpc_options, concurrency);
    struct ct_grpc_config config;
    assert_int_equal(ct_grpc_config_init(&config, &options), COTEL_STATUS_OK);
    assert_int_equal(config.timeout_ns, 7000000);
    assert_int_equal(config.concurrency, 1);
    ct_grpc_config_fini(&config);
}

static void names_of_metadata_become_lower_case(void **state)
{
    const cotel_otlp_header header = {"X-Api_Key.2", "V a l"};
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.headers = &header;
    options.header_count = 1;
    struct ct_grpc_config config;
    assert_int_equal(ct_grpc_config_init(&config, &options), COTEL_STATUS_OK);
    assert_string_equal(config.headers[0].name, "x-api_key.2");
    assert_string_equal(config.headers[0].value, "V a l");
    ct_grpc_config_fini(&config);
}

static void metadata_that_would_break_a_call_is_refused(void **state)
{
    static const char *const names[] = {"",
                                        ":path",
                                        "a b",
                                        "a:",
                                        "x\x80",
                                        "grpc-timeout",
                                        "GRPC-Status",
                                        "TE",
                                        "content-type",
                                        "Host",
                                        "connection",
                                        "Content-Length",
                                        "Transfer-Encoding",
                                        "upgrade",
                                        "keep-alive",
                                        "proxy-connection"};
    assert_int_equal(header_status("x", ""), COTEL_STATUS_OK);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(header_status(names[i], "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status(NULL, "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("x", NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("x", "a\r\nb: c"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("x", "\xc3\xa4"), COTEL_STATUS_INVALID_ARGUMENT);
}

static void numbers_out_of_range_are_refused(void **state)
{
    cotel_otlp_grpc_options options = COTEL_OTLP_GRPC_OPTIONS_INIT;
    options.concurrency = CT_OTLP_MAX_CONCURRENCY;
    assert_int_equal(status_of(&options), COTEL_STATUS_OK);
    options.concurrency = 0;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options.concurrency = CT_OTLP_MAX_CONCURRENCY + 1;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_grpc_options_init(&options);
    options.size = 1;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_grpc_options_init(&options);
    options.header_count = 1;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_header many[CT_GRPC_MAX_HEADERS + 1];
    for (size_t i = 0; i <= CT_GRPC_MAX_HEADERS; i++)
        many[i] = (cotel_otlp_header){"x", "v"};
    options.headers = many;
    options.header_count = CT_GRPC_MAX_HEADERS;
    assert_int_equal(status_of(&options), COTEL_STATUS_OK);
    options.header_count = CT_GRPC_MAX_HEADERS + 1;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_otlp_grpc_options_init(&options);
    options.compression = (cotel_otlp_compression)3;
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options.compression = COTEL_OTLP_COMPRESSION_GZIP;
    options.endpoint = "ftp://h";
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    options.endpoint = "h";
    options.user_agent = "x\n";
    assert_int_equal(status_of(&options), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_otlp_grpc_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_macro_and_the_function_give_the_same),
        cmocka_unit_test(no_options_are_the_defaults),
        cmocka_unit_test(an_older_caller_gets_defaults_for_what_it_does_not_know),
        cmocka_unit_test(names_of_metadata_become_lower_case),
        cmocka_unit_test(metadata_that_would_break_a_call_is_refused),
        cmocka_unit_test(numbers_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
