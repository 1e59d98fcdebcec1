/* SPDX-License-Identifier: Apache-2.0 */
/** @file prom.h
 *  Metrics as the client libraries of Prometheus have them (libcotel-prometheus).
 *
 *      cotel_prom_registry *registry = NULL;
 *      cotel_prom_start(NULL, &registry);
 *      const char *const labels[] = {"method", "code"};
 *      cotel_prom_counter_vec *requests = cotel_prom_counter_vec_get(
 *          registry, "http_requests_total", "Requests that were answered.", labels, 2);
 *      cotel_prom_counter *ok =
 *          cotel_prom_counter_with(requests, COTEL_PROM_VALUES("GET", "200"));
 *      cotel_prom_counter_inc(ok);
 *
 *  Below it is the SDK: counters, gauges and histograms are instruments of a meter, so OTLP gets
 *  them too, views hold for them, and an exemplar points to the span that was current. Summaries
 *  are made here.
 *
 *  A metric is made once for each name; a child, its values for one set of label values, is found
 *  again by these. Keep the child: recording into it takes some nanoseconds.
 *
 *  What client libraries panic about is told to diagnostics, and gives NULL. Everything here takes
 *  NULL, and does nothing then, so nothing has to be checked. All of it may be called from any
 *  thread, several at a time, but for what ends a registry. Since 0.1.
 *
 *  Names and labels are those of Prometheus' data model and come out as they are written, but for
 *  two things that are told: a counter's name gets the `_total` that OpenMetrics asks for where it
 *  has none, and runs of underscores become one.
 */
#ifndef COTEL_PROM_H
#define COTEL_PROM_H

#include <cotel/metrics.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/* ---- registries --------------------------------------------------------------------------- */

/** Metrics with a beginning of their names and labels in common. */
typedef struct cotel_prom_registry cotel_prom_registry;

/** cotel/exporters/prometheus.h has these. */
struct cotel_prometheus_exporter;
struct cotel_prometheus_options;

/** cotel/sdk/metric_reader.h has it. */
struct cotel_metric_producer;

/** A label that all metrics of a registry have. */
typedef struct cotel_prom_label {
    const char *name;
    const char *value;
} cotel_prom_label;

/** Settings of a registry. Everything is copied. */
typedef struct cotel_prom_options {
    size_t size; /**< sizeof of this struct */
    /** Before every name, with an underscore: "shop" makes shop_orders_total of orders_total. What
     *  client libraries call namespace and subsystem, in one. NULL or empty: nothing. */
    const char *name_prefix;
    const cotel_prom_label *labels; /**< of all metrics; default none */
    size_t label_count;
    uint32_t max_children;  /**< of a metric. Label values beyond share one child, whose only label
                                 is otel_metric_overflow="true", which is told. 1 to
                                 COTEL_PROM_MAX_CHILDREN; default 2000, as the SDK's limit, which
                                 views set */
    const char *meter_name; /**< the scope of the instruments; NULL: "cotel.prom" */
    /** For cotel_prom_start(): what its exporter does. NULL: all defaults, but for scope_labels,
     *  which client libraries do not have. */
    const struct cotel_prometheus_options *exporter;
} cotel_prom_options;

/** The most that max_children may be. */
#define COTEL_PROM_MAX_CHILDREN 1000000

/** The most labels of a metric, those of its registry included. */
#define COTEL_PROM_MAX_LABELS 64

/** The most metrics of a registry. */
#define COTEL_PROM_MAX_METRICS 4096

