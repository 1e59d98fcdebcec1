/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/grpc_server_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { DRIP_MS = 1000, ROUND_MS = 20, READ_SIZE = 16 * 1024 };

void peer_must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    abort();
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct grpc_plan peer_plan(struct grpc_server *server, bool counts)
{
    pthread_mutex_lock(&server->lock);
    struct grpc_plan plan = server->plan;
    bool is_over = plan.fault != GRPC_HOLD && plan.times > 0 && server->met >= plan.times;
    server->met += counts;
    pthread_mutex_unlock(&server->lock);
    return is_over ? (struct grpc_plan){.window = plan.window, .streams = plan.streams} : plan;
}

/* ---- connections ---- */

static void close_connection(struct grpc_server *server, size_t index)
{
    struct peer_connection *connection = server->connections[index];
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (connection->is_reset)
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection->fd);
    nghttp2_session_del(connection->session);
    free(connection);
    server->connections[index] = NULL;
}

/* Faults that are none of a request's, but of the whole connection. */
static void set_up(struct peer_connection *connection)
{
    enum grpc_fault fault = peer_plan(connection->server, false).fault;
    connection->is_deaf = fault == GRPC_SILENT;
    connection->is_mute = fault == GRPC_MUTE;
    connection->is_raw = fault == GRPC_BYTES;
    if (connection->is_deaf || connection->is_mute || connection->is_raw)
        (void)peer_plan(connection->server, true);
    if (!connection->is_deaf && !connection->is_raw)
        peer_session_open(connection);
}

static void accept_one(struct grpc_server *server)
{
    size_t index = 0;
    int fd = accept4(server->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    while (index < PEER_CONNECTIONS && server->connections[index] != NULL)
        index++;
    peer_must(index < PEER_CONNECTIONS, "connections of the peer");
    struct peer_connection *connection = calloc(1, sizeof *connection);
    peer_must(connection != NULL, "calloc");
    connection->server = server;
    connection->fd = fd;
    server->connections[index] = connection;
    pthread_mutex_lock(&server->lock);
    server->accepted++;
    pthread_mutex_unlock(&server->lock);
    set_up(connection);
}

static void say_bytes(struct peer_connection *connection)
{
    const struct grpc_plan plan = peer_plan(connection->server, false);
    if (plan.fault == GRPC_BYTES && connection->out_size + plan.body_size <= PEER_OUT_SIZE) {
        memcpy(connection->out + connection->out_size, plan.body, plan.body_size);
        connection->out_size += plan.body_size;
    }
    connection->is_mute = true;
}

static void read_some(struct peer_connection *connection)
{
    char bytes[READ_SIZE];
    ssize_t size = recv(connection->fd, bytes, sizeof bytes, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN))
        connection->is_dead = true;
    else if (size > 0 && connection->is_raw && !connection->is_mute)
        say_bytes(connection);
    else if (size > 0 && !connection->is_mute)
        connection->is_dead |= !peer_session_take(connection, bytes, (size_t)size);
}

static void write_some(struct peer_connection *connection)
{
    size_t size = connection->is_dripping && connection->out_size > 0 ? 1 : connection->out_size;
    if (size == 0 || (connection->is_dripping && now_ms() < connection->drip_at_ms))
        return;
    ssize_t sent = send(connection->fd, connection->out, size, MSG_NOSIGNAL);
    if (sent < 0) {
        connection->is_dead |= errno != EAGAIN;
        return;
    }
    connection->out_size -= (size_t)sent;
    memmove(connection->out, connection->out + sent, connection->out_size);
    connection->drip_at_ms = now_ms() + DRIP_MS;
}

static void serve(struct grpc_server *server, size_t index, bool is_readable)
{
    struct peer_connection *connection = server->connections[index];
    if (is_readable)
        read_some(connection);
    if (connection->session != NULL && !connection->is_dead)
        peer_session_fill(connection);
    if (!connection->is_dead)
        write_some(connection);
    bool has_said_all =
        connection->out_size == 0 &&
        (connection->session == NULL || !nghttp2_session_want_write(connection->session));
    if (connection->is_dead || (connection->is_closing && has_said_all))
        close_connection(server, index);
}

/* ---- the thread ---- */

static short wanted(const struct peer_connection *connection)
{
    short events = connection->is_deaf ? 0 : POLLIN;
    return connection->out_size > 0 && !connection->is_dripping ? events | POLLOUT : events;
}

static void hang_up(struct grpc_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool hangs_up = server->hangs_up;
    server->hangs_up = false;
    pthread_mutex_unlock(&server->lock);
    for (size_t i = 0; hangs_up && i < PEER_CONNECTIONS; i++) {
        if (server->connections[i] != NULL)
            close_connection(server, i);
    }
}

