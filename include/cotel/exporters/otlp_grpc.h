/* SPDX-License-Identifier: Apache-2.0 */
/** @file otlp_grpc.h
 *  OTLP over gRPC (libcotel-otlp-grpc).
 *
 *  Implements: protocol/otlp.md "OTLP/gRPC"; protocol/exporter.md.
 */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_H
#define COTEL_EXPORTERS_OTLP_GRPC_H

#include <cotel/exporters/otlp_common.h>

COTEL_BEGIN_DECLS

/** Settings of OTLP over gRPC. Everything is copied. */
typedef struct cotel_otlp_grpc_options {
    size_t size; /**< sizeof of this struct */
    /** http://HOST:PORT, https://HOST:PORT, unix:PATH (a socket file), or HOST:PORT, which is
     *  secure unless `insecure`. Default http://localhost:4317. */
    const char *endpoint;
    const cotel_otlp_header *headers; /**< metadata; names become lower-case. At most 64 */
    size_t header_count;
    uint64_t timeout_ms;           /**< for one batch, retries included; default 10000 */
    uint64_t connect_timeout_ms;   /**< for one connection attempt; default 10000 */
    uint64_t backoff_initial_ms;   /**< before the first retry; doubles; jittered; default 1000 */
    uint64_t backoff_max_ms;       /**< default 5000 */
    size_t concurrency;            /**< calls at a time, on one connection; default 1; at most 64 */
    size_t max_request_bytes;      /**< a larger request is not sent; default 64 MiB */
    size_t max_response_bytes;     /**< a larger answer is a failure; default 4 MiB */
    uint64_t keepalive_ms;         /**< a ping after so long without a word from the peer, while a
                                        call is under way; default 0: none. Many servers hang up on
                                        who pings more often than every five minutes */
    uint64_t keepalive_timeout_ms; /**< for the answer to a ping; default 20000 */
    cotel_otlp_compression compression; /**< default none */
    bool insecure;                      /**< of an endpoint without a scheme; default false */
    const cotel_otlp_tls_options *tls;  /**< NULL: every default */
    const char *user_agent; /**< a product of the caller's, put before cotel's; NULL: none */
    cotel_signal signal;    /**< what it is for; default COTEL_SIGNAL_TRACES */
} cotel_otlp_grpc_options;

/** Every default of cotel_otlp_grpc_options. */
#define COTEL_OTLP_GRPC_OPTIONS_INIT                                                            \
    {                                                                                           \
        sizeof(cotel_otlp_grpc_options), NULL, NULL, 0, 10000, 10000, 1000, 5000, 1, 64u << 20, \
            4u << 20, 0, 20000, COTEL_OTLP_COMPRESSION_NONE, false, NULL, NULL,                 \
            COTEL_SIGNAL_TRACES                                                                 \
    }

/** Writes every default. Since 0.1. */
COTEL_API void cotel_otlp_grpc_options_init(cotel_otlp_grpc_options *options);

/** An exporter over gRPC, for a batch processor or a periodic reader; a batch of another signal
 *  than its own fails. Calls share one connection.
 *  Connection failures and the statuses CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE,
 *  UNAVAILABLE, DATA_LOSS, and RESOURCE_EXHAUSTED with a RetryInfo, are retried with jittered
 *  exponential backoff (RetryInfo is honoured), until the deadline; every other failure is final.
 *  Names are resolved on a thread that can be left behind.
 *  @param options NULL: all defaults.
 *  @return OK, INVALID_ARGUMENT (a malformed endpoint or header, a value out of range, a file for
 *          TLS that cannot be read or is not PEM, a key without a certificate), NOT_SUPPORTED (a
 *          compression that this build is without), OUT_OF_MEMORY. Never blocks. Since 0.1. */
COTEL_API cotel_status cotel_otlp_grpc_exporter_create(const cotel_otlp_grpc_options *options,
                                                       cotel_exporter **out) COTEL_MUST_CHECK;

COTEL_END_DECLS

#endif
