/* SPDX-License-Identifier: Apache-2.0 */
/* Bound instruments: the series of each stream, found once.
 *
 * They keep their series, and the streams of these, as long as they live themselves, also beyond
 * their provider's end, where the series are marked as dead. So recording through one needs no mark
 * that its thread is inside, and is little more than the series' lock. */
#include "sdk/fork.h"
#include "sdk/metrics/instrument.h"
#include "sdk/metrics/measurement.h"
#include "sdk/metrics/record.h"
#include "sdk/provider/provider.h"
#include "wire/attribute_copy.h"

#include <stdlib.h>

struct ct_sdk_bound {
    struct ct_bound_impl impl;
    struct ct_sdk_instrument *instrument;
    _Atomic uint32_t epoch;      /* of the process that has used it last */
    struct ct_attribute_set set; /* all that it was bound with, for exemplars */
    size_t count;
    struct ct_bound_series {
        struct ct_stream *stream;
        struct ct_series *series;
    } entries[];
};

/* In a forked child the series start over before the first value comes. */
static void notice_fork(struct ct_sdk_bound *bound)
{
    ct_sdk_forked();
    atomic_store_explicit(&bound->epoch, ct_fork_epoch(), memory_order_relaxed);
}

/* A dead series is one whose provider is gone. */
static inline void record_entries(struct ct_sdk_bound *bound, union ct_number number,
                                  const cotel_measurement *offered)
{
    for (size_t i = 0; i < bound->count; i++) {
        struct ct_bound_series *entry = &bound->entries[i];
        if (ct_stream_takes(entry->stream, number) &&
            ct_series_record(entry->stream, entry->series, number, offered) &&
            CT_UNLIKELY(entry->series->overflow))
            ct_metric_count(&entry->stream->counters->overflowed, 1);
    }
}

/* A reservoir may have to be made, by what is the provider's: so this is marked. */
static void record_sampled(struct ct_sdk_bound *bound, union ct_number number,
                           const cotel_context *context)
{
    struct ct_thread *thread = ct_thread_self();
    if (thread == NULL) {
        record_entries(bound, number, NULL);
        return;
    }
    ct_provider_enter(thread);
    if (ct_sdk_meter_is_on(bound->instrument->meter)) {
        cotel_measurement measurement;
        record_entries(
            bound, number,
            ct_measurement_fill(&measurement, bound->instrument, number, bound->set, context));
    }
    ct_provider_leave(thread);
}

static inline void record(struct ct_sdk_bound *bound, union ct_number number,
                          const cotel_context *context)
{
    if (CT_UNLIKELY(atomic_load_explicit(&bound->epoch, memory_order_relaxed) != ct_fork_epoch()))
        notice_fork(bound);
    if (CT_UNLIKELY(!ct_sdk_meter_is_on(bound->instrument->meter)))
        return;
    if (CT_UNLIKELY(ct_measurement_is_sampled(bound->instrument, context)))
        record_sampled(bound, number, context);
    else
        record_entries(bound, number, NULL);
}

static void record_int(struct ct_bound_impl *impl, int64_t value, const cotel_context *context)
{
    struct ct_sdk_bound *bound = (struct ct_sdk_bound *)impl;
    if (ct_int_is_legal(bound->instrument, value))
        record(bound, (union ct_number){.integer = value}, context);
}

static void record_double(struct ct_bound_impl *impl, double value, const cotel_context *context)
{
    struct ct_sdk_bound *bound = (struct ct_sdk_bound *)impl;
    if (ct_double_is_legal(bound->instrument, value))
        record(bound, (union ct_number){.floating = value}, context);
}

static void release(struct ct_bound_impl *impl)
{
    struct ct_sdk_bound *bound = (struct ct_sdk_bound *)impl;
    for (size_t i = 0; i < bound->count; i++)
        ct_stream_unbind(bound->entries[i].stream, bound->entries[i].series);
    free((void *)(uintptr_t)bound->set.items);
    free(bound);
}

static const struct ct_bound_ops bound_ops = {
    .size = sizeof bound_ops,
    .record_int = record_int,
    .record_double = record_double,
    .release = release,
};

/* ---- binding ---- */

static struct ct_series *find_series(struct ct_stream *stream, struct ct_attribute_set set)
{
    if (stream->config.keys == NULL)
        return ct_stream_bind(stream, set);
    cotel_attribute *room = calloc(set.count + 1, sizeof *room);
    if (room == NULL)
        return NULL;
    size_t kept = ct_set_filter(set, stream->config.keys, room);
    struct ct_series *series = ct_stream_bind(stream, (struct ct_attribute_set){room, kept});
    free(room);
    return series;
}

static struct ct_sdk_bound *create(struct ct_sdk_instrument *instrument,
                                   struct ct_attribute_set set)
{
    struct ct_sdk_bound *bound =
        calloc(1, sizeof *bound + instrument->stream_count * sizeof bound->entries[0]);
    if (bound == NULL)
        return NULL;
    bound->set.items = ct_attributes_copy(set.items, set.count, &bound->set.count);
    if (bound->set.items == NULL) {
        free(bound);
        return NULL;
    }
    bound->impl.ops = &bound_ops;
    bound->instrument = instrument;
    atomic_init(&bound->epoch, ct_fork_epoch());
    return bound;
}

static bool fill(struct ct_sdk_bound *bound)
{
    struct ct_sdk_instrument *instrument = bound->instrument;
    for (; bound->count < instrument->stream_count; bound->count++) {
        struct ct_stream *stream = instrument->streams[bound->count];
        struct ct_series *series = find_series(stream, bound->set);
        if (series == NULL)
            return false;
        bound->entries[bound->count] = (struct ct_bound_series){stream, series};
    }
    return true;
}

/* NULL when memory is out. */
static struct ct_sdk_bound *bind(struct ct_sdk_instrument *instrument, struct ct_attribute_set set)
{
    struct ct_thread *thread = ct_thread_self();
    struct ct_sdk_bound *bound = thread != NULL ? create(instrument, set) : NULL;
    if (bound == NULL)
        return NULL;
    ct_provider_enter(thread);
    bool filled = fill(bound);
    ct_provider_leave(thread);
    if (filled)
        return bound;
    release(&bound->impl);
    return NULL;
}

struct ct_bound_impl *ct_sdk_instrument_bind(struct ct_instrument_impl *impl,
                                             const cotel_attribute *attributes, size_t count)
{
    struct ct_sdk_instrument *instrument = ct_sdk_instrument_of(impl);
    struct ct_sdk_bound *bound = bind(instrument, ct_set_of(attributes, count));
    if (bound != NULL)
        return &bound->impl;
    ct_metric_count(&instrument->meter->provider->counters.out_of_memory, 1);
    return NULL;
}
