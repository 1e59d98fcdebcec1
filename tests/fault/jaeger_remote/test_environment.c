/* SPDX-License-Identifier: Apache-2.0 */
/* The sampler as the environment's variables set it up. */
#include "polling.h"

#include <cotel/cotel.h>
#include <cotel/sdk/auto.h>

#include <stdlib.h>

static void set_up(const char *sampler, const char *rate, const struct fault_server *server)
{
    char argument[128];
    snprintf(argument, sizeof argument,
             "endpoint=http://127.0.0.1:%s,pollingIntervalMs=%d,initialSamplingRate=%s",
             fault_server_port(server), INTERVAL_MS, rate);
    assert_int_equal(setenv("OTEL_TRACES_SAMPLER", sampler, 1), 0);
    assert_int_equal(setenv("OTEL_TRACES_SAMPLER_ARG", argument, 1), 0);
    assert_int_equal(setenv("OTEL_SERVICE_NAME", "from the env", 1), 0);
    /* Nothing ends well there, and nobody waits for it. */
    assert_int_equal(setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9", 1), 0);
    assert_int_equal(cotel_sdk_init_from_env(), COTEL_STATUS_OK);
}

static bool records(const cotel_context *parent)
{
    const cotel_span_options options = {.size = sizeof options, .parent = parent};
    cotel_span span = cotel_span_start(cotel_tracer_get("test", NULL), "span", &options);
    bool is_recording = cotel_span_is_recording(&span);
    cotel_span_end(&span);
    return is_recording;
}

static bool comes_to_record(const cotel_context *parent, bool yes)
{
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (records(parent) == yes)
            return true;
    }
    return false;
}

static cotel_context *remote_parent(uint8_t flags)
{
    cotel_span_context parent = {.trace_flags = flags, .is_remote = true};
    memset(&parent.trace_id, 0xff, sizeof parent.trace_id);
    memset(&parent.span_id, 1, sizeof parent.span_id);
    return cotel_context_with_span_context(NULL, &parent);
}

static void the_environment_names_endpoint_interval_and_initial_rate(void **state)
{
    struct fault_server *server = fault_server_start(&(struct fault_plan){.fault = FAULT_SILENT});
    set_up("jaeger_remote", "1", server);
    assert_true(records(NULL)); /* by the initial rate */
    struct fault_plan plan = plan_of(NONE);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to_record(NULL, false));
    assert_true(fault_server_head_has(server, "GET /sampling?service=from+the+env HTTP/1.1\r\n"));
    plan = plan_of(ALL);
    fault_server_set_plan(server, &plan);
    assert_true(comes_to_record(NULL, true));
    (void)cotel_sdk_shutdown(0, NULL); /* spans are lost: nobody takes them */
    fault_server_stop(server);
}

static void the_remote_sampler_decides_over_children_too(void **state)
{
    const struct fault_plan plan = plan_of(ALL);
    struct fault_server *server = fault_server_start(&plan);
    set_up("jaeger_remote", "0", server);
    cotel_context *unsampled = remote_parent(0);
    assert_true(comes_to_record(unsampled, true));
    cotel_context_unref(unsampled);
    (void)cotel_sdk_shutdown(0, NULL);
    fault_server_stop(server);
}

static void the_parent_based_one_decides_over_roots_only(void **state)
{
    const struct fault_plan plan = plan_of(NONE);
    struct fault_server *server = fault_server_start(&plan);
    set_up("parentbased_jaeger_remote", "1", server);
    cotel_context *unsampled = remote_parent(0), *sampled = remote_parent(1);
    assert_false(records(unsampled));
    assert_true(comes_to_record(NULL, false));
    assert_true(records(sampled));
    cotel_context_unref(sampled);
    cotel_context_unref(unsampled);
    (void)cotel_sdk_shutdown(0, NULL);
    fault_server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_names_endpoint_interval_and_initial_rate),
        cmocka_unit_test(the_remote_sampler_decides_over_children_too),
        cmocka_unit_test(the_parent_based_one_decides_over_roots_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
