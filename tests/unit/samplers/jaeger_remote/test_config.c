/* SPDX-License-Identifier: Apache-2.0 */
/* What is made of the options. */
#include "samplers/jaeger_remote/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_url(const char *endpoint, const char *service, const char *url)
{
    struct ct_jaeger_config config;
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    options.endpoint = endpoint;
    options.service_name = service;
    assert_int_equal(ct_jaeger_config_init(&config, &options), COTEL_STATUS_OK);
    assert_string_equal(config.url, url);
    ct_jaeger_config_fini(&config);
}

static void the_service_is_a_parameter_of_the_url(void **state)
{
    assert_url(NULL, "shop", "http://localhost:5778/sampling?service=shop");
    assert_url("http://jaeger:14268/api/sampling", "shop",
               "http://jaeger:14268/api/sampling?service=shop");
    assert_url("https://host/path?tenant=7", "shop", "https://host/path?tenant=7&service=shop");
}

static void an_endpoint_without_a_path_gets_the_usual_one(void **state)
{
    assert_url("http://localhost:14250", "a", "http://localhost:14250/sampling?service=a");
    assert_url("http://localhost:14250/", "a", "http://localhost:14250/sampling?service=a");
}

static void the_services_name_is_percent_encoded(void **state)
{
    assert_url(NULL, "a b&c=d/\xc3\xbc",
               "http://localhost:5778/sampling?service=a+b%26c%3dd%2f%c3%bc");
    assert_url(NULL, "", "http://localhost:5778/sampling?service=");
}

static void without_a_name_the_environments_is_taken(void **state)
{
    setenv("OTEL_SERVICE_NAME", "from-env", 1);
    assert_url(NULL, NULL, "http://localhost:5778/sampling?service=from-env");
    unsetenv("OTEL_SERVICE_NAME");
    assert_url(NULL, NULL,
               "http://localhost:5778/sampling?service=unknown_service%3atest_jaeger_config");
}

static void secrets_of_the_url_are_not_shown(void **state)
{
    struct ct_jaeger_config config;
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    options.endpoint = "http://me:pass@host:1/sampling?key=pass";
    options.service_name = "a";
    assert_int_equal(ct_jaeger_config_init(&config, &options), COTEL_STATUS_OK);
    assert_null(strstr(config.endpoint.shown, "pass"));
    assert_non_null(strstr(config.url, "me:pass@host"));
    ct_jaeger_config_fini(&config);
}

static void numbers_out_of_range_are_refused(void **state)
{
    struct ct_jaeger_config config;
    const cotel_jaeger_remote_sampler_options good = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    cotel_jaeger_remote_sampler_options wrong[5] = {good, good, good, good, good};
    wrong[0].polling_interval_ms = 0;
    wrong[1].timeout_ms = 0;
    wrong[2].max_operations = 0;
    wrong[3].max_operations = CT_JAEGER_MAX_OPERATIONS + 1;
    wrong[4].max_response_bytes = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ct_jaeger_config_init(&config, &wrong[i]), COTEL_STATUS_INVALID_ARGUMENT);
    cotel_jaeger_remote_sampler_options edge = good;
    edge.max_operations = CT_JAEGER_MAX_OPERATIONS;
    assert_int_equal(ct_jaeger_config_init(&config, &edge), COTEL_STATUS_OK);
    ct_jaeger_config_fini(&config);
}

static void malformed_urls_are_refused(void **state)
{
    static const char *const wrong[] = {"",        "localhost:5778", "ftp://host/",
                                        "http://", "http://a b/",    "http://host:99999/"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ct_jaeger_config config;
        cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
        options.endpoint = wrong[i];
        assert_int_equal(ct_jaeger_config_init(&config, &options), COTEL_STATUS_INVALID_ARGUMENT);
    }
}

static void options_of_an_older_size_keep_the_defaults_of_the_rest(void **state)
{
    cotel_jaeger_remote_sampler_options given = {.size = 0}, whole;
    assert_false(ct_jaeger_options_complete(&given, &whole));
    given.size = offsetof(cotel_jaeger_remote_sampler_options, polling_interval_ms);
    given.service_name = "a";
    assert_true(ct_jaeger_options_complete(&given, &whole));
    assert_string_equal(whole.service_name, "a");
    assert_int_equal(whole.polling_interval_ms, 60000);
    assert_int_equal(whole.timeout_ms, 10000);
    assert_int_equal(whole.max_operations, 2000);
    assert_int_equal(whole.max_response_bytes, 1 << 20);
    assert_false(whole.adds_attributes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_service_is_a_parameter_of_the_url),
        cmocka_unit_test(an_endpoint_without_a_path_gets_the_usual_one),
        cmocka_unit_test(the_services_name_is_percent_encoded),
        cmocka_unit_test(without_a_name_the_environments_is_taken),
        cmocka_unit_test(secrets_of_the_url_are_not_shown),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(malformed_urls_are_refused),
        cmocka_unit_test(options_of_an_older_size_keep_the_defaults_of_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
