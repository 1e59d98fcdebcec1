/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/exporter.h"
#include "exporters/otlp/http/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static cotel_status endpoint_status(const char *url)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = url;
    cotel_exporter *exporter = NULL;
    cotel_status status = cotel_otlp_http_exporter_create(&options, &exporter);
    if (status == COTEL_STATUS_OK)
        exporter->ops->destroy(exporter);
    else
        assert_null(exporter);
    return status;
}

static cotel_status header_status(const char *name, const char *value)
{
    const cotel_otlp_header header = {name, value};
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.headers = &header;
    options.header_count = 1;
    struct ct_http_config config;
    cotel_status status = ct_http_config_init(&config, &options);
    if (status == COTEL_STATUS_OK)
        ct_http_config_fini(&config);
    return status;
}

static void the_macro_and_the_function_give_the_same(void **state)
{
    const cotel_otlp_http_options by_macro = COTEL_OTLP_HTTP_OPTIONS_INIT;
    cotel_otlp_http_options by_function;
    memset(&by_function, 0xff, sizeof by_function);
    cotel_otlp_http_options_init(&by_function);
    const size_t end = /* of what is no padding */
        offsetof(cotel_otlp_http_options, signal) + sizeof by_macro.signal;
    assert_memory_equal(&by_macro, &by_function, end);
    cotel_otlp_http_options_init(NULL);
}

static void no_options_are_the_defaults(void **state)
{
    struct ct_http_config config;
    assert_int_equal(ct_http_config_init(&config, NULL), COTEL_STATUS_OK);
    assert_string_equal(config.endpoint.url, "http://localhost:4318/v1/traces");
    assert_string_equal(config.endpoint.host, "localhost");
    assert_string_equal(config.endpoint.port, "4318");
    assert_false(config.endpoint.needs_lookup);
    assert_int_equal(config.concurrency, 1);
    ct_http_config_fini(&config);
}

static void each_signal_has_an_endpoint_of_its_own(void **state)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.signal = COTEL_SIGNAL_METRICS;
    struct ct_http_config config;
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_OK);
    assert_string_equal(config.endpoint.url, "http://localhost:4318/v1/metrics");
    ct_http_config_fini(&config);
    options.endpoint = "http://localhost:4318/v1/traces"; /* as it is */
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_OK);
    assert_string_equal(config.endpoint.url, "http://localhost:4318/v1/traces");
    ct_http_config_fini(&config);
}

static void a_signal_that_there_is_not_is_refused(void **state)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    struct ct_http_config config;
    options.signal = (cotel_signal)2;
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_INVALID_ARGUMENT);
    options.signal = (cotel_signal)-1;
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_INVALID_ARGUMENT);
}

static void an_older_caller_gets_defaults_for_what_it_does_not_know(void **state)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.timeout_ms = 7;
    options.concurrency = 63;
    options.size = offsetof(cotel_otlp_http_options, concurrency);
    struct ct_http_config config;
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_OK);
    assert_int_equal(config.timeout_ns, 7000000);
    assert_int_equal(config.concurrency, 1);
    ct_http_config_fini(&config);
}

