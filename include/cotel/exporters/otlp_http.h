/* SPDX-License-Identifier: Apache-2.0 */
/** @file otlp_http.h
 *  OTLP over HTTP (libcotel-otlp-http).
 *
 *  Implements: protocol/otlp.md "OTLP/HTTP"; protocol/exporter.md.
 */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_H
#define COTEL_EXPORTERS_OTLP_HTTP_H

#include <cotel/exporters/otlp_common.h>

COTEL_BEGIN_DECLS

/** Which HTTP is spoken. */
typedef enum cotel_otlp_http_version {
    COTEL_OTLP_HTTP_VERSION_AUTO = 0, /**< over https HTTP/2 if the peer offers it; else HTTP/1.1 */
    COTEL_OTLP_HTTP_VERSION_1_1 = 1
} cotel_otlp_http_version;

/** Settings of OTLP over HTTP. Everything is copied. */
typedef struct cotel_otlp_http_options {
    size_t size;                      /**< sizeof of this struct */
    const char *endpoint;             /**< whole URL; default NULL: the signal's, which is
                                           http://localhost:4318/v1/traces or /v1/metrics */
    const cotel_otlp_header *headers; /**< besides Content-Type and User-Agent */
    size_t header_count;
    uint64_t timeout_ms;         /**< for one batch, retries included; default 10000 */
    uint64_t connect_timeout_ms; /**< for one connection attempt; default 10000 */
    uint64_t backoff_initial_ms; /**< before the first retry; doubles; jittered; default 1000 */
    uint64_t backoff_max_ms;     /**< default 5000 */
    size_t concurrency;          /**< requests at a time; default 1; at most 64 */
    size_t max_request_bytes;    /**< a larger request, before or after compression, is not
                                      sent; default 64 MiB */
    size_t max_response_bytes;   /**< a larger answer, after decompression, is a failure; default
                                      4 MiB */
    cotel_otlp_compression compression; /**< default none */
    cotel_otlp_encoding encoding;       /**< default protobuf */
    const cotel_otlp_tls_options *tls;  /**< NULL: every default */
    /** http://[USER:PASSWORD@]HOST[:PORT]; "": none. Default NULL: what the variables http_proxy,
     *  https_proxy, all_proxy and no_proxy say, which are asked for nothing if this is given. */
    const char *proxy;
    const char *unix_socket; /**< a socket file to connect to, instead of the endpoint's host; goes
                                  with no proxy. Default NULL: none */
    const char *user_agent;  /**< a product of the caller's, put before cotel's; NULL: none */
    cotel_otlp_http_version http_version; /**< default auto */
    cotel_signal signal;                  /**< what it is for; default COTEL_SIGNAL_TRACES */
} cotel_otlp_http_options;

/** Every default of cotel_otlp_http_options. */
#define COTEL_OTLP_HTTP_OPTIONS_INIT                                                               \
    {                                                                                              \
        sizeof(cotel_otlp_http_options), NULL, NULL, 0, 10000, 10000, 1000, 5000, 1, 64u << 20,    \
            4u << 20, COTEL_OTLP_COMPRESSION_NONE, COTEL_OTLP_ENCODING_PROTOBUF, NULL, NULL, NULL, \
            NULL, COTEL_OTLP_HTTP_VERSION_AUTO, COTEL_SIGNAL_TRACES                                \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_otlp_http_options_init(cotel_otlp_http_options *options);

/** An exporter over libcurl, for a batch processor or a periodic reader; a batch of another signal
 *  than its own fails. Connection failures and the answers 429, 502, 503 and 504 are retried with
 *  jittered exponential backoff (Retry-After is honoured), until the deadline; every other failure
 *  is final, a peer whose certificate is not to be trusted among them. Redirects are not followed.
 *  Names are resolved on a thread that can be left behind.
 *  @param options NULL: all defaults.
 *  @return OK, INVALID_ARGUMENT (a malformed URL or header, a value out of range, a file for TLS
 *          that cannot be read or is not PEM, a key without a certificate, a socket file's path
 *          that is too long), NOT_SUPPORTED (a compression that this build is without),
 *          OUT_OF_MEMORY, SYSTEM_ERROR.
 *  Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_otlp_http_exporter_create(const cotel_otlp_http_options *options,
                                                       cotel_exporter **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
