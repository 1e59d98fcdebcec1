/* SPDX-License-Identifier: Apache-2.0 */
/* Between the files of the peer. */
#ifndef COTEL_TESTS_SUPPORT_OTLP_PEER_INTERNAL_H
#define COTEL_TESTS_SUPPORT_OTLP_PEER_INTERNAL_H

#include "tests/support/otlp_peer.h"

#include <openssl/ssl.h>

enum { OTLP_PEER_HEAD_SIZE = 8192 };

/* One connection; its thread alone uses it. */
struct otlp_link {
    struct otlp_peer *peer;
    int fd;
    SSL *ssl; /* NULL: in the clear */
};

/* As read(2) and write(2), of all the bytes. */
long otlp_link_read(struct otlp_link *link, void *out, size_t capacity);
bool otlp_link_write(struct otlp_link *link, const void *bytes, size_t size);

void otlp_peer_note_head(struct otlp_peer *peer, const char *head);
void otlp_peer_note_request(struct otlp_peer *peer, size_t body_bytes);

/* Serves HTTP/2 to its end; `first` are the bytes that were read before it was known. */
void otlp_peer_serve_http2(struct otlp_link *link, const char *first, size_t size);

#endif
