/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/prometheus/server.h"

#include "exporters/net/clock.h"
#include "exporters/prometheus/answer.h"
#include "exporters/prometheus/exporter.h"
#include "exporters/prometheus/files.h"
#include "exporters/prometheus/registry.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <microhttpd.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of a connection, for a request's head; what is longer is refused by libmicrohttpd. */
#define HEAD_BYTES ((size_t)16 << 10)

/* Connections that are taken before those that are there get their turn. */
#define ACCEPTS_A_ROUND 16

/* How long nobody is accepted when there are no descriptors: the socket stays readable. */
#define PAUSE_NS (100 * CT_NET_NS_PER_MS)

enum { WAKE, DAEMON, FIRST_SOCKET, ITEMS = FIRST_SOCKET + CT_PROM_MAX_SOCKETS };

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t stop_at(const struct ct_prom_server *server)
{
    return atomic_load_explicit(&server->stop_at_ns, memory_order_acquire);
}

static bool is_stopping(const struct ct_prom_server *server)
{
    return stop_at(server) != UINT64_MAX;
}

/* ---- what libmicrohttpd tells of connections ---- */

static struct ct_prom_client *client_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/* Closed is told before the descriptor is. */
static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct ct_prom_server *server = user;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *context = server->arriving;
    else
        ct_prom_client_remove(&server->clients, *context);
}

/* The first line of a request is there. */
static void *on_request(void *user, const char *uri, struct MHD_Connection *connection)
{
    struct ct_prom_server *server = user;
    ct_prom_client_reads(&server->clients, client_of(connection), ct_net_now_ns());
    return NULL;
}

static void on_completed(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode how)
{
    struct ct_prom_server *server = user;
    ct_prom_client_rests(&server->clients, client_of(connection), ct_net_now_ns());
}

/* Called for the head of a request, for each piece of its body, which is thrown away, and at its
 * end. Who is answered before the end is hung up on: so those are who do not ask to read. */
static enum MHD_Result on_data(void *user, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data,
                               size_t *size, void **context)
{
    struct ct_prom_server *server = user;
    bool is_head = *context == NULL, has_body = *size > 0;
    *context = server;
    *size = 0;
    if (has_body || (is_head && ct_prom_is_read(method)))
        return MHD_YES;
    return ct_prom_answer(server, client_of(connection), connection, method, url) ? MHD_YES
                                                                                  : MHD_NO;
}

/* ---- accepting ---- */

/* Takes a connection, if there is one. A forked child finds it in the table, or not at all. */
static int accept_one(struct ct_prom_server *server, int listener, struct ct_prom_client **client,
                      bool *evicted)
{
    ct_prom_registry_lock();
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    int error = errno;
    if (fd >= 0)
        *client = ct_prom_clients_add(&server->clients, fd, ct_net_now_ns(), evicted);
    ct_prom_registry_unlock();
    errno = error;
    return fd;
}

static void admit(struct ct_prom_server *server, int fd, struct ct_prom_client *client)
{
    struct sockaddr_storage peer = {.ss_family = AF_INET};
    socklen_t size = sizeof peer;
    (void)getpeername(fd, (struct sockaddr *)&peer,
                      &size); /* gone already: told at the next read */
    server->arriving = client;
    /* Closes the socket when it fails, and then says nothing of it. */
    if (MHD_add_connection(server->daemon, fd, (struct sockaddr *)&peer, size) != MHD_YES)
        ct_prom_client_remove(&server->clients, client);
    server->arriving = NULL;
}

/* False: there is none more, or who was sent away has to be let go first. */
static bool accept_client(struct ct_prom_server *server, int listener)
{
    struct ct_prom_counters *counters = &server->exporter->counters;
    struct ct_prom_client *client = NULL;
    bool evicted = false;
    int fd = accept_one(server, listener, &client, &evicted);
    if (fd < 0) {
        bool is_out = errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        if (is_out)
            server->accept_at_ns = ct_net_after_ns(ct_net_now_ns(), PAUSE_NS);
        return errno == EINTR || errno == ECONNABORTED;
    }
    ct_prom_count(&counters->connections, 1);
    if (!client || evicted)
        ct_prom_count(&counters->refused, 1);
    if (client)
        admit(server, fd, client);
    else
        (void)close(fd);
    return !evicted;
}

