/* SPDX-License-Identifier: Apache-2.0 */
/* A peer that misbehaves to order, on a free port of loopback. One thread, real sockets. */
#ifndef COTEL_TESTS_SUPPORT_FAULT_SERVER_H
#define COTEL_TESTS_SUPPORT_FAULT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

enum fault {
    FAULT_ANSWER,     /* answers as the plan says */
    FAULT_REFUSE,     /* nobody listens there */
    FAULT_RESET,      /* resets the connection in the middle of the request's body */
    FAULT_HANG_UP,    /* takes the request and closes without an answer */
    FAULT_CUT_ANSWER, /* closes in the middle of the answer's body */
    FAULT_SILENT,     /* accepts, and neither reads nor says anything */
    FAULT_DRIP,       /* answers with one byte a second */
    FAULT_SWALLOW     /* connections are never completed: the backlog is full */
};

struct fault_plan {
    enum fault fault;
    unsigned times;      /* so many requests meet the fault, later ones are answered well; 0: all */
    int status;          /* of FAULT_ANSWER, FAULT_CUT_ANSWER and FAULT_DRIP; 0: 200 */
    const char *headers; /* besides Content-Length, each with its line end; NULL: protobuf */
    const char *body;    /* NULL: none, or zeros */
    size_t body_size;
};

struct fault_server;

/* Starts it; ends the test program when it can't. What the plan points to must outlive it. */
struct fault_server *fault_server_start(const struct fault_plan *plan);

/* Another plan from now on; not to or from FAULT_REFUSE and FAULT_SWALLOW. */
void fault_server_set_plan(struct fault_server *server, const struct fault_plan *plan);

/* Begins to listen, where nobody did (FAULT_REFUSE), and answers well. Once. */
void fault_server_open(struct fault_server *server);

/* Waits until it has noticed which connections were closed. */
void fault_server_quiesce(struct fault_server *server);

/* The URL to send to. Borrowed. */
const char *fault_server_url(const struct fault_server *server);

/* Its port as text. Borrowed. */
const char *fault_server_port(const struct fault_server *server);

/* Requests that arrived whole, and connections that were accepted. */
unsigned fault_server_requests(struct fault_server *server);
unsigned fault_server_connections(struct fault_server *server);

/* Bytes of all bodies of whole requests, and whether the last head has this text in it. */
size_t fault_server_body_bytes(struct fault_server *server);
bool fault_server_head_has(struct fault_server *server, const char *text);

void fault_server_stop(struct fault_server *server);

#endif
