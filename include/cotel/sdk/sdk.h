/* SPDX-License-Identifier: Apache-2.0 */
/** @file sdk.h
 *  For the program that owns the process: one call to set cotel up, two to end it.
 *
 *      cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
 *      options.service_name = "orchestrator";
 *      options.exporter = exporter; // of cotel_otlp_http_exporter_create(), for example
 *      cotel_status status = cotel_sdk_init(&options); // a failure leaves working no-ops
 *      ...
 *      cotel_sdk_shutdown(2000, NULL);
 *
 *  With libcotel-all, cotel_sdk_init_from_env() of <cotel/sdk/auto.h> does it from the environment.
 */
#ifndef COTEL_SDK_SDK_H
#define COTEL_SDK_SDK_H

#include <cotel/sdk/baggage_processor.h>
#include <cotel/sdk/batch_processor.h>
#include <cotel/sdk/composable_sampler.h>
#include <cotel/sdk/diagnostics.h>
#include <cotel/sdk/exporter.h>
#include <cotel/sdk/meter_provider.h>
#include <cotel/sdk/metric_reader.h>
#include <cotel/sdk/processor.h>
#include <cotel/sdk/provider.h>
#include <cotel/sdk/resource.h>
#include <cotel/sdk/sampler.h>
#include <cotel/sdk/stats.h>
#include <cotel/status.h>

COTEL_BEGIN_DECLS

typedef struct cotel_sdk_options {
    size_t size;              /**< sizeof of this struct */
    const char *service_name; /**< NULL: from the resource */
    cotel_exporter *exporter; /**< behind a batch processor with `batch`; NULL: none. Passes
                                       in any case: on failure it is destroyed */
    cotel_batch_processor_options batch;
    cotel_tracer_provider_options provider; /**< its processors come before the batch processor */
    uint64_t exit_flush_ms;          /**< what exit() may take to flush; default 500; 0: off */
    cotel_exporter *metric_exporter; /**< behind a periodic reader with `periodic`; NULL: none.
                                          Passes in any case, as `exporter` */
    const cotel_periodic_reader_options *periodic;      /**< NULL: all defaults */
    const cotel_meter_provider_options *meter_provider; /**< its readers come before the periodic
                                                             one; without a resource it has that of
                                                             the tracer provider. NULL: all
                                                             defaults */
} cotel_sdk_options;

/** Every default of cotel_sdk_options. */
#define COTEL_SDK_OPTIONS_INIT                                                     \
    {                                                                              \
        sizeof(cotel_sdk_options), NULL, NULL, COTEL_BATCH_PROCESSOR_OPTIONS_INIT, \
            COTEL_TRACER_PROVIDER_OPTIONS_INIT, 500, NULL, NULL, NULL              \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_sdk_options_init(cotel_sdk_options *options);

/** Makes a tracer provider of `options`, and a meter provider if there is a metric exporter or a
 *  reader, and sets them as the global ones. On failure there is none, and every call of the API
 *  goes on to work as a no-op; of `options`, only the exporters have passed.
 *  @param options NULL: all defaults.
 *  @return OK; INVALID_ARGUMENT (a size that was not set, or as cotel_batch_processor_create(),
 *          cotel_tracer_provider_create(), cotel_periodic_reader_create() and
 *          cotel_meter_provider_create()); OUT_OF_MEMORY; LIMIT_REACHED (it is initialised already,
 *          or there are too many providers, processors or readers). Any thread; never blocks.
 *  Since 0.1. */
COTEL_API cotel_status cotel_sdk_init(const cotel_sdk_options *options);

/** cotel_tracer_provider_flush() and cotel_meter_provider_flush() of the global providers, which
 *  both begin at once; the first status that is not OK; OK when there is none. Since 0.1. */
COTEL_API cotel_status cotel_sdk_flush(uint64_t timeout_ms);

/** Shuts the providers of cotel_sdk_init() down and frees them; it may be initialised again.
 *  Everything that waits begins to leave at once, and the whole call ends by its timeout. As
 *  cotel_tracer_provider_shutdown(); OK when there is none.
 *  @param abandoned NULL, or gets the number of spans and of points that were given up. Since 0.1.
 */
COTEL_API cotel_status cotel_sdk_shutdown(uint64_t timeout_ms, uint64_t *abandoned);

COTEL_END_DECLS

#endif
