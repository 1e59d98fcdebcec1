/* SPDX-License-Identifier: Apache-2.0 */
/* A gRPC peer that misbehaves to order, on a free port of loopback or a socket file. One thread,
 * real sockets, HTTP/2 by nghttp2. What fault_server.h is to HTTP. */
#ifndef COTEL_TESTS_SUPPORT_GRPC_SERVER_H
#define COTEL_TESTS_SUPPORT_GRPC_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum grpc_fault {
    GRPC_ANSWER,       /* answers as the plan says, when the request is whole */
    GRPC_ANSWER_EARLY, /* the same as soon as its head is there; takes no more than a window of it
                        */
    GRPC_HOLD,         /* answers when as many requests as `times` wait for it, all at once */
    GRPC_REFUSE,       /* nobody listens there */
    GRPC_RESET,        /* resets the connection in the middle of the request's body */
    GRPC_HANG_UP,      /* takes the request and closes without an answer */
    GRPC_CUT,          /* answers but for the trailers, and closes */
    GRPC_SILENT,       /* accepts, and neither reads nor says anything */
    GRPC_MUTE,         /* takes everything, and says nothing but its settings */
    GRPC_DRIP,         /* says one byte a second */
    GRPC_BYTES,        /* says `body` as it is, whatever it hears */
    GRPC_GOODBYE,      /* says goodbye instead of taking the request, and closes */
    GRPC_LAST_ANSWER,  /* answers, says goodbye, and closes */
    GRPC_RESET_STREAM  /* resets the stream with `reset` */
};

struct grpc_plan {
    enum grpc_fault fault;
    unsigned times;           /* so many requests meet the fault, later ones are answered well */
    int http_status;          /* 0: 200 */
    const char *content_type; /* NULL: application/grpc */
    const char *encoding;     /* grpc-encoding; NULL: none */
    const char *status;       /* grpc-status; NULL: "0"; "": none */
    const char *message;      /* grpc-message; NULL: none */
    const char *details;      /* grpc-status-details-bin; NULL: none */
    bool is_short;            /* trailers only: no message, one block of headers */
    const void *body;         /* the answer's bytes, prefixes included; NULL: an empty message */
    size_t body_size;
    uint32_t reset;
    uint32_t window;  /* of a stream; 0: HTTP/2's 65535 */
    uint32_t streams; /* at a time; 0: as many as you like */
    const char *path; /* of a socket file to listen on; NULL: a port */
};

struct grpc_server;

/* Starts it; ends the test program when it can't. What the plan points to must outlive it. */
struct grpc_server *grpc_server_start(const struct grpc_plan *plan);

/* Another plan for what comes from now on; not to or from GRPC_REFUSE. Its window, streams and path
 * are those of the first one. */
void grpc_server_set_plan(struct grpc_server *server, const struct grpc_plan *plan);

/* Begins to listen, where nobody did (GRPC_REFUSE), and answers well. Once. */
void grpc_server_open(struct grpc_server *server);

/* Closes all connections that there are, as a peer that is restarted. */
void grpc_server_hang_up(struct grpc_server *server);

/* The endpoint to send to. Borrowed. */
const char *grpc_server_url(const struct grpc_server *server);

/* Its port as text. Borrowed. */
const char *grpc_server_port(const struct grpc_server *server);

/* Requests that began, those that arrived whole, connections that were accepted, and pings. */
unsigned grpc_server_begun(struct grpc_server *server);
unsigned grpc_server_requests(struct grpc_server *server);
unsigned grpc_server_connections(struct grpc_server *server);
unsigned grpc_server_pings(struct grpc_server *server);

/* Bytes of all bodies, and whether the last head has this line: "name: value\n". */
size_t grpc_server_body_bytes(struct grpc_server *server);
bool grpc_server_head_has(struct grpc_server *server, const char *text);

void grpc_server_stop(struct grpc_server *server);

#endif
