/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the peer: as the environment says, straight, by a proxy, or by a socket file. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_ROUTE_H
#define COTEL_EXPORTERS_OTLP_HTTP_ROUTE_H

#include "exporters/net/endpoint.h"

#include <cotel/exporters/otlp_http.h>

#include <curl/curl.h>
#include <stdbool.h>

/* Members are private. */
struct ct_http_route {
    bool asks_environment;         /* for proxies */
    struct ct_http_endpoint proxy; /* its url is NULL: there is none */
    char *unix_socket;             /* NULL: none */
};

/* Of options that are complete. INVALID_ARGUMENT: a proxy that is none, a path too long for a
 * socket, or both a proxy and a socket. OUT_OF_MEMORY. To be ended by fini() in any case. */
cotel_status ct_http_route_init(struct ct_http_route *route,
                                const cotel_otlp_http_options *options);

/* Who is connected to on the way to `peer`, and whether that takes a lookup of ours: the proxy, or
 * the peer itself. */
const struct ct_http_endpoint *ct_http_route_first(const struct ct_http_route *route,
                                                   const struct ct_http_endpoint *peer);
bool ct_http_route_needs_lookup(const struct ct_http_route *route,
                                const struct ct_http_endpoint *peer);

/* false: memory is out, or libcurl lacks something that we build on. */
bool ct_http_route_configure(CURL *easy, const struct ct_http_route *route);

void ct_http_route_fini(struct ct_http_route *route);

#endif
