/* SPDX-License-Identifier: Apache-2.0 */
/* An OTLP exporter over any transport: what the pipeline calls, handed on to the deliveries under
 * way. A transport puts this struct first into its own. */
#ifndef COTEL_EXPORTERS_OTLP_EXPORTER_H
#define COTEL_EXPORTERS_OTLP_EXPORTER_H

#include "exporters/otlp/delivery.h"
#include "exporters/otlp/signal.h"
#include "exporters/otlp/transport.h"

#include <cotel/sdk/diagnostics.h>

/* The most requests at a time. */
#define CT_OTLP_MAX_CONCURRENCY 64

/* What all transports have to be told. */
struct ct_otlp_settings {
    const struct ct_otlp_signal *signal; /* what it is for */
    const char *type;  /* as the signal has it for the transport and the encoding */
    const char *shown; /* the endpoint for people, without secrets; borrowed from the transport */
    struct ct_otlp_backoff backoff;
    uint64_t timeout_ns;
    size_t concurrency;       /* 1 to CT_OTLP_MAX_CONCURRENCY */
    size_t max_request_bytes; /* before and after compression */
    struct ct_otlp_format format;
};

struct ct_otlp_exporter {
    cotel_exporter base;
    cotel_exporter_ops ops; /* of its own, for its concurrency */
    const struct ct_otlp_transport *transport;
    struct ct_otlp_settings settings;
    cotel_diagnostics_limit retries;
    struct ct_otlp_delivery *deliveries; /* as many as the concurrency */
};

/* Makes an exporter of zeroed memory. false: memory is out, and nothing is to be undone. */
bool ct_otlp_exporter_init(struct ct_otlp_exporter *exporter,
                           const struct ct_otlp_transport *transport,
                           const struct ct_otlp_settings *settings);

/* Frees what the deliveries hold. For the transport's destroy(). */
void ct_otlp_exporter_fini(struct ct_otlp_exporter *exporter);

#endif
