/* SPDX-License-Identifier: Apache-2.0 */
/* Makes batches of metrics: the seam between whoever has points (the provider's streams, producers)
 * and whoever takes batches (exporters).
 *
 * Points are written to one buffer while their metric is open; when it is closed, its head and the
 * points become one Metric message of the current scope. When a batch is full in the middle of a
 * metric, the metric goes on in the next batch under the same head. What could not be kept for want
 * of memory is counted, and the rest is still right. One thread at a time. */
#ifndef COTEL_SRC_SDK_METRICS_WRITER_H
#define COTEL_SRC_SDK_METRICS_WRITER_H

#include <cotel/sdk/metric_data.h>
#include <cotel/sdk/metric_reader.h>

#include "base/buffer.h"

struct ct_metric_writer_options {
    cotel_resource *resource; /* a reference is taken for each batch */
    size_t max_points;        /* in a batch; 0: no limit. Batches but the last one are full */
    size_t max_bytes;         /* in a batch; 0: no limit. A single larger point goes alone */
    const cotel_metric_filter *filter; /* NULL: none */
    uint64_t time_unix_ns;             /* of points that have none */
    /* NULL, or memory to write to: taken while the writer lives, and given back grown, so that a
     * reader that collects again and again does not ask the kernel for it each time. */
    struct ct_buffer *room;
};

/* What was made, in order. */
struct ct_metric_batches {
    cotel_batch **items; /* each with a reference */
    size_t count;
};

/* NULL when memory is out. */
cotel_metric_writer *ct_metric_writer_create(const struct ct_metric_writer_options *options);

/* The scope of the metrics that follow; it lives for ever. Scopes may come back. */
void ct_metric_writer_set_scope(cotel_metric_writer *writer, const cotel_scope_view *scope);

/* (cotel_metric_writer_metric() begins a metric, and closes the one before.) */

/* Room for one point of the metric begun last: a data point message of exactly `size` bytes, which
 * the caller writes there and then calls ct_metric_writer_end_point(), where a filter may take it
 * away again. NULL: not wanted, or no memory (counted); then there is no end to call. */
uint8_t *ct_metric_writer_begin_point(cotel_metric_writer *writer, size_t size);
void ct_metric_writer_end_point(cotel_metric_writer *writer);

/* Points that were lost for want of memory, and what producers gave that was malformed (points, and
 * metrics whose points are left out), so far. */
uint64_t ct_metric_writer_lost(const cotel_metric_writer *writer);
uint64_t ct_metric_writer_malformed(const cotel_metric_writer *writer);

/* Closes what is open and hands the batches over; metrics without points are left out. */
void ct_metric_writer_finish(cotel_metric_writer *writer, struct ct_metric_batches *out);

/* Takes NULL. */
void ct_metric_writer_destroy(cotel_metric_writer *writer);

/* Gives the references back, and frees the list. */
void ct_metric_batches_fini(struct ct_metric_batches *batches);

#endif
