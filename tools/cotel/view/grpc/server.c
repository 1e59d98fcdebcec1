/* SPDX-License-Identifier: Apache-2.0 */
/* Connections in one epoll set, whose descriptor is what the caller polls. What a connection has to
 * say is made only when the last of it has gone out, so a peer that does not read takes no memory.
 */
#include "view/grpc/server.h"

#include "view/clock.h"
#include "view/grpc/session.h"
#include "view/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 64 * 1024,
    READS_A_TURN = 16, /* so that one connection does not hold up the others */
    EVENTS_A_TURN = 64,
    PAUSE_MS = 1000 /* until new connections are taken again, when descriptors were out */
};

struct connection {
    int fd;
    bool waits_to_write;
    const uint8_t *unsent; /* the session's */
    size_t unsent_size;
    int64_t last_ms;
    struct ct_grpc_session *session;
    struct connection *next;
    struct connection **link;
};

struct ct_grpc_server {
    int epoll;
    int listener; /* -1: no more */
    uint16_t port;
    bool is_paused;
    size_t connection_count;
    struct connection *connections;
    struct ct_grpc_host host;
    uint8_t buffer[READ_BYTES];
};

static void release(struct connection *connection)
{
    close(connection->fd);
    ct_grpc_session_destroy(connection->session);
    free(connection);
}

/* Takes what has come meanwhile: a socket that is closed with something unread resets the
 * connection instead of ending it, and the peer would have an error where it was told goodbye. */
static void take_the_rest(struct ct_grpc_server *server, const struct connection *connection)
{
    unsigned reads = 0;

    (void)shutdown(connection->fd, SHUT_WR);
    while (reads++ < READS_A_TURN &&
           recv(connection->fd, server->buffer, sizeof(server->buffer), 0) > 0) {
    }
}

static void hang_up(struct ct_grpc_server *server, struct connection *connection)
{
    take_the_rest(server, connection);
    *connection->link = connection->next;
    if (connection->next)
        connection->next->link = connection->link;
    server->connection_count--;
    release(connection);
}

static bool watch(const struct ct_grpc_server *server, int operation, int fd, uint32_t events,
                  void *who)
{
    struct epoll_event event = {.events = events, .data.ptr = who};

    return epoll_ctl(server->epoll, operation, fd, &event) == 0;
}

/* Sends what there is; false when the connection is at its end. */
static bool send_all(struct connection *connection)
{
    bool failed = false;

    for (;;) {
        if (connection->unsent_size == 0)
            connection->unsent_size =
                ct_grpc_session_next(connection->session, &connection->unsent, &failed);
        if (connection->unsent_size == 0)
            return !failed;

        ssize_t sent =
            send(connection->fd, connection->unsent, connection->unsent_size, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        connection->unsent += sent;
        connection->unsent_size -= (size_t)sent;
    }
}

static bool receive_some(struct ct_grpc_server *server, struct connection *connection)
{
    for (unsigned i = 0; i < READS_A_TURN; i++) {
        ssize_t size = recv(connection->fd, server->buffer, sizeof(server->buffer), 0);
        if (size < 0)
            return errno == EAGAIN || errno == EINTR;
        if (size == 0)
            return false;
        connection->last_ms = ct_now_ms();
        if (!ct_grpc_session_receive(connection->session, server->buffer, (size_t)size))
            return false;
    }
    return true;
}

/* Sends, and hangs up if nothing more is to come. While a peer does not take its answers, it is not
 * read from either. */
static void settle(struct ct_grpc_server *server, struct connection *connection, bool is_well)
{
    bool is_sent = send_all(connection);
    bool waits = connection->unsent_size > 0;

    if (!is_well || !is_sent || (!waits && ct_grpc_session_is_over(connection->session))) {
        hang_up(server, connection);
        return;
    }
    if (waits == connection->waits_to_write)
        return;
    connection->waits_to_write = waits;
    if (!watch(server, EPOLL_CTL_MOD, connection->fd, waits ? EPOLLOUT : EPOLLIN, connection))
        hang_up(server, connection);
}

static void serve(struct ct_grpc_server *server, struct connection *connection)
{
    bool is_well = send_all(connection);
    if (is_well && connection->unsent_size == 0)
        is_well = receive_some(server, connection);
    settle(server, connection, is_well);
}

static bool add(struct ct_grpc_server *server, int fd)
{
    struct connection *connection = calloc(1, sizeof(*connection));
    struct ct_grpc_session *session = ct_grpc_session_create(&server->host);

    if (!connection || !session || !watch(server, EPOLL_CTL_ADD, fd, EPOLLIN, connection)) {
        ct_grpc_session_destroy(session);
        free(connection);
        return false;
    }
    connection->fd = fd;
    connection->session = session;
    connection->last_ms = ct_now_ms();
    connection->next = server->connections;
    connection->link = &server->connections;
    if (connection->next)
        connection->next->link = &connection->next;
    server->connections = connection;
    server->connection_count++;
    settle(server, connection, true);
    return true;
}

static void accept_all(struct ct_grpc_server *server)
{
    for (;;) {
        int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == ECONNABORTED || errno == EINTR))
            continue;
        if (fd < 0) {
            server->is_paused =
                errno != EAGAIN && watch(server, EPOLL_CTL_MOD, server->listener, 0, NULL);
            return;
        }
        if (server->connection_count == CT_GRPC_MAX_CONNECTIONS || !add(server, fd))
            close(fd);
    }
}

