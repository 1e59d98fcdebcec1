/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/series_point.h"

#include "wire/field_numbers.h"
#include "wire/writer.h"

/* A tag of one byte and eight bytes. */
#define FIXED64_FIELD_SIZE ((size_t)9)

void ct_series_point_write(cotel_metric_writer *writer, const struct ct_stream *stream,
                           const struct ct_snapshot *snapshot)
{
    size_t size = snapshot->encoded.size + 2 * FIXED64_FIELD_SIZE + snapshot->exemplars.size +
                  stream->aggregation->size(stream, snapshot);
    uint8_t *at = ct_metric_writer_begin_point(writer, size);
    if (at == NULL)
        return;
    at = ct_put_bytes(at, snapshot->encoded.data, snapshot->encoded.size);
    at = ct_put_field_fixed64(at, CT_POINT_START_TIME, snapshot->start_unix_ns);
    at = ct_put_field_fixed64(at, CT_POINT_TIME, snapshot->time_unix_ns);
    at = stream->aggregation->write(at, stream, snapshot);
    (void)ct_put_bytes(at, snapshot->exemplars.data, snapshot->exemplars.size);
    ct_metric_writer_end_point(writer);
}
