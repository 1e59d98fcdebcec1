/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of this folder share: a sampler, a peer, and asking the one about the other. */
#ifndef COTEL_TESTS_FAULT_JAEGER_REMOTE_POLLING_H
#define COTEL_TESTS_FAULT_JAEGER_REMOTE_POLLING_H

#include "tests/support/fault_server.h"

#include <cotel/samplers/jaeger_remote.h>
#include <cotel/sdk/diagnostics.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Plenty, on a machine that is busy with other things. */
enum { PATIENCE_MS = 20000, INTERVAL_MS = 20 };

#define SHARE(ratio)                                                                              \
    "{\"strategyType\":\"PROBABILISTIC\",\"probabilisticSampling\":{\"samplingRate\":" ratio "}}" \
    "\n"
#define ALL SHARE("1")
#define NONE SHARE("0")

static inline uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static inline void sleep_ms(unsigned ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

static inline struct fault_plan plan_of(const char *body)
{
    return (struct fault_plan){
        .headers = "Content-Type: application/json\r\n", .body = body, .body_size = strlen(body)};
}

static inline cotel_jaeger_remote_sampler_options quick_options(void)
{
    cotel_jaeger_remote_sampler_options options = COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT;
    options.service_name = "shop floor";
    options.polling_interval_ms = INTERVAL_MS;
    return options;
}

static inline cotel_sampler *sampler_with(cotel_jaeger_remote_sampler_options options,
                                          const struct fault_server *server)
{
    char url[64];
    cotel_sampler *sampler = NULL;
    snprintf(url, sizeof url, "http://127.0.0.1:%s", fault_server_port(server));
    if (options.endpoint == NULL)
        options.endpoint = url;
    assert_int_equal(cotel_jaeger_remote_sampler_create(&options, &sampler), COTEL_STATUS_OK);
    return sampler;
}

static inline cotel_sampler *sampler_of(const struct fault_server *server)
{
    return sampler_with(quick_options(), server);
}

static inline cotel_jaeger_remote_sampler_counts counts_of(const cotel_sampler *sampler)
{
    cotel_jaeger_remote_sampler_counts counts = {.size = sizeof counts};
    cotel_jaeger_remote_sampler_stats(sampler, &counts);
    return counts;
}

/* A root span with an id that only the whole takes. */
static inline bool asks_yes(cotel_sampler *sampler, const char *name)
{
    const cotel_span none = {.state = 0};
    cotel_sampling_parameters parameters = {
        .size = sizeof parameters,
        .parent_context = cotel_context_empty(),
        .parent = &none,
        .name = cotel_str_of(name),
    };
    memset(&parameters.trace_id, 0xff, sizeof parameters.trace_id);
    cotel_sampling_result result = {.size = sizeof result};
    sampler->ops->should_sample(sampler, &parameters, &result);
    return result.decision == COTEL_SAMPLING_RECORD_AND_SAMPLE;
}

/* Waits until the sampler decides so. */
static inline bool comes_to(cotel_sampler *sampler, const char *name, bool yes)
{
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (asks_yes(sampler, name) == yes)
            return true;
    }
    return false;
}

/* Waits until so many changes are counted: each is in force a moment before. */
static inline bool changes_reach(const cotel_sampler *sampler, uint64_t wanted)
{
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (counts_of(sampler).changes >= wanted)
            return true;
    }
    return false;
}

/* Waits until so many more polls have ended. */
static inline bool polls_more(const cotel_sampler *sampler, unsigned more)
{
    uint64_t wanted = counts_of(sampler).polls + more;
    for (uint64_t end = clock_ms() + PATIENCE_MS; clock_ms() < end; sleep_ms(5)) {
        if (counts_of(sampler).polls >= wanted)
            return true;
    }
    return false;
}

#endif
