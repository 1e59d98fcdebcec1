/* SPDX-License-Identifier: Apache-2.0 */
/* The sampler and a peer over a real connection: strategies that change, and peers that fail. */
#include "polling.h"

#include <cotel/cotel.h>
#include <cotel/sdk/sdk.h>
#include <cotel/sdk/testing.h>

/* What diagnostics was told last at the level of warnings. */
static struct {
    atomic_uint count;
    atomic_flag writing;
    char message[512];
} told;

static void note(void *user, cotel_log_level level, const char *component, const char *message)
{
    if (level > COTEL_LOG_WARNING || strcmp(component, "jaeger_remote_sampler") != 0)
        return;
    if (!atomic_flag_test_and_set(&told.writing))
        snprintf(told.message, sizeof told.message, "%s", message);
    atomic_fetch_add(&told.count, 1);
}

static int listen_to_diagnostics(void **state)
{
    atomic_store(&told.count, 0);
    atomic_flag_clear(&told.writing);
    cotel_diagnostics_set(note, NULL, COTEL_LOG_DEBUG);
    return 0;
}

static int silence_diagnostics(void **state)
{
    cotel_diagnostics_set(NULL, NULL, COTEL_LOG_DEBUG);
    return 0;
}

static bool was_told(const char *text)
{
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (atomic_load(&told.count) > 0)
            return strstr(told.message, text) != NULL;
    }
    return false;
}