static void malformed_urls_are_refused(void **state)
{
    static const char *const bad[] = {"",         "localhost:4318",  "ftp://host/", "http://",
                                      "http://[", "http://h:99999/", "http://a b/", "file:///etc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(endpoint_status(bad[i]), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(endpoint_status("https://collector.example/v1/traces"), COTEL_STATUS_OK);
    assert_int_equal(endpoint_status("http://[::1]:4318/x"), COTEL_STATUS_OK);
}

static void secrets_in_a_url_are_not_shown(void **state)
{
    struct ct_http_endpoint endpoint;
    assert_int_equal(
        ct_http_endpoint_init(&endpoint, "https://joe:hunter2@h.example:99/v1?key=hunter3"),
        COTEL_STATUS_OK);
    assert_null(strstr(endpoint.shown, "hunter"));
    assert_null(strstr(endpoint.shown, "joe"));
    assert_non_null(strstr(endpoint.shown, "***"));
    assert_non_null(strstr(endpoint.shown, "h.example:99/v1"));
    assert_non_null(strstr(endpoint.url, "joe:hunter2@"));
    ct_http_endpoint_fini(&endpoint);
}

static bool needs_lookup(const char *url)
{
    struct ct_http_endpoint endpoint;
    assert_int_equal(ct_http_endpoint_init(&endpoint, url), COTEL_STATUS_OK);
    bool needs = endpoint.needs_lookup;
    ct_http_endpoint_fini(&endpoint);
    return needs;
}

static void only_a_real_name_is_looked_up(void **state)
{
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    assert_true(needs_lookup("http://collector.example:4318/"));
    assert_true(needs_lookup("http://notlocalhost/"));
    assert_false(needs_lookup("http://127.0.0.1:4318/"));
    assert_false(needs_lookup("http://[::1]:4318/"));
    assert_false(needs_lookup("http://LocalHost/"));
    assert_false(needs_lookup("http://a.localhost/"));
    setenv("http_proxy", "http://proxy.example:3128", 1);
    assert_false(needs_lookup("http://collector.example:4318/"));
    unsetenv("http_proxy");
}

static void headers_that_would_break_a_request_are_refused(void **state)
{
    assert_int_equal(header_status("X-Key", "v"), COTEL_STATUS_OK);
    assert_int_equal(header_status("X-Empty", ""), COTEL_STATUS_OK);
    assert_int_equal(header_status("User-Agent", "mine"), COTEL_STATUS_OK);
    assert_int_equal(header_status("X-Key", "v\r\nHost: evil"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("X-Key", "v\r"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("X-Key", "\x01"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("X Key", "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("", "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("X:", "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status(NULL, "v"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("X-Key", NULL), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(header_status("content-length", "3"), COTEL_STATUS_INVALID_ARGUMENT);
}

static cotel_status option_status(const cotel_otlp_http_options *options)
{
    struct ct_http_config config;
    cotel_status status = ct_http_config_init(&config, options);
    if (status == COTEL_STATUS_OK)
        ct_http_config_fini(&config);
    return status;
}

static cotel_status proxy_status(const char *proxy)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.proxy = proxy;
    return option_status(&options);
}

static void a_proxy_is_one_of_http(void **state)
{
    assert_int_equal(proxy_status("http://proxy.example:3128"), COTEL_STATUS_OK);
    assert_int_equal(proxy_status("HTTP://joe:secret@10.0.0.1"), COTEL_STATUS_OK);
    assert_int_equal(proxy_status(""), COTEL_STATUS_OK);
    assert_int_equal(proxy_status("proxy.example:3128"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(proxy_status("https://proxy.example"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(proxy_status("socks5://proxy.example"), COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(proxy_status("http://"), COTEL_STATUS_INVALID_ARGUMENT);
}

static void a_socket_file_goes_with_no_proxy(void **state)
{
    char path[109];
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.unix_socket = path;
    assert_int_equal(option_status(&options), COTEL_STATUS_INVALID_ARGUMENT);
    path[sizeof path - 2] = '\0'; /* the longest that the kernel takes */
    assert_int_equal(option_status(&options), COTEL_STATUS_OK);
    options.proxy = "";
    assert_int_equal(option_status(&options), COTEL_STATUS_OK);
    options.proxy = "http://proxy.example";
    assert_int_equal(option_status(&options), COTEL_STATUS_INVALID_ARGUMENT);
}

static bool waits_for_name(const cotel_otlp_http_options *options, const char **host)
{
    static struct ct_http_config config;
    static char name[64];
    assert_int_equal(ct_http_config_init(&config, options), COTEL_STATUS_OK);
    strcpy(name, ct_http_route_first(&config.route, &config.endpoint)->host);
    bool waits = ct_http_route_needs_lookup(&config.route, &config.endpoint);
    ct_http_config_fini(&config);
    *host = name;
    return waits;
}

static void the_name_of_who_is_connected_to_is_looked_up(void **state)
{
    const char *host;
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = "http://collector.example:4318/";
    options.proxy = "http://proxy.example:3128";
    assert_true(waits_for_name(&options, &host));
    assert_string_equal(host, "proxy.example");
    options.proxy = "http://127.0.0.1:3128";
    assert_false(waits_for_name(&options, &host));
    options.proxy = "";
    setenv("http_proxy", "http://proxy.example:3128", 1);
    assert_true(waits_for_name(&options, &host)); /* the variable counts for nothing */
    assert_string_equal(host, "collector.example");
    unsetenv("http_proxy");
    options.proxy = NULL;
    options.unix_socket = "/run/collector";
    assert_false(waits_for_name(&options, &host));
}

static void a_product_is_put_before_ours(void **state)
{
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    struct ct_http_config config;
    options.user_agent = "shop/1.0";
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_OK);
    assert_int_equal(strncmp(config.user_agent, "shop/1.0 OTel-OTLP-Exporter-C/", 30), 0);
    ct_http_config_fini(&config);
    options.user_agent = "";
    assert_int_equal(ct_http_config_init(&config, &options), COTEL_STATUS_OK);
    assert_int_equal(strncmp(config.user_agent, "OTel-OTLP-Exporter-C/", 21), 0);
    ct_http_config_fini(&config);
    options.user_agent = "shop\r\nHost: evil";
    assert_int_equal(option_status(&options), COTEL_STATUS_INVALID_ARGUMENT);
}

static void numbers_out_of_range_are_refused(void **state)
{
    cotel_exporter *exporter = NULL;
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.concurrency = 0;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options.concurrency = CT_OTLP_MAX_CONCURRENCY + 1;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options = (cotel_otlp_http_options)COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.http_version = (cotel_otlp_http_version)2;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    options = (cotel_otlp_http_options)COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.size = 1;
    assert_int_equal(cotel_otlp_http_exporter_create(&options, &exporter),
                     COTEL_STATUS_INVALID_ARGUMENT);
    assert_int_equal(cotel_otlp_http_exporter_create(NULL, NULL), COTEL_STATUS_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_macro_and_the_function_give_the_same),
        cmocka_unit_test(no_options_are_the_defaults),
        cmocka_unit_test(each_signal_has_an_endpoint_of_its_own),
        cmocka_unit_test(a_signal_that_there_is_not_is_refused),
        cmocka_unit_test(an_older_caller_gets_defaults_for_what_it_does_not_know),
        cmocka_unit_test(malformed_urls_are_refused),
        cmocka_unit_test(secrets_in_a_url_are_not_shown),
        cmocka_unit_test(only_a_real_name_is_looked_up),
        cmocka_unit_test(headers_that_would_break_a_request_are_refused),
        cmocka_unit_test(a_proxy_is_one_of_http),
        cmocka_unit_test(a_socket_file_goes_with_no_proxy),
        cmocka_unit_test(the_name_of_who_is_connected_to_is_looked_up),
        cmocka_unit_test(a_product_is_put_before_ours),
        cmocka_unit_test(numbers_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
