/* SPDX-License-Identifier: Apache-2.0 */
/** @file metric_data.h
 *  Reading collected metrics, for exporters and tests; and writing them, for producers.
 *
 *  A collected metric is the bytes of an opentelemetry.proto.metrics.v1.Metric. What is here points
 *  into them: reading copies and allocates nothing, and is good as long as the bytes are.
 *
 *  Implements: metrics/data-model.md; metrics/sdk.md "MetricProducer".
 */
#ifndef COTEL_SDK_METRIC_DATA_H
#define COTEL_SDK_METRIC_DATA_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/span_view.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** What a metric's points are. The numbers are those of the fields of a Metric. */
typedef enum cotel_metric_type {
    COTEL_METRIC_GAUGE = 5,
    COTEL_METRIC_SUM = 7,
    COTEL_METRIC_HISTOGRAM = 9,
    COTEL_METRIC_EXPONENTIAL_HISTOGRAM = 10,
    COTEL_METRIC_SUMMARY = 11
} cotel_metric_type;

/** Since when sums count. The numbers are those of OTLP. */
typedef enum cotel_temporality {
    COTEL_TEMPORALITY_UNSPECIFIED = 0, /**< gauges and summaries have none */
    COTEL_TEMPORALITY_DELTA = 1,       /**< since the collection before */
    COTEL_TEMPORALITY_CUMULATIVE = 2   /**< since the beginning */
} cotel_temporality;

/** What a number is. */
typedef enum cotel_number_type {
    COTEL_NUMBER_NONE = 0,
    COTEL_NUMBER_INT = 1,
    COTEL_NUMBER_DOUBLE = 2
} cotel_number_type;

typedef struct cotel_number {
    cotel_number_type type;
    uint32_t reserved; /**< 0 */
    int64_t integer;   /**< of INT */
    double floating;   /**< of DOUBLE */
} cotel_number;

/** A metric: a name and points. Every text is borrowed. */
typedef struct cotel_metric_data {
    cotel_str name;
    cotel_str description;
    cotel_str unit;
    cotel_metric_type type;
    cotel_temporality temporality;
    bool is_monotonic; /**< of SUM */
    cotel_str bytes;   /**< of the whole Metric message */
    cotel_str points;  /**< what cotel_metric_data_points() walks */
} cotel_metric_data;

/** Counts of buckets, one for each index from `offset` on. */
typedef struct cotel_buckets_data {
    int32_t offset;
    uint32_t width;  /**< of a count in `bytes`: 8, or 0 for varints */
    size_t count;    /**< how many buckets */
    cotel_str bytes; /**< what cotel_buckets_next() walks */
} cotel_buckets_data;

/** One point. What a type does not have is zero. */
typedef struct cotel_point_data {
    uint64_t start_unix_ns;
    uint64_t time_unix_ns;
    uint32_t flags;
    cotel_number value; /**< of GAUGE and SUM */
    uint64_t count;     /**< of histograms and summaries: measurements */
    bool has_sum;
    bool has_min;
    bool has_max;
    double sum;
    double min;
    double max;
    size_t boundary_count;      /**< of HISTOGRAM */
    cotel_str boundaries;       /**< packed doubles; see cotel_point_data_boundary() */
    cotel_buckets_data buckets; /**< of HISTOGRAM, with an offset of 0: one more than boundaries */
    int32_t scale;              /**< of EXPONENTIAL_HISTOGRAM, as what follows */
    uint64_t zero_count;
    double zero_threshold;
    cotel_buckets_data positive;
    cotel_buckets_data negative;
    cotel_str bytes; /**< of the whole point; what the iterators walk */
} cotel_point_data;

/** A quantile of a summary. */
typedef struct cotel_quantile_data {
    double quantile;
    double value;
} cotel_quantile_data;

/** A measurement that stands for others. */
typedef struct cotel_exemplar_data {
    uint64_t time_unix_ns;
    cotel_number value;
    cotel_trace_id trace_id; /**< zeros: none */
    cotel_span_id span_id;
    cotel_str bytes; /**< what cotel_exemplar_data_attributes() walks */
} cotel_exemplar_data;

/* ---- reading: any thread; never blocks, never allocates. Since 0.1. ---- */

/** Reads the metric that `bytes` encode. @return false, with *out undefined, when they do not, or
 *  when its points are of no type above. */
COTEL_API bool cotel_metric_data_decode(cotel_str bytes, cotel_metric_data *out);

/** Steps through all metrics of a batch of metrics. `scope` may be NULL. @return false at the end,
 *  and for a batch of spans. */
COTEL_API bool cotel_batch_next_metric(const cotel_batch *batch, cotel_batch_cursor *cursor,
                                       cotel_metric_data *metric, const cotel_scope_view **scope);