/** Every default of cotel_prom_options. */
#define COTEL_PROM_OPTIONS_INIT                                     \
    {                                                               \
        sizeof(cotel_prom_options), NULL, NULL, 0, 2000, NULL, NULL \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_prom_options_init(cotel_prom_options *options);

/** All that a program needs: a registry, and if there is no global meter provider, one with an
 *  exporter that Prometheus reads from (127.0.0.1:9464/metrics), which becomes global. If there is
 *  one, this is cotel_prom_registry_create(), and nothing is listened to. So several parts of a
 *  program may each start a registry of their own.
 *  @param options NULL: all defaults.
 *  @param out gets it, yours to destroy; NULL on failure.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, a prefix or label that Prometheus does
 *          not allow, a number out of range, what cotel_prometheus_exporter_create() refuses, out
 * is NULL); OUT_OF_MEMORY; SYSTEM_ERROR; LIMIT_REACHED. Blocks as
 *          cotel_prometheus_exporter_create() does. Not two calls at a time. Since 0.1. */
COTEL_API cotel_status cotel_prom_start(const cotel_prom_options *options,
                                        cotel_prom_registry **out);

/** A registry over the global provider, which may be set before or after. For summaries, a reader
 *  of it needs cotel_prom_producer_create(NULL). Never blocks.
 *  @return as cotel_prom_start(). Since 0.1. */
COTEL_API cotel_status cotel_prom_registry_create(const cotel_prom_options *options,
                                                  cotel_prom_registry **out) COTEL_MUST_CHECK;

/** Puts a registry that has no metrics yet over a provider that is not the global one, and outlives
 *  it. For summaries, a reader of it needs cotel_prom_producer_create(registry).
 *  @return OK; INVALID_ARGUMENT (there are metrics, something is NULL). Since 0.1. */
COTEL_API cotel_status cotel_prom_registry_set_provider(cotel_prom_registry *registry,
                                                        cotel_meter_provider *provider);

/** What brings summaries to a reader: one goes into the `producers` of its options, and passes to
 *  it. What cotel_prom_start() makes has one, and what cotel_sdk_init_from_env() makes.
 *  @param registry whose summaries; NULL: those of all registries over the global provider, also
 *                  of later ones.
 *  @return NULL when memory is out. Never blocks. Since 0.1. */
COTEL_API struct cotel_metric_producer *cotel_prom_producer_create(cotel_prom_registry *registry);

/** The exporter that cotel_prom_start() made: for its address, and to render without HTTP. Good as
 *  long as the registry. NULL when it made none. Never blocks. Since 0.1. */
COTEL_API struct cotel_prometheus_exporter *cotel_prom_registry_exporter(
    cotel_prom_registry *registry);

/** Ends a registry with all of its metrics, which nobody may be using any more. A provider that
 *  cotel_prom_start() made is shut down within 5 s and destroyed; from another, gauges and
 *  summaries disappear, while what was counted stays with the SDK. Takes NULL. Not from a callback.
 *  Since 0.1. */
COTEL_API void cotel_prom_registry_destroy(cotel_prom_registry *registry);

/* ---- counters ----------------------------------------------------------------------------- */

/* For every kind: `_vec_get` gives the metric with labels, `_with` its child for their values,
 * `_get` the only child of a metric without. The same name, help, labels and further settings give
 * the same metric.
 *
 * NULL, told as a warning: the name (with its prefix) is not [a-zA-Z_:][a-zA-Z0-9_:]* of at most
 * COTEL_INSTRUMENT_MAX_NAME bytes; a label is not [a-zA-Z_][a-zA-Z0-9_]*, begins with two
 * underscores, is there twice, or is "le" of a histogram or "quantile" of a summary; the name is
 * taken by what differs; the number of values is not that of the labels; a value is not UTF-8.
 * NULL, told as an error: memory is out; there are COTEL_PROM_MAX_METRICS. A value that is NULL is
 * an empty one, which to Prometheus is no label.
 *
 * `_vec_get` takes a short lock. `_with` takes none for a child that is there. */

/** Counts what only grows. It is there with 0 as soon as it was got. */
typedef struct cotel_prom_counter cotel_prom_counter;
typedef struct cotel_prom_counter_vec cotel_prom_counter_vec;

#ifndef __cplusplus
/** The values of labels and their number, for `_with`; of C only. */
#define COTEL_PROM_VALUES(...)          \
    (const char *const[]){__VA_ARGS__}, \
        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)
#endif

/** See above. Since 0.1. */
COTEL_API cotel_prom_counter_vec *cotel_prom_counter_vec_get(cotel_prom_registry *registry,
                                                             const char *name, const char *help,
                                                             const char *const *labels,
                                                             size_t count);
COTEL_API cotel_prom_counter *cotel_prom_counter_with(cotel_prom_counter_vec *vec,
                                                      const char *const *values, size_t count);
