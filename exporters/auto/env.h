/* SPDX-License-Identifier: Apache-2.0 */
/* What the environment says about cotel, all of it at once. Which variable fills which member is
 * written in env_table.c, and what of a value counts follows from the kind that stands there. */
#ifndef COTEL_EXPORTERS_AUTO_ENV_H
#define COTEL_EXPORTERS_AUTO_ENV_H

#include <cotel/sdk/diagnostics.h>

#include "env_table.h"
#include "env_value.h"

/* Who speaks in diagnostics. */
#define CT_ENV_COMPONENT "environment"

/* OTLP for one signal. */
struct ct_env_otlp {
    struct ct_env_value endpoint;
    struct ct_env_value protocol; /* enum ct_env_protocol */
    struct ct_env_value headers;
    struct ct_env_value timeout;
    struct ct_env_value compression; /* cotel_otlp_compression */
    struct ct_env_value insecure;
    struct ct_env_value certificate;
    struct ct_env_value client_certificate;
    struct ct_env_value client_key;
};

struct ct_env {
    struct ct_env_value sdk_disabled;
    struct ct_env_value log_level; /* 0: silence; else a cotel_log_level, when it is given */
    struct ct_env_value propagators;

    struct ct_env_value traces_exporter;
    struct ct_env_value sampler;
    struct ct_env_value sampler_argument;

    struct ct_env_value schedule_delay;
    struct ct_env_value export_timeout;
    struct ct_env_value max_queue_size;
    struct ct_env_value max_export_batch_size;

    struct ct_env_value attribute_count;
    struct ct_env_value attribute_value_length;
    struct ct_env_value event_count;
    struct ct_env_value link_count;
    struct ct_env_value event_attribute_count;
    struct ct_env_value link_attribute_count;

    struct ct_env_value metrics_exporter;
    struct ct_env_value exemplar_filter; /* cotel_exemplar_filter */
    struct ct_env_value export_interval;
    struct ct_env_value metric_export_timeout;
    struct ct_env_value temporality_preference; /* cotel_temporality_preference */
    struct ct_env_value histogram_aggregation;  /* cotel_aggregation_type */
    struct ct_env_value prometheus_host;
    struct ct_env_value prometheus_port;
    struct ct_env_value prometheus_target_file;

    struct ct_env_otlp traces;
    struct ct_env_otlp metrics;
};

/* The value that counts for one variable: its own, else the general one's or what a list has for
 * it, else the default; and no more than it may be. An empty variable is as one that is not there;
 * so is one that can't be used, but for the problem. */
void ct_env_resolve(const struct ct_env_variable *variable, struct ct_env_value *value,
                    struct ct_env_problem *problem);

/* Reads every variable. Texts are borrowed from the environment. Does not fail. */
void ct_env_read(struct ct_env *env);

/* Tells diagnostics of each variable that is set to what can't be used, or that nobody reads. */
void ct_env_tell_problems(void);

/* Whether it is set to something; the text is trimmed. */
bool ct_env_lookup(const char *name, cotel_str *text);

#endif
