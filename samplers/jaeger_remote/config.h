/* SPDX-License-Identifier: Apache-2.0 */
/* The options of a sampler, checked and copied. Never changes once it is made. */
#ifndef COTEL_SAMPLERS_JAEGER_REMOTE_CONFIG_H
#define COTEL_SAMPLERS_JAEGER_REMOTE_CONFIG_H

#include "exporters/net/endpoint.h"

#include <cotel/samplers/jaeger_remote.h>

/* The largest max_operations. */
#define CT_JAEGER_MAX_OPERATIONS 65536

/* Who speaks in diagnostics. */
#define CT_JAEGER_COMPONENT "jaeger_remote_sampler"

struct ct_jaeger_config {
    struct ct_http_endpoint endpoint;
    char *url; /* the endpoint with the service's name */
    uint64_t interval_ms;
    uint64_t timeout_ms;
    size_t max_operations;
    size_t max_response_bytes;
    bool adds_attributes;
};

/* Puts what the caller has given, NULL or of any size, over the defaults. false: it has no size. */
bool ct_jaeger_options_complete(const cotel_jaeger_remote_sampler_options *given,
                                cotel_jaeger_remote_sampler_options *out);

/* Of complete options. Errors as cotel_jaeger_remote_sampler_create(). */
cotel_status ct_jaeger_config_init(struct ct_jaeger_config *config,
                                   const cotel_jaeger_remote_sampler_options *options);

void ct_jaeger_config_fini(struct ct_jaeger_config *config);

#endif