COTEL_API cotel_prom_counter *cotel_prom_counter_get(cotel_prom_registry *registry,
                                                     const char *name, const char *help);

/** Adds 1. Since 0.1. */
COTEL_API void cotel_prom_counter_inc(cotel_prom_counter *counter);
/** Adds. What is below zero or not finite is refused, counted by the SDK, and told. Since 0.1. */
COTEL_API void cotel_prom_counter_add(cotel_prom_counter *counter, double value);

/* ---- gauges ------------------------------------------------------------------------------- */

/** What goes up and down: a number of the program's that is read when metrics are collected. It is
 *  there with 0 as soon as it was got. A forked child goes on with the number. */
typedef struct cotel_prom_gauge cotel_prom_gauge;
typedef struct cotel_prom_gauge_vec cotel_prom_gauge_vec;

/** See above. Since 0.1. */
COTEL_API cotel_prom_gauge_vec *cotel_prom_gauge_vec_get(cotel_prom_registry *registry,
                                                         const char *name, const char *help,
                                                         const char *const *labels, size_t count);
COTEL_API cotel_prom_gauge *cotel_prom_gauge_with(cotel_prom_gauge_vec *vec,
                                                  const char *const *values, size_t count);
COTEL_API cotel_prom_gauge *cotel_prom_gauge_get(cotel_prom_registry *registry, const char *name,
                                                 const char *help);

/** To and by any number, NaN and infinities too. Atomic; never blocks. Since 0.1. */
COTEL_API void cotel_prom_gauge_set(cotel_prom_gauge *gauge, double value);
COTEL_API void cotel_prom_gauge_add(cotel_prom_gauge *gauge, double value);
COTEL_API void cotel_prom_gauge_sub(cotel_prom_gauge *gauge, double value);
COTEL_API void cotel_prom_gauge_inc(cotel_prom_gauge *gauge);
COTEL_API void cotel_prom_gauge_dec(cotel_prom_gauge *gauge);
/** Seconds since 1970. Since 0.1. */
COTEL_API void cotel_prom_gauge_set_to_current_time(cotel_prom_gauge *gauge);

/* ---- histograms --------------------------------------------------------------------------- */

/** Counts values by buckets. It is there from the first value on. */
typedef struct cotel_prom_histogram cotel_prom_histogram;
typedef struct cotel_prom_histogram_vec cotel_prom_histogram_vec;

/** Upper bounds of buckets. */
typedef struct cotel_prom_buckets {
    const double *bounds; /**< ascending, at most 1024 (COTEL_MAX_BOUNDARIES), finite; a last one of
                               +Inf is there anyway, and may be given. Copied */
    size_t count;
} cotel_prom_buckets;

/** `buckets` NULL: .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10. Told, and NULL, when they are
 *  not as above. Since 0.1. */
COTEL_API cotel_prom_histogram_vec *cotel_prom_histogram_vec_get(cotel_prom_registry *registry,
                                                                 const char *name, const char *help,
                                                                 const char *const *labels,
                                                                 size_t count,
                                                                 const cotel_prom_buckets *buckets);
COTEL_API cotel_prom_histogram *cotel_prom_histogram_with(cotel_prom_histogram_vec *vec,
                                                          const char *const *values, size_t count);
COTEL_API cotel_prom_histogram *cotel_prom_histogram_get(cotel_prom_registry *registry,
                                                         const char *name, const char *help,
                                                         const cotel_prom_buckets *buckets);

/** Counts a value. What is below zero or not finite is refused, counted by the SDK, and told.
 *  Since 0.1. */
COTEL_API void cotel_prom_histogram_observe(cotel_prom_histogram *histogram, double value);

/** Fills `bounds` with `count` bounds: start, start + width, ...; start, start * factor, ...; or
 *  from `least` to `greatest`, each a fixed factor above the one before. Since 0.1.
 *  @return false, told as a warning, with `bounds` as they were, when what comes out is not
 *  ascending and finite, or count is 0 (of a range: 1) or above 1024. */
