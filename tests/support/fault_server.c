/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/fault_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 128, HEAD_SIZE = 8192, FILLERS = 4, DRIP_MS = 1000 };

struct connection {
    int fd;
    bool dripping;
    size_t dripped;
    long drip_at_ms;
    size_t head_size; /* 0 until it is whole */
    size_t received;  /* of head and body */
    size_t expected;
    char head[HEAD_SIZE];
};

struct fault_server {
    pthread_t thread;
    int listen_fd;
    int stop_fd;
    bool has_thread;
    int fillers[FILLERS];
    char url[64];
    char port[8];
    struct connection *connections[MAX_CONNECTIONS];

    pthread_mutex_t lock; /* what follows */
    struct fault_plan plan;
    unsigned met; /* requests that met the plan's fault */
    unsigned requests;
    unsigned accepted;
    size_t body_bytes;
    char head[HEAD_SIZE];
};

static void must(bool holds, const char *what)
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

/* The plan for the request at hand; counts it as one that meets the fault. */
static struct fault_plan plan_now(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct fault_plan plan = server->plan;
    if (plan.times > 0 && server->met >= plan.times)
        plan = (struct fault_plan){.fault = FAULT_ANSWER};
    server->met++;
    pthread_mutex_unlock(&server->lock);
    return plan;
}

static enum fault fault_now(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool over = server->plan.times > 0 && server->met >= server->plan.times;
    enum fault fault = over ? FAULT_ANSWER : server->plan.fault;
    pthread_mutex_unlock(&server->lock);
    return fault;
}

static void close_connection(struct fault_server *server, size_t index)
{
    close(server->connections[index]->fd);
    free(server->connections[index]);
    server->connections[index] = NULL;
}

static void reset_connection(struct fault_server *server, size_t index)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(server->connections[index]->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close_connection(server, index);
}

/* ---- answers ---- */

static char *make_answer(const struct fault_plan *plan, size_t *size)
{
    const char *headers =
        plan->headers != NULL ? plan->headers : "Content-Type: application/x-protobuf\r\n";
    char *answer = calloc(1, 1024 + strlen(headers) + plan->body_size);
    must(answer != NULL, "calloc");
    int head = sprintf(answer, "HTTP/1.1 %d Status\r\n%sContent-Length: %zu\r\n\r\n",
                       plan->status != 0 ? plan->status : 200, headers, plan->body_size);
    if (plan->body != NULL)
        memcpy(answer + head, plan->body, plan->body_size);
    *size = (size_t)head + plan->body_size;
    return answer;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            struct pollfd item = {.fd = fd, .events = POLLOUT};
            if (poll(&item, 1, 5000) != 1)
                return false;
            continue;
        }
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* true: the connection lives on. */
static bool answer(struct connection *connection, const struct fault_plan *plan)
{
    size_t size;
    char *bytes = make_answer(plan, &size);
    if (plan->fault == FAULT_CUT_ANSWER)
        size -= plan->body_size / 2;
    bool sent = send_all(connection->fd, bytes, size);
    free(bytes);
    return sent && plan->fault == FAULT_ANSWER;
}

static void drip(struct fault_server *server, size_t index)
{
    struct connection *connection = server->connections[index];
    if (!connection->dripping || now_ms() < connection->drip_at_ms)
        return;
    const struct fault_plan plan = {.status = 200};
    size_t size;
    char *bytes = make_answer(&plan, &size);
    bool ok = connection->dripped < size &&
              send(connection->fd, bytes + connection->dripped, 1, MSG_NOSIGNAL) == 1;
    free(bytes);
    connection->dripped++;
    connection->drip_at_ms += DRIP_MS;
    if (!ok)
        close_connection(server, index);
}

/* ---- requests ---- */

static void note_request(struct fault_server *server, const struct connection *connection)
{
    pthread_mutex_lock(&server->lock);
    server->requests++;
    server->body_bytes += connection->expected - connection->head_size;
    memcpy(server->head, connection->head, connection->head_size);
    server->head[connection->head_size] = '\0';
    pthread_mutex_unlock(&server->lock);
}

