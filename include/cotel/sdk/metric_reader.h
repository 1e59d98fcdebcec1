/* SPDX-License-Identifier: Apache-2.0 */
/** @file metric_reader.h
 *  Who collects metrics: every so often for an exporter, or whenever it is asked.
 *
 *  A reader belongs to one provider and is independent of all others: it has its own temporality,
 *  its own defaults, its own memory of what it has collected.
 *
 *  Implements: metrics/sdk.md "MetricReader", "MetricProducer", "MetricFilter".
 */
#ifndef COTEL_SDK_METRIC_READER_H
#define COTEL_SDK_METRIC_READER_H

#include <cotel/sdk/exporter.h>
#include <cotel/sdk/metric_data.h>
#include <cotel/sdk/view.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** Made by one of the functions below, and given to a provider. */
typedef struct cotel_metric_reader cotel_metric_reader;

/* ---- other sources, and filters ----------------------------------------------------------- */

/** Metrics from elsewhere. Implementers put this struct first into their own. */
typedef struct cotel_metric_producer {
    const struct cotel_metric_producer_ops *ops;
} cotel_metric_producer;

typedef struct cotel_metric_producer_ops {
    size_t size; /**< sizeof of this struct */
    /** Writes all it has. Called once for each collection, on the thread that collects, one call at
     *  a time; what callbacks of observables must not do it must not either.
     *  @return OK, or what went wrong: what was written counts nevertheless. */
    cotel_status (*produce)(cotel_metric_producer *self, cotel_metric_writer *writer);
    /** Frees it. NULL: nothing to free. */
    void (*destroy)(cotel_metric_producer *self);
} cotel_metric_producer_ops;

/** What becomes of a metric. */
typedef enum cotel_metric_filter_result {
    COTEL_METRIC_ACCEPT = 0,
    COTEL_METRIC_DROP = 1,
    COTEL_METRIC_ACCEPT_PARTIAL = 2 /**< each point is asked for */
} cotel_metric_filter_result;

/** Says what is collected; asked for the provider's own metrics and for those of producers. Called
 *  on the thread that collects. Must live as long as the reader. */
typedef struct cotel_metric_filter {
    size_t size; /**< sizeof of this struct */
    cotel_metric_filter_result (*test_metric)(void *user, const cotel_scope_view *scope,
                                              const cotel_metric_data *metric);
    /** Whether a point is kept, of a metric that was ACCEPT_PARTIAL: ACCEPT or DROP. `attributes`
     *  are for cotel_iterator_next_attribute(). NULL: it is. */
    cotel_metric_filter_result (*test_attributes)(void *user, const cotel_scope_view *scope,
                                                  const cotel_metric_data *metric,
                                                  cotel_iterator attributes);
    void *user;
} cotel_metric_filter;

/* ---- readers ------------------------------------------------------------------------------ */

/** The most producers of a reader. */
#define COTEL_READER_MAX_PRODUCERS 16

/** What all readers have. The arrays go by cotel_instrument_kind. Everything is copied. */
typedef struct cotel_metric_reader_options {
    size_t size;                                                  /**< sizeof of this struct */
    cotel_temporality temporality[COTEL_INSTRUMENT_KINDS];        /**< default CUMULATIVE */
    const cotel_aggregation *aggregation[COTEL_INSTRUMENT_KINDS]; /**< NULL: the kind's own */
    uint32_t cardinality_limit[COTEL_INSTRUMENT_KINDS];           /**< 0: 2000 */
    cotel_metric_producer *const *producers;                      /**< they pass to the reader */
    size_t producer_count;
    const cotel_metric_filter *filter; /**< NULL: everything is kept; must live on */
} cotel_metric_reader_options;

