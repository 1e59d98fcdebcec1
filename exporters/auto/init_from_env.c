/* SPDX-License-Identifier: Apache-2.0 */
#include <cotel/sdk/auto.h>

#include "from_env.h"
#include "readers_from_env.h"

static void destroy_all(cotel_span_processor **processors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cotel_span_processor_destroy(processors[i]);
}

static cotel_status init(const struct ct_env *env)
{
    cotel_sdk_options options = COTEL_SDK_OPTIONS_INIT;
    cotel_status status = ct_sampler_from_env(env, &options.provider.sampler);
    if (status != COTEL_STATUS_OK)
        return status;
    cotel_meter_provider_options metrics = COTEL_METER_PROVIDER_OPTIONS_INIT;
    cotel_span_processor *processors[COTEL_PROVIDER_MAX_PROCESSORS];
    struct ct_readers readers;
    ct_limits_from_env(env, &options.provider.limits);
    options.provider.processors = processors;
    options.provider.processor_count = ct_processors_from_env(env, processors);
    ct_readers_from_env(env, &readers);
    metrics.readers = readers.items;
    metrics.reader_count = readers.count;
    metrics.exemplar_filter = (cotel_exemplar_filter)env->exemplar_filter.word;
    options.meter_provider = &metrics;
    status = cotel_sdk_init(&options);
    ct_readers_let_go(&readers, status == COTEL_STATUS_OK);
    if (status == COTEL_STATUS_OK) {
        ct_tell_env();
        return status;
    }
    destroy_all(processors, options.provider.processor_count);
    cotel_sampler_destroy(options.provider.sampler);
    return status;
}

/* The resource needs nothing from here: the provider's default one asks the environment. */
cotel_status cotel_sdk_init_from_env(void)
{
    struct ct_env env;
    ct_env_read(&env);
    /* Before anything is told. Without the variable, the level stays as the program set it. */
    if (env.log_level.decided_by)
        cotel_diagnostics_set_level((cotel_log_level)env.log_level.word);
    ct_env_tell_problems();
    cotel_status status = ct_propagators_from_env(&env);
    if (status != COTEL_STATUS_OK)
        return status;
    if (!env.sdk_disabled.boolean)
        return init(&env);
    cotel_diagnostics_report(COTEL_LOG_INFO, CT_ENV_COMPONENT,
                             "OTEL_SDK_DISABLED: there is no SDK");
    return COTEL_STATUS_OK;
}
