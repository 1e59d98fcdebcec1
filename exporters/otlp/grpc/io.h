/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes to and from a connected socket, in the clear or through TLS. Nothing here waits. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_IO_H
#define COTEL_EXPORTERS_OTLP_GRPC_IO_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

enum { CT_GRPC_IO_ERROR_SIZE = 256 };

struct ct_grpc_io {
    int fd; /* -1: closed */
    SSL *ssl;
    bool wants_write; /* what was asked last goes on when the socket can be written to */
    char error[CT_GRPC_IO_ERROR_SIZE];
};

enum ct_grpc_io_state {
    CT_GRPC_IO_OK,
    CT_GRPC_IO_AGAIN,  /* not now */
    CT_GRPC_IO_CLOSED, /* the peer has closed */
    CT_GRPC_IO_FAILED  /* io->error says why */
};

/* Takes the descriptor over, and `ssl` (NULL: in the clear). */
void ct_grpc_io_open(struct ct_grpc_io *io, int fd, SSL *ssl);

/* Until OK: then bytes can be sent. The peer must have agreed to HTTP/2. */
enum ct_grpc_io_state ct_grpc_io_shake_hands(struct ct_grpc_io *io);

/* Whether the peer has shown a certificate that is not to be trusted. It speaks TLS. */
bool ct_grpc_io_is_distrusted(const struct ct_grpc_io *io);

/* *done gets how many bytes were read or written, with OK at least one. */
enum ct_grpc_io_state ct_grpc_io_read(struct ct_grpc_io *io, void *out, size_t capacity,
                                      size_t *done);
enum ct_grpc_io_state ct_grpc_io_write(struct ct_grpc_io *io, const void *bytes, size_t size,
                                       size_t *done);

/* Closes at once. */
void ct_grpc_io_close(struct ct_grpc_io *io);

/* In a forked child: closes the descriptor and leaves the rest alone. */
void ct_grpc_io_abandon(struct ct_grpc_io *io);

#endif
