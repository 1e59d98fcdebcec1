/* SPDX-License-Identifier: Apache-2.0 */
/* What an SDK was made of, told to diagnostics once: the answers to the first questions of somebody
 * whose spans or metrics do not arrive. */
#include "env_print.h"
#include "from_env.h"

/* As much of each value is told. */
#define TOLD_SIZE 128

struct told {
    char text[TOLD_SIZE];
};

static struct told value_of(const char *name)
{
    const struct ct_env_variable *variable = ct_env_find(name);
    struct ct_env_value value;
    struct ct_env_problem problem;
    struct told told;
    ct_env_resolve(variable, &value, &problem);
    ct_env_print_value(variable, &value, told.text, sizeof told.text);
    return told;
}

void ct_tell_env(void)
{
    cotel_diagnostics_report(
        COTEL_LOG_INFO, CT_ENV_COMPONENT,
        "exporters %s, sampler %s, propagators %s, OTLP endpoint %s, protocol %s; exporters of "
        "metrics %s, OTLP endpoint %s, protocol %s",
        value_of("OTEL_TRACES_EXPORTER").text, value_of("OTEL_TRACES_SAMPLER").text,
        value_of("OTEL_PROPAGATORS").text, value_of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").text,
        value_of("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL").text, value_of("OTEL_METRICS_EXPORTER").text,
        value_of("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT").text,
        value_of("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL").text);
    cotel_env_variable variable = {.size = sizeof variable};
    for (size_t i = 0; cotel_env_variable_at(i, &variable); i++) {
        if (variable.is_set && variable.source != COTEL_ENV_NOT_READ)
            cotel_diagnostics_report(COTEL_LOG_DEBUG, CT_ENV_COMPONENT, "%s is %s", variable.name,
                                     variable.value[0] ? variable.value : "ignored");
    }
}
