/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/otlp_peer_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_LINKS = 64 };

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct otlp_peer {
    pthread_t acceptor;
    int listen_fd;
    char port[8];

    pthread_mutex_t lock; /* what follows */
    pthread_cond_t left;
    struct otlp_peer_plan plan;
    SSL_CTX *tls;
    struct otlp_link *links[MAX_LINKS];
    size_t link_count;
    unsigned accepted;
    unsigned requests;
    size_t body_bytes;
    char head[OTLP_PEER_HEAD_SIZE];
};

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    ERR_print_errors_fp(stderr);
    abort();
}

/* ---- TLS ---- */

static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *size,
                           const unsigned char *offered, unsigned offered_size, void *data)
{
    static const unsigned char both[] = "\x02h2\x08http/1.1";
    const struct otlp_peer *peer = data;
    const unsigned char *ours = peer->plan.http2 ? both : both + 3;
    unsigned our_size = (unsigned)sizeof both - 1 - (peer->plan.http2 ? 0 : 3);
    return SSL_select_next_proto((unsigned char **)out, size, ours, our_size, offered,
                                 offered_size) == OPENSSL_NPN_NEGOTIATED
               ? SSL_TLSEXT_ERR_OK
               : SSL_TLSEXT_ERR_NOACK;
}

static SSL_CTX *secure(struct otlp_peer *peer, const struct otlp_peer_plan *plan)
{
    if (plan->certificate == NULL)
        return NULL;
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    must(tls != NULL, "SSL_CTX_new");
    const char *key = plan->key != NULL ? plan->key : plan->certificate;
    must(SSL_CTX_use_certificate_chain_file(tls, plan->certificate) == 1, plan->certificate);
    must(SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) == 1, key);
    SSL_CTX_set_alpn_select_cb(tls, choose_protocol, peer);
    SSL_CTX_set_session_id_context(tls, (const unsigned char *)"peer", 4);
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF); /* sessions are in their tickets */
    if (plan->client_ca != NULL) {
        must(SSL_CTX_load_verify_file(tls, plan->client_ca) == 1, plan->client_ca);
        SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    return tls;
}

static bool shake_hands(struct otlp_link *link)
{
    struct otlp_peer *peer = link->peer;
    pthread_mutex_lock(&peer->lock);
    link->ssl = peer->tls != NULL ? SSL_new(peer->tls) : NULL;
    bool is_secure = peer->tls != NULL;
    pthread_mutex_unlock(&peer->lock);
    if (!is_secure)
        return true;
    return link->ssl != NULL && SSL_set_fd(link->ssl, link->fd) == 1 && SSL_accept(link->ssl) == 1;
}

long otlp_link_read(struct otlp_link *link, void *out, size_t capacity)
{
    if (link->ssl != NULL)
        return SSL_read(link->ssl, out, (int)capacity);
    return recv(link->fd, out, capacity, 0);
}

