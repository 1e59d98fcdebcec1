/* SPDX-License-Identifier: Apache-2.0 */
/* What an aggregation makes of a series: how it begins, and what its points are on the wire. Only
 * recording is not here, which is inlined (record.h). */
#ifndef COTEL_SRC_SDK_METRICS_AGGREGATION_OPS_H
#define COTEL_SRC_SDK_METRICS_AGGREGATION_OPS_H

#include <cotel/sdk/exemplar.h>
#include <cotel/sdk/metric_data.h>
#include <cotel/sdk/view.h>

struct ct_snapshot;
struct ct_stream;

struct ct_aggregation_ops {
    cotel_metric_type type;
    uint32_t attributes_field; /* of a point */
    uint32_t exemplars_field;

    /* Sets up what all series of a stream have in common. @return the bytes of a series' state.
     * NULL, as `init`: there is no state. */
    size_t (*set_up)(struct ct_stream *stream);
    /* Of an empty series. */
    void (*init)(const struct ct_stream *stream, unsigned char *state);

    /* What makes reservoirs when nobody says so; it borrows the stream. */
    cotel_exemplar_reservoir_factory (*reservoir)(const struct ct_stream *stream);

    /* Those fields of a point that are the aggregation's. write() writes as much as size() says. */
    size_t (*size)(const struct ct_stream *stream, const struct ct_snapshot *snapshot);
    uint8_t *(*write)(uint8_t *at, const struct ct_stream *stream,
                      const struct ct_snapshot *snapshot);
};

/* Of an aggregation that was resolved: none but SUM, LAST_VALUE and the histograms. */
const struct ct_aggregation_ops *ct_aggregation_ops_of(cotel_aggregation_type type);

#endif
