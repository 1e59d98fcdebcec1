/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between spans and metrics on their way to a peer: names. The messages around them
 * have the same shape and numbers of fields, so everything else is written once for both. */
#ifndef COTEL_EXPORTERS_OTLP_SIGNAL_H
#define COTEL_EXPORTERS_OTLP_SIGNAL_H

#include "proto/json.h"

#include <cotel/sdk/exporter.h>

struct ct_otlp_signal {
    cotel_signal signal;
    const char *items;         /* what peers count, such as "spans" */
    const char *mismatch;      /* what to say of a batch of another signal */
    const char *http_endpoint; /* the default one */
    const char *grpc_path;     /* of the service's method */
    /* Types of the exporters, as semantic conventions name components. */
    const char *http_type;
    const char *http_json_type;
    const char *grpc_type;
    const char *file_type;
    const char *rejected_key;                  /* of a partial success in JSON */
    const ProtobufCMessageDescriptor *request; /* what is sent */
};

/* NULL: there is no such signal. */
const struct ct_otlp_signal *ct_otlp_signal_of(cotel_signal signal);

#endif
