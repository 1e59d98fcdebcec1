/* SPDX-License-Identifier: Apache-2.0 */
/* A connection's calls: HTTP/2 by nghttp2, from the bytes that came to the bytes to send. No
 * socket.
 */
#ifndef COTEL_TOOLS_COTEL_VIEW_GRPC_SESSION_H
#define COTEL_TOOLS_COTEL_VIEW_GRPC_SESSION_H

#include "view/grpc/call.h"

enum {
    CT_GRPC_MAX_STREAMS = 100, /* calls at a time on a connection */
    CT_GRPC_WINDOW_BYTES = 1024 * 1024,
    CT_GRPC_CONNECTION_WINDOW_BYTES = 4 * CT_GRPC_WINDOW_BYTES
};

struct ct_grpc_session;

/* NULL: memory is out. */
struct ct_grpc_session *ct_grpc_session_create(struct ct_grpc_host *host);
void ct_grpc_session_destroy(struct ct_grpc_session *session);

/* Does what the bytes say. false: they are no HTTP/2, or memory is out; hang up. */
bool ct_grpc_session_receive(struct ct_grpc_session *session, const uint8_t *bytes, size_t size);

/* The next bytes to send, valid until they are asked for again; 0: none for now, or, with *failed
 * set, memory is out. */
size_t ct_grpc_session_next(struct ct_grpc_session *session, const uint8_t **bytes, bool *failed);

/* Takes no new calls, tells so, and is over when those that there are have been answered. */
void ct_grpc_session_wind_up(struct ct_grpc_session *session);

/* Nothing more will be said here or listened to. */
bool ct_grpc_session_is_over(struct ct_grpc_session *session);

#endif
