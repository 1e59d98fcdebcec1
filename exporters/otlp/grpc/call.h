/* SPDX-License-Identifier: Apache-2.0 */
/* One gRPC call: a request on a stream of its own, and what comes back on it. */
#ifndef COTEL_EXPORTERS_OTLP_GRPC_CALL_H
#define COTEL_EXPORTERS_OTLP_GRPC_CALL_H

#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/grpc/config.h"

#include <nghttp2/nghttp2.h>

enum {
    /* Before each message: whether it is compressed, and its length in four bytes. */
    CT_GRPC_PREFIX_SIZE = 5,
    /* Of an answer, this much is kept to be read; what is longer says nothing that we need. */
    CT_GRPC_KEPT_BYTES = 16 * 1024,
    CT_GRPC_TEXT_SIZE = 192
};

/* Zero-initialise it. Members are private, but for `session` and `is_done`. */
struct ct_grpc_call {
    nghttp2_session *session; /* where it is under way; NULL: nowhere */
    int32_t stream;
    bool is_done; /* the answer can be read */

    uint64_t started_ns;
    struct ct_otlp_request *body;
    unsigned char prefix[CT_GRPC_PREFIX_SIZE];
    size_t prefix_sent;

    bool is_grpc;       /* by the answer's content type */
    bool is_compressed; /* the answer's message is, by gzip */
    bool is_too_long;
    bool was_cut; /* the connection is gone */
    int http_status;
    int code; /* -1: none came */
    uint32_t reset;
    uint64_t retry_after_ns;
    char message[CT_GRPC_TEXT_SIZE];
    const struct ct_otlp_signal *signal;
    size_t max_response_bytes;
    size_t received;
    unsigned char *kept; /* CT_GRPC_KEPT_BYTES, prefix included */
};

/* Submits the request; the caller then lets the session send. `timeout_ns` is what the peer is told
 * that it has. false: memory is out, or the session takes no more streams. */
bool ct_grpc_call_start(struct ct_grpc_call *call, nghttp2_session *session,
                        const struct ct_grpc_config *config, struct ct_otlp_request *body,
                        uint64_t now_ns, uint64_t timeout_ns);

/* What the session tells of the call's stream. */
void ct_grpc_call_header(struct ct_grpc_call *call, const char *name, size_t name_size,
                         const char *value, size_t value_size);
void ct_grpc_call_data(struct ct_grpc_call *call, const unsigned char *bytes, size_t size);
void ct_grpc_call_ended(struct ct_grpc_call *call); /* the peer has said all */
void ct_grpc_call_closed(struct ct_grpc_call *call, uint32_t error);

/* The connection is gone, for this reason, before the answer was complete. */
void ct_grpc_call_cut(struct ct_grpc_call *call, const char *why);

/* What a call that is done came to. */
void ct_grpc_call_answer(const struct ct_grpc_call *call, struct ct_otlp_answer *answer);

/* Gives it up: the peer is told, as far as there is one. */
void ct_grpc_call_stop(struct ct_grpc_call *call);

void ct_grpc_call_fini(struct ct_grpc_call *call);

#endif
