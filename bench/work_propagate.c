/* SPDX-License-Identifier: Apache-2.0 */
/* W5: writing a traceparent into a message, and reading one. */
#include "measure.h"
#include "report.h"
#include "works.h"

#include <cotel/propagation.h>
#include <cotel/trace.h>

static char written[64];

static void set(void *carrier, cotel_str key, cotel_str value)
{
    (void)key;
    memcpy(carrier, value.data, value.size < sizeof written ? value.size : sizeof written);
}

static cotel_str get(void *carrier, cotel_str key, size_t index)
{
    if (index != 0 || key.size != strlen("traceparent"))
        return cotel_str_n(NULL, 0);
    return cotel_str_n(carrier, 55);
}

static const cotel_setter setter = {.size = sizeof setter, .set = set};
static const cotel_getter getter = {.size = sizeof getter, .get = get};

static double inject_ns(const cotel_context *context, size_t count)
{
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_inject(context, &setter, written);
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / (double)count;
}

static double extract_ns(size_t count)
{
    uint64_t began = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (size_t i = 0; i < count; i++)
        cotel_context_unref(cotel_extract(cotel_context_empty(), &getter, written));
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - began) / (double)count;
}

static void measure(const struct effort *effort, const cotel_context *context,
                    const char *const names[2], const char *what)
{
    struct samples inject = {.count = 0}, extract = {.count = 0};
    for (size_t i = 0; i < effort->repeats; i++) {
        samples_add(&inject, inject_ns(context, effort->spans));
        samples_add(&extract, extract_ns(effort->spans));
    }
    report_add(names[0], samples_median(&inject), "ns", what, NULL);
    report_add(names[1], samples_median(&extract), "ns", what, NULL);
}

void work_propagate(const struct effort *effort)
{
    const char *const alone[] = {"w5_inject_ns", "w5_extract_ns"};
    const char *const both[] = {"w5b_inject_ns", "w5b_extract_ns"};
    cotel_span_context identity = cotel_span_context_none();
    memset(&identity.trace_id, 0x4b, sizeof identity.trace_id);
    memset(&identity.span_id, 0x7a, sizeof identity.span_id);
    identity.trace_flags = COTEL_TRACE_FLAG_SAMPLED;
    cotel_context *context = cotel_context_with_span_context(cotel_context_empty(), &identity);

    cotel_propagator_set_global(cotel_propagator_tracecontext());
    measure(effort, context, alone, "a traceparent written, and read");
    cotel_propagator_set_global(NULL);
    measure(effort, context, both, "the same by default: baggage is looked for");
    cotel_context_unref(context);
}
