/* SPDX-License-Identifier: Apache-2.0 */
/* One measurement into one series. On the hot path of all recording, so it is inline. */
#ifndef COTEL_SRC_SDK_METRICS_RECORD_H
#define COTEL_SRC_SDK_METRICS_RECORD_H

#include "sdk/metrics/stream.h"

/* What is measured: an integer or, if the instrument is of doubles, a double. */
union ct_number {
    int64_t integer;
    double floating;
};

/* The first one of a period; the lock is held. */
void ct_series_first_touch(struct ct_series *series, const cotel_measurement *offered);

/* Offers what was measured as an exemplar; the lock is held. */
void ct_series_offer(const struct ct_stream *stream, struct ct_series *series,
                     const cotel_measurement *measurement);

/* Makes place for exemplars, without the lock. */
void ct_series_prepare_exemplars(const struct ct_stream *stream, struct ct_series *series);

/* Sums wrap around where integers end, as counters that are read elsewhere do. */
CT_ALWAYS_INLINE void ct_series_add(const struct ct_stream *stream, struct ct_series *series,
                                    union ct_number number)
{
    if (stream->is_double)
        series->value.floating += number.floating;
    else
        series->value.integer =
            (int64_t)((uint64_t)series->value.integer + (uint64_t)number.integer);
}

/* The lock is held. */
CT_ALWAYS_INLINE void ct_series_apply(const struct ct_stream *stream, struct ct_series *series,
                                      union ct_number number)
{
    double value = stream->is_double ? number.floating : (double)number.integer;
    switch (stream->config.aggregation.type) {
    case COTEL_AGGREGATION_SUM:
        ct_series_add(stream, series, number);
        break;
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        ct_explicit_record((struct ct_explicit *)series->state, &stream->explicit_buckets, value);
        break;
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        ct_exponential_record((struct ct_exponential *)series->state, &stream->exponential, value);
        break;
    default:
        series->value.integer = number.integer; /* the bits of either */
        break;
    }
}

/* Whether a value may go into the stream; counts those that may not. */
CT_ALWAYS_INLINE bool ct_stream_takes(const struct ct_stream *stream, union ct_number number)
{
    /* A difference with itself is 0 for what is finite, and nothing else. */
    if (CT_LIKELY(!stream->only_finite || number.floating - number.floating == 0))
        return true;
    ct_metric_count(&stream->counters->refused, 1);
    return false;
}

/* @return false: the series is dead, and nothing was recorded. `offered` is NULL when the
 * measurement is not to become an exemplar. */
CT_ALWAYS_INLINE bool ct_series_record(const struct ct_stream *stream, struct ct_series *series,
                                       union ct_number number, const cotel_measurement *offered)
{
    if (CT_UNLIKELY(offered != NULL))
        ct_series_prepare_exemplars(stream, series);
    ct_series_lock(series);
    if (CT_UNLIKELY(series->dead)) {
        ct_series_unlock(series);
        return false;
    }
    if (CT_UNLIKELY(!series->touched))
        ct_series_first_touch(series, offered);
    ct_series_apply(stream, series, number);
    if (CT_UNLIKELY(offered != NULL))
        ct_series_offer(stream, series, offered);
    ct_series_unlock(series);
    return true;
}

#endif
