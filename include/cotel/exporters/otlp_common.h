/* SPDX-License-Identifier: Apache-2.0 */
/** @file otlp_common.h
 *  What OTLP over HTTP and OTLP over gRPC have in common.
 */
#ifndef COTEL_EXPORTERS_OTLP_COMMON_H
#define COTEL_EXPORTERS_OTLP_COMMON_H

#include <cotel/sdk/exporter.h>
#include <cotel/status.h>
#include <cotel/visibility.h>

COTEL_BEGIN_DECLS

/** A request header. Both are copied; the value is shown as *** wherever configuration is. */
typedef struct cotel_otlp_header {
    const char *name;
    const char *value;
} cotel_otlp_header;

/** How the peer is known, and how we are, over https. The files are PEM. They are read when a
 *  connection is made; when one of them has changed, new requests take new connections, so that
 *  certificates can be renewed while the program runs. */
typedef struct cotel_otlp_tls_options {
    size_t size;                  /**< sizeof of this struct */
    const char *ca_file;          /**< who may sign the peer's certificate; NULL: the system's */
    const char *certificate_file; /**< ours, with what leads to its signer; NULL: none */
    const char *key_file;         /**< the key of ours; NULL: it is in certificate_file */
    bool insecure_skip_verify;    /**< takes any certificate for any host, so anybody can listen:
                                       for tests; default false */
} cotel_otlp_tls_options;

/** Every default of cotel_otlp_tls_options. */
#define COTEL_OTLP_TLS_OPTIONS_INIT                             \
    {                                                           \
        sizeof(cotel_otlp_tls_options), NULL, NULL, NULL, false \
    }

/** What request bodies are written in. */
typedef enum cotel_otlp_encoding {
    COTEL_OTLP_ENCODING_PROTOBUF = 0,
    COTEL_OTLP_ENCODING_JSON = 1 /**< OTLP's own JSON: larger and slower, for who reads along */
} cotel_otlp_encoding;

/** How request bodies are made smaller. */
typedef enum cotel_otlp_compression {
    COTEL_OTLP_COMPRESSION_NONE = 0,
    COTEL_OTLP_COMPRESSION_GZIP = 1, /**< every receiver takes it */
    COTEL_OTLP_COMPRESSION_ZSTD = 2  /**< the Collector takes it; needs a build with libzstd */
} cotel_otlp_compression;

COTEL_END_DECLS

#endif
