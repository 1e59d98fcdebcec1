/* SPDX-License-Identifier: Apache-2.0 */
/* One POST at a time over one reused libcurl handle. */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_TRANSFER_H
#define COTEL_EXPORTERS_OTLP_HTTP_TRANSFER_H

#include "exporters/net/reactor.h"
#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/http/config.h"

#include <curl/curl.h>

enum {
    /* Of an answer, this much is kept to be read; what is longer says nothing that we need. */
    CT_HTTP_KEPT_BYTES = 16 * 1024,
    /* A whole batch of 512 ordinary spans goes to the kernel in one call. */
    CT_HTTP_UPLOAD_BUFFER_BYTES = 256 * 1024,
    /* A kept connection is replaced then: names move, certificates are revoked. */
    CT_HTTP_CONNECTION_AGE_S = 600
};

/* Zero-initialise it. */
struct ct_http_transfer {
    CURL *easy; /* made by the first use */
    bool running;
    struct ct_otlp_request *body;
    const struct ct_otlp_signal *signal; /* of the body */
    size_t max_response_bytes;
    size_t received; /* of the answer's body */
    char *kept;      /* its beginning: CT_HTTP_KEPT_BYTES */
    struct curl_slist *addresses;
    uint64_t addresses_generation;
    char error[CURL_ERROR_SIZE];
};

/* Starts to send `body`; the reactor is open. false: memory is out. `owner` is what
 * ct_http_transfer_owner() gives back. No connection is used that was made earlier than
 * `trusted_ns` ago; UINT64_MAX: any may be, until it is CT_HTTP_CONNECTION_AGE_S old. */
bool ct_http_transfer_start(struct ct_http_transfer *transfer, const struct ct_http_config *config,
                            struct ct_http_reactor *reactor, struct ct_otlp_request *body,
                            uint64_t trusted_ns, void *owner);

/* Where the name of whom to connect to (http/route.h) leads: addresses with commas between. Does
 * nothing when it has heard of that generation. Before a start; the reactor is open. false: memory
 * is out. */
bool ct_http_transfer_set_addresses(struct ct_http_transfer *transfer,
                                    const struct ct_http_config *config,
                                    struct ct_http_reactor *reactor, const char *addresses,
                                    uint64_t generation);

/* The owner of a transfer that has ended. */
void *ct_http_transfer_owner(CURL *easy);

/* Ends it: at once, if it is under way. */
void ct_http_transfer_stop(struct ct_http_transfer *transfer, struct ct_http_reactor *reactor);

/* Frees what it holds; stopped. */
void ct_http_transfer_fini(struct ct_http_transfer *transfer);

#endif
