/* SPDX-License-Identifier: Apache-2.0 */
/* One connection to the peer: dialled, secured, and then an HTTP/2 session on which any number of
 * calls are under way. Nothing here waits. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_CONNECTION_H
#define COTEL_EXPORTERS_OTLP_GRPC_CONNECTION_H

#include "exporters/net/dial.h"
#include "exporters/otlp/grpc/call.h"
#include "exporters/otlp/grpc/io.h"

enum {
    CT_GRPC_OUT_CAPACITY = 128 * 1024, /* frames that go to the kernel in one call */
    CT_GRPC_ERROR_SIZE = 320
};

/* What both connections of an exporter share. */
struct ct_grpc_line {
    struct ct_grpc_config config;
    int epoll_fd;               /* -1: closed */
    SSL_CTX *tls;               /* of the certificates as they are now; NULL: to be made */
    struct ct_grpc_call *calls; /* as many as the concurrency */
};

enum ct_grpc_stage { CT_GRPC_CLOSED, CT_GRPC_DIALLING, CT_GRPC_SHAKING, CT_GRPC_OPEN };

/* Zero-initialise it. */
struct ct_grpc_connection {
    enum ct_grpc_stage stage;
    bool is_greeted;  /* the peer has said something in HTTP/2 */
    bool is_leaving;  /* takes no more calls, and closes after the last one */
    bool is_hopeless; /* the last failure will be there next time too */
    struct ct_net_dial dial;
    struct ct_grpc_io io;
    nghttp2_session *session;
    unsigned char *out; /* CT_GRPC_OUT_CAPACITY: frames on their way */
    size_t out_size;
    size_t out_sent;
    int watched_fd; /* in the line's epoll set, if `watched` is not 0 */
    uint32_t watched;
    uint64_t opened_ns;
    uint64_t deadline_ns;           /* of becoming open */
    uint64_t heard_ns;              /* when the peer last sent something */
    uint64_t ping_deadline_ns;      /* 0: no ping is under way */
    char error[CT_GRPC_ERROR_SIZE]; /* of the last failure */
};

/* Begins to connect; it is closed. Afterwards it may be closed again, with an error. */
void ct_grpc_connection_dial(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                             const char *addresses, uint64_t now_ns);

/* Does what can be done now. */
void ct_grpc_connection_drive(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                              uint64_t now_ns);

/* When to drive it at the latest; UINT64_MAX: when something happens. */
uint64_t ct_grpc_connection_deadline_ns(const struct ct_grpc_connection *connection,
                                        const struct ct_grpc_line *line);

/* Whether a call can be started. One that is open and not usable never will be. */
bool ct_grpc_connection_is_usable(const struct ct_grpc_connection *connection);

/* Sends what the session has to send. */
void ct_grpc_connection_flush(struct ct_grpc_connection *connection, struct ct_grpc_line *line);

/* Closes at once; its calls are cut. */
void ct_grpc_connection_close(struct ct_grpc_connection *connection, struct ct_grpc_line *line);

/* In a forked child: closes the descriptors and forgets the rest. */
void ct_grpc_connection_abandon(struct ct_grpc_connection *connection);

#endif
