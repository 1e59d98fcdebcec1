/* SPDX-License-Identifier: Apache-2.0 */
/** @file jaeger_remote.h
 *  Sampling by what a Jaeger or a Collector says, which is asked again and again
 *  (libcotel-jaeger-remote-sampler).
 *
 *  Implements: trace/sdk.md "JaegerRemoteSampler"; Jaeger's remote sampling API over HTTP and JSON.
 */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_H

#include <cotel/sdk/sampler.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Settings of the sampler. Texts are copied. */
typedef struct cotel_jaeger_remote_sampler_options {
    size_t size; /**< sizeof of this struct */
    /** Where strategies are asked for, without the parameter `service`; a URL without a path gets
     *  /sampling. User and password may be in it. Default http://localhost:5778/sampling */
    const char *endpoint;
    /** Whose strategy; default the service.name of cotel_resource_detect() */
    const char *service_name;
    /** Decides until there is a strategy; default TraceIdRatioBased{0.001000}. Taken over */
    cotel_sampler *initial_sampler;
    uint64_t polling_interval_ms; /**< from the begin of one poll to the next; default 60000 */
    uint64_t timeout_ms;          /**< for one poll; default 10000 */
    size_t max_operations;        /**< that are told apart; default 2000; 1 to 65536 */
    size_t max_response_bytes;    /**< a longer answer is a failure; default 1 MiB */
    /** Whether sampled spans get the attributes jaeger.sampler.type and jaeger.sampler.param, which
     *  the specification does not know; default false */
    bool adds_attributes;
} cotel_jaeger_remote_sampler_options;

/** Every default of cotel_jaeger_remote_sampler_options. */
#define COTEL_JAEGER_REMOTE_SAMPLER_OPTIONS_INIT                                           \
    {                                                                                      \
        sizeof(cotel_jaeger_remote_sampler_options), NULL, NULL, NULL, 60000, 10000, 2000, \
            1u << 20, false                                                                \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_jaeger_remote_sampler_options_init(
    cotel_jaeger_remote_sampler_options *options);

/** A sampler that follows the strategy of its service: a share of traces, as by trace id ratio; a
 *  number of traces a second; or, for each span name, a share with a number of traces a second that
 *  are sampled at least. It asks at once and then in every interval, on a thread of its own, with
 *  all signals blocked. An answer that cannot be used (no connection, silence, another HTTP status
 *  than 200, JSON that is no strategy, a share outside of 0 to 1) is told to diagnostics and
 *  counted, and the strategy stays. It decides over spans with a parent too: make it the root of a
 *  cotel_sampler_parent_based_create() to follow parents.
 *
 *  "JaegerRemoteSampler{endpoint:...,pollingIntervalMs:...,initialSampler:...}".
 *
 *  Deciding takes no lock and never waits. The first decision of a thread allocates, and so does
 *  the first one for a span name that the strategy does not name; without memory the span is
 *  dropped, or the strategy's default taken. Destroying waits for the thread, which leaves at once.
 *  In a forked child the last strategy holds, and the first decision starts a thread there.
 *  @param options NULL: all defaults. Takes the initial sampler over, on success only.
 *  @return OK, INVALID_ARGUMENT (a malformed URL, an initial sampler without should_sample, a
 * number that is out of range; an interval, timeout or size of 0; out is NULL), OUT_OF_MEMORY,
 *          SYSTEM_ERROR (no thread or descriptor). Reads what cotel_resource_detect() reads when no
 *          service is named; else never blocks. Since 0.1. */
COTEL_API cotel_status cotel_jaeger_remote_sampler_create(
    const cotel_jaeger_remote_sampler_options *options, cotel_sampler **out) COTEL_MUST_CHECK;

/** What became of the polls of this process. */
typedef struct cotel_jaeger_remote_sampler_counts {
    size_t size;       /**< sizeof of this struct, set by the caller */
    uint64_t polls;    /**< that have ended; polls = failures + changes + those without news */
    uint64_t failures; /**< without an answer that can be used */
    uint64_t changes;  /**< that brought another strategy */
} cotel_jaeger_remote_sampler_counts;

/** Fills *out as far as out->size goes; all zeros for a sampler of another kind, and for NULL. Any
 *  thread, as long as the sampler is not destroyed; never blocks. Since 0.1. */
COTEL_API void cotel_jaeger_remote_sampler_stats(const cotel_sampler *sampler,
                                                 cotel_jaeger_remote_sampler_counts *out);

COTEL_END_DECLS

#endif
