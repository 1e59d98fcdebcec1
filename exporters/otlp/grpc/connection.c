/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/connection.h"

#include "exporters/net/clock.h"
#include "exporters/otlp/grpc/session.h"
#include "exporters/otlp/grpc/tls.h"

#include <cotel/sdk/exporter.h>

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    READ_SIZE = 16 * 1024,
    FRAME_ROOM = 32 * 1024, /* a frame is at most 16 KiB and its head: one fits */
    /* Reads and writes in one go, before others get their turn. */
    READS_A_TURN = 32,
    WRITES_A_TURN = 32
};

/* ---- the descriptor in the epoll set ---- */

static void unwatch(struct ct_grpc_connection *connection, int epoll_fd)
{
    if (connection->watched != 0)
        (void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, connection->watched_fd, NULL);
    connection->watched = 0;
}

/* False: the kernel has no memory for it. */
static bool watch(struct ct_grpc_connection *connection, int epoll_fd, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events};
    if (connection->watched != 0 && connection->watched_fd != fd)
        unwatch(connection, epoll_fd);
    if (connection->watched == events)
        return true;
    int operation = connection->watched != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(epoll_fd, operation, fd, &event) != 0)
        return false;
    connection->watched_fd = fd;
    connection->watched = events;
    return true;
}

/* ---- the end ---- */

static void cut_calls(struct ct_grpc_connection *connection, struct ct_grpc_line *line)
{
    for (size_t i = 0; i < line->config.concurrency; i++) {
        if (line->calls[i].session != NULL && line->calls[i].session == connection->session)
            ct_grpc_call_cut(&line->calls[i], connection->error);
    }
}

void ct_grpc_connection_close(struct ct_grpc_connection *connection, struct ct_grpc_line *line)
{
    if (connection->stage == CT_GRPC_CLOSED)
        return;
    unwatch(connection, line->epoll_fd);
    if (connection->stage == CT_GRPC_DIALLING)
        ct_net_dial_stop(&connection->dial);
    else
        ct_grpc_io_close(&connection->io);
    cut_calls(connection, line);
    nghttp2_session_del(connection->session);
    connection->session = NULL;
    free(connection->out);
    connection->out = NULL;
    connection->stage = CT_GRPC_CLOSED;
}

void ct_grpc_connection_abandon(struct ct_grpc_connection *connection)
{
    if (connection->stage == CT_GRPC_DIALLING)
        ct_net_dial_stop(&connection->dial);
    else if (connection->stage != CT_GRPC_CLOSED)
        ct_grpc_io_abandon(&connection->io);
    *connection = (struct ct_grpc_connection){.stage = CT_GRPC_CLOSED};
}

static void fail(struct ct_grpc_connection *connection, struct ct_grpc_line *line, const char *why)
{
    snprintf(connection->error, sizeof connection->error, "%s", why);
    ct_grpc_connection_close(connection, line);
}

/* A goodbye has said why already. */
static void end(struct ct_grpc_connection *connection, struct ct_grpc_line *line, const char *why)
{
    if (connection->error[0] == '\0')
        fail(connection, line, why);
    else
        ct_grpc_connection_close(connection, line);
}

/* ---- becoming open ---- */

static void open_session(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                         uint64_t now_ns)
{
    connection->session = ct_grpc_session_create(connection);
    connection->out = malloc(CT_GRPC_OUT_CAPACITY);
    if (connection->session == NULL || connection->out == NULL) {
        fail(connection, line, "out of memory for a connection");
        return;
    }
    connection->stage = CT_GRPC_OPEN;
    connection->heard_ns = now_ns;
    ct_grpc_connection_flush(connection, line);
}

static void fail_handshake(struct ct_grpc_connection *connection, struct ct_grpc_line *line)
{
    connection->is_hopeless = ct_grpc_io_is_distrusted(&connection->io);
    fail(connection, line, connection->io.error);
}

static void shake_hands(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                        uint64_t now_ns)
{
    uint32_t events;
    switch (ct_grpc_io_shake_hands(&connection->io)) {
    case CT_GRPC_IO_OK:
        open_session(connection, line, now_ns);
        return;
    case CT_GRPC_IO_AGAIN:
        events = connection->io.wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN;
        if (now_ns >= connection->deadline_ns)
            fail(connection, line, "TLS: no answer in time");
        else if (!watch(connection, line->epoll_fd, connection->io.fd, events))
            fail(connection, line, "no memory to wait for the peer");
        return;
    case CT_GRPC_IO_CLOSED:
        fail(connection, line, "TLS: the peer has closed the connection");
        return;
    case CT_GRPC_IO_FAILED:
        fail_handshake(connection, line);
        return;
    }
}

static void secure(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                   uint64_t now_ns)
{
    SSL *ssl = NULL;
    int fd = connection->dial.fd;
    if (line->config.target.is_secure) {
        ssl = ct_grpc_tls_connection(line->tls, line->config.target.host, fd);
        if (ssl == NULL) {
            fail(connection, line, "out of memory for TLS");
            return;
        }
    }
    ct_grpc_io_open(&connection->io, fd, ssl);
    connection->dial.fd = -1;
    connection->stage = CT_GRPC_SHAKING;
    shake_hands(connection, line, now_ns);
}

