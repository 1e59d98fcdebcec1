/* SPDX-License-Identifier: Apache-2.0 */
/* A series as a point on the wire. */
#ifndef COTEL_SRC_SDK_METRICS_SERIES_POINT_H
#define COTEL_SRC_SDK_METRICS_SERIES_POINT_H

#include "base/buffer.h"
#include "sdk/metrics/stream.h"
#include "sdk/metrics/writer.h"

/* What a series had at one moment, copied under its lock. */
struct ct_snapshot {
    union {
        int64_t integer;
        double floating;
    } value;
    uint64_t start_unix_ns;
    uint64_t time_unix_ns;
    cotel_str encoded;          /* the attributes */
    struct ct_buffer exemplars; /* Exemplar messages, tagged for the point */
    struct ct_buffer state;     /* a histogram's */
};

/* Writes the point; nothing when the writer does not want it. */
void ct_series_point_write(cotel_metric_writer *writer, const struct ct_stream *stream,
                           const struct ct_snapshot *snapshot);

#endif
