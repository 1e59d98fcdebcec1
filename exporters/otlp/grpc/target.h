/* SPDX-License-Identifier: Apache-2.0 */
/* Where to send to over gRPC. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_TARGET_H
#define COTEL_EXPORTERS_OTLP_GRPC_TARGET_H

#include <cotel/status.h>

struct ct_grpc_target {
    bool is_secure;
    const char *addresses; /* digits with commas between; NULL: the host is to be looked up */
    char *host;      /* without the brackets of an IPv6 address; of a socket file, "localhost" */
    char *port;      /* digits */
    char *path;      /* of a socket file; NULL: it is none */
    char *authority; /* host and port as they were written */
    char *shown;     /* for people: nothing secret is in it */
};

/* Takes an endpoint apart: http://HOST[:PORT], https://HOST[:PORT], unix:PATH, unix://PATH, or
 * HOST[:PORT], which is secure unless `insecure`. The port of a scheme is 80 or 443, without one
 * 4317; a path behind the port is ignored, since gRPC has its own. INVALID_ARGUMENT: it is nothing
 * of the kind. OUT_OF_MEMORY. */
cotel_status ct_grpc_target_init(struct ct_grpc_target *target, const char *endpoint,
                                 bool insecure);

void ct_grpc_target_fini(struct ct_grpc_target *target);

#endif
