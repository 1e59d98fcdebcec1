/* SPDX-License-Identifier: Apache-2.0 */
/* The sampler: what the provider calls. */
#include "exporters/net/clock.h"
#include "exporters/net/library.h"
#include "samplers/jaeger_remote/poller.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double default_ratio = 0.001; /* as the other implementations have it */

struct remote_sampler {
    cotel_sampler base;
    cotel_sampler *initial;
    char *description;
    struct ct_jaeger_config config;
    struct ct_jaeger_board board;
    struct ct_jaeger_poller poller;
    cotel_diagnostics_limit memory_limit;
};

static void should_sample(cotel_sampler *self, const cotel_sampling_parameters *parameters,
                          cotel_sampling_result *result)
{
    struct remote_sampler *sampler = (struct remote_sampler *)self;
    if (!ct_jaeger_poller_is_started(&sampler->poller))
        (void)ct_jaeger_poller_start(&sampler->poller); /* it tells what is wrong */
    struct ct_jaeger_rules *rules = ct_jaeger_board_use(&sampler->board);
    if (rules == NULL) {
        cotel_diagnostics_limited(&sampler->memory_limit, COTEL_LOG_ERROR, CT_JAEGER_COMPONENT,
                                  "memory is out; spans of this thread are dropped");
        return; /* the result comes filled with DROP */
    }
    uint64_t now_ns = ct_jaeger_rules_have_limits(rules) ? ct_net_now_ns() : 0;
    ct_jaeger_rules_decide(rules, parameters, result, now_ns);
}

static const char *description(const cotel_sampler *self)
{
    return ((const struct remote_sampler *)self)->description;
}

static void destroy(cotel_sampler *self)
{
    struct remote_sampler *sampler = (struct remote_sampler *)self;
    if (!ct_jaeger_poller_stop(&sampler->poller))
        return; /* its own thread destroys it: it is leaked */
    ct_jaeger_poller_fini(&sampler->poller);
    ct_jaeger_board_fini(&sampler->board);
    cotel_sampler_destroy(sampler->initial);
    ct_jaeger_config_fini(&sampler->config);
    free(sampler->description);
    free(sampler);
}

static const cotel_sampler_ops ops = {
    .size = sizeof ops,
    .should_sample = should_sample,
    .description = description,
    .destroy = destroy,
};

void cotel_jaeger_remote_sampler_stats(const cotel_sampler *self,
                                       cotel_jaeger_remote_sampler_counts *out)
{
    if (out == NULL || out->size < sizeof out->size)
        return;
    cotel_jaeger_remote_sampler_counts counts = {.size = out->size};
    if (self != NULL && self->ops == &ops) {
        const struct ct_jaeger_poller *poller = &((const struct remote_sampler *)self)->poller;
        /* Relaxed: sums, of which no other thing depends. */
        counts.polls = atomic_load_explicit(&poller->polls, memory_order_relaxed);
        counts.failures = atomic_load_explicit(&poller->failures, memory_order_relaxed);
        counts.changes = atomic_load_explicit(&poller->changes, memory_order_relaxed);
    }
    memcpy(out, &counts, out->size < sizeof counts ? out->size : sizeof counts);
}

/* ---- making one ---- */

static bool is_usable(const cotel_sampler *sampler)
{
    const size_t needed =
        offsetof(cotel_sampler_ops, should_sample) + sizeof sampler->ops->should_sample;
    return sampler->ops != NULL && sampler->ops->size >= needed &&
           sampler->ops->should_sample != NULL;
}

static const char *describe_initial(const cotel_sampler *initial)
{
    const size_t needed =
        offsetof(cotel_sampler_ops, description) + sizeof initial->ops->description;
    const char *text = NULL;
    if (initial->ops->size >= needed && initial->ops->description != NULL)
        text = initial->ops->description(initial);
    return text != NULL ? text : "Unnamed";
}

static bool describe(struct remote_sampler *sampler)
{
    int size =
        asprintf(&sampler->description,
                 "JaegerRemoteSampler{endpoint:%s,pollingIntervalMs:%" PRIu64 ",initialSampler:%s}",
                 sampler->config.endpoint.shown, sampler->config.interval_ms,
                 describe_initial(sampler->initial));
    if (size >= 0)
        return true;
    sampler->description = NULL; /* it is undefined now */
    return false;
}

static cotel_status assemble(struct remote_sampler *sampler)
{
    struct ct_jaeger_rules *first = ct_jaeger_rules_of_sampler(sampler->initial);
    if (first == NULL || !describe(sampler) || !ct_jaeger_board_init(&sampler->board, first)) {
        ct_jaeger_rules_destroy(first);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    if (!ct_jaeger_poller_init(&sampler->poller, &sampler->config, &sampler->board)) {
        ct_jaeger_board_fini(&sampler->board);
        return COTEL_STATUS_OUT_OF_MEMORY;
    }
    if (ct_jaeger_poller_start(&sampler->poller))
        return COTEL_STATUS_OK;
    ct_jaeger_poller_fini(&sampler->poller);
    ct_jaeger_board_fini(&sampler->board);
    return COTEL_STATUS_SYSTEM_ERROR;
}

/* Of valid options; their initial sampler is there. */
static cotel_status create(const cotel_jaeger_remote_sampler_options *options, cotel_sampler **out)
{
    struct remote_sampler *sampler = calloc(1, sizeof *sampler);
    if (sampler == NULL)
        return COTEL_STATUS_OUT_OF_MEMORY;
    sampler->base.ops = &ops;
    sampler->initial = options->initial_sampler;
    cotel_status status = ct_jaeger_config_init(&sampler->config, options);
    if (status == COTEL_STATUS_OK)
        status = assemble(sampler);
    if (status == COTEL_STATUS_OK) {
        *out = &sampler->base;
        return status;
    }
    ct_jaeger_config_fini(&sampler->config);
    free(sampler->description);
    free(sampler);
    return status;
}

cotel_status cotel_jaeger_remote_sampler_create(const cotel_jaeger_remote_sampler_options *given,
                                                cotel_sampler **out)
{
    cotel_jaeger_remote_sampler_options options;
    if (out == NULL || !ct_jaeger_options_complete(given, &options))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (options.initial_sampler != NULL && !is_usable(options.initial_sampler))
        return COTEL_STATUS_INVALID_ARGUMENT;
    if (!ct_http_library_start())
        return COTEL_STATUS_SYSTEM_ERROR;
    bool is_own = options.initial_sampler == NULL;
    cotel_status status = COTEL_STATUS_OK;
    if (is_own)
        status = cotel_sampler_trace_id_ratio_create(default_ratio, &options.initial_sampler);
    if (status != COTEL_STATUS_OK)
        return status;
    status = create(&options, out);
    if (status != COTEL_STATUS_OK && is_own)
        cotel_sampler_destroy(options.initial_sampler);
    return status;
}
