/* SPDX-License-Identifier: Apache-2.0 */
/* Recording without a bound instrument: the series is looked up in each stream. */
#include "sdk/metrics/record.h"

#include "base/clock.h"
#include "sdk/metrics/exemplar/exemplars.h"
#include "sdk/metrics/instrument.h"
#include "sdk/metrics/measurement.h"
#include "sdk/provider/provider.h"

#include <stdlib.h>

/* ---- a series ---- */

/* It begins with its first measurement, which has a time already if it may become an exemplar. */
void ct_series_first_touch(struct ct_series *series, const cotel_measurement *offered)
{
    series->touched = true;
    if (series->start_unix_ns == 0)
        series->start_unix_ns =
            offered != NULL ? offered->time_unix_ns : ct_clock_fast_to_unix_ns(ct_clock_fast_ns());
}

void ct_series_prepare_exemplars(const struct ct_stream *stream, struct ct_series *series)
{
    struct ct_exemplars *none = NULL;
    if (stream->reservoir == NULL ||
        atomic_load_explicit(&series->exemplars, memory_order_relaxed) != NULL ||
        atomic_load_explicit(&series->no_exemplars, memory_order_relaxed))
        return;
    struct ct_exemplars *made = ct_exemplars_create(stream->reservoir, stream->config.keys != NULL);
    if (made == NULL)
        atomic_store_explicit(&series->no_exemplars, true, memory_order_relaxed);
    else if (!atomic_compare_exchange_strong_explicit(&series->exemplars, &none, made,
                                                      memory_order_release, memory_order_relaxed))
        ct_exemplars_destroy(made);
}

void ct_series_offer(const struct ct_stream *stream, struct ct_series *series,
                     const cotel_measurement *measurement)
{
    struct ct_exemplars *exemplars = atomic_load_explicit(&series->exemplars, memory_order_acquire);
    if (exemplars != NULL)
        ct_exemplars_offer(exemplars, measurement, stream->config.keys);
}

/* ---- a stream ---- */

static void lose(const struct ct_stream *stream)
{
    ct_metric_count(&stream->counters->out_of_memory, 1);
}

/* A series that has died meanwhile is looked up again. */
static void record_set(struct ct_stream *stream, union ct_number number,
                       struct ct_attribute_set set, const cotel_measurement *offered)
{
    struct ct_series *series;
    while ((series = ct_stream_series(stream, set)) != NULL) {
        if (CT_LIKELY(ct_series_record(stream, series, number, offered))) {
            if (CT_UNLIKELY(series->overflow))
                ct_metric_count(&stream->counters->overflowed, 1);
            return;
        }
        ct_stream_await_eviction(stream);
    }
    lose(stream);
}

static void record_filtered(struct ct_stream *stream, union ct_number number,
                            struct ct_attribute_set set, const cotel_measurement *offered)
{
    cotel_attribute few[CT_SET_PLAIN_MAX], *room = few;
    if (set.count > CT_SET_PLAIN_MAX && (room = calloc(set.count, sizeof *room)) == NULL) {
        lose(stream);
        return;
    }
    size_t kept = ct_set_filter(set, stream->config.keys, room);
    record_set(stream, number, (struct ct_attribute_set){room, kept}, offered);
    if (room != few)
        free(room);
}

static inline void record_stream(struct ct_stream *stream, union ct_number number,
                                 struct ct_attribute_set set, const cotel_measurement *offered)
{
    if (CT_UNLIKELY(!ct_stream_takes(stream, number)))
        return;
    if (CT_LIKELY(stream->config.keys == NULL))
        record_set(stream, number, set, offered);
    else
        record_filtered(stream, number, set, offered);
}

/* ---- an instrument ---- */

static inline void record(struct ct_sdk_instrument *instrument, union ct_number number,
                          struct ct_attribute_set set, const cotel_context *context)
{
    struct ct_thread *thread = ct_thread_self();
    if (CT_UNLIKELY(thread == NULL)) {
        ct_metric_count(&instrument->meter->provider->counters.out_of_memory, 1);
        return;
    }
    ct_provider_enter(thread);
    if (CT_LIKELY(ct_sdk_meter_is_on(instrument->meter))) {
        cotel_measurement measurement;
        const cotel_measurement *offered = NULL;
        if (CT_UNLIKELY(ct_measurement_is_sampled(instrument, context)))
            offered = ct_measurement_fill(&measurement, instrument, number, set, context);
        for (size_t i = 0; i < instrument->stream_count; i++)
            record_stream(instrument->streams[i], number, set, offered);
    }
    ct_provider_leave(thread);
}

static void record_int(struct ct_instrument_impl *impl, int64_t value,
                       const cotel_attribute *attributes, size_t count,
                       const cotel_context *context)
{
    struct ct_sdk_instrument *instrument = ct_sdk_instrument_of(impl);
    if (ct_int_is_legal(instrument, value))
        record(instrument, (union ct_number){.integer = value}, ct_set_of(attributes, count),
               context);
}

static void record_double(struct ct_instrument_impl *impl, double value,
                          const cotel_attribute *attributes, size_t count,
                          const cotel_context *context)
{
    struct ct_sdk_instrument *instrument = ct_sdk_instrument_of(impl);
    if (ct_double_is_legal(instrument, value))
        record(instrument, (union ct_number){.floating = value}, ct_set_of(attributes, count),
               context);
}

static bool enabled(const struct ct_instrument_impl *impl)
{
    const struct ct_sdk_instrument *instrument = (const struct ct_sdk_instrument *)impl;
    return instrument->stream_count != 0 && ct_sdk_meter_is_on(instrument->meter);
}

const struct ct_instrument_ops ct_sdk_instrument_ops = {
    .size = sizeof ct_sdk_instrument_ops,
    .record_int = record_int,
    .record_double = record_double,
    .enabled = enabled,
    .bind = ct_sdk_instrument_bind,
};
