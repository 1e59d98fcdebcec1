/* SPDX-License-Identifier: Apache-2.0 */
#include "exporters/otlp/grpc/io.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void ct_grpc_io_open(struct ct_grpc_io *io, int fd, SSL *ssl)
{
    *io = (struct ct_grpc_io){.fd = fd, .ssl = ssl};
}

void ct_grpc_io_close(struct ct_grpc_io *io)
{
    SSL_free(io->ssl);
    ct_grpc_io_abandon(io);
}

void ct_grpc_io_abandon(struct ct_grpc_io *io)
{
    if (io->fd >= 0)
        close(io->fd);
    io->fd = -1;
    io->ssl = NULL;
}

static enum ct_grpc_io_state fail(struct ct_grpc_io *io, const char *what, const char *why)
{
    snprintf(io->error, sizeof io->error, "%s: %s", what, why);
    return CT_GRPC_IO_FAILED;
}

static enum ct_grpc_io_state fail_by_errno(struct ct_grpc_io *io, const char *what)
{
    char text[128];
    return fail(io, what, strerror_r(errno, text, sizeof text)); /* GNU's returns the text */
}

bool ct_grpc_io_is_distrusted(const struct ct_grpc_io *io)
{
    return SSL_get_verify_mode(io->ssl) != SSL_VERIFY_NONE &&
           SSL_get_verify_result(io->ssl) != X509_V_OK;
}

static enum ct_grpc_io_state fail_by_openssl(struct ct_grpc_io *io, const char *what)
{
    unsigned long error = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(error);
    ERR_clear_error();
    if (ct_grpc_io_is_distrusted(io))
        reason = X509_verify_cert_error_string(SSL_get_verify_result(io->ssl));
    return fail(io, what, reason != NULL ? reason : "the peer has closed the connection");
}

/* What a call of OpenSSL's came to. The queue of errors was empty before. */
static enum ct_grpc_io_state state_of(struct ct_grpc_io *io, int result, const char *what)
{
    int code = SSL_get_error(io->ssl, result);
    io->wants_write = code == SSL_ERROR_WANT_WRITE;
    switch (code) {
    case SSL_ERROR_NONE:
        return CT_GRPC_IO_OK;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return CT_GRPC_IO_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return CT_GRPC_IO_CLOSED;
    default:
        return fail_by_openssl(io, what);
    }
}

static bool has_agreed_to_http2(const SSL *ssl)
{
    const unsigned char *protocol;
    unsigned size;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    return size == 2 && memcmp(protocol, "h2", 2) == 0;
}

enum ct_grpc_io_state ct_grpc_io_shake_hands(struct ct_grpc_io *io)
{
    if (io->ssl == NULL)
        return CT_GRPC_IO_OK;
    ERR_clear_error();
    enum ct_grpc_io_state state = state_of(io, SSL_connect(io->ssl), "TLS");
    if (state == CT_GRPC_IO_OK && !has_agreed_to_http2(io->ssl))
        return fail(io, "TLS", "the peer does not speak HTTP/2 there");
    return state;
}

static enum ct_grpc_io_state read_plain(struct ct_grpc_io *io, void *out, size_t capacity,
                                        size_t *done)
{
    ssize_t size = recv(io->fd, out, capacity, 0);
    *done = size > 0 ? (size_t)size : 0;
    if (size > 0)
        return CT_GRPC_IO_OK;
    if (size == 0)
        return CT_GRPC_IO_CLOSED;
    if (errno == EAGAIN || errno == EINTR)
        return CT_GRPC_IO_AGAIN;
    return fail_by_errno(io, "read");
}

enum ct_grpc_io_state ct_grpc_io_read(struct ct_grpc_io *io, void *out, size_t capacity,
                                      size_t *done)
{
    io->wants_write = false;
    if (io->ssl == NULL)
        return read_plain(io, out, capacity, done);
    ERR_clear_error();
    return state_of(io, SSL_read_ex(io->ssl, out, capacity, done), "TLS");
}

static enum ct_grpc_io_state write_plain(struct ct_grpc_io *io, const void *bytes, size_t size,
                                         size_t *done)
{
    ssize_t written = send(io->fd, bytes, size, MSG_NOSIGNAL);
    *done = written > 0 ? (size_t)written : 0;
    if (written >= 0)
        return CT_GRPC_IO_OK;
    if (errno == EAGAIN || errno == EINTR) {
        io->wants_write = true;
        return CT_GRPC_IO_AGAIN;
    }
    return fail_by_errno(io, "write");
}

enum ct_grpc_io_state ct_grpc_io_write(struct ct_grpc_io *io, const void *bytes, size_t size,
                                       size_t *done)
{
    io->wants_write = false;
    if (io->ssl == NULL)
        return write_plain(io, bytes, size, done);
    ERR_clear_error();
    return state_of(io, SSL_write_ex(io->ssl, bytes, size, done), "TLS");
}