static void whole_request(struct fault_server *server, size_t index)
{
    struct connection *connection = server->connections[index];
    note_request(server, connection);
    struct fault_plan plan = plan_now(server);
    connection->received = connection->head_size = connection->expected = 0;
    if (plan.fault == FAULT_DRIP) {
        connection->dripping = true;
        connection->drip_at_ms = now_ms();
    } else if (plan.fault == FAULT_HANG_UP || !answer(connection, &plan)) {
        close_connection(server, index);
    }
}

static void find_head_end(struct connection *connection)
{
    connection->head[connection->received] = '\0';
    const char *end = strstr(connection->head, "\r\n\r\n");
    if (end == NULL)
        return;
    connection->head_size = (size_t)(end - connection->head) + 4;
    const char *length = strcasestr(connection->head, "\r\nContent-Length:");
    connection->expected =
        connection->head_size + (length != NULL ? strtoul(length + 17, NULL, 10) : 0);
}

static ssize_t receive(struct connection *connection)
{
    static char body[65536];
    if (connection->head_size == 0)
        return recv(connection->fd, connection->head + connection->received,
                    HEAD_SIZE - 1 - connection->received, 0);
    size_t left = connection->expected - connection->received;
    return recv(connection->fd, body, left < sizeof body ? left : sizeof body, 0);
}

static void on_readable(struct fault_server *server, size_t index)
{
    struct connection *connection = server->connections[index];
    ssize_t size = receive(connection);
    if (size <= 0) {
        if (size == 0 || errno != EAGAIN)
            close_connection(server, index);
        return;
    }
    connection->received += (size_t)size;
    if (connection->head_size == 0)
        find_head_end(connection);
    if (connection->head_size == 0)
        return;
    if (fault_now(server) == FAULT_RESET) {
        (void)plan_now(server);
        reset_connection(server, index);
    } else if (connection->received >= connection->expected) {
        whole_request(server, index);
    }
}

static void accept_one(struct fault_server *server)
{
    int fd = accept4(server->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (server->connections[i] != NULL)
            continue;
        server->connections[i] = calloc(1, sizeof(struct connection));
        must(server->connections[i] != NULL, "calloc");
        server->connections[i]->fd = fd;
        pthread_mutex_lock(&server->lock);
        server->accepted++;
        pthread_mutex_unlock(&server->lock);
        return;
    }
    close(fd);
}

/* ---- the thread ---- */

/* Whom to listen to now: a silent server reads nothing. */
static size_t gather(struct fault_server *server, struct pollfd *items, size_t *indexes)
{
    bool is_silent = fault_now(server) == FAULT_SILENT;
    items[0] = (struct pollfd){.fd = server->stop_fd, .events = POLLIN};
    items[1] = (struct pollfd){.fd = server->listen_fd, .events = POLLIN};
    size_t count = 2;
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (server->connections[i] == NULL || is_silent)
            continue;
        items[count] = (struct pollfd){.fd = server->connections[i]->fd, .events = POLLIN};
        indexes[count++] = i;
    }
    return count;
}

static void *server_main(void *argument)
{
    struct fault_server *server = argument;
    struct pollfd items[MAX_CONNECTIONS + 2];
    size_t indexes[MAX_CONNECTIONS + 2];
    for (;;) {
        size_t count = gather(server, items, indexes);
        if (poll(items, count, 50) < 0)
            continue;
        if (items[0].revents != 0)
            return NULL;
        for (size_t i = 2; i < count; i++) {
            if (items[i].revents != 0)
                on_readable(server, indexes[i]);
        }
        for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
            if (server->connections[i] != NULL)
                drip(server, i);
        }
        if (items[1].revents != 0)
            accept_one(server);
    }
}

static int new_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fd >= 0, "socket");
    return fd;
}

