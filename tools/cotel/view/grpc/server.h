/* SPDX-License-Identifier: Apache-2.0 */
/* The gRPC side of OTLP, on loopback: plaintext HTTP/2 with prior knowledge. It has no thread; the
 * caller polls one descriptor. */
#ifndef COTEL_TOOLS_COTEL_VIEW_GRPC_SERVER_H
#define COTEL_TOOLS_COTEL_VIEW_GRPC_SERVER_H

#include "view/receiver.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CT_GRPC_DEFAULT_PORT = 4317,
    CT_GRPC_DEFAULT_MAX_MESSAGE_BYTES = 4 * 1024 * 1024, /* as gRPC's servers have it */
    CT_GRPC_MAX_CONNECTIONS = 256,
    CT_GRPC_IDLE_SECONDS = 300, /* then a connection that says nothing is closed */
    CT_GRPC_WIND_UP_MS = 1000
};

struct ct_grpc_server;

/* Listens on 127.0.0.1; port 0 is any free one. NULL on failure, with errno set; ENOTSUP: this
 * build is without nghttp2. */
struct ct_grpc_server *ct_grpc_server_create(uint16_t port, size_t max_message_bytes,
                                             const struct ct_receiver_callbacks *callbacks);
void ct_grpc_server_destroy(struct ct_grpc_server *server);

uint16_t ct_grpc_server_port(const struct ct_grpc_server *server);

/* Run it when this descriptor is readable, or the time is over (-1: no hurry). */
int ct_grpc_server_descriptor(const struct ct_grpc_server *server);
int ct_grpc_server_timeout_ms(const struct ct_grpc_server *server);
void ct_grpc_server_run(struct ct_grpc_server *server);

/* Takes no new calls, and answers those that are under way, for at most CT_GRPC_WIND_UP_MS. */
void ct_grpc_server_wind_up(struct ct_grpc_server *server);

#endif