bool otlp_link_write(struct otlp_link *link, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        long done = link->ssl != NULL ? SSL_write(link->ssl, at, (int)size)
                                      : send(link->fd, at, size, MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

/* ---- what came ---- */

void otlp_peer_note_head(struct otlp_peer *peer, const char *head)
{
    pthread_mutex_lock(&peer->lock);
    snprintf(peer->head, sizeof peer->head, "%s", head);
    pthread_mutex_unlock(&peer->lock);
}

void otlp_peer_note_request(struct otlp_peer *peer, size_t body_bytes)
{
    pthread_mutex_lock(&peer->lock);
    peer->requests++;
    peer->body_bytes += body_bytes;
    pthread_mutex_unlock(&peer->lock);
}

/* ---- HTTP/1.1 ---- */

struct input {
    char bytes[OTLP_PEER_HEAD_SIZE];
    size_t size;
};

/* Until there is a whole head, whose size it gives; 0: the end. */
static size_t read_head(struct otlp_link *link, struct input *input)
{
    const char *end;
    input->bytes[input->size] = '\0';
    while ((end = strstr(input->bytes, "\r\n\r\n")) == NULL) {
        long got =
            otlp_link_read(link, input->bytes + input->size, sizeof input->bytes - 1 - input->size);
        if (got <= 0)
            return 0;
        input->size += (size_t)got;
        input->bytes[input->size] = '\0';
    }
    return (size_t)(end - input->bytes) + 4;
}

static bool read_body(struct otlp_link *link, struct input *input, size_t size)
{
    static _Thread_local char rest[65536];
    size_t here = size < input->size ? size : input->size;
    memmove(input->bytes, input->bytes + here, input->size - here);
    input->size -= here;
    for (size -= here; size > 0;) {
        long got = otlp_link_read(link, rest, size < sizeof rest ? size : sizeof rest);
        if (got <= 0)
            return false;
        size -= (size_t)got;
    }
    return true;
}

static bool take_request(struct otlp_link *link, struct input *input, size_t head_size)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n";
    char head[OTLP_PEER_HEAD_SIZE];
    snprintf(head, sizeof head, "%.*s", (int)head_size, input->bytes);
    const char *length = strcasestr(head, "\r\nContent-Length:");
    size_t body_size = length != NULL ? strtoul(length + 17, NULL, 10) : 0;
    if (!read_body(link, input, head_size + body_size))
        return false;
    otlp_peer_note_head(link->peer, head);
    otlp_peer_note_request(link->peer, body_size);
    return otlp_link_write(link, answer, sizeof answer - 1);
}

static void serve_http1(struct otlp_link *link, struct input *input)
{
    size_t head_size;
    while ((head_size = read_head(link, input)) > 0 && take_request(link, input, head_size))
        continue;
}

/* ---- a connection ---- */

/* Reads until the first bytes tell HTTP/2 from HTTP/1.1. */
static void serve(struct otlp_link *link)
{
    struct input input = {.size = 0};
    while (input.size < sizeof preface - 1 && memcmp(input.bytes, preface, input.size) == 0) {
        long got =
            otlp_link_read(link, input.bytes + input.size, sizeof input.bytes - 1 - input.size);
        if (got <= 0)
            return;
        input.size += (size_t)got;
        if (input.size >= sizeof preface - 1)
            break;
    }
    bool is_http2 = memcmp(input.bytes, preface, sizeof preface - 1) == 0;
    if (is_http2)
        otlp_peer_serve_http2(link, input.bytes, input.size);
    else
        serve_http1(link, &input);
}

/* As a proxy: false when it does not let anybody through. */
static bool let_through(struct otlp_link *link, int status)
{
    char answer[128];
    struct input input = {.size = 0};
    size_t head_size = read_head(link, &input);
    if (head_size == 0)
        return false;
    otlp_peer_note_head(link->peer, input.bytes);
    int size = snprintf(answer, sizeof answer, "HTTP/1.1 %d Status\r\n%s\r\n", status,
                        status == 200 ? "" : "Content-Length: 0\r\n");
    return otlp_link_write(link, answer, (size_t)size) && status == 200;
}

/* Reads what is still coming before it hangs up: to close with bytes unread resets the connection,
 * and takes the alert away from a client that has not read it yet. */
static void hear_out(const struct otlp_link *link)
{
    char rest[4096];
    shutdown(link->fd, SHUT_WR);
    while (recv(link->fd, rest, sizeof rest, 0) > 0)
        continue;
}

static void *link_main(void *argument)
{
    struct otlp_link *link = argument;
    struct otlp_peer *peer = link->peer;
    pthread_mutex_lock(&peer->lock);
    int connect_status = peer->plan.connect_status;
    pthread_mutex_unlock(&peer->lock);
    if ((connect_status == 0 || let_through(link, connect_status)) && shake_hands(link))
        serve(link);
    hear_out(link);
    SSL_free(link->ssl);
    OPENSSL_thread_stop();
    pthread_mutex_lock(&peer->lock);
    close(link->fd); /* under the lock: who stops the peer uses the descriptor */
    for (size_t i = 0; i < MAX_LINKS; i++)
        peer->links[i] = peer->links[i] == link ? NULL : peer->links[i];
    peer->link_count--;
    pthread_cond_signal(&peer->left);
    pthread_mutex_unlock(&peer->lock);
    free(link);
    return NULL;
}

static void admit(struct otlp_peer *peer, int fd)
{
    struct otlp_link *link = calloc(1, sizeof *link);
    pthread_t thread;
    size_t place = 0;
    must(link != NULL, "calloc");
    *link = (struct otlp_link){.peer = peer, .fd = fd};
    pthread_mutex_lock(&peer->lock);
    while (place < MAX_LINKS && peer->links[place] != NULL)
        place++;
    must(place < MAX_LINKS, "too many connections");
    peer->links[place] = link;
    peer->link_count++;
    peer->accepted++;
    pthread_mutex_unlock(&peer->lock);
    must(pthread_create(&thread, NULL, link_main, link) == 0, "pthread_create");
    pthread_detach(thread);
}

/* ---- the peer ---- */

/* Who hangs up on the peer must not end the test; the threads of the links inherit it. */
static void ignore_hang_ups(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    must(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0, "pthread_sigmask");
}

static void *acceptor_main(void *argument)
{
    struct otlp_peer *peer = argument;
    int fd;
    ignore_hang_ups();
    while ((fd = accept4(peer->listen_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0 || errno == EINTR) {
        const int on = 1;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* not of a socket file */
        admit(peer, fd);
    }
    return NULL;
}

static void listen_to_port(struct otlp_peer *peer)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    peer->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(peer->listen_fd, (struct sockaddr *)&address, size) == 0, "bind");
    must(getsockname(peer->listen_fd, (struct sockaddr *)&address, &size) == 0, "getsockname");
    snprintf(peer->port, sizeof peer->port, "%u", ntohs(address.sin_port));
}

static void listen_to_file(struct otlp_peer *peer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", peer->plan.path);
    peer->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(peer->listen_fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
}

struct otlp_peer *otlp_peer_start(const struct otlp_peer_plan *plan)
{
    struct otlp_peer *peer = calloc(1, sizeof *peer);
    must(peer != NULL, "calloc");
    peer->plan = *plan;
    peer->tls = secure(peer, plan);
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->left, NULL);
    if (plan->path != NULL)
        listen_to_file(peer);
    else
        listen_to_port(peer);
    must(listen(peer->listen_fd, 64) == 0, "listen");
    must(pthread_create(&peer->acceptor, NULL, acceptor_main, peer) == 0, "pthread_create");
    return peer;
}

void otlp_peer_renew(struct otlp_peer *peer, const struct otlp_peer_plan *plan)
{
    SSL_CTX *tls = secure(peer, plan);
    pthread_mutex_lock(&peer->lock);
    SSL_CTX_free(peer->tls); /* connections that were made with it hold on to it */
    peer->tls = tls;
    pthread_mutex_unlock(&peer->lock);
}

const char *otlp_peer_port(const struct otlp_peer *peer)
{
    return peer->port;
}

unsigned otlp_peer_connections(struct otlp_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    unsigned accepted = peer->accepted;
    pthread_mutex_unlock(&peer->lock);
    return accepted;
}

unsigned otlp_peer_requests(struct otlp_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    unsigned requests = peer->requests;
    pthread_mutex_unlock(&peer->lock);
    return requests;
}

size_t otlp_peer_body_bytes(struct otlp_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    size_t bytes = peer->body_bytes;
    pthread_mutex_unlock(&peer->lock);
    return bytes;
}

bool otlp_peer_head_has(struct otlp_peer *peer, const char *text)
{
    pthread_mutex_lock(&peer->lock);
    bool has = strstr(peer->head, text) != NULL;
    pthread_mutex_unlock(&peer->lock);
    return has;
}

void otlp_peer_await_empty(struct otlp_peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    while (peer->link_count > 0)
        pthread_cond_wait(&peer->left, &peer->lock);
    pthread_mutex_unlock(&peer->lock);
}

void otlp_peer_stop(struct otlp_peer *peer)
{
    shutdown(peer->listen_fd, SHUT_RDWR);
    pthread_join(peer->acceptor, NULL);
    close(peer->listen_fd);
    pthread_mutex_lock(&peer->lock);
    for (size_t i = 0; i < MAX_LINKS; i++) {
        if (peer->links[i] != NULL)
            shutdown(peer->links[i]->fd, SHUT_RDWR);
    }
    while (peer->link_count > 0)
        pthread_cond_wait(&peer->left, &peer->lock);
    pthread_mutex_unlock(&peer->lock);
    SSL_CTX_free(peer->tls);
    pthread_cond_destroy(&peer->left);
    pthread_mutex_destroy(&peer->lock);
    free(peer);
}
