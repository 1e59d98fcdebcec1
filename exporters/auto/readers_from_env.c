/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_METRICS_EXPORTER: the one place that names every way for metrics to leave. */
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp_file.h>

#include "readers_from_env.h"

#include "from_env.h"

/* Who watches a terminal does not want to wait for a minute. */
#define CONSOLE_INTERVAL_MS 10000

static cotel_periodic_reader_options options_from_env(const struct ct_env *env)
{
    cotel_periodic_reader_options options = COTEL_PERIODIC_READER_OPTIONS_INIT;
    options.interval_ms = env->export_interval.number;
    options.timeout_ms = env->metric_export_timeout.number;
    return options;
}

static void destroy_producer(cotel_metric_producer *producer)
{
    if (producer != NULL && producer->ops->destroy != NULL)
        producer->ops->destroy(producer);
}

/* Takes the exporter in any case. */
static cotel_status put_behind_reader(cotel_exporter *exporter,
                                      cotel_periodic_reader_options *options,
                                      struct ct_readers *readers)
{
    cotel_metric_producer *summaries = ct_prometheus_summaries();
    options->reader.producers = &summaries;
    options->reader.producer_count = summaries != NULL;
    cotel_status status =
        cotel_periodic_reader_create(exporter, options, &readers->items[readers->count]);
    options->reader.producers = NULL; /* it has them, or they are destroyed */
    if (status == COTEL_STATUS_OK) {
        readers->count++;
    } else {
        cotel_exporter_destroy(exporter);
        destroy_producer(summaries);
    }
    return status;
}

/* What a collector may ask for holds for a file that it reads, too. */
static cotel_status put_behind_otlp_reader(const struct ct_env *env, cotel_exporter *exporter,
                                           struct ct_readers *readers)
{
    cotel_periodic_reader_options options = options_from_env(env);
    cotel_aggregation histograms = COTEL_AGGREGATION_INIT;
    cotel_metric_reader_prefer(&options.reader,
                               (cotel_temporality_preference)env->temporality_preference.word);
    histograms.type = (cotel_aggregation_type)env->histogram_aggregation.word;
    options.reader.aggregation[COTEL_INSTRUMENT_HISTOGRAM] = &histograms;
    return put_behind_reader(exporter, &options, readers);
}

static cotel_status otlp_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_exporter *exporter;
    cotel_status status = ct_otlp_from_env(&env->metrics, COTEL_SIGNAL_METRICS, &exporter);
    return status == COTEL_STATUS_OK ? put_behind_otlp_reader(env, exporter, readers) : status;
}

static cotel_status stdout_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_otlp_file_options file = COTEL_OTLP_FILE_OPTIONS_INIT;
    cotel_exporter *exporter;
    file.signal = COTEL_SIGNAL_METRICS;
    cotel_status status = cotel_otlp_file_exporter_create(&file, &exporter);
    return status == COTEL_STATUS_OK ? put_behind_otlp_reader(env, exporter, readers) : status;
}

static cotel_status console_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    cotel_periodic_reader_options options = options_from_env(env);
    cotel_exporter *exporter;
    if (!env->export_interval.decided_by)
        options.interval_ms = CONSOLE_INTERVAL_MS;
    cotel_status status = cotel_console_exporter_create(NULL, &exporter);
    return status == COTEL_STATUS_OK ? put_behind_reader(exporter, &options, readers) : status;
}

static const struct known_reader {
    const char *name;
    cotel_status (*create)(const struct ct_env *env, struct ct_readers *readers);
} known_readers[] = {
    [CT_ENV_OTLP] = {"otlp", otlp_from_env},
    [CT_ENV_OTLP_STDOUT] = {"otlp/stdout", stdout_from_env},
    [CT_ENV_CONSOLE] = {"console", console_from_env},
    [CT_ENV_PROMETHEUS] = {"prometheus", ct_prometheus_from_env},
};
#define KNOWN_READERS (sizeof known_readers / sizeof *known_readers)

_Static_assert(KNOWN_READERS <= COTEL_PROVIDER_MAX_READERS, "each may be wanted");

void ct_readers_from_env(const struct ct_env *env, struct ct_readers *readers)
{
    const struct ct_env_list *wanted = &env->metrics_exporter.list;
    *readers = (struct ct_readers){.count = 0};
    for (size_t i = 0; i < wanted->count; i++) {
        const struct known_reader *known = &known_readers[wanted->items[i]];
        cotel_status status = known->create(env, readers);
        if (status != COTEL_STATUS_OK)
            cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                                     "the exporter %s of metrics cannot be had: %s", known->name,
                                     cotel_status_text(status));
    }
}

void ct_readers_let_go(struct ct_readers *readers, bool are_taken)
{
    for (size_t i = 0; i < readers->count && !are_taken; i++) {
        if (readers->items[i] != readers->served)
            cotel_metric_reader_destroy(readers->items[i]);
    }
    ct_prometheus_let_go(readers->prometheus);
}
