/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/fork.h"
#include "sdk/metrics/meter_provider.h"
#include "sdk/metrics/scope_table.h"
#include "sdk/pipeline/runtime.h"

#include <string.h>

static uint64_t load(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void add_readers(const struct ct_meter_provider *provider, cotel_metric_counts *out)
{
    for (size_t i = 0; i < provider->reader_count; i++) {
        const cotel_metric_reader *reader = provider->readers[i];
        out->collections += load(&reader->collections);
        out->out_of_memory += load(&reader->lost);
        out->malformed_points += load(&reader->malformed);
    }
}

void cotel_metric_stats(cotel_meter_provider *base, cotel_metric_counts *out)
{
    if (out == NULL)
        return;
    cotel_metric_counts counts = {.size = out->size};
    ct_sdk_forked();
    if (base == NULL)
        base = cotel_meter_provider_global();
    const struct ct_meter_provider *provider = ct_meter_provider_of(base);
    if (provider != NULL && ct_meter_provider_is_there(provider)) {
        counts.instruments = load(&provider->counters.instruments);
        counts.series = load(&provider->counters.series);
        counts.overflowed = load(&provider->counters.overflowed);
        counts.refused = load(&provider->counters.refused);
        counts.out_of_memory = load(&provider->counters.out_of_memory);
        counts.lost_scopes = ct_scope_table_lost();
        add_readers(provider, &counts);
        counts.pipeline_count =
            ct_runtime_stats(provider->runtime, counts.pipelines, COTEL_PROVIDER_MAX_READERS);
    }
    memcpy(out, &counts, out->size < sizeof counts ? out->size : sizeof counts);
}