static void the_initial_sampler_decides_until_there_is_a_strategy(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.initial_sampler = cotel_sampler_always_on();
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(asks_yes(sampler, "a"));
    assert_int_equal(counts_of(sampler).changes, 0);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void by_default_one_in_a_thousand_is_sampled_at_first(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_REFUSE});
    cotel_sampler *sampler = sampler_of(server);
    char wanted[128];
    snprintf(wanted, sizeof wanted,
             "JaegerRemoteSampler{endpoint:http://127.0.0.1:%s/sampling,pollingIntervalMs:20,"
             "initialSampler:TraceIdRatioBased{0.001000}}",
             fault_server_port(server));
    assert_string_equal(sampler->ops->description(sampler), wanted);
    assert_false(asks_yes(sampler, "a"));
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void the_strategy_of_the_service_is_asked_for(void **state)
{
    const struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_sampler *sampler = sampler_of(server);
    assert_true(comes_to(sampler, "a", true));
    assert_true(fault_server_head_has(server, "GET /sampling?service=shop+floor HTTP/1.1\r\n"));
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void another_strategy_replaces_the_one_before(void **state)
{
    static const char *const bodies[] = {
        ALL,
        NONE,
        "{\"operationSampling\":{\"defaultSamplingProbability\":0,\"perOperationStrategies\":["
        "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}",
        "{\"strategyType\":1,\"rateLimitingSampling\":{\"maxTracesPerSecond\":0}}",
        ALL,
    };
    struct fault_plan plan = plan_of(NONE);
    struct fault_server *server = fault_server_start(&plan);
    cotel_sampler *sampler = sampler_of(server);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        plan = plan_of(bodies[i]);
        fault_server_set_plan(server, &plan);
        assert_true(comes_to(sampler, "a", i % 2 == 0));
    }
    assert_true(changes_reach(sampler, 5));
    assert_int_equal(counts_of(sampler).failures, 0);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void the_same_answer_changes_nothing(void **state)
{
    const struct fault_plan plan = plan_of("{\"rateLimitingSampling\":{\"maxTracesPerSecond\":1}}");
    struct fault_server *server = fault_server_start(&plan);
    cotel_sampler *sampler = sampler_of(server);
    assert_true(comes_to(sampler, "a", true));
    assert_true(polls_more(sampler, 3));
    assert_int_equal(counts_of(sampler).changes, 1);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

/* The peer says ALL, then fails in one way, then says NONE. */
static void survive(struct fault_plan fault, const char *message)
{
    struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.timeout_ms = 300;
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(comes_to(sampler, "a", true));

    fault_server_set_plan(server, &fault);
    uint64_t failures = counts_of(sampler).failures;
    assert_true(polls_more(sampler, 3));
    assert_true(counts_of(sampler).failures > failures);
    if (!was_told(message))
        fail_msg("told: %s", told.message);
    assert_int_equal(atomic_load(&told.count), 1); /* and not for each poll */
    assert_true(asks_yes(sampler, "a"));

    plan = plan_of(NONE);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "a", false));
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void an_error_of_the_peers_changes_nothing(void **state)
{
    struct fault_plan plan = plan_of(NONE);
    plan.status = 503;
    survive(plan, "HTTP status 503; the strategy stays");
}

static void a_redirect_is_not_followed(void **state)
{
    struct fault_plan plan = plan_of(NONE);
    plan.status = 302;
    plan.headers = "Location: /elsewhere\r\n";
    survive(plan, "HTTP status 302");
}

static void an_answer_without_content_changes_nothing(void **state)
{
    struct fault_plan plan = plan_of("");
    survive(plan, "not JSON");
    plan.status = 204;
    listen_to_diagnostics(NULL);
    survive(plan, "HTTP status 204");
}

static void an_answer_that_is_not_json_changes_nothing(void **state)
{
    survive(plan_of("<html>"), "not JSON");
}

static void a_share_that_is_none_changes_nothing(void **state)
{
    survive(plan_of(SHARE("1.5")), "samplingRate is not between 0 and 1");
}

static void deeply_nested_json_changes_nothing(void **state)
{
    static char body[100001];
    memset(body, '[', sizeof body - 1);
    survive(plan_of(body), "not JSON");
}

static void a_peer_that_hangs_up_changes_nothing(void **state)
{
    survive((struct fault_plan){.fault = FAULT_HANG_UP}, "Server returned nothing");
}

static void a_cut_answer_changes_nothing(void **state)
{
    struct fault_plan plan = plan_of(NONE);
    plan.fault = FAULT_CUT_ANSWER;
    survive(plan, "Transferred a partial file");
}

static void a_silent_peer_changes_nothing(void **state)
{
    survive((struct fault_plan){.fault = FAULT_SILENT}, "no answer in time");
}

static void an_answer_by_the_byte_changes_nothing(void **state)
{
    survive((struct fault_plan){.fault = FAULT_DRIP}, "no answer in time");
}

static void an_answer_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    static char fits[1025] = NONE, exceeds[1026] = NONE;
    memset(fits + strlen(fits), ' ', 1024 - strlen(fits));
    memset(exceeds + strlen(exceeds), ' ', 1025 - strlen(exceeds));
    struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.max_response_bytes = 1024;
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(comes_to(sampler, "a", true));
    plan = plan_of(exceeds);
    fault_server_set_plan(server, &plan);
    assert_true(was_told("the answer is longer than max_response_bytes"));
    assert_true(asks_yes(sampler, "a"));
    plan = plan_of(fits);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "a", false));
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void operations_beyond_the_most_are_told(void **state)
{
    const struct fault_plan plan =
        plan_of("{\"operationSampling\":{\"perOperationStrategies\":["
                "{\"operation\":\"a\",\"probabilisticSampling\":{\"samplingRate\":1}},"
                "{\"operation\":\"b\",\"probabilisticSampling\":{\"samplingRate\":1}}]}}");
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.max_operations = 1;
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(comes_to(sampler, "a", true));
    assert_false(asks_yes(sampler, "b"));
    assert_true(was_told("1 operations beyond max_operations are left out"));
    assert_true(polls_more(sampler, 3)); /* of full rules, which each poll makes anew */
    assert_int_equal(counts_of(sampler).changes, 1);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void a_peer_that_comes_late_is_found(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_REFUSE});
    cotel_sampler *sampler = sampler_of(server);
    assert_true(was_told("Couldn't connect to server"));
    fault_server_open(server);
    const struct fault_plan plan = plan_of(ALL);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "a", true));
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

static void destroying_does_not_wait_for_a_silent_peer(void **state)
{
    static const enum fault faults[] = {FAULT_SILENT, FAULT_SWALLOW, FAULT_DRIP};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = faults[i]});
        cotel_jaeger_remote_sampler_options options = quick_options();
        options.timeout_ms = PATIENCE_MS;
        cotel_sampler *sampler = sampler_with(options, server);
        sleep_ms(100);
        uint64_t began = clock_ms();
        cotel_sampler_destroy(sampler);
        assert_in_range(clock_ms() - began, 0, PATIENCE_MS / 4);
        fault_server_stop(server);
    }
    assert_int_equal(atomic_load(&told.count), 0);
}

