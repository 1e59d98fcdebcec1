/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side of the service, on loopback: takes a list of calls by POST, makes them one after
 * the other inside a SERVER span that continues the caller's trace, and answers with what came of
 * each. A thread a connection. */
#ifndef COTEL_TESTS_INTEROP_SERVICE_SERVER_H
#define COTEL_TESTS_INTEROP_SERVICE_SERVER_H

#include <stdint.h>

#define SERVER_MAX_BODY_BYTES (1u << 20)
#define SERVER_MAX_CALLS 64u       /* of one request */
#define SERVER_MAX_CONNECTIONS 64u /* more are refused */
#define SERVER_MAX_HEADER_BYTES (64u * 1024)
#define SERVER_IDLE_SECONDS 30u

struct server;

/* Listens on 127.0.0.1; port 0 is any free one. NULL on failure. */
struct server *server_start(uint16_t port);

uint16_t server_port(const struct server *server);

/* Waits for requests under way. */
void server_stop(struct server *server);

#endif