static void dialled(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                    enum ct_net_dialling state, uint64_t now_ns)
{
    switch (state) {
    case CT_NET_DIAL_CONNECTED:
        secure(connection, line, now_ns);
        return;
    case CT_NET_DIAL_PENDING:
        if (!watch(connection, line->epoll_fd, connection->dial.fd, EPOLLOUT))
            fail(connection, line, "no memory to wait for the peer");
        return;
    case CT_NET_DIAL_FAILED:
        ct_net_dial_error(&connection->dial, connection->error, sizeof connection->error);
        ct_grpc_connection_close(connection, line);
        return;
    }
}

/* The descriptor that was watched may be closed by now, and the kernel has then forgotten it; the
 * next attempt's may well have the same number. */
static void advance_dial(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                         uint64_t now_ns)
{
    unsigned before = connection->dial.attempts;
    enum ct_net_dialling state = ct_net_dial_advance(&connection->dial, now_ns);
    if (connection->dial.fd < 0 || connection->dial.attempts != before)
        connection->watched = 0;
    dialled(connection, line, state, now_ns);
}

static bool is_tls_ready(struct ct_grpc_connection *connection, struct ct_grpc_line *line)
{
    if (!line->config.target.is_secure || line->tls != NULL)
        return true;
    line->tls = ct_grpc_tls_context(&line->config.tls, connection->error, sizeof connection->error);
    return line->tls != NULL;
}

void ct_grpc_connection_dial(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                             const char *addresses, uint64_t now_ns)
{
    assert(connection->stage == CT_GRPC_CLOSED);
    const struct ct_grpc_target *target = &line->config.target;
    uint64_t timeout_ns = line->config.connect_timeout_ns;
    *connection = (struct ct_grpc_connection){
        .stage = CT_GRPC_CLOSED,
        .opened_ns = now_ns,
        .deadline_ns = ct_net_after_ns(now_ns, timeout_ns),
    };
    if (!is_tls_ready(connection, line))
        return;
    connection->stage = CT_GRPC_DIALLING;
    dialled(connection, line,
            target->path != NULL
                ? ct_net_dial_file(&connection->dial, target->path, now_ns, timeout_ns)
                : ct_net_dial_addresses(&connection->dial, addresses,
                                        (uint16_t)strtoul(target->port, NULL, 10), now_ns,
                                        timeout_ns),
            now_ns);
}

/* ---- being open ---- */

bool ct_grpc_connection_is_usable(const struct ct_grpc_connection *connection)
{
    return connection->stage == CT_GRPC_OPEN && !connection->is_leaving &&
           nghttp2_session_check_request_allowed(connection->session);
}

/* Takes frames from the session until the buffer is full; false: it failed. */
static bool fill(struct ct_grpc_connection *connection)
{
    const uint8_t *frame;
    ssize_t size = 0;
    while (CT_GRPC_OUT_CAPACITY - connection->out_size >= FRAME_ROOM &&
           (size = nghttp2_session_mem_send(connection->session, &frame)) > 0) {
        assert((size_t)size <= CT_GRPC_OUT_CAPACITY - connection->out_size);
        memcpy(connection->out + connection->out_size, frame, (size_t)size);
        connection->out_size += (size_t)size;
    }
    return size >= 0;
}

/* CT_GRPC_IO_OK: the buffer is empty. */
static enum ct_grpc_io_state drain(struct ct_grpc_connection *connection)
{
    while (connection->out_sent < connection->out_size) {
        size_t done = 0;
        enum ct_grpc_io_state state =
            ct_grpc_io_write(&connection->io, connection->out + connection->out_sent,
                             connection->out_size - connection->out_sent, &done);
        if (state != CT_GRPC_IO_OK)
            return state;
        connection->out_sent += done;
    }
    connection->out_sent = 0;
    connection->out_size = 0;
    return CT_GRPC_IO_OK;
}

/* CT_GRPC_IO_OK: the session has nothing more to send, or has sent its share of this turn. */
static enum ct_grpc_io_state send_all(struct ct_grpc_connection *connection)
{
    enum ct_grpc_io_state state = CT_GRPC_IO_OK;
    for (int i = 0; i < WRITES_A_TURN && state == CT_GRPC_IO_OK; i++) {
        if (connection->out_size == 0 && !fill(connection)) {
            snprintf(connection->io.error, sizeof connection->io.error, "out of memory for frames");
            return CT_GRPC_IO_FAILED;
        }
        if (connection->out_size == 0)
            break;
        state = drain(connection);
    }
    return state;
}

