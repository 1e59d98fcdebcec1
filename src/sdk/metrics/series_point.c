/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/series_point.h"

#include "wire/field_numbers.h"
#include "wire/writer.h"

/* A tag of one byte and eight bytes. */
#define FIXED64_FIELD_SIZE ((size_t)9)

uint32_t ct_series_exemplars_field(const struct ct_stream *stream)
{
    switch (stream->config.aggregation.type) {
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return CT_HISTOGRAM_POINT_EXEMPLARS;
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return CT_EXPONENTIAL_POINT_EXEMPLARS;
    default:
        return CT_NUMBER_POINT_EXEMPLARS;
    }
}

static size_t own_size(const struct ct_stream *stream, const struct ct_snapshot *snapshot)
{
    switch (stream->config.aggregation.type) {
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return ct_explicit_encoded_size((const struct ct_explicit *)snapshot->state.data,
                                        &stream->explicit_buckets);
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return ct_exponential_encoded_size((const struct ct_exponential *)snapshot->state.data,
                                           &stream->exponential);
    default:
        return FIXED64_FIELD_SIZE;
    }
}

static uint8_t *put_own(uint8_t *at, const struct ct_stream *stream,
                        const struct ct_snapshot *snapshot)
{
    switch (stream->config.aggregation.type) {
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return ct_explicit_write(at, (const struct ct_explicit *)snapshot->state.data,
                                 &stream->explicit_buckets);
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return ct_exponential_write(at, (const struct ct_exponential *)snapshot->state.data,
                                    &stream->exponential);
    default:
        return ct_put_field_fixed64(
            at, stream->is_double ? CT_NUMBER_POINT_DOUBLE : CT_NUMBER_POINT_INT,
            (uint64_t)snapshot->value.integer); /* the bits of either */
    }
}

void ct_series_point_write(cotel_metric_writer *writer, const struct ct_stream *stream,
                           const struct ct_snapshot *snapshot)
{
    size_t size = snapshot->encoded.size + 2 * FIXED64_FIELD_SIZE + snapshot->exemplars.size +
                  own_size(stream, snapshot);
    uint8_t *at = ct_metric_writer_begin_point(writer, size);
    if (at == NULL)
        return;
    at = ct_put_bytes(at, snapshot->encoded.data, snapshot->encoded.size);
    at = ct_put_field_fixed64(at, CT_POINT_START_TIME, snapshot->start_unix_ns);
    at = ct_put_field_fixed64(at, CT_POINT_TIME, snapshot->time_unix_ns);
    at = put_own(at, stream, snapshot);
    (void)ct_put_bytes(at, snapshot->exemplars.data, snapshot->exemplars.size);
    ct_metric_writer_end_point(writer);
}
