/* SPDX-License-Identifier: Apache-2.0 */
/* Values that callbacks observe, into the streams of the reader that collects. */
#include "sdk/metrics/callback.h"
#include "sdk/metrics/measurement.h"

#include <stdlib.h>

/* Sets that differ in what a view leaves out, or are beyond the limit, add up to one total. */
static bool adds_up(const struct ct_stream *stream, const struct ct_series *series)
{
    return stream->config.aggregation.type == COTEL_AGGREGATION_SUM &&
           (stream->config.keys != NULL || series->overflow);
}

static void put(const struct ct_stream *stream, struct ct_series *series, union ct_number number,
                uint64_t collection)
{
    bool again = series->observed == collection;
    series->observed = collection;
    if (again && adds_up(stream, series))
        ct_series_add(stream, series, number);
    else
        series->value.integer = number.integer; /* the bits of either */
}

static void observe_set(struct ct_stream *stream, const struct ct_observation *observation,
                        union ct_number number, struct ct_attribute_set set,
                        const cotel_measurement *offered)
{
    struct ct_series *series = ct_stream_series(stream, set);
    if (series == NULL) {
        ct_metric_count(&stream->counters->out_of_memory, 1);
        return;
    }
    if (series->overflow)
        ct_metric_count(&stream->counters->overflowed, 1);
    if (offered != NULL)
        ct_series_prepare_exemplars(stream, series);
    ct_series_lock(series);
    /* What is observed is of the whole period, not of this moment. */
    if (series->start_unix_ns == 0)
        series->start_unix_ns = ct_stream_period_start(stream);
    if (!series->touched)
        ct_series_first_touch(series, offered);
    put(stream, series, number, observation->number);
    if (offered != NULL)
        ct_series_offer(stream, series, offered);
    ct_series_unlock(series);
}

static void observe_filtered(struct ct_stream *stream, const struct ct_observation *observation,
                             union ct_number number, struct ct_attribute_set set,
                             const cotel_measurement *offered)
{
    cotel_attribute *room = calloc(set.count + 1, sizeof *room);
    if (room == NULL) {
        ct_metric_count(&stream->counters->out_of_memory, 1);
        return;
    }
    size_t kept = ct_set_filter(set, stream->config.keys, room);
    observe_set(stream, observation, number, (struct ct_attribute_set){room, kept}, offered);
    free(room);
}

void ct_instrument_observe(struct ct_sdk_instrument *instrument,
                           const struct ct_observation *observation, union ct_number number,
                           struct ct_attribute_set set)
{
    cotel_measurement measurement;
    const cotel_measurement *offered = NULL;
    if (ct_observation_is_the_parents(observation))
        return;
    if (ct_measurement_is_sampled(instrument, NULL))
        offered = ct_measurement_fill(&measurement, instrument, number, set, NULL);
    for (size_t i = 0; i < instrument->stream_count; i++) {
        struct ct_stream *stream = instrument->streams[i];
        if (stream->reader != observation->reader || !ct_stream_takes(stream, number))
            continue;
        if (stream->config.keys == NULL)
            observe_set(stream, observation, number, set, offered);
        else
            observe_filtered(stream, observation, number, set, offered);
    }
}
