/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to a peer over HTTP: versions, proxies and socket files. No name server ever answers:
 * tests/support/dead_resolver.c is linked in. */
#include "tls.h"

#include "tests/support/fault_server.h"

enum { MANY = 8, BATCHES = 64 };

static const char *const variables[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                        "ALL_PROXY",  "no_proxy",    "NO_PROXY"};

static int make_ways(void **state)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
    return make_files(state);
}

/* Short waits; the caller adds the way. Any peer of ours is trusted. */
static cotel_otlp_http_options options_to(const char *endpoint)
{
    static cotel_otlp_tls_options tls;
    tls = trusting(CA);
    cotel_otlp_http_options options = COTEL_OTLP_HTTP_OPTIONS_INIT;
    options.endpoint = endpoint;
    options.tls = &tls;
    options.backoff_initial_ms = 20;
    options.backoff_max_ms = 50;
    return options;
}

static cotel_exporter *create(const cotel_otlp_http_options *options)
{
    cotel_exporter *exporter = NULL;
    assert_int_equal(cotel_otlp_http_exporter_create(options, &exporter), COTEL_STATUS_OK);
    return exporter;
}

static struct host_result send_with(const cotel_otlp_http_options *options, uint64_t timeout_ms)
{
    cotel_exporter *exporter = create(options);
    struct host_result result = send_ten(exporter, timeout_ms);
    host_finish(exporter);
    return result;
}

static const char *url_of(const char *scheme, const struct otlp_peer *peer)
{
    static char url[64];
    snprintf(url, sizeof url, "%s://127.0.0.1:%s/v1/traces", scheme, otlp_peer_port(peer));
    return url;
}

/* ---- versions ---- */

