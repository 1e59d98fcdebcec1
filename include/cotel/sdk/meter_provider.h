/* SPDX-License-Identifier: Apache-2.0 */
/** @file meter_provider.h
 *  The meter provider: what the program's owner sets up, flushes and shuts down.
 *
 *  Implements: metrics/sdk.md "MeterProvider".
 */
#ifndef COTEL_SDK_METER_PROVIDER_H
#define COTEL_SDK_METER_PROVIDER_H

#include <cotel/metrics.h>
#include <cotel/sdk/exemplar.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/provider.h>
#include <cotel/sdk/resource.h>
#include <cotel/sdk/stats.h>
#include <cotel/sdk/view.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** How the meters of a scope are set. [Development in the specification] */
typedef struct cotel_meter_config {
    size_t size;  /**< sizeof of this struct */
    bool enabled; /**< default true; false: its instruments record nothing */
} cotel_meter_config;

/** Says how the meters of a scope are set: `config` comes with all defaults. Any thread, under a
 *  lock of the provider's: it must not block or call cotel. */
typedef void (*cotel_meter_configurator)(const cotel_scope_view *scope, cotel_meter_config *config,
                                         void *user);

/** The most readers of one provider. */
#define COTEL_PROVIDER_MAX_READERS 8

typedef struct cotel_meter_provider_options {
    size_t size;              /**< sizeof of this struct */
    cotel_resource *resource; /**< NULL: cotel_resource_detect(COTEL_DETECT_ALL). A reference is
                                   taken */
    cotel_metric_reader *const *readers; /**< they pass to it */
    size_t reader_count;                 /**< at most COTEL_PROVIDER_MAX_READERS. 0: nothing is
                                              recorded */
    const cotel_view *views;             /**< copied; see cotel_view */
    size_t view_count;                   /**< at most COTEL_MAX_VIEWS */
    cotel_view_matching_mode view_matching_mode; /**< default COTEL_VIEWS_INDEPENDENT */
    cotel_exemplar_filter exemplar_filter;       /**< default COTEL_EXEMPLAR_FILTER_TRACE_BASED */
    cotel_meter_configurator configurator;       /**< NULL: all meters are enabled */
    void *configurator_user;
    cotel_worker_mode worker; /**< who does the exporting of periodic readers; default
                                   COTEL_WORKER_THREAD, a thread of the provider's own, so that a
                                   callback that blocks does not hold spans up */
} cotel_meter_provider_options;

/** The most meter providers that live in a process at a time. */
#define COTEL_MAX_METER_PROVIDERS 16

/** Every default of cotel_meter_provider_options. */
#define COTEL_METER_PROVIDER_OPTIONS_INIT                                                      \
    {                                                                                          \
        sizeof(cotel_meter_provider_options), NULL, NULL, 0, NULL, 0, COTEL_VIEWS_INDEPENDENT, \
            COTEL_EXEMPLAR_FILTER_TRACE_BASED, NULL, NULL, COTEL_WORKER_THREAD                 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_meter_provider_options_init(cotel_meter_provider_options *options);

/** Makes a provider. It is not global until cotel_meter_provider_set_global(). A view that can't
 *  be is told to diagnostics and left out.
 *  @param options NULL: all defaults (and no reader, so nothing is recorded).
 *  @param out     gets it, yours to destroy; untouched on failure, and then nothing that was to
 *                 pass to it has passed.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, a value out of range, a reader that is
 *          NULL or has a provider already, out is NULL); OUT_OF_MEMORY; LIMIT_REACHED.
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_meter_provider_create(const cotel_meter_provider_options *options,
                                                   cotel_meter_provider **out) COTEL_MUST_CHECK;

/** Sets another configurator (NULL: all meters are enabled), for the meters that are there too. A
 *  meter that is disabled records and exports nothing; one that is enabled again goes on with
 *  what it had.
 *  @return OK; SHUT_DOWN; INVALID_ARGUMENT. Any thread; takes a short lock. Since 0.1. */
COTEL_API cotel_status cotel_meter_provider_set_configurator(cotel_meter_provider *provider,
                                                             cotel_meter_configurator configurator,
                                                             void *user);

/** Lets every reader collect and export, and waits until the peers have it.
 *  @param timeout_ms an absolute end for the whole call.
 *  @return OK; TIMEOUT; EXPORT_FAILED; SHUT_DOWN; WOULD_DEADLOCK (from a callback of cotel's);
 *          INVALID_ARGUMENT. Any thread. Since 0.1. */
COTEL_API cotel_status cotel_meter_provider_flush(cotel_meter_provider *provider,
                                                  uint64_t timeout_ms);

/** Flushes, stops everything, and makes every later call on this provider, its meters and
 *  instruments a no-op. Returns by the deadline whatever the peers do.
 *  @param abandoned NULL, or gets the number of points that were given up.
 *  @return as flush; SHUT_DOWN when it already was. Any thread. Since 0.1. */
COTEL_API cotel_status cotel_meter_provider_shutdown(cotel_meter_provider *provider,
                                                     uint64_t timeout_ms, uint64_t *abandoned);

/** As cotel_tracer_provider_destroy(). Takes NULL. Any thread. Since 0.1. */
COTEL_API void cotel_meter_provider_destroy(cotel_meter_provider *provider);

/** For COTEL_WORKER_CALLER, as cotel_tracer_provider_poll() and _drive(). Since 0.1. */
COTEL_API size_t cotel_meter_provider_poll(cotel_meter_provider *provider, cotel_poll_item *items,
                                           size_t capacity, uint64_t *deadline_ns);
COTEL_API cotel_status cotel_meter_provider_drive(cotel_meter_provider *provider);

/* ---- what became of every measurement ------------------------------------------------------ */

/** A provider's counts since it was made (or since this process was forked). */
typedef struct cotel_metric_counts {
    size_t size;               /**< in: sizeof of this struct */
    uint64_t instruments;      /**< that there are */
    uint64_t series;           /**< sets of attributes that are held, over all streams */
    uint64_t overflowed;       /**< measurements that went into an overflow point, of each stream */
    uint64_t refused;          /**< measurements that were not of a legal value, or for what is no
                                    such instrument; of gauges, of each stream that can't have it */
    uint64_t out_of_memory;    /**< measurements, or parts of them, that were left out since memory
                                    was out; and instruments and callbacks that could not be made */
    uint64_t collections;      /**< of all readers */
    uint64_t malformed_points; /**< of producers, that were left out */
    uint64_t lost_scopes;      /**< of producers, of the process: beyond 1024 their metrics have the
                                    empty scope */
    size_t pipeline_count;     /**< of periodic readers; they count points where spans are said */
    cotel_pipeline_stats pipelines[COTEL_PROVIDER_MAX_READERS];
} cotel_metric_counts;

/** Fills *out as far as out->size goes; NULL takes the global provider; all zeros without one. Any
 *  thread; takes short locks. Since 0.1. */
COTEL_API void cotel_metric_stats(cotel_meter_provider *provider, cotel_metric_counts *out);

COTEL_END_DECLS

#endif
