/* SPDX-License-Identifier: Apache-2.0 */
/* Registration: which instruments a meter has, and the streams of a new one.
 *
 * Everything here runs under the API's registry lock, one call at a time. Collectors follow the
 * lists of meters, instruments and streams without it: they are only appended to, by release stores
 * of what is complete. */
#include "sdk/metrics/instrument.h"

#include "sdk/diagnostics/held.h"
#include "sdk/metrics/instrument_report.h"
#include "sdk/metrics/view/identity.h"
#include "wire/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- the same, or another one ---- */

static struct ct_sdk_instrument *next_of(const struct ct_sdk_instrument *instrument)
{
    return atomic_load_explicit(&instrument->next, memory_order_acquire);
}

static struct ct_sdk_instrument *find_by_name(const struct ct_sdk_meter *meter, cotel_str name)
{
    struct ct_sdk_instrument *instrument =
        atomic_load_explicit(&meter->first, memory_order_acquire);
    while (instrument != NULL && !ct_instrument_name_equal(instrument->info.name, name))
        instrument = next_of(instrument);
    return instrument;
}

/* All that identifies an instrument, but for its name. */
static bool is_same(const struct ct_instrument_info *a, const struct ct_instrument_info *b)
{
    return a->kind == b->kind && a->is_double == b->is_double && ct_str_equal(a->unit, b->unit) &&
           ct_str_equal(a->description, b->description);
}

static struct ct_sdk_instrument *find_same(struct ct_sdk_instrument *named,
                                           const struct ct_instrument_info *info)
{
    for (; named != NULL; named = next_of(named)) {
        if (ct_instrument_name_equal(named->info.name, info->name) && is_same(&named->info, info))
            return named;
    }
    return NULL;
}

/* ---- a new one ---- */

static bool is_same_aggregation(const struct ct_resolved_aggregation *a,
                                const struct ct_resolved_aggregation *b)
{
    if (a->type != b->type || a->boundary_count != b->boundary_count ||
        a->record_min_max != b->record_min_max || a->max_buckets != b->max_buckets ||
        a->max_scale != b->max_scale)
        return false;
    for (size_t i = 0; i < a->boundary_count; i++) {
        if (a->boundaries[i] != b->boundaries[i])
            return false;
    }
    return true;
}

/* Filters that are the same are one: the views keep each once. */
static bool is_same_stream(const struct ct_stream *stream, const struct ct_stream_origin *origin)
{
    const struct ct_stream_config *a = &stream->config, *b = origin->config;
    return stream->reader == origin->reader && stream->kind == origin->kind &&
           stream->is_double == origin->is_double && ct_instrument_name_equal(a->name, b->name) &&
           ct_str_equal(a->unit, b->unit) && ct_str_equal(a->description, b->description) &&
           a->keys == b->keys && a->reservoir == b->reservoir &&
           a->cardinality_limit == b->cardinality_limit &&
           is_same_aggregation(&a->aggregation, &b->aggregation);
}

/* Instruments of one name that differ in what a view makes equal, as their descriptions, are one
 * stream: a backend could not tell two apart. NULL: there is none. */
static struct ct_stream *find_stream(const struct ct_stream_origin *origin)
{
    const struct ct_sdk_instrument *instrument = origin->owner;
    const struct ct_sdk_instrument *other = find_by_name(instrument->meter, instrument->info.name);
    for (; other != NULL; other = next_of(other)) {
        for (size_t i = 0; i < other->stream_count; i++) {
            if (ct_instrument_name_equal(other->info.name, instrument->info.name) &&
                is_same_stream(other->streams[i], origin))
                return other->streams[i];
        }
    }
    return NULL;
}

static struct ct_stream *get_stream(const struct ct_stream_origin *origin)
{
    struct ct_stream *stream = find_stream(origin);
    if (stream == NULL)
        return ct_stream_create(origin);
    atomic_fetch_add_explicit(&stream->references, 1, memory_order_relaxed);
    return stream;
}

