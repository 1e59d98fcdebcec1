/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/stats.h>

#include "sdk/fork.h"
#include "sdk/pipeline/runtime.h"
#include "sdk/provider/provider.h"
#include "sdk/provider/table.h"

#include <string.h>

static const char *const reason_names[] = {
#define REASON_NAME(NAME, name, text) name,
    COTEL_DROP_MAP(REASON_NAME)
#undef REASON_NAME
};

const char *cotel_drop_reason_name(cotel_drop_reason reason)
{
    return (unsigned)reason < COTEL_DROP_REASONS ? reason_names[reason] : "unknown";
}

static void fill_from_threads(const struct ct_provider *provider, cotel_sdk_counts *out)
{
    struct ct_counter_sums own, nobody;
    ct_thread_sum_counters(provider->index, &own);
    ct_thread_sum_counters(CT_COUNTERS_OF_NOBODY, &nobody);
    out->started = own.started;
    out->unsampled = own.unsampled;
    out->refused = own.refused;
    out->live = own.slots_taken - own.slots_released;
    out->ended = own.ended;
    out->dropped_attributes = own.dropped_attributes;
    out->dropped_events = own.dropped_events;
    out->dropped_links = own.dropped_links;
    out->out_of_memory = own.out_of_memory;
    out->stale_handles = nobody.stale_handles;
    out->inherited = nobody.inherited;
    out->after_shutdown = nobody.after_shutdown;
    out->live_bytes = atomic_load_explicit(&provider->memory.used, memory_order_relaxed);
}

void cotel_sdk_stats(cotel_tracer_provider *base, cotel_sdk_counts *out)
{
    if (out == NULL)
        return;
    cotel_sdk_counts counts = {.size = out->size};
    ct_sdk_forked();
    if (base == NULL)
        base = cotel_tracer_provider_global();
    const struct ct_provider *provider = ct_provider_of(base);
    if (provider != NULL && ct_provider_table_has(provider)) {
        fill_from_threads(provider, &counts);
        counts.pipeline_count =
            ct_runtime_stats(provider->runtime, counts.pipelines, COTEL_STATS_PIPELINES);
    }
    memcpy(out, &counts, out->size < sizeof counts ? out->size : sizeof counts);
}
