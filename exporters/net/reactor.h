/* SPDX-License-Identifier: Apache-2.0 */
/* libcurl's multi interface behind one descriptor and one time.
 *
 * libcurl says which sockets it watches and when it wants to be called; the sockets go into an
 * epoll set, whose descriptor is what the exporter's owner polls. Nothing here ever waits.
 */
#ifndef COTEL_EXPORTERS_NET_REACTOR_H
#define COTEL_EXPORTERS_NET_REACTOR_H

#include "exporters/net/sockets.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

/* Not thread-safe: it belongs to who drives the exporter. */
struct ct_http_reactor {
    CURLM *multi; /* NULL: closed */
    int epoll_fd; /* -1: closed */
    uint64_t timer_ns;
    struct ct_http_sockets sockets;
};

/* Closed at first: descriptors are taken by the first export, not by who only configures. */
void ct_http_reactor_init(struct ct_http_reactor *reactor);

/* Opens it, unless it is; false: descriptors or memory are out. `connections` may stay open. */
bool ct_http_reactor_open(struct ct_http_reactor *reactor, size_t connections);

/* Does all that can be done now. */
void ct_http_reactor_run(struct ct_http_reactor *reactor, uint64_t now_ns);

/* A transfer that has ended, once each; NULL: no more. */
CURL *ct_http_reactor_next_done(struct ct_http_reactor *reactor, CURLcode *code);

/* Closes it; every easy handle has been taken out. */
void ct_http_reactor_close(struct ct_http_reactor *reactor);

/* In a forked child: closes the descriptors and forgets the rest. The fork may have come in the
 * middle of a call into libcurl, so its handles are not touched any more, not even to free them. */
void ct_http_reactor_abandon(struct ct_http_reactor *reactor);

#endif
