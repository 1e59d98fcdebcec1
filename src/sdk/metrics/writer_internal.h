/* SPDX-License-Identifier: Apache-2.0 */
/* What a writer is. Metrics are written to one buffer, behind room for their heads; when a metric
 * is closed, its head goes right before its points, since only then the lengths are known. What is
 * left of the room is a gap, which copying the records into a batch leaves out. */
#ifndef COTEL_SRC_SDK_METRICS_WRITER_INTERNAL_H
#define COTEL_SRC_SDK_METRICS_WRITER_INTERNAL_H

#include "base/buffer.h"
#include "sdk/metrics/scope_groups.h"
#include "sdk/metrics/writer.h"
#include "sdk/pipeline/batch_metrics.h"

/* What becomes of points. */
enum ct_interest {
    CT_INTEREST_NO_METRIC, /* none was begun: they are malformed */
    CT_INTEREST_NONE,      /* they are ignored */
    CT_INTEREST_LOST,      /* there was no memory for their metric */
    CT_INTEREST_SOME,      /* each is asked for */
    CT_INTEREST_ALL
};

struct cotel_metric_writer {
    struct ct_metric_writer_options options;
    const cotel_scope_view *scope;
    uint64_t lost;
    uint64_t malformed;

    /* The metric begun last. */
    enum ct_interest interest;
    cotel_metric_data metric; /* a head alone; its texts are in `head` */
    struct ct_buffer head;    /* its name, description and unit as fields */

    /* Where it stands in the batch, once it has a point there. */
    bool is_placed;
    uint32_t group;
    size_t metric_at; /* where the room for its head begins */
    size_t metric_points;
    size_t point_size;   /* of the point that was begun, */
    size_t point_framed; /* and with its tag and length */

    /* The batch that is being made. */
    struct ct_buffer bytes;
    struct ct_scope_groups groups;
    struct ct_metric_record *records;
    size_t record_count;
    size_t record_capacity;
    size_t record_bytes;
    size_t batch_points;

    struct ct_metric_batches done;
    size_t done_capacity;
};

/* Makes a record of the metric begun last, if it has points in this batch. Further points of it
 * begin another record. */
void ct_metric_writer_close_metric(cotel_metric_writer *writer);

/* Makes a batch of what there is, if there is anything. */
void ct_metric_writer_close_batch(cotel_metric_writer *writer);

#endif