static void end_idle(struct ct_grpc_server *server)
{
    int64_t oldest = ct_now_ms() - (int64_t)CT_GRPC_IDLE_SECONDS * 1000;

    for (struct connection *connection = server->connections, *next; connection;
         connection = next) {
        next = connection->next;
        if (connection->last_ms > oldest)
            continue;
        ct_grpc_session_wind_up(connection->session);
        settle(server, connection, false);
    }
}

struct ct_grpc_server *ct_grpc_server_create(uint16_t port, size_t max_message_bytes,
                                             const struct ct_receiver_callbacks *callbacks)
{
    struct ct_grpc_server *server = calloc(1, sizeof(*server));
    if (!server)
        return NULL;
    server->port = port;
    server->host =
        (struct ct_grpc_host){.callbacks = *callbacks, .max_message_bytes = max_message_bytes};

    server->listener = ct_listen_on_loopback(&server->port);
    server->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server->listener >= 0 && server->epoll >= 0 &&
        watch(server, EPOLL_CTL_ADD, server->listener, EPOLLIN, NULL))
        return server;
    int reason = errno;
    ct_grpc_server_destroy(server);
    errno = reason;
    return NULL;
}

static void stop_listening(struct ct_grpc_server *server)
{
    if (server->listener >= 0)
        close(server->listener);
    server->listener = -1;
}

void ct_grpc_server_destroy(struct ct_grpc_server *server)
{
    if (!server)
        return;
    for (struct connection *connection = server->connections, *next; connection;
         connection = next) {
        next = connection->next;
        release(connection);
    }
    stop_listening(server);
    if (server->epoll >= 0)
        close(server->epoll);
    free(server);
}

uint16_t ct_grpc_server_port(const struct ct_grpc_server *server)
{
    return server->port;
}

int ct_grpc_server_descriptor(const struct ct_grpc_server *server)
{
    return server->epoll;
}

int ct_grpc_server_timeout_ms(const struct ct_grpc_server *server)
{
    if (server->is_paused)
        return PAUSE_MS;
    return server->connections ? CT_GRPC_IDLE_SECONDS * 1000 : -1;
}

static void serve_ready(struct ct_grpc_server *server, int timeout_ms)
{
    struct epoll_event events[EVENTS_A_TURN];

    int count = epoll_wait(server->epoll, events, EVENTS_A_TURN, timeout_ms);
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr)
            serve(server, events[i].data.ptr);
        else
            accept_all(server);
    }
}

void ct_grpc_server_run(struct ct_grpc_server *server)
{
    if (server->is_paused && watch(server, EPOLL_CTL_MOD, server->listener, EPOLLIN, NULL))
        server->is_paused = false;
    serve_ready(server, 0);
    end_idle(server);
}

void ct_grpc_server_wind_up(struct ct_grpc_server *server)
{
    int64_t end_ms = ct_now_ms() + CT_GRPC_WIND_UP_MS;

    stop_listening(server);
    for (struct connection *connection = server->connections, *next; connection;
         connection = next) {
        next = connection->next;
        ct_grpc_session_wind_up(connection->session);
        settle(server, connection, true);
    }
    for (int64_t left_ms; server->connections && (left_ms = end_ms - ct_now_ms()) > 0;)
        serve_ready(server, (int)left_ms);
}
