/* SPDX-License-Identifier: Apache-2.0 */
/* The options of an exporter over gRPC, checked and copied. Never changes once it is made. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_CONFIG_H
#define COTEL_EXPORTERS_OTLP_GRPC_CONFIG_H

#include "exporters/otlp/exporter.h"
#include "exporters/otlp/grpc/target.h"
#include "exporters/otlp/tls_files.h"

#include <cotel/exporters/otlp_grpc.h>

/* The most headers that a program may add. */
#define CT_GRPC_MAX_HEADERS 64

struct ct_grpc_header {
    char *name; /* in lower case */
    char *value;
};

struct ct_grpc_config {
    const struct ct_otlp_signal *signal;
    struct ct_grpc_target target;
    struct ct_otlp_tls_files tls;
    struct ct_grpc_header *headers;
    size_t header_count;
    char *user_agent;
    struct ct_otlp_backoff backoff;
    struct ct_otlp_format format;
    uint64_t timeout_ns;
    uint64_t connect_timeout_ns;
    uint64_t keepalive_ns; /* 0: no pings */
    uint64_t keepalive_timeout_ns;
    size_t concurrency;
    size_t max_request_bytes;
    size_t max_response_bytes;
};

/* Of options as the caller has given them: NULL, or of an older or newer size. Errors as
 * cotel_otlp_grpc_exporter_create(). */
cotel_status ct_grpc_config_init(struct ct_grpc_config *config,
                                 const cotel_otlp_grpc_options *given);

void ct_grpc_config_fini(struct ct_grpc_config *config);

#endif