void ct_grpc_connection_flush(struct ct_grpc_connection *connection, struct ct_grpc_line *line)
{
    if (connection->stage != CT_GRPC_OPEN)
        return;
    bool wants_write = connection->io.wants_write; /* of a read before */
    enum ct_grpc_io_state state = send_all(connection);
    if (state == CT_GRPC_IO_FAILED || state == CT_GRPC_IO_CLOSED) {
        fail(connection, line, connection->io.error);
        return;
    }
    if (state == CT_GRPC_IO_AGAIN)
        wants_write = connection->io.wants_write;
    else
        wants_write |= nghttp2_session_want_write(connection->session) != 0;
    if (!watch(connection, line->epoll_fd, connection->io.fd,
               wants_write ? EPOLLIN | EPOLLOUT : EPOLLIN))
        fail(connection, line, "no memory to wait for the peer");
}

/* False: the connection is closed. */
static bool take(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                 const unsigned char *bytes, size_t size, uint64_t now_ns)
{
    connection->heard_ns = now_ns;
    connection->ping_deadline_ns = 0;
    ssize_t used = nghttp2_session_mem_recv(connection->session, bytes, size);
    if (used >= 0)
        return true;
    char why[128];
    snprintf(why, sizeof why, "the peer does not speak HTTP/2 there: %s",
             nghttp2_strerror((int)used));
    fail(connection, line, why);
    return false;
}

static void receive(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                    uint64_t now_ns)
{
    unsigned char bytes[READ_SIZE];
    for (int i = 0; i < READS_A_TURN; i++) {
        size_t size = 0;
        switch (ct_grpc_io_read(&connection->io, bytes, sizeof bytes, &size)) {
        case CT_GRPC_IO_OK:
            if (!take(connection, line, bytes, size, now_ns))
                return;
            break;
        case CT_GRPC_IO_AGAIN:
            return;
        case CT_GRPC_IO_CLOSED:
            end(connection, line, "the peer has closed the connection");
            return;
        case CT_GRPC_IO_FAILED:
            end(connection, line, connection->io.error);
            return;
        }
    }
}

static bool has_calls(const struct ct_grpc_connection *connection, const struct ct_grpc_line *line)
{
    for (size_t i = 0; i < line->config.concurrency; i++) {
        if (line->calls[i].session != NULL && line->calls[i].session == connection->session)
            return true;
    }
    return false;
}

/* When the next ping is due, or the answer to the last one; UINT64_MAX: never. */
static uint64_t ping_due_ns(const struct ct_grpc_connection *connection,
                            const struct ct_grpc_line *line)
{
    if (line->config.keepalive_ns == 0 || !has_calls(connection, line))
        return UINT64_MAX;
    if (connection->ping_deadline_ns != 0)
        return connection->ping_deadline_ns;
    return ct_net_after_ns(connection->heard_ns, line->config.keepalive_ns);
}

static void keep_alive(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                       uint64_t now_ns)
{
    if (now_ns < ping_due_ns(connection, line))
        return;
    if (connection->ping_deadline_ns != 0) {
        fail(connection, line, "no answer to a ping");
        return;
    }
    connection->ping_deadline_ns = ct_net_after_ns(now_ns, line->config.keepalive_timeout_ns);
    (void)nghttp2_submit_ping(connection->session, NGHTTP2_FLAG_NONE, NULL);
}

/* A session that has nothing more to say or to hear is at its end. */
static bool is_over(const struct ct_grpc_connection *connection, const struct ct_grpc_line *line)
{
    return (connection->is_leaving && !has_calls(connection, line)) ||
           (!nghttp2_session_want_read(connection->session) &&
            !nghttp2_session_want_write(connection->session));
}

static void drive_open(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                       uint64_t now_ns)
{
    receive(connection, line, now_ns);
    if (connection->stage == CT_GRPC_OPEN)
        keep_alive(connection, line, now_ns);
    ct_grpc_connection_flush(connection, line);
    if (connection->stage == CT_GRPC_OPEN && is_over(connection, line))
        end(connection, line,
            connection->is_greeted ? "the session has ended"
                                   : "the peer does not speak HTTP/2 there");
}

void ct_grpc_connection_drive(struct ct_grpc_connection *connection, struct ct_grpc_line *line,
                              uint64_t now_ns)
{
    switch (connection->stage) {
    case CT_GRPC_CLOSED:
        break;
    case CT_GRPC_DIALLING:
        advance_dial(connection, line, now_ns);
        break;
    case CT_GRPC_SHAKING:
        shake_hands(connection, line, now_ns);
        break;
    case CT_GRPC_OPEN:
        drive_open(connection, line, now_ns);
        break;
    }
}

uint64_t ct_grpc_connection_deadline_ns(const struct ct_grpc_connection *connection,
                                        const struct ct_grpc_line *line)
{
    switch (connection->stage) {
    case CT_GRPC_DIALLING:
        return connection->dial.deadline_ns;
    case CT_GRPC_SHAKING:
        return connection->deadline_ns;
    case CT_GRPC_OPEN:
        return ping_due_ns(connection, line);
    case CT_GRPC_CLOSED:
        break;
    }
    return UINT64_MAX;
}
