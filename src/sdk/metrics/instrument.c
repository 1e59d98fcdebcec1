/* SPDX-License-Identifier: Apache-2.0 */
/* Registration: which instruments a meter has, and the streams of a new one.
 *
 * Everything here runs under the API's registry lock, one call at a time. Collectors follow the
 * lists of meters, instruments and streams without it: they are only appended to, by release stores
 * of what is complete. */
#include "sdk/metrics/instrument.h"

#include "sdk/diagnostics/held.h"
#include "sdk/metrics/view/identity.h"
#include "wire/str.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define COMPONENT "meter"

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

static bool has_same_advice(const struct ct_instrument_info *a, const struct ct_instrument_info *b)
{
    if ((a->boundaries == NULL) != (b->boundaries == NULL) ||
        a->boundary_count != b->boundary_count ||
        a->attribute_key_count != b->attribute_key_count ||
        (a->attribute_keys == NULL) != (b->attribute_keys == NULL))
        return false;
    for (size_t i = 0; i < a->boundary_count; i++) {
        if (a->boundaries[i] != b->boundaries[i])
            return false;
    }
    for (size_t i = 0; i < a->attribute_key_count; i++) {
        if (!ct_str_equal(a->attribute_keys[i], b->attribute_keys[i]))
            return false;
    }
    return true;
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

/* ---- what there is to say ---- */

static void tell_name(const struct ct_instrument_info *info)
{
    if (!ct_instrument_name_is_valid(info->name))
        cotel_diagnostics_report(COTEL_LOG_ERROR, COMPONENT,
                                 "\"%.*s\" is no name for an instrument", (int)info->name.size,
                                 info->name.data);
    if (!ct_instrument_unit_is_valid(info->unit))
        cotel_diagnostics_report(
            COTEL_LOG_ERROR, COMPONENT,
            "the unit of %.*s is longer than %d bytes or not ASCII, and is left out",
            (int)info->name.size, info->name.data, COTEL_INSTRUMENT_MAX_UNIT);
}

static void tell_case(const struct ct_sdk_instrument *first, const struct ct_instrument_info *info)
{
    if (!ct_str_equal(first->info.name, info->name))
        cotel_diagnostics_report(COTEL_LOG_ERROR, COMPONENT,
                                 "the instrument %.*s is called %.*s, as it was before",
                                 (int)info->name.size, info->name.data, (int)first->info.name.size,
                                 first->info.name.data);
}

static void tell_advice(const struct ct_sdk_instrument *first,
                        const struct ct_instrument_info *info)
{
    if (!has_same_advice(&first->info, info))
        cotel_diagnostics_report(COTEL_LOG_WARNING, COMPONENT,
                                 "the advice for %.*s differs from that of its first "
                                 "registration, which counts",
                                 (int)info->name.size, info->name.data);
}

static void tell_conflict(const struct ct_sdk_instrument *first)
{
    cotel_diagnostics_report(
        COTEL_LOG_WARNING, COMPONENT,
        "there are two instruments %.*s of one meter that differ in kind, unit or description: "
        "both are exported; a view may rename one of them",
        (int)first->info.name.size, first->info.name.data);
}

/* Two streams of a reader that a backend can't tell apart. Those of instruments that share a name
 * have been told already. */
static void tell_stream_conflict(const struct ct_sdk_instrument *instrument,
                                 const struct ct_stream *stream)
{
    const struct ct_sdk_instrument *other =
        atomic_load_explicit(&instrument->meter->first, memory_order_acquire);
    for (; other != NULL; other = next_of(other)) {
        for (size_t i = 0; i < other->stream_count; i++) {
            if (other->streams[i]->reader == stream->reader &&
                ct_instrument_name_equal(other->streams[i]->config.name, stream->config.name) &&
                !ct_instrument_name_equal(other->info.name, instrument->info.name)) {
                cotel_diagnostics_report(
                    COTEL_LOG_WARNING, COMPONENT, "%.*s and %.*s both give a stream called %.*s",
                    (int)other->info.name.size, other->info.name.data,
                    (int)instrument->info.name.size, instrument->info.name.data,
                    (int)stream->config.name.size, stream->config.name.data);
                return;
            }
        }
    }
}

/* ---- a new one ---- */

/* Of one instrument, for one reader; as the API has kept its advice. */
static size_t add_streams(struct ct_sdk_instrument *instrument, cotel_metric_reader *reader)
{
    struct ct_meter_provider *provider = instrument->meter->provider;
    static struct ct_stream_config configs[COTEL_MAX_VIEWS]; /* under the registry's lock */
    size_t count = ct_views_resolve(provider->views, &instrument->meter->scope, &instrument->info,
                                    &reader->options, configs, COTEL_MAX_VIEWS);
    struct ct_stream **streams = realloc(
        instrument->streams, (instrument->stream_count + count + 1) * sizeof(struct ct_stream *));
    if (streams == NULL)
        return 0;
    instrument->streams = streams;
    for (size_t i = 0; i < count; i++) {
        struct ct_stream_origin origin = {
            .config = &configs[i],
            .kind = instrument->info.kind,
            .is_double = instrument->info.is_double,
            .temporality = reader->options.temporality[instrument->info.kind],
            .reader = reader,
            .counters = &provider->counters,
            .keeps_exemplars = provider->exemplar_filter != COTEL_EXEMPLAR_FILTER_ALWAYS_OFF,
        };
        struct ct_stream *stream = ct_stream_create(&origin);
        if (stream == NULL)
            return i;
        tell_stream_conflict(instrument, stream);
        streams[instrument->stream_count++] = stream;
    }
    return count;
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
    for (size_t i = 0; i < provider->reader_count; i++)
        (void)add_streams(instrument, provider->readers[i]);
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
        tell_case(namesake, info);
        struct ct_sdk_instrument *same = find_same(namesake, info);
        if (same != NULL) {
            tell_advice(same, info);
            return same;
        }
        tell_conflict(namesake);
    }
    tell_name(info);
    struct ct_sdk_instrument *instrument = create(meter, info, namesake);
    if (instrument != NULL)
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
    (void)ct_fork_lock(&meter->provider->lock);
    ct_held_messages_move(&meter->provider->untold, &held);
    ct_fork_unlock(&meter->provider->lock);
    return instrument != NULL ? &instrument->impl : NULL;
}