/** The points of a metric, and the next of them; false at the end, or where the bytes are
 *  malformed. */
COTEL_API cotel_iterator cotel_metric_data_points(const cotel_metric_data *metric);
COTEL_API bool cotel_iterator_next_point(cotel_iterator *iterator, const cotel_metric_data *metric,
                                         cotel_point_data *out);

/** The attributes of a point (for cotel_iterator_next_attribute()), its exemplars, and the
 *  quantiles of a summary's. */
COTEL_API cotel_iterator cotel_point_data_attributes(const cotel_metric_data *metric,
                                                     const cotel_point_data *point);
COTEL_API cotel_iterator cotel_point_data_exemplars(const cotel_metric_data *metric,
                                                    const cotel_point_data *point);
COTEL_API bool cotel_iterator_next_exemplar(cotel_iterator *iterator, cotel_exemplar_data *out);
COTEL_API cotel_iterator cotel_exemplar_data_attributes(const cotel_exemplar_data *exemplar);
COTEL_API cotel_iterator cotel_point_data_quantiles(const cotel_point_data *point);
COTEL_API bool cotel_iterator_next_quantile(cotel_iterator *iterator, cotel_quantile_data *out);

/** The index-th boundary; 0 beyond the last. */
COTEL_API double cotel_point_data_boundary(const cotel_point_data *point, size_t index);

/** Steps through the counts of buckets; *at starts at 0. @return false at the end. */
COTEL_API bool cotel_buckets_next(const cotel_buckets_data *buckets, size_t *at, uint64_t *count);

/* ---- writing ---- */

/** What a metric is, to be written. Everything is copied. */
typedef struct cotel_metric_head {
    size_t size; /**< sizeof of this struct */
    cotel_str name;
    cotel_str description;
    cotel_str unit;
    cotel_metric_type type;
    cotel_temporality temporality; /**< of sums and histograms */
    bool is_monotonic;             /**< of SUM */
} cotel_metric_head;

/** Counts of buckets from `offset` on. */
typedef struct cotel_buckets {
    int32_t offset;
    size_t count;
    const uint64_t *counts;
} cotel_buckets;

/** An exemplar, to be written. */
typedef struct cotel_exemplar {
    uint64_t time_unix_ns;
    cotel_number value;
    cotel_trace_id trace_id; /**< zeros: none */
    cotel_span_id span_id;
    const cotel_attribute *attributes; /**< those that the point does not have */
    size_t attribute_count;
} cotel_exemplar;

/** A point, to be written. Which members count hangs on the metric's type. Everything is copied. */
typedef struct cotel_point {
    size_t size;            /**< sizeof of this struct */
    uint64_t start_unix_ns; /**< 0: unknown */
    uint64_t time_unix_ns;  /**< 0: when the collection began */
    uint32_t flags;
    const cotel_attribute *attributes;
    size_t attribute_count;
    cotel_number value;
    uint64_t count;
    bool has_sum;
    bool has_min;
    bool has_max;
    double sum;
    double min;
    double max;
    const double *boundaries;
    size_t boundary_count;
    const uint64_t *bucket_counts; /**< of HISTOGRAM: boundary_count + 1; NULL: none */
    int32_t scale;
    uint64_t zero_count;
    double zero_threshold;
    cotel_buckets positive;
    cotel_buckets negative;
    const cotel_quantile_data *quantiles;
    size_t quantile_count;
    const cotel_exemplar *exemplars;
    size_t exemplar_count;
} cotel_point;

/** Where metrics are written to. Borrowed from whoever collects, for the time of the call. */
typedef struct cotel_metric_writer cotel_metric_writer;

/** The metrics that follow are of this scope, given as a meter's would be; nothing: of an empty
 *  one. Not thread-safe, as all of a writer's functions. Since 0.1. */
COTEL_API void cotel_metric_writer_scope(cotel_metric_writer *writer, const char *name,
                                         const char *version, const char *schema_url,
                                         const cotel_attribute *attributes, size_t count);

/** The points that follow are of this metric.
 *  @return false when a filter does not want the metric, or when it is malformed (no such type, a
 *  sum or histogram without a temporality), which is counted: its points then may be left out, and
 *  are ignored. Since 0.1. */
COTEL_API bool cotel_metric_writer_metric(cotel_metric_writer *writer,
                                          const cotel_metric_head *metric);

/** One point of the metric begun last. Malformed ones are refused and counted: a value of no type,
 *  or below zero in a monotonic sum; boundaries that are not finite or do not ascend; counts of
 *  buckets whose sum is not `count`; a least value above the greatest one; a quantile outside 0 to
 *  1, or with a value below 0; a list that is NULL and not empty. Since 0.1. */
COTEL_API void cotel_metric_writer_point(cotel_metric_writer *writer, const cotel_point *point);

COTEL_END_DECLS

#endif