static void destroying_does_not_wait_for_the_next_poll(void **state)
{
    const struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_jaeger_remote_sampler_options options = quick_options();
    options.polling_interval_ms = UINT64_MAX;
    cotel_sampler *sampler = sampler_with(options, server);
    assert_true(comes_to(sampler, "a", true));
    uint64_t began = clock_ms();
    cotel_sampler_destroy(sampler);
    assert_in_range(clock_ms() - began, 0, PATIENCE_MS / 4);
    assert_int_equal(fault_server_requests(server), 1);
    fault_server_stop(server);
}

static cotel_span start_span(const cotel_context *parent)
{
    const cotel_span_options options = {.size = sizeof options, .parent = parent};
    return cotel_span_start(cotel_tracer_get("test", NULL), "span", &options);
}

static void as_a_root_it_decides_over_roots_only(void **state)
{
    struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    cotel_parent_based_options parent_based = {.size = sizeof parent_based};
    cotel_memory_exporter *memory;
    cotel_sdk_options sdk = COTEL_SDK_OPTIONS_INIT;
    cotel_sampler *sampler = sampler_of(server);
    parent_based.root = sampler;
    assert_int_equal(cotel_sampler_parent_based_create(&parent_based, &sdk.provider.sampler), 0);
    assert_int_equal(cotel_memory_exporter_create(&memory), COTEL_STATUS_OK);
    sdk.exporter = cotel_memory_exporter_as_exporter(memory);
    assert_int_equal(cotel_sdk_init(&sdk), COTEL_STATUS_OK);

    assert_true(comes_to(sampler, "span", true));
    cotel_span root = start_span(NULL);
    assert_true(cotel_span_is_recording(&root));
    plan = plan_of(NONE);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to(sampler, "span", false));
    cotel_context *context = cotel_context_with_span(NULL, &root);
    cotel_span child = start_span(context);
    assert_true(cotel_span_is_recording(&child));
    cotel_span other_root = start_span(NULL);
    assert_false(cotel_span_is_recording(&other_root));

    cotel_context_unref(context);
    cotel_span_end(&child);
    cotel_span_end(&root);
    assert_int_equal(cotel_sdk_shutdown(PATIENCE_MS, NULL), COTEL_STATUS_OK);
    cotel_memory_exporter_destroy(memory);
    fault_server_stop(server);
}

static void counts_are_filled_as_far_as_they_go(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_REFUSE});
    cotel_sampler *sampler = sampler_of(server);
    cotel_jaeger_remote_sampler_counts counts = {
        .size = offsetof(cotel_jaeger_remote_sampler_counts, failures), .failures = 7};
    assert_true(polls_more(sampler, 1));
    cotel_jaeger_remote_sampler_stats(sampler, &counts);
    assert_true(counts.polls > 0);
    assert_int_equal(counts.failures, 7);
    counts.size = sizeof counts;
    cotel_jaeger_remote_sampler_stats(cotel_sampler_always_on(), &counts);
    assert_int_equal(counts.polls + counts.failures, 0);
    cotel_sampler_destroy(sampler);
    fault_server_stop(server);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, listen_to_diagnostics, silence_diagnostics)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_initial_sampler_decides_until_there_is_a_strategy),
        TEST(by_default_one_in_a_thousand_is_sampled_at_first),
        TEST(the_strategy_of_the_service_is_asked_for),
        TEST(another_strategy_replaces_the_one_before),
        TEST(the_same_answer_changes_nothing),
        TEST(an_error_of_the_peers_changes_nothing),
        TEST(a_redirect_is_not_followed),
        TEST(an_answer_without_content_changes_nothing),
        TEST(an_answer_that_is_not_json_changes_nothing),
        TEST(a_share_that_is_none_changes_nothing),
        TEST(deeply_nested_json_changes_nothing),
        TEST(a_peer_that_hangs_up_changes_nothing),
        TEST(a_cut_answer_changes_nothing),
        TEST(a_silent_peer_changes_nothing),
        TEST(an_answer_by_the_byte_changes_nothing),
        TEST(an_answer_may_be_as_long_as_the_limit_and_no_longer),
        TEST(operations_beyond_the_most_are_told),
        TEST(a_peer_that_comes_late_is_found),
        TEST(destroying_does_not_wait_for_a_silent_peer),
        TEST(destroying_does_not_wait_for_the_next_poll),
        TEST(as_a_root_it_decides_over_roots_only),
        TEST(counts_are_filled_as_far_as_they_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
