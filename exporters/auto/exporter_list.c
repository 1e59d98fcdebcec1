/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_EXPORTER: the one place that names every exporter. */
#include <cotel/exporters/console.h>
#include <cotel/exporters/otlp_file.h>

#include "from_env.h"

static cotel_status otlp_from_env(const struct ct_env *env, cotel_exporter **out)
{
    return ct_otlp_from_env(&env->traces, COTEL_SIGNAL_TRACES, out);
}

static cotel_status console_from_env(const struct ct_env *env, cotel_exporter **out)
{
    return cotel_console_exporter_create(NULL, out);
}

static cotel_status stdout_from_env(const struct ct_env *env, cotel_exporter **out)
{
    return cotel_otlp_file_exporter_create(NULL, out);
}

static const struct known_exporter {
    const char *name;
    cotel_status (*create)(const struct ct_env *env, cotel_exporter **out);
    /* Who watches a terminal wants to see each span when it ends. */
    bool is_simple;
} known_exporters[] = {
    [CT_ENV_OTLP] = {"otlp", otlp_from_env, false},
    [CT_ENV_OTLP_STDOUT] = {"otlp/stdout", stdout_from_env, false},
    [CT_ENV_CONSOLE] = {"console", console_from_env, true},
};
#define KNOWN_EXPORTERS (sizeof known_exporters / sizeof *known_exporters)

static cotel_status put_behind_processor(const struct ct_env *env, bool is_simple,
                                         cotel_exporter *exporter, cotel_span_processor **out)
{
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.schedule_delay_ms = env->schedule_delay.number;
    options.export_timeout_ms = env->export_timeout.number;
    options.max_queue_size = env->max_queue_size.number;
    options.max_export_batch_size = env->max_export_batch_size.number;
    return is_simple ? cotel_simple_processor_create(exporter, &options, out)
                     : cotel_batch_processor_create(exporter, &options, out);
}

static cotel_status create_processor(const struct ct_env *env, const struct known_exporter *known,
                                     cotel_span_processor **out)
{
    cotel_exporter *exporter;
    cotel_status status = known->create(env, &exporter);
    if (status != COTEL_STATUS_OK)
        return status;
    status = put_behind_processor(env, known->is_simple, exporter, out);
    if (status != COTEL_STATUS_OK)
        cotel_exporter_destroy(exporter);
    return status;
}

_Static_assert(KNOWN_EXPORTERS <= COTEL_PROVIDER_MAX_PROCESSORS, "each may need a processor");

size_t ct_processors_from_env(const struct ct_env *env, cotel_span_processor **processors)
{
    const struct ct_env_list *wanted = &env->traces_exporter.list;
    size_t count = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        const struct known_exporter *known = &known_exporters[wanted->items[i]];
        cotel_status status = create_processor(env, known, &processors[count]);
        if (status == COTEL_STATUS_OK)
            count++;
        else
            cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                                     "the exporter %s cannot be had: %s", known->name,
                                     cotel_status_text(status));
    }
    return count;
}