/** Every default of cotel_metric_reader_options. */
#define COTEL_METRIC_READER_OPTIONS_INIT                                                     \
    {                                                                                        \
        sizeof(cotel_metric_reader_options),                                                 \
            {COTEL_TEMPORALITY_CUMULATIVE, COTEL_TEMPORALITY_CUMULATIVE,                     \
             COTEL_TEMPORALITY_CUMULATIVE, COTEL_TEMPORALITY_CUMULATIVE,                     \
             COTEL_TEMPORALITY_CUMULATIVE, COTEL_TEMPORALITY_CUMULATIVE,                     \
             COTEL_TEMPORALITY_CUMULATIVE},                                                  \
            {NULL, NULL, NULL, NULL, NULL, NULL, NULL}, {0, 0, 0, 0, 0, 0, 0}, NULL, 0, NULL \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_metric_reader_options_init(cotel_metric_reader_options *options);

/** The temporalities that a collector may ask for. */
typedef enum cotel_temporality_preference {
    COTEL_TEMPORALITY_PREFER_CUMULATIVE = 0,
    COTEL_TEMPORALITY_PREFER_DELTA = 1,     /**< up-down counters stay cumulative */
    COTEL_TEMPORALITY_PREFER_LOW_MEMORY = 2 /**< counters and histograms that are recorded are
                                                 delta, the rest is cumulative */
} cotel_temporality_preference;

/** Writes what a preference comes to for each kind. Since 0.1.
 *  Implements: metrics/sdk_exporters/otlp.md "Additional Configuration". */
COTEL_API void cotel_metric_reader_prefer(cotel_metric_reader_options *options,
                                          cotel_temporality_preference preference);

/** What a reader that somebody builds on is told. Called by one thread at a time. */
typedef struct cotel_metric_reader_events {
    size_t size; /**< sizeof of this struct */
    /** It was given to a provider: from now on it can collect. */
    void (*attached)(void *user);
    /** The provider shuts down: collects for the last time if it wants to, and stops by the
     * deadline (ns of CLOCK_MONOTONIC). @return OK, TIMEOUT or EXPORT_FAILED. */
    cotel_status (*shutdown)(void *user, uint64_t deadline_ns);
    /** cotel_meter_provider_flush(). NULL: there is nothing to do. */
    cotel_status (*flush)(void *user, uint64_t deadline_ns);
    /** In a forked child, before anything else there: closes descriptors without a word; other
     *  threads are gone. */
    void (*forked)(void *user);
    /** Frees `user`; the reader is gone. Once, after shutdown (or without, if it was never given to
     *  a provider). */
    void (*destroy)(void *user);
} cotel_metric_reader_events;

/** A reader that collects when cotel_metric_reader_collect() is called.
 *  @param options NULL: all defaults.
 *  @param events NULL: none; copied. An entry that is NULL is skipped.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, a value out of range, an aggregation that
 *          a kind can't have, out is NULL); OUT_OF_MEMORY. On failure producers have not passed.
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_metric_reader_create(const cotel_metric_reader_options *options,
                                                  const cotel_metric_reader_events *events,
                                                  void *user,
                                                  cotel_metric_reader **out) COTEL_MUST_CHECK;

/** Settings of a periodic reader; every value is what it says. */
typedef struct cotel_periodic_reader_options {
    size_t size;          /**< sizeof of this struct */
    uint64_t interval_ms; /**< between the beginnings of two collections; 60000; at least 1 */
    uint64_t timeout_ms;  /**< for what one collection exports, retries included; 0: none; 30000 */
    size_t max_export_batch_size; /**< points in a batch; 0: no limit but the bytes; default 0 */
    size_t max_batch_bytes;       /**< encoded metrics in a batch; 3.5 MiB */
    cotel_metric_reader_options reader;
} cotel_periodic_reader_options;

/** Every default of cotel_periodic_reader_options. */
#define COTEL_PERIODIC_READER_OPTIONS_INIT                                   \
    {                                                                        \
        sizeof(cotel_periodic_reader_options), 60000, 30000, 0, 3584u << 10, \
            COTEL_METRIC_READER_OPTIONS_INIT                                 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_periodic_reader_options_init(cotel_periodic_reader_options *options);

/** A reader that collects every so often and hands the batches of a collection to an exporter, one
 *  after the other, never two at a time. All batches of a collection go before those of the next
 *  one; a collection that is still being exported when the next one is due delays that. The
 *  provider's worker does it. Takes the exporter over, on success only.
 *  @return OK; INVALID_ARGUMENT (as cotel_metric_reader_create(), and as
 *          cotel_batch_processor_create() of the exporter); OUT_OF_MEMORY; LIMIT_REACHED.
 *  Never blocks. Since 0.1. Implements: metrics/sdk.md "Periodic exporting MetricReader". */
COTEL_API cotel_status cotel_periodic_reader_create(cotel_exporter *exporter,
                                                    const cotel_periodic_reader_options *options,
                                                    cotel_metric_reader **out) COTEL_MUST_CHECK;

/** Collects: callbacks are run, producers are asked, and what there is becomes a batch.
 *  @param timeout_ms for the wait for another collection of this reader, and for what callbacks and
 * producers may take; what they take beyond is told, since they can't be stopped.
 *  @param out gets the batch, yours to unref; NULL when there is nothing.
 *  @return OK; TIMEOUT (*out is what there was by then, or NULL); OUT_OF_MEMORY; SHUT_DOWN (also:
 *          it was given to no provider yet); WOULD_DEADLOCK (from a callback); INVALID_ARGUMENT; or
 *          what a producer said that had trouble (*out is what there is nevertheless).
 *  Any thread. Recording goes on meanwhile. Since 0.1. Implements: metrics/sdk.md "Collect". */
COTEL_API cotel_status cotel_metric_reader_collect(cotel_metric_reader *reader, uint64_t timeout_ms,
                                                   cotel_batch **out) COTEL_MUST_CHECK;

/** Destroys a reader that was given to nobody. Takes NULL. Since 0.1. */
COTEL_API void cotel_metric_reader_destroy(cotel_metric_reader *reader);

COTEL_END_DECLS

#endif
