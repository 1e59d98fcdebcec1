/* SPDX-License-Identifier: Apache-2.0 */
/* What reaches the Jaeger remote sampler, which starts a thread: it is stood in for by a function
 * that notes what it is given. */
#include "exporters/auto/from_env.h"

#include <cotel/samplers/jaeger_remote.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct {
    int told;
    cotel_status answer;
    char endpoint[64];
    uint64_t polling_interval_ms;
    char initial_sampler[64];
} seen;

cotel_status cotel_jaeger_remote_sampler_create(const cotel_jaeger_remote_sampler_options *options,
                                                cotel_sampler **out)
{
    cotel_sampler *initial = options->initial_sampler;
    (void)snprintf(seen.endpoint, sizeof seen.endpoint, "%s",
                   options->endpoint ? options->endpoint : "default");
    (void)snprintf(seen.initial_sampler, sizeof seen.initial_sampler, "%s",
                   initial ? initial->ops->description(initial) : "default");
    seen.polling_interval_ms = options->polling_interval_ms;
    assert_null(options->service_name);
    if (seen.answer != COTEL_STATUS_OK)
        return seen.answer;
    cotel_sampler_destroy(initial);
    *out = cotel_sampler_always_off();
    return COTEL_STATUS_OK;
}

static void count_message(void *user, cotel_log_level level, const char *component,
                          const char *message)
{
    seen.told++;
}

static int fresh(void **state)
{
    memset(&seen, 0, sizeof seen);
    cotel_diagnostics_set(count_message, NULL, COTEL_LOG_WARNING);
    return clearenv();
}

static cotel_sampler *sampler_of(const char *name, const char *argument)
{
    struct ct_env env;
    cotel_sampler *sampler;
    assert_int_equal(setenv("OTEL_TRACES_SAMPLER", name, 1), 0);
    assert_int_equal(setenv("OTEL_TRACES_SAMPLER_ARG", argument, 1), 0);
    ct_env_read(&env);
    ct_env_tell_problems();
    assert_int_equal(ct_sampler_from_env(&env, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static void assert_made_of(const char *argument, const char *endpoint, unsigned interval_ms,
                           const char *initial_sampler, int told)
{
    void *state = NULL;
    assert_int_equal(fresh(&state), 0);
    assert_ptr_equal(sampler_of("jaeger_remote", argument), cotel_sampler_always_off());
    assert_string_equal(seen.endpoint, endpoint);
    assert_int_equal(seen.polling_interval_ms, interval_ms);
    assert_string_equal(seen.initial_sampler, initial_sampler);
    assert_int_equal(seen.told, told);
}

static void the_remote_sampler_takes_its_argument(void **state)
{
    assert_made_of("endpoint=http://host:5778,pollingIntervalMs=5000,initialSamplingRate=0.25",
                   "http://host:5778", 5000, "TraceIdRatioBased{0.250000}", 0);
    assert_made_of(" initialSamplingRate = 1 ,, endpoint = https://u:p@host/api?a=b ",
                   "https://u:p@host/api?a=b", 60000, "TraceIdRatioBased{1.000000}", 0);
    assert_made_of("pollingIntervalMs=1", "default", 1, "default", 0);
    assert_made_of("pollingIntervalMs=1,pollingIntervalMs=2", "default", 2, "default", 0);
    assert_made_of("", "default", 60000, "default", 0);
}

static void an_argument_of_the_remote_sampler_that_cannot_be_used_is_told_and_ignored(void **state)
{
    static const char *const wrong[] = {
        "0.25",
        "pollingIntervalMs=0",
        "pollingIntervalMs=7,pollingIntervalMs=1s",
        "pollingIntervalMs=7,initialSamplingRate=1.5",
        "pollingIntervalMs=7,initialSamplingRate=",
        "pollingIntervalMs=7,endpoint=host:14250",
        "pollingIntervalMs=7,endpoint=",
        "pollingIntervalMs=7,pollingInterval=7",
        "pollingIntervalMs=7,=7",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_made_of(wrong[i], "default", 60000, "default", 1);
}

static void the_remote_sampler_may_follow_parents(void **state)
{
    cotel_sampler *sampler = sampler_of("parentbased_jaeger_remote", "");
    assert_memory_equal(sampler->ops->description(sampler), "ParentBased{root:AlwaysOffSampler,",
                        34);
    assert_string_equal(seen.endpoint, "default");
    cotel_sampler_destroy(sampler);
}

static void without_the_remote_sampler_all_is_sampled_and_that_is_told(void **state)
{
    seen.answer = COTEL_STATUS_SYSTEM_ERROR;
    assert_ptr_equal(sampler_of("jaeger_remote", "initialSamplingRate=0"),
                     cotel_sampler_always_on());
    assert_int_equal(seen.told, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_remote_sampler_takes_its_argument),
        cmocka_unit_test(an_argument_of_the_remote_sampler_that_cannot_be_used_is_told_and_ignored),
        cmocka_unit_test_setup(the_remote_sampler_may_follow_parents, fresh),
        cmocka_unit_test_setup(without_the_remote_sampler_all_is_sampled_and_that_is_told, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