static void accept_clients(struct ct_prom_server *server, const struct pollfd items[ITEMS])
{
    for (size_t i = 0; i < server->sockets.count; i++) {
        bool more = items[FIRST_SOCKET + i].revents != 0;
        for (int taken = 0; more && taken < ACCEPTS_A_ROUND; taken++)
            more = accept_client(server, server->sockets.fds[i]);
    }
}

/* Whoever comes later is refused by the kernel. */
static void stop_listening(struct ct_prom_server *server)
{
    ct_prom_registry_lock();
    ct_prom_sockets_close(&server->sockets);
    ct_prom_registry_unlock();
}

/* ---- the loop ---- */

static int timeout_ms(const struct ct_prom_server *server, uint64_t wake_at_ns)
{
    MHD_UNSIGNED_LONG_LONG daemon_ms = 0;
    uint64_t now_ns = ct_net_now_ns();
    uint64_t ms = wake_at_ns > now_ns ? (wake_at_ns - now_ns) / CT_NET_NS_PER_MS + 1 : 0;
    if (wake_at_ns == UINT64_MAX)
        ms = UINT64_MAX;
    if (server->daemon && MHD_get_timeout(server->daemon, &daemon_ms) == MHD_YES)
        ms = earlier(ms, daemon_ms);
    if (ms == UINT64_MAX)
        return -1;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

static void set_items(const struct ct_prom_server *server, struct pollfd items[ITEMS])
{
    bool accepts = server->accept_at_ns == 0 && !is_stopping(server);
    items[WAKE] = (struct pollfd){.fd = server->wake_fd, .events = POLLIN};
    items[DAEMON] = (struct pollfd){.fd = server->daemon_fd, .events = POLLIN};
    for (size_t i = 0; i < CT_PROM_MAX_SOCKETS; i++) {
        bool counts = accepts && i < server->sockets.count;
        items[FIRST_SOCKET + i] =
            (struct pollfd){.fd = counts ? server->sockets.fds[i] : -1, .events = POLLIN};
    }
}

static void wait_for_events(struct ct_prom_server *server, struct pollfd items[ITEMS],
                            uint64_t wake_at_ns)
{
    set_items(server, items);
    if (poll(items, ITEMS, timeout_ms(server, wake_at_ns)) < 0) {
        for (size_t i = 0; i < ITEMS; i++)
            items[i].revents = 0;
    }
}

static uint64_t expire_clients(struct ct_prom_server *server)
{
    struct ct_prom_expiry expiry = ct_prom_clients_expire(&server->clients, ct_net_now_ns());
    ct_prom_count(&server->exporter->counters.slow, expiry.slow);
    return expiry.next_ns;
}

static void write_textfile_when_due(struct ct_prom_server *server)
{
    uint64_t now_ns = ct_net_now_ns();
    if (now_ns < server->textfile_at_ns || is_stopping(server))
        return;
    server->textfile_at_ns = ct_net_after_ns(now_ns, server->exporter->config.textfile_interval_ns);
    ct_prom_textfile_write(server->exporter, server->exporter->config.collect_timeout_ms, false);
}

/* When something is to be done though nothing happens. */
static uint64_t wake_at(const struct ct_prom_server *server, uint64_t expiry_ns)
{
    uint64_t at_ns = earlier(expiry_ns, stop_at(server));
    if (server->accept_at_ns != 0)
        at_ns = earlier(at_ns, server->accept_at_ns);
    return is_stopping(server) ? at_ns : earlier(at_ns, server->textfile_at_ns);
}

static bool is_over(const struct ct_prom_server *server)
{
    if (!is_stopping(server))
        return false;
    return server->clients.pending_bytes == 0 || ct_net_now_ns() >= stop_at(server);
}

void ct_prom_server_run(struct ct_prom_server *server)
{
    struct pollfd items[ITEMS];
    uint64_t expiry_ns = UINT64_MAX;
    while (!is_over(server)) {
        wait_for_events(server, items, wake_at(server, expiry_ns));
        if (ct_net_now_ns() >= server->accept_at_ns)
            server->accept_at_ns = 0;
        if (is_stopping(server))
            stop_listening(server);
        accept_clients(server, items);
        if (server->daemon)
            (void)MHD_run(server->daemon); /* fails for daemons with threads only */
        expiry_ns = expire_clients(server);
        write_textfile_when_due(server);
    }
}

void ct_prom_server_stop(struct ct_prom_server *server, uint64_t deadline_ns)
{
    const uint64_t one = 1;
    /* UINT64_MAX says that nobody stops it. */
    uint64_t at_ns = earlier(deadline_ns, UINT64_MAX - 1);
    atomic_store_explicit(&server->stop_at_ns, at_ns, memory_order_release);
    ssize_t written = write(server->wake_fd, &one, sizeof one);
    assert(written == (ssize_t)sizeof one); /* an eventfd takes its first event */
    (void)written;
}

/* ---- its life ---- */

static int start_daemon(struct ct_prom_server *server)
{
    errno = 0;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, on_data, server,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_URI_LOG_CALLBACK, on_request, server,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)server->clients.capacity,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_BYTES, MHD_OPTION_END);
    if (!server->daemon)
        return errno != 0 ? errno : ENOMEM;
    server->daemon_fd = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    return 0;
}

