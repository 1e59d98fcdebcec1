/* SPDX-License-Identifier: Apache-2.0 */
/* One batch on its way to the peer, over as many attempts as it takes and its deadline allows.
 *
 * begin() makes the first attempt; each attempt waits for a name, then for the peer, and then
 * either the batch is done or a retry is waited for. Whatever ends it goes through one place, which
 * says so to the pipeline exactly once and leaves the delivery free for the next batch.
 */
#ifndef COTEL_EXPORTERS_OTLP_HTTP_DELIVERY_H
#define COTEL_EXPORTERS_OTLP_HTTP_DELIVERY_H

#include "exporters/net/reactor.h"
#include "exporters/net/resolve.h"
#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/http/config.h"
#include "exporters/otlp/http/transfer.h"

#include <cotel/sdk/diagnostics.h>

#define CT_HTTP_COMPONENT "otlp_http_span_exporter"

/* What all deliveries of one exporter share. */
struct ct_http_line {
    struct ct_http_config config;
    struct ct_http_reactor reactor;
    struct ct_net_resolver resolver;
    cotel_diagnostics_limit retries;
};

enum ct_http_stage {
    CT_HTTP_FREE,
    CT_HTTP_NAMING,  /* waits for the resolver */
    CT_HTTP_SENDING, /* waits for the peer */
    CT_HTTP_RESTING  /* waits for retry_at_ns */
};

/* Zero-initialise it. Members are private. */
struct ct_http_delivery {
    enum ct_http_stage stage;
    cotel_export *operation;
    uint64_t span_count;
    uint64_t deadline_ns;
    uint64_t retry_at_ns;
    unsigned attempts;
    struct ct_otlp_answer last; /* to the attempt before */
    struct ct_otlp_request body;
    struct ct_http_transfer transfer;
};

/* Each of these may end the delivery, which calls cotel_export_done(), which may begin it anew. */

/* Takes a batch on; the delivery is free. */
void ct_http_delivery_begin(struct ct_http_delivery *delivery, struct ct_http_line *line,
                            cotel_export *operation, const cotel_batch *batch,
                            uint64_t deadline_ns);

/* Its transfer has ended with `code`. */
void ct_http_delivery_answered(struct ct_http_delivery *delivery, struct ct_http_line *line,
                               CURLcode code, uint64_t now_ns);

/* Goes on if what it waited for is there, or its deadline has passed. */
void ct_http_delivery_advance(struct ct_http_delivery *delivery, struct ct_http_line *line,
                              uint64_t now_ns);

/* Ends it as cancelled; it is not free. */
void ct_http_delivery_cancel(struct ct_http_delivery *delivery, struct ct_http_line *line);

/* When to advance it at the latest. */
uint64_t ct_http_delivery_wake_ns(const struct ct_http_delivery *delivery);

/* Frees what it holds; it is free. */
void ct_http_delivery_fini(struct ct_http_delivery *delivery);

/* In a forked child: forgets everything, touches nothing. */
void ct_http_delivery_abandon(struct ct_http_delivery *delivery);

#endif