/* What a peer with this plan gets to see of three requests, on one connection. */
static bool is_sent_by_http2(const char *scheme, const struct otlp_peer_plan *plan,
                             cotel_otlp_http_version version)
{
    struct otlp_peer *peer = otlp_peer_start(plan);
    cotel_otlp_http_options options = options_to(url_of(scheme, peer));
    options.http_version = version;
    cotel_exporter *exporter = create(&options);
    for (int i = 0; i < 3; i++)
        assert_int_equal(send_ten(exporter, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(otlp_peer_connections(peer), 1);
    bool is_http2 = otlp_peer_head_has(peer, ":method: POST\r\n");
    if (is_http2) {
        assert_true(otlp_peer_head_has(peer, ":path: /v1/traces\r\n"));
        assert_true(otlp_peer_head_has(peer, "content-type: application/x-protobuf\r\n"));
        assert_true(otlp_peer_head_has(peer, "user-agent: OTel-OTLP-Exporter-C/"));
    } else {
        assert_true(otlp_peer_head_has(peer, "POST /v1/traces HTTP/1.1\r\n"));
    }
    host_finish(exporter);
    otlp_peer_stop(peer);
    return is_http2;
}

static void http2_is_spoken_with_who_offers_it(void **state)
{
    struct otlp_peer_plan plan = secure_plan();
    assert_true(is_sent_by_http2("https", &plan, COTEL_OTLP_HTTP_VERSION_AUTO));
    assert_false(is_sent_by_http2("https", &plan, COTEL_OTLP_HTTP_VERSION_1_1));
    plan.http2 = false;
    assert_false(is_sent_by_http2("https", &plan, COTEL_OTLP_HTTP_VERSION_AUTO));
}

static void in_the_clear_nobody_is_surprised_by_http2(void **state)
{
    const struct otlp_peer_plan plan = {.http2 = true};
    assert_false(is_sent_by_http2("http", &plan, COTEL_OTLP_HTTP_VERSION_AUTO));
    assert_false(is_sent_by_http2("http", &plan, COTEL_OTLP_HTTP_VERSION_1_1));
}

/* Larger than the windows of HTTP/2 and the buffers of libcurl. */
static void large_bodies_arrive_whole(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    size_t sizes[2];
    for (int i = 0; i < 2; i++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_otlp_http_options options = options_to(url_of("https", peer));
        options.http_version = i == 0 ? COTEL_OTLP_HTTP_VERSION_1_1 : COTEL_OTLP_HTTP_VERSION_AUTO;
        cotel_exporter *exporter = create(&options);
        for (int k = 0; k < 3; k++)
            assert_int_equal(
                host_export(exporter, host_batch(1, 5000, 1000), 3 * PATIENCE_MS).outcome,
                COTEL_EXPORT_ACCEPTED);
        sizes[i] = otlp_peer_body_bytes(peer);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
    assert_true(sizes[0] > 15000000);
    assert_int_equal(sizes[0], sizes[1]);
}

static void many_requests_are_under_way_at_a_time(void **state)
{
    const struct otlp_peer_plan plan = secure_plan();
    static const cotel_otlp_http_version versions[] = {COTEL_OTLP_HTTP_VERSION_1_1,
                                                       COTEL_OTLP_HTTP_VERSION_AUTO};
    for (size_t i = 0; i < 2; i++) {
        struct otlp_peer *peer = otlp_peer_start(&plan);
        cotel_otlp_http_options options = options_to(url_of("https", peer));
        options.http_version = versions[i];
        options.concurrency = MANY;
        cotel_exporter *exporter = create(&options);
        for (int round = 0; round < BATCHES / MANY; round++) {
            struct host_result results[MANY];
            struct host_result *pointers[MANY];
            for (size_t k = 0; k < MANY; k++) {
                pointers[k] = &results[k];
                host_begin(exporter, host_batch(1, 10, 1000), PATIENCE_MS, pointers[k]);
            }
            assert_true(host_drive(exporter, pointers, MANY, PATIENCE_MS));
            for (size_t k = 0; k < MANY; k++)
                assert_int_equal(results[k].outcome, COTEL_EXPORT_ACCEPTED);
        }
        assert_int_equal(otlp_peer_requests(peer), BATCHES);
        assert_true(otlp_peer_connections(peer) <= MANY);
        host_finish(exporter);
        otlp_peer_stop(peer);
    }
}

/* ---- proxies ---- */

static void a_proxy_is_asked_for_the_peer_by_name(void **state)
{
    char proxy[128];
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_otlp_http_options options = options_to("http://collector.example:4318/v1/traces");
    snprintf(proxy, sizeof proxy, "http://joe:secret@127.0.0.1:%s", fault_server_port(server));
    options.proxy = proxy;
    setenv("no_proxy", "*", 1);
    assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(
        fault_server_head_has(server, "POST http://collector.example:4318/v1/traces HTTP/1.1\r\n"));
    assert_true(fault_server_head_has(server, "Proxy-Authorization: Basic am9lOnNlY3JldA==\r\n"));
    fault_server_stop(server);
}

static void the_variables_count_unless_a_proxy_is_given(void **state)
{
    char proxy[64];
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%s", fault_server_port(server));
    cotel_otlp_http_options options = options_to("http://collector.example/v1/traces");
    setenv("http_proxy", proxy, 1);
    assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(fault_server_head_has(server, "POST http://collector.example/v1/traces HTTP/1.1"));

    setenv("http_proxy", "http://127.0.0.1:1", 1); /* nobody is there */
    options.endpoint = fault_server_url(server);
    assert_int_equal(send_with(&options, SHORT_MS).outcome, COTEL_EXPORT_TIMEOUT);
    options.proxy = "";
    assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    options.proxy = NULL;
    setenv("no_proxy", "127.0.0.1", 1);
    assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(fault_server_head_has(server, "POST /v1/traces HTTP/1.1"));
    fault_server_stop(server);
}

/* One that answers CONNECT so, and is then the peer itself. */
static struct host_result send_through(int connect_status, struct otlp_peer **out,
                                       uint64_t timeout_ms)
{
    char proxy[64];
    struct otlp_peer_plan plan = secure_plan();
    sign_server(authority, "collector.example");
    plan.connect_status = connect_status;
    *out = otlp_peer_start(&plan);
    snprintf(proxy, sizeof proxy, "http://127.0.0.1:%s", otlp_peer_port(*out));
    cotel_otlp_http_options options = options_to("https://collector.example:4318/v1/traces");
    options.proxy = proxy;
    return send_with(&options, timeout_ms);
}

static void https_goes_through_a_tunnel(void **state)
{
    struct otlp_peer *peer;
    assert_int_equal(send_through(200, &peer, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_int_equal(otlp_peer_requests(peer), 1);
    otlp_peer_stop(peer);
}

/* A peer's 400 would have the batch halved. */
static void a_proxy_that_refuses_is_told_of(void **state)
{
    static const int statuses[] = {400, 403, 407};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        char words[64];
        struct otlp_peer *peer;
        struct host_result result = send_through(statuses[i], &peer, PATIENCE_MS);
        assert_int_equal(result.outcome, COTEL_EXPORT_REFUSED);
        snprintf(words, sizeof words, "the proxy answers HTTP status %d", statuses[i]);
        assert_says(&result, words);
        assert_true(otlp_peer_head_has(peer, "CONNECT collector.example:4318 HTTP/1.1\r\n"));
        assert_int_equal(otlp_peer_connections(peer), 1);
        otlp_peer_stop(peer);
    }
}

static void a_proxy_that_is_overworked_is_asked_again(void **state)
{
    struct otlp_peer *peer;
    struct host_result result = send_through(503, &peer, SHORT_MS);
    assert_int_equal(result.outcome, COTEL_EXPORT_TIMEOUT);
    assert_says(&result, "the proxy answers HTTP status 503");
    assert_true(otlp_peer_connections(peer) > 1);
    otlp_peer_stop(peer);
}

static void assert_in_time(const cotel_otlp_http_options *options)
{
    uint64_t began = host_now_ms();
    assert_int_equal(send_with(options, SHORT_MS).outcome, COTEL_EXPORT_TIMEOUT);
    assert_in_range(host_now_ms() - began, 0, SHORT_MS + LATE_MS);
    assert_true(host_longest_call_ns() < LONG_CALL_MS * UINT64_C(1000000));
}

static void a_proxy_without_an_address_holds_nobody_up(void **state)
{
    cotel_otlp_http_options options = options_to("http://127.0.0.1:1/v1/traces");
    options.proxy = "http://proxy.example:3128";
    assert_in_time(&options);
    options.proxy = NULL;
    setenv("http_proxy", "http://proxy.example:3128", 1);
    assert_in_time(&options);
}

/* ---- redirects ---- */

/* The spans, and the key in their headers, go to nobody whom the user has not named. */
static void a_redirect_is_not_followed(void **state)
{
    static const int statuses[] = {301, 302, 307, 308};
    char location[128];
    struct fault_server *other = fault_server_start(&(struct fault_plan){0});
    snprintf(location, sizeof location, "Location: %s\r\n", fault_server_url(other));
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct fault_server *server =
            fault_server_start(&(struct fault_plan){.status = statuses[i], .headers = location});
        cotel_otlp_http_options options = options_to(fault_server_url(server));
        assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_REFUSED);
        assert_int_equal(fault_server_requests(server), 1);
        fault_server_stop(server);
    }
    assert_int_equal(fault_server_connections(other), 0);
    fault_server_stop(other);
}

/* ---- socket files ---- */

static void a_socket_file_leads_to_the_peer(void **state)
{
    static const char *const schemes[] = {"http", "https"};
    char path[64], endpoint[64];
    snprintf(path, sizeof path, "%s/socket", folder);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    sign_server(authority, "collector.example");
    for (size_t i = 0; i < 2; i++) {
        struct otlp_peer_plan plan = {.path = path};
        if (i == 1) {
            plan = secure_plan();
            plan.path = path;
        }
        struct otlp_peer *peer = otlp_peer_start(&plan);
        snprintf(endpoint, sizeof endpoint, "%s://collector.example/v1/traces", schemes[i]);
        cotel_otlp_http_options options = options_to(endpoint);
        options.unix_socket = path;
        assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
        assert_true(otlp_peer_head_has(peer, i == 0 ? "Host: collector.example\r\n"
                                                    : ":authority: collector.example\r\n"));
        otlp_peer_stop(peer);
        unlink(path);
    }
}

static void a_socket_file_may_come_late(void **state)
{
    char path[64];
    struct host_result result;
    struct host_result *results[] = {&result};
    snprintf(path, sizeof path, "%s/socket", folder);
    cotel_otlp_http_options options = options_to("http://collector.example/v1/traces");
    options.unix_socket = path;
    cotel_exporter *exporter = create(&options);
    host_begin(exporter, host_batch(1, 10, 10), PATIENCE_MS, &result);
    assert_false(host_drive(exporter, results, 1, 200));
    struct otlp_peer *peer = otlp_peer_start(&(struct otlp_peer_plan){.path = path});
    assert_true(host_drive(exporter, results, 1, PATIENCE_MS));
    assert_int_equal(result.outcome, COTEL_EXPORT_ACCEPTED);
    host_finish(exporter);
    otlp_peer_stop(peer);
    unlink(path);
}

/* ---- who we are ---- */

static void a_product_comes_before_ours(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){0});
    cotel_otlp_http_options options = options_to(fault_server_url(server));
    options.user_agent = "shop/1.0 (eu)";
    assert_int_equal(send_with(&options, PATIENCE_MS).outcome, COTEL_EXPORT_ACCEPTED);
    assert_true(
        fault_server_head_has(server, "\r\nUser-Agent: shop/1.0 (eu) OTel-OTLP-Exporter-C/"));
    fault_server_stop(server);
}

int main(void)
{
#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, make_ways, drop_files)
    const struct CMUnitTest tests[] = {
        WITH_FILES(http2_is_spoken_with_who_offers_it),
        WITH_FILES(in_the_clear_nobody_is_surprised_by_http2),
        WITH_FILES(large_bodies_arrive_whole),
        WITH_FILES(many_requests_are_under_way_at_a_time),
        WITH_FILES(a_proxy_is_asked_for_the_peer_by_name),
        WITH_FILES(the_variables_count_unless_a_proxy_is_given),
        WITH_FILES(https_goes_through_a_tunnel),
        WITH_FILES(a_proxy_that_refuses_is_told_of),
        WITH_FILES(a_proxy_that_is_overworked_is_asked_again),
        WITH_FILES(a_proxy_without_an_address_holds_nobody_up),
        WITH_FILES(a_redirect_is_not_followed),
        WITH_FILES(a_socket_file_leads_to_the_peer),
        WITH_FILES(a_socket_file_may_come_late),
        WITH_FILES(a_product_comes_before_ours),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