/* A listener that nobody serves, with its backlog full: the next connection hangs. */
static void fill_backlog(struct fault_server *server, const struct sockaddr_in *address)
{
    for (size_t i = 0; i < FILLERS; i++) {
        server->fillers[i] = new_socket();
        fcntl(server->fillers[i], F_SETFL, O_NONBLOCK);
        (void)connect(server->fillers[i], (const struct sockaddr *)address, sizeof *address);
    }
    usleep(100000); /* until the kernel has taken those that fit */
}

static void open_listener(struct fault_server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    server->listen_fd = new_socket();
    must(bind(server->listen_fd, (struct sockaddr *)&address, size) == 0, "bind");
    must(getsockname(server->listen_fd, (struct sockaddr *)&address, &size) == 0, "getsockname");
    unsigned port = ntohs(address.sin_port);
    snprintf(server->port, sizeof server->port, "%u", port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u/v1/traces", port);
    if (server->plan.fault == FAULT_REFUSE)
        return; /* bound, so that nobody else gets the port, but not listening */
    bool swallows = server->plan.fault == FAULT_SWALLOW;
    must(listen(server->listen_fd, swallows ? 0 : 64) == 0, "listen");
    if (swallows)
        fill_backlog(server, &address);
}

static void start_thread(struct fault_server *server)
{
    must(pthread_create(&server->thread, NULL, server_main, server) == 0, "pthread_create");
    server->has_thread = true;
}

struct fault_server *fault_server_start(const struct fault_plan *plan)
{
    struct fault_server *server = calloc(1, sizeof *server);
    must(server != NULL, "calloc");
    server->plan = *plan;
    for (size_t i = 0; i < FILLERS; i++)
        server->fillers[i] = -1;
    pthread_mutex_init(&server->lock, NULL);
    server->stop_fd = eventfd(0, EFD_CLOEXEC);
    must(server->stop_fd >= 0, "eventfd");
    open_listener(server);
    if (plan->fault != FAULT_REFUSE && plan->fault != FAULT_SWALLOW)
        start_thread(server);
    return server;
}

void fault_server_open(struct fault_server *server)
{
    server->plan = (struct fault_plan){0};
    must(listen(server->listen_fd, 64) == 0, "listen");
    start_thread(server);
}

void fault_server_quiesce(struct fault_server *server)
{
    usleep(200000); /* a few rounds of its loop */
}

void fault_server_set_plan(struct fault_server *server, const struct fault_plan *plan)
{
    pthread_mutex_lock(&server->lock);
    server->plan = *plan;
    server->met = 0;
    pthread_mutex_unlock(&server->lock);
}

const char *fault_server_url(const struct fault_server *server)
{
    return server->url;
}

const char *fault_server_port(const struct fault_server *server)
{
    return server->port;
}

unsigned fault_server_requests(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    unsigned requests = server->requests;
    pthread_mutex_unlock(&server->lock);
    return requests;
}

unsigned fault_server_connections(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    unsigned accepted = server->accepted;
    pthread_mutex_unlock(&server->lock);
    return accepted;
}

size_t fault_server_body_bytes(struct fault_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t bytes = server->body_bytes;
    pthread_mutex_unlock(&server->lock);
    return bytes;
}

bool fault_server_head_has(struct fault_server *server, const char *text)
{
    pthread_mutex_lock(&server->lock);
    bool has = strstr(server->head, text) != NULL;
    pthread_mutex_unlock(&server->lock);
    return has;
}

void fault_server_stop(struct fault_server *server)
{
    const uint64_t one = 1;
    must(write(server->stop_fd, &one, sizeof one) == (ssize_t)sizeof one, "write");
    if (server->has_thread)
        pthread_join(server->thread, NULL);
    for (size_t i = 0; i < MAX_CONNECTIONS; i++) {
        if (server->connections[i] != NULL)
            close_connection(server, i);
    }
    for (size_t i = 0; i < FILLERS; i++) {
        if (server->fillers[i] >= 0)
            close(server->fillers[i]);
    }
    close(server->listen_fd);
    close(server->stop_fd);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
