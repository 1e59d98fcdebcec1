/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL set up to call one peer over HTTP/2. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_TLS_H
#define COTEL_EXPORTERS_OTLP_GRPC_TLS_H

#include "exporters/otlp/tls_files.h"

#include <openssl/ssl.h>

/* Of the files as they are now. NULL: one of them is no good, or memory is out; `why` gets a
 * line. */
SSL_CTX *ct_grpc_tls_context(const struct ct_otlp_tls_files *files, char *why, size_t capacity);

/* A connection to `host` (a name or an address), over `fd`, which stays the caller's. NULL: memory
 * is out. */
SSL *ct_grpc_tls_connection(SSL_CTX *context, const char *host, int fd);

#endif