COTEL_API bool cotel_prom_linear_buckets(double start, double width, size_t count, double *bounds);
COTEL_API bool cotel_prom_exponential_buckets(double start, double factor, size_t count,
                                              double *bounds);
COTEL_API bool cotel_prom_exponential_buckets_range(double least, double greatest, size_t count,
                                                    double *bounds);

/* ---- summaries ---------------------------------------------------------------------------- */

/** Tells quantiles of the values of the last minutes, and the sum and number of all. It is there
 *  as soon as it was got; a quantile of no values is NaN. Quantiles of several processes can't be
 *  put together: where that matters, take a histogram. */
typedef struct cotel_prom_summary cotel_prom_summary;
typedef struct cotel_prom_summary_vec cotel_prom_summary_vec;

/** A quantile, and by how much the rank of the value that is told for it may be off, as a part of
 *  all: 0.99 with 0.001 gives a value between the quantiles 0.989 and 0.991. */
typedef struct cotel_prom_objective {
    double quantile; /**< 0 to 1 */
    double error;    /**< COTEL_PROM_MIN_ERROR to 1 */
} cotel_prom_objective;

/** The least error, and the most objectives. */
#define COTEL_PROM_MIN_ERROR 0.0001
#define COTEL_PROM_MAX_OBJECTIVES 16

/** What a summary tells. Everything is copied. */
typedef struct cotel_prom_summary_options {
    size_t size;                            /**< sizeof of this struct */
    const cotel_prom_objective *objectives; /**< default NULL: sum and number only */
    size_t objective_count;
    uint64_t max_age_ms;  /**< how long a value counts for quantiles; at least 1; default 10 min */
    uint32_t age_buckets; /**< in how many steps values are forgotten: what is told covers between
                               max_age less one step and max_age. 1 to COTEL_PROM_MAX_AGE_BUCKETS;
                               default 5. Memory and time grow with it */
} cotel_prom_summary_options;

/** The most age_buckets. */
#define COTEL_PROM_MAX_AGE_BUCKETS 60

/** Every default of cotel_prom_summary_options. */
#define COTEL_PROM_SUMMARY_OPTIONS_INIT                         \
    {                                                           \
        sizeof(cotel_prom_summary_options), NULL, 0, 600000, 5, \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_prom_summary_options_init(cotel_prom_summary_options *options);

/** `options` NULL: all defaults. Told, and NULL, when they are out of range. Since 0.1. */
COTEL_API cotel_prom_summary_vec *cotel_prom_summary_vec_get(
    cotel_prom_registry *registry, const char *name, const char *help, const char *const *labels,
    size_t count, const cotel_prom_summary_options *options);
COTEL_API cotel_prom_summary *cotel_prom_summary_with(cotel_prom_summary_vec *vec,
                                                      const char *const *values, size_t count);
COTEL_API cotel_prom_summary *cotel_prom_summary_get(cotel_prom_registry *registry,
                                                     const char *name, const char *help,
                                                     const cotel_prom_summary_options *options);

/** Takes a value into account. One below zero or not finite is refused, counted, and told: OTLP has
 *  no such quantiles. Takes some hundred nanoseconds; of
 *  them, every 256th call sorts what came, for some ten microseconds, while others go on unless
 *  they have filled the next buffer by then. Since 0.1. */
COTEL_API void cotel_prom_summary_observe(cotel_prom_summary *summary, double value);

/* ---- counts ------------------------------------------------------------------------------- */

/** What became of a registry. */
typedef struct cotel_prom_counts {
    size_t size;         /**< in: sizeof of this struct */
    uint64_t metrics;    /**< that there are */
    uint64_t children;   /**< of all of them */
    uint64_t overflowed; /**< times that label values beyond max_children were asked for */
    uint64_t refused;    /**< metrics, children and values of summaries that could not be */
    uint64_t inexact;    /**< times that a summary had to give up the error that it promises, since
                              it would have taken too much memory */
} cotel_prom_counts;

/** Fills *out as far as out->size goes; all zeros for NULL. Never blocks. Since 0.1. */
COTEL_API void cotel_prom_stats(const cotel_prom_registry *registry, cotel_prom_counts *out);

COTEL_END_DECLS

#endif