static void *server_main(void *argument)
{
    struct grpc_server *server = argument;
    for (;;) {
        struct pollfd items[PEER_CONNECTIONS + 2];
        items[PEER_CONNECTIONS] = (struct pollfd){.fd = server->stop_fd, .events = POLLIN};
        items[PEER_CONNECTIONS + 1] = (struct pollfd){.fd = server->listen_fd, .events = POLLIN};
        for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
            const struct peer_connection *connection = server->connections[i];
            items[i] = (struct pollfd){.fd = -1};
            if (connection != NULL && !connection->is_deaf)
                items[i] = (struct pollfd){.fd = connection->fd, .events = wanted(connection)};
        }
        if (poll(items, PEER_CONNECTIONS + 2, ROUND_MS) < 0)
            continue;
        if (items[PEER_CONNECTIONS].revents != 0)
            return NULL;
        for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
            if (server->connections[i] != NULL && !server->connections[i]->is_deaf)
                serve(server, i, (items[i].revents & ~POLLOUT) != 0);
        }
        hang_up(server);
        if (items[PEER_CONNECTIONS + 1].revents != 0)
            accept_one(server);
    }
}

static void open_port(struct grpc_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    peer_must(server->listen_fd >= 0, "socket");
    peer_must(bind(server->listen_fd, (struct sockaddr *)&address, size) == 0, "bind");
    peer_must(getsockname(server->listen_fd, (struct sockaddr *)&address, &size) == 0,
              "getsockname");
    unsigned port = ntohs(address.sin_port);
    snprintf(server->port, sizeof server->port, "%u", port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", port);
}

static void open_file(struct grpc_server *server, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    server->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    peer_must(server->listen_fd >= 0, "socket");
    peer_must(bind(server->listen_fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    snprintf(server->url, sizeof server->url, "unix:%s", path);
}

static void start_thread(struct grpc_server *server)
{
    peer_must(listen(server->listen_fd, 64) == 0, "listen");
    peer_must(pthread_create(&server->thread, NULL, server_main, server) == 0, "pthread_create");
    server->has_thread = true;
}

struct grpc_server *grpc_server_start(const struct grpc_plan *plan)
{
    struct grpc_server *server = calloc(1, sizeof *server);
    peer_must(server != NULL, "calloc");
    server->plan = *plan;
    pthread_mutex_init(&server->lock, NULL);
    server->stop_fd = eventfd(0, EFD_CLOEXEC);
    peer_must(server->stop_fd >= 0, "eventfd");
    if (plan->path != NULL)
        open_file(server, plan->path);
    else
        open_port(server);
    if (plan->fault != GRPC_REFUSE) /* bound, so that nobody else gets the port, is refused */
        start_thread(server);
    return server;
}

void grpc_server_open(struct grpc_server *server)
{
    server->plan = (struct grpc_plan){.fault = GRPC_ANSWER};
    start_thread(server);
}

void grpc_server_set_plan(struct grpc_server *server, const struct grpc_plan *plan)
{
    pthread_mutex_lock(&server->lock);
    server->plan = *plan;
    server->met = 0;
    pthread_mutex_unlock(&server->lock);
}

void grpc_server_hang_up(struct grpc_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->hangs_up = true;
    pthread_mutex_unlock(&server->lock);
    for (bool waits = true; waits;) {
        usleep(1000);
        pthread_mutex_lock(&server->lock);
        waits = server->hangs_up;
        pthread_mutex_unlock(&server->lock);
    }
    usleep(20000); /* the thread closes behind the lock */
}

const char *grpc_server_url(const struct grpc_server *server)
{
    return server->url;
}

const char *grpc_server_port(const struct grpc_server *server)
{
    return server->port;
}

static unsigned count(struct grpc_server *server, const unsigned *counter)
{
    pthread_mutex_lock(&server->lock);
    unsigned value = *counter;
    pthread_mutex_unlock(&server->lock);
    return value;
}

unsigned grpc_server_begun(struct grpc_server *server)
{
    return count(server, &server->begun);
}

unsigned grpc_server_requests(struct grpc_server *server)
{
    return count(server, &server->requests);
}

unsigned grpc_server_connections(struct grpc_server *server)
{
    return count(server, &server->accepted);
}

unsigned grpc_server_pings(struct grpc_server *server)
{
    return count(server, &server->pings);
}

size_t grpc_server_body_bytes(struct grpc_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t bytes = server->body_bytes;
    pthread_mutex_unlock(&server->lock);
    return bytes;
}

bool grpc_server_head_has(struct grpc_server *server, const char *text)
{
    pthread_mutex_lock(&server->lock);
    bool has = strstr(server->head, text) != NULL;
    pthread_mutex_unlock(&server->lock);
    return has;
}

void grpc_server_stop(struct grpc_server *server)
{
    const uint64_t one = 1;
    peer_must(write(server->stop_fd, &one, sizeof one) == (ssize_t)sizeof one, "write");
    if (server->has_thread)
        pthread_join(server->thread, NULL);
    for (size_t i = 0; i < PEER_CONNECTIONS; i++) {
        if (server->connections[i] != NULL)
            close_connection(server, i);
    }
    if (server->plan.path != NULL)
        (void)unlink(server->plan.path);
    close(server->listen_fd);
    close(server->stop_fd);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