static int start_serving(struct ct_prom_server *server)
{
    const struct ct_prom_config *config = &server->exporter->config;
    if (server->sockets.count == 0)
        return 0;
    if (!ct_prom_clients_init(&server->clients, config->max_connections, config->client_timeout_ns,
                              config->idle_timeout_ns))
        return ENOMEM;
    return start_daemon(server);
}

int ct_prom_server_init(struct ct_prom_server *server, cotel_prometheus_exporter *exporter,
                        const struct ct_prom_sockets *sockets)
{
    uint64_t interval_ns = exporter->config.textfile_interval_ns;
    ct_prom_clients_fini(&server->clients); /* of a parent process */
    ct_prom_registry_lock();
    *server = (struct ct_prom_server){.exporter = exporter,
                                      .sockets = *sockets,
                                      .inherited_daemon = server->inherited_daemon,
                                      .daemon_fd = -1,
                                      .wake_fd = -1};
    ct_prom_registry_unlock();
    server->textfile_at_ns =
        interval_ns == 0 ? UINT64_MAX : ct_net_after_ns(ct_net_now_ns(), interval_ns);
    atomic_init(&server->stop_at_ns, UINT64_MAX);
    server->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int error = server->wake_fd < 0 ? errno : start_serving(server);
    if (error != 0) {
        server->sockets.count = 0; /* they stay the caller's */
        ct_prom_server_fini(server);
    }
    return error;
}

/* A forked child must not close a number that is somebody else's by then; so they are forgotten
 * before they are closed. */
void ct_prom_server_fini(struct ct_prom_server *server)
{
    ct_prom_registry_lock();
    int wake_fd = server->wake_fd;
    ct_prom_sockets_close(&server->sockets);
    server->wake_fd = server->daemon_fd = -1;
    ct_prom_registry_unlock();
    if (server->daemon)
        MHD_stop_daemon(server->daemon);
    server->daemon = NULL;
    ct_prom_clients_fini(&server->clients);
    if (wake_fd >= 0)
        (void)close(wake_fd);
}

void ct_prom_server_forked(struct ct_prom_server *server)
{
    ct_prom_sockets_close(&server->sockets);
    ct_prom_clients_close_all(&server->clients);
    if (server->wake_fd >= 0)
        (void)close(server->wake_fd);
    if (server->daemon_fd >= 0)
        (void)close(server->daemon_fd);
    if (server->daemon)
        server->inherited_daemon = server->daemon;
    server->daemon = NULL;
    server->wake_fd = server->daemon_fd = -1;
}
