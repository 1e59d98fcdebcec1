/* SPDX-License-Identifier: Apache-2.0 */
/* Where to send to. */
#ifndef COTEL_EXPORTERS_NET_ENDPOINT_H
#define COTEL_EXPORTERS_NET_ENDPOINT_H

#include <cotel/status.h>

struct ct_http_endpoint {
    char *url;
    char *shown; /* the URL for people: user, password and query as *** */
    char *host;  /* without the brackets of an IPv6 address */
    char *port;
    bool is_name;      /* the host takes a name server to be reached */
    bool needs_lookup; /* and the environment has no proxy for it, so that we are to ask */
};

/* Takes a URL apart. INVALID_ARGUMENT: malformed, no host, neither http nor https. OUT_OF_MEMORY.
 */
cotel_status ct_http_endpoint_init(struct ct_http_endpoint *endpoint, const char *url);

void ct_http_endpoint_fini(struct ct_http_endpoint *endpoint);

#endif
