/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of the gRPC peer share: grpc_server.c has the sockets and the thread,
 * grpc_server_session.c speaks HTTP/2. */
#ifndef COTEL_TESTS_SUPPORT_GRPC_SERVER_INTERNAL_H
#define COTEL_TESTS_SUPPORT_GRPC_SERVER_INTERNAL_H

#include "tests/support/grpc_server.h"

#include <nghttp2/nghttp2.h>
#include <pthread.h>

enum { PEER_CONNECTIONS = 64, PEER_STREAMS = 128, PEER_HEAD_SIZE = 8192, PEER_OUT_SIZE = 1 << 17 };

struct peer_stream {
    int32_t id; /* 0: free */
    bool is_whole;
    size_t body_sent;
    struct grpc_plan plan; /* as it was when the stream began */
};

struct peer_connection {
    struct grpc_server *server;
    int fd;
    nghttp2_session *session;
    struct peer_stream streams[PEER_STREAMS];
    bool is_deaf; /* reads nothing */
    bool is_mute; /* reads and forgets */
    bool is_raw;  /* has said its bytes */
    bool is_dripping;
    bool is_closing; /* when everything is said */
    bool is_dead;    /* at once */
    bool is_reset;   /* and rudely */
    long drip_at_ms;
    size_t out_size;
    unsigned char out[PEER_OUT_SIZE];
};

struct grpc_server {
    pthread_t thread;
    int listen_fd;
    int stop_fd;
    bool has_thread;
    char url[160];
    char port[8];
    struct peer_connection *connections[PEER_CONNECTIONS];

    pthread_mutex_t lock; /* what follows */
    struct grpc_plan plan;
    bool hangs_up;
    unsigned met; /* requests that met the plan's fault */
    unsigned begun;
    unsigned requests;
    unsigned accepted;
    unsigned pings;
    size_t body_bytes;
    size_t head_size;
    char head[PEER_HEAD_SIZE];
};

/* The plan for the connection or the request at hand. */
struct grpc_plan peer_plan(struct grpc_server *server, bool counts);

void peer_must(bool holds, const char *what);

/* A session that has its settings to say. */
void peer_session_open(struct peer_connection *connection);

/* Takes bytes; false: they are no HTTP/2. */
bool peer_session_take(struct peer_connection *connection, const void *bytes, size_t size);

/* Moves what the session has to say into `out`, as far as there is room. */
void peer_session_fill(struct peer_connection *connection);

#endif
