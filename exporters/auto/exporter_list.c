/* SPDX-License-Identifier: Apache-2.0 */
/* OTEL_TRACES_EXPORTER: the one place that names every exporter. */
#include <cotel/exporters/console.h>

#include "env_parse.h"
#include "from_env.h"

static cotel_status console_from_env(const struct ct_env *env, cotel_exporter **out)
{
    return cotel_console_exporter_create(NULL, out);
}

static const struct known_exporter {
    const char *name;
    /* NULL: the word for no exporter. */
    cotel_status (*create)(const struct ct_env *env, cotel_exporter **out);
    /* Who watches a terminal wants to see each span when it ends. */
    bool is_simple;
} known_exporters[] = {
    {"otlp", ct_otlp_from_env, false},
    {"console", console_from_env, true},
    {"none", NULL, false},
};
#define KNOWN_EXPORTERS (sizeof known_exporters / sizeof *known_exporters)

/* Which of the known ones are wanted. */
struct choice {
    bool wanted[KNOWN_EXPORTERS];
    bool any;
};

static void choose(struct choice *choice, cotel_str name)
{
    for (size_t i = 0; i < KNOWN_EXPORTERS; i++) {
        if (!ct_env_is_word(name, known_exporters[i].name))
            continue;
        choice->wanted[i] = true;
        choice->any = true;
        return;
    }
    cotel_diagnostics_report(COTEL_LOG_WARNING, CT_ENV_COMPONENT,
                             "OTEL_TRACES_EXPORTER: there is no exporter %.*s; it is ignored",
                             (int)name.size, name.data);
}

/* The names that are known, each once; the default when there are none. */
static struct choice read_choice(const char *list)
{
    struct choice choice = {.any = false};
    cotel_str rest = cotel_str_of(list), name;
    while (ct_env_next_member(&rest, &name)) {
        if (name.size != 0)
            choose(&choice, name);
    }
    if (!choice.any)
        choice.wanted[0] = true;
    return choice;
}

static cotel_status put_behind_processor(const struct ct_env *env, bool is_simple,
                                         cotel_exporter *exporter, cotel_span_processor **out)
{
    cotel_batch_processor_options options = COTEL_BATCH_PROCESSOR_OPTIONS_INIT;
    options.schedule_delay_ms = env->schedule_delay_ms;
    options.export_timeout_ms = env->export_timeout_ms;
    options.max_queue_size = env->max_queue_size;
    options.max_export_batch_size = env->max_export_batch_size;
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
    struct choice choice = read_choice(env->traces_exporter);
    size_t count = 0;
    for (size_t i = 0; i < KNOWN_EXPORTERS; i++) {
        if (!choice.wanted[i] || !known_exporters[i].create)
            continue;
        cotel_status status = create_processor(env, &known_exporters[i], &processors[count]);
        if (status == COTEL_STATUS_OK)
            count++;
        else
            cotel_diagnostics_report(COTEL_LOG_ERROR, CT_ENV_COMPONENT,
                                     "the exporter %s cannot be had: %s", known_exporters[i].name,
                                     cotel_status_text(status));
    }
    return count;
}
