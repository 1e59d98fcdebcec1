/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment says about cotel: every variable in one table, read into one struct. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_TABLE_H
#define COTEL_EXPORTERS_AUTO_ENV_TABLE_H

#include <cotel/sdk/diagnostics.h>

/* Who speaks in diagnostics. */
#define CT_ENV_COMPONENT "environment"

enum ct_env_sampler {
    CT_ENV_ALWAYS_ON,
    CT_ENV_ALWAYS_OFF,
    CT_ENV_TRACE_ID_RATIO,
    CT_ENV_PARENT_ALWAYS_ON,
    CT_ENV_PARENT_ALWAYS_OFF,
    CT_ENV_PARENT_TRACE_ID_RATIO
};

/* A number that counts only if it was given: else another variable may be asked. */
struct ct_env_number {
    bool is_set;
    uint32_t value;
};

struct ct_env {
    bool sdk_disabled;
    int log_level; /* -1: not given; 0: none; else a cotel_log_level */
    const char *traces_exporter;
    int sampler; /* enum ct_env_sampler */
    const char *sampler_arg;

    uint32_t schedule_delay_ms;
    uint32_t export_timeout_ms;
    uint32_t max_queue_size;
    uint32_t max_export_batch_size;

    struct ct_env_number attribute_count, attribute_value_length;
    struct ct_env_number span_attribute_count, span_attribute_value_length;
    struct ct_env_number event_attribute_count, link_attribute_count;
    uint32_t event_count;
    uint32_t link_count;

    const char *endpoint, *traces_endpoint;
    const char *headers, *traces_headers;
    struct ct_env_number timeout_ms, traces_timeout_ms;
};

/* Reads every variable. An empty one is as one that is not there; a value that cannot be used is
 * told to diagnostics, and the default taken. Texts are borrowed from the environment; NULL: not
 * given. Does not fail. */
void ct_env_read(struct ct_env *env);

#endif
