/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side of the stand-in: POST /v1/chat/completions on the loopback interface. */
#ifndef AGENTS_MODEL_SERVER_SERVER_H
#define AGENTS_MODEL_SERVER_SERVER_H

#include <stdatomic.h>
#include <stdint.h>

struct server_options {
    uint16_t port;    /* 0: any free one */
    unsigned slow_ms; /* what an answer takes */
    unsigned fail;    /* so many requests are answered by 503 before the first good one */
};

struct server {
    struct MHD_Daemon *daemon;
    struct server_options options;
    atomic_uint requests; /* that have come so far; connections are served by a thread each */
};

/* Starts serving. Returns the port; 0 when it failed. */
uint16_t server_start(struct server *server, const struct server_options *options);

void server_stop(struct server *server);

#endif
