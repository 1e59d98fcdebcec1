/* SPDX-License-Identifier: Apache-2.0 */
#include "sdk/metrics/aggregation_ops.h"

#include "sdk/metrics/exemplar/default_factory.h"
#include "sdk/metrics/series_point.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

/* ---- numbers: sums and last values ---- */

static cotel_exemplar_reservoir_factory number_reservoir(const struct ct_stream *stream)
{
    (void)stream;
    return ct_exemplar_factory_single();
}

static size_t number_size(const struct ct_stream *stream, const struct ct_snapshot *snapshot)
{
    (void)stream, (void)snapshot;
    return ct_field_fixed64_size(CT_NUMBER_POINT_DOUBLE);
}

static uint8_t *number_write(uint8_t *at, const struct ct_stream *stream,
                             const struct ct_snapshot *snapshot)
{
    uint32_t field = stream->is_double ? CT_NUMBER_POINT_DOUBLE : CT_NUMBER_POINT_INT;
    return ct_put_field_fixed64(at, field, (uint64_t)snapshot->value.integer); /* bits of either */
}

static const struct ct_aggregation_ops sum_ops = {
    .type = COTEL_METRIC_SUM,
    .attributes_field = CT_NUMBER_POINT_ATTRIBUTES,
    .exemplars_field = CT_NUMBER_POINT_EXEMPLARS,
    .reservoir = number_reservoir,
    .size = number_size,
    .write = number_write,
};

static const struct ct_aggregation_ops last_value_ops = {
    .type = COTEL_METRIC_GAUGE,
    .attributes_field = CT_NUMBER_POINT_ATTRIBUTES,
    .exemplars_field = CT_NUMBER_POINT_EXEMPLARS,
    .reservoir = number_reservoir,
    .size = number_size,
    .write = number_write,
};

/* ---- explicit buckets ---- */

/* Whether what is recorded may be below zero: then sums mean nothing beside buckets. */
static bool takes_negatives(const struct ct_stream *stream)
{
    return stream->kind != COTEL_INSTRUMENT_COUNTER && stream->kind != COTEL_INSTRUMENT_HISTOGRAM;
}

static size_t explicit_set_up(struct ct_stream *stream)
{
    const struct ct_resolved_aggregation *as = &stream->config.aggregation;
    stream->explicit_buckets = (struct ct_explicit_config){.boundaries = as->boundaries,
                                                           .count = as->boundary_count,
                                                           .min_max = as->record_min_max,
                                                           .sum = !takes_negatives(stream)};
    return ct_explicit_size(&stream->explicit_buckets);
}

static void explicit_init(const struct ct_stream *stream, unsigned char *state)
{
    ct_explicit_init((struct ct_explicit *)(void *)state, &stream->explicit_buckets);
}

static cotel_exemplar_reservoir_factory explicit_reservoir(const struct ct_stream *stream)
{
    return ct_exemplar_factory_explicit(&stream->explicit_buckets);
}

static size_t explicit_size(const struct ct_stream *stream, const struct ct_snapshot *snapshot)
{
    return ct_explicit_encoded_size((const struct ct_explicit *)snapshot->state.data,
                                    &stream->explicit_buckets);
}

static uint8_t *explicit_write(uint8_t *at, const struct ct_stream *stream,
                               const struct ct_snapshot *snapshot)
{
    return ct_explicit_write(at, (const struct ct_explicit *)snapshot->state.data,
                             &stream->explicit_buckets);
}

static const struct ct_aggregation_ops explicit_ops = {
    .type = COTEL_METRIC_HISTOGRAM,
    .attributes_field = CT_HISTOGRAM_POINT_ATTRIBUTES,
    .exemplars_field = CT_HISTOGRAM_POINT_EXEMPLARS,
    .set_up = explicit_set_up,
    .init = explicit_init,
    .reservoir = explicit_reservoir,
    .size = explicit_size,
    .write = explicit_write,
};

/* ---- exponential buckets ---- */

static size_t exponential_set_up(struct ct_stream *stream)
{
    const struct ct_resolved_aggregation *as = &stream->config.aggregation;
    bool negatives = takes_negatives(stream);
    stream->exponential = (struct ct_exponential_config){.max_buckets = as->max_buckets,
                                                         .max_scale = as->max_scale,
                                                         .min_max = as->record_min_max,
                                                         .sum = !negatives,
                                                         .negatives = negatives};
    return ct_exponential_size(&stream->exponential);
}

static void exponential_init(const struct ct_stream *stream, unsigned char *state)
{
    ct_exponential_init((struct ct_exponential *)(void *)state, &stream->exponential);
}

static cotel_exemplar_reservoir_factory exponential_reservoir(const struct ct_stream *stream)
{
    return ct_exemplar_factory_exponential(&stream->exponential);
}

static size_t exponential_size(const struct ct_stream *stream, const struct ct_snapshot *snapshot)
{
    return ct_exponential_encoded_size((const struct ct_exponential *)snapshot->state.data,
                                       &stream->exponential);
}

static uint8_t *exponential_write(uint8_t *at, const struct ct_stream *stream,
                                  const struct ct_snapshot *snapshot)
{
    return ct_exponential_write(at, (const struct ct_exponential *)snapshot->state.data,
                                &stream->exponential);
}

static const struct ct_aggregation_ops exponential_ops = {
    .type = COTEL_METRIC_EXPONENTIAL_HISTOGRAM,
    .attributes_field = CT_EXPONENTIAL_POINT_ATTRIBUTES,
    .exemplars_field = CT_EXPONENTIAL_POINT_EXEMPLARS,
    .set_up = exponential_set_up,
    .init = exponential_init,
    .reservoir = exponential_reservoir,
    .size = exponential_size,
    .write = exponential_write,
};

const struct ct_aggregation_ops *ct_aggregation_ops_of(cotel_aggregation_type type)
{
    switch (type) {
    case COTEL_AGGREGATION_SUM:
        return &sum_ops;
    case COTEL_AGGREGATION_EXPLICIT_BUCKET_HISTOGRAM:
        return &explicit_ops;
    case COTEL_AGGREGATION_EXPONENTIAL_HISTOGRAM:
        return &exponential_ops;
    default:
        return &last_value_ops;
    }
}