/* @return false when memory is out. */
static bool add_stream(struct ct_sdk_instrument *instrument, const cotel_metric_reader *reader,
                       const struct ct_stream_config *config)
{
    struct ct_meter_provider *provider = instrument->meter->provider;
    struct ct_stream_origin origin = {
        .owner = instrument,
        .config = config,
        .kind = instrument->info.kind,
        .is_double = instrument->info.is_double,
        .temporality = reader->options.temporality[instrument->info.kind],
        .reader = reader,
        .counters = &provider->counters,
        .keeps_exemplars = provider->exemplar_filter != COTEL_EXEMPLAR_FILTER_ALWAYS_OFF,
    };
    struct ct_stream *stream = get_stream(&origin);
    if (stream == NULL)
        return false;
    instrument->streams[instrument->stream_count++] = stream;
    return true;
}

/* Of one instrument, for one reader. @return false when memory is out: some may be missing. */
static bool add_streams(struct ct_sdk_instrument *instrument, const cotel_metric_reader *reader)
{
    static struct ct_stream_config configs[COTEL_MAX_VIEWS]; /* under the registry's lock */
    size_t count = ct_views_resolve(instrument->meter->provider->views, &instrument->meter->scope,
                                    &instrument->info, &reader->options, configs, COTEL_MAX_VIEWS);
    struct ct_stream **streams = realloc(
        instrument->streams, (instrument->stream_count + count + 1) * sizeof(struct ct_stream *));
    if (streams == NULL)
        return false;
    instrument->streams = streams;
    for (size_t i = 0; i < count; i++) {
        if (!add_stream(instrument, reader, &configs[i]))
            return false;
    }
    return true;
}

static struct ct_sdk_instrument *create(struct ct_sdk_meter *meter,
                                        const struct ct_instrument_info *info,
                                        const struct ct_sdk_instrument *namesake)
{
    struct ct_meter_provider *provider = meter->provider;
    struct ct_sdk_instrument *instrument = calloc(1, sizeof *instrument);
    if (instrument == NULL)
        return NULL;
    instrument->impl.ops = &ct_sdk_instrument_ops;
    instrument->meter = meter;
    instrument->info = *info;
    if (namesake != NULL)
        instrument->info.name = namesake->info.name;
    if (!ct_instrument_unit_is_valid(info->unit))
        instrument->info.unit = cotel_str_n(NULL, 0);
    instrument->refuses_negatives =
        info->kind == COTEL_INSTRUMENT_COUNTER || info->kind == COTEL_INSTRUMENT_HISTOGRAM;
    for (size_t i = 0; i < provider->reader_count; i++) {
        if (!add_streams(instrument, provider->readers[i]))
            ct_metric_count(&provider->counters.out_of_memory, 1);
    }
    return instrument;
}

static void append(struct ct_sdk_meter *meter, struct ct_sdk_instrument *instrument)
{
    if (meter->last != NULL)
        atomic_store_explicit(&meter->last->next, instrument, memory_order_release);
    else
        atomic_store_explicit(&meter->first, instrument, memory_order_release);
    meter->last = instrument;
    ct_metric_count(&meter->provider->counters.instruments, 1);
}

static struct ct_sdk_instrument *get(struct ct_sdk_meter *meter,
                                     const struct ct_instrument_info *info)
{
    struct ct_sdk_instrument *namesake = find_by_name(meter, info->name);
    if (namesake != NULL) {
        ct_instrument_report_case(namesake, info);
        struct ct_sdk_instrument *same = find_same(namesake, info);
        if (same != NULL) {
            ct_instrument_report_advice(same, info);
            return same;
        }
    }
    ct_instrument_report_faults(info);
    struct ct_sdk_instrument *instrument = create(meter, info, namesake);
    if (instrument == NULL)
        return NULL;
    ct_instrument_report_conflict(instrument);
    append(meter, instrument);
    return instrument;
}

struct ct_instrument_impl *ct_sdk_instrument_get(struct ct_meter_impl *impl,
                                                 const struct ct_instrument_info *info)
{
    struct ct_sdk_meter *meter = (struct ct_sdk_meter *)impl;
    struct ct_held_messages held;
    bool holds = ct_diagnostics_hold(&held);
    struct ct_sdk_instrument *instrument = get(meter, info);
    if (holds)
        ct_diagnostics_let_go();
    if (instrument == NULL)
        ct_metric_count(&meter->provider->counters.out_of_memory, 1);
    (void)ct_fork_lock(&meter->provider->lock);
    ct_held_messages_move(&meter->provider->untold, &held);
    ct_fork_unlock(&meter->provider->lock);
    return instrument != NULL ? &instrument->impl : NULL;
}
