/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that takes all that it is given, over HTTP/1.1, HTTP/2 or gRPC, in the clear or through
 * TLS, on a free port of loopback or on a socket file; or stands for a proxy with such a peer
 * behind it. A thread a connection. */
#ifndef COTEL_TESTS_SUPPORT_OTLP_PEER_H
#define COTEL_TESTS_SUPPORT_OTLP_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct otlp_peer_plan {
    const char *certificate; /* PEM; NULL: in the clear */
    const char *key;
    const char
        *client_ca;     /* who has to have signed the client's certificate; NULL: none is asked */
    const char *path;   /* of a socket file; NULL: a port */
    bool http2;         /* agrees to it; in the clear it is known by its first bytes */
    int connect_status; /* answers CONNECT so, and goes on as the peer after 200; 0: no proxy */
};

struct otlp_peer;

/* Starts it; ends the test program when it can't. What the plan points to must outlive it. */
struct otlp_peer *otlp_peer_start(const struct otlp_peer_plan *plan);

/* Shows other files from the next connection on. */
void otlp_peer_renew(struct otlp_peer *peer, const struct otlp_peer_plan *plan);

/* Its port, as text. Borrowed. */
const char *otlp_peer_port(const struct otlp_peer *peer);

/* Connections that were accepted, and requests that arrived whole. */
unsigned otlp_peer_connections(struct otlp_peer *peer);
unsigned otlp_peer_requests(struct otlp_peer *peer);

/* Bytes of all bodies. */
size_t otlp_peer_body_bytes(struct otlp_peer *peer);

/* Whether the last request's head has this text: lines as they came, of HTTP/2 with "name: value".
 * Of a proxy, the request to it is a head of its own. */
bool otlp_peer_head_has(struct otlp_peer *peer, const char *text);

/* Waits until nobody is connected. */
void otlp_peer_await_empty(struct otlp_peer *peer);

/* Hangs up on everybody. */
void otlp_peer_stop(struct otlp_peer *peer);

#endif
