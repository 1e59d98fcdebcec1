/* SPDX-License-Identifier: Apache-2.0 */
/* One batch on its way to the peer, over as many attempts as it takes and its deadline allows.
 *
 * begin() makes the first attempt; each attempt waits for the transport to be ready, then for the
 * peer, and then either the batch is done or a retry is waited for. Whatever ends it goes through
 * one place, which says so to the pipeline exactly once and leaves the delivery free for the next
 * batch.
 */
#ifndef COTEL_EXPORTERS_OTLP_DELIVERY_H
#define COTEL_EXPORTERS_OTLP_DELIVERY_H

#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/retry.h"

struct ct_otlp_exporter;

enum ct_otlp_stage {
    CT_OTLP_FREE,
    CT_OTLP_PREPARING, /* waits for the transport */
    CT_OTLP_SENDING,   /* waits for the peer */
    CT_OTLP_RESTING    /* waits for retry_at_ns */
};

/* Zero-initialise it. Members are private. */
struct ct_otlp_delivery {
    enum ct_otlp_stage stage;
    cotel_export *operation;
    uint64_t item_count; /* spans, or points */
    uint64_t deadline_ns;
    uint64_t retry_at_ns;
    unsigned attempts;
    struct ct_otlp_answer last; /* to the attempt before */
    struct ct_otlp_request body;
};

/* A delivery is named by its slot: its place in the exporter and in the transport. Each of these
 * may end the delivery, which calls cotel_export_done(), which may begin it anew. */

/* Takes a batch on; the delivery is free. */
void ct_otlp_delivery_begin(struct ct_otlp_exporter *exporter, size_t slot, cotel_export *operation,
                            const cotel_batch *batch, uint64_t deadline_ns);

/* Its request has ended. */
void ct_otlp_delivery_answered(struct ct_otlp_exporter *exporter, size_t slot,
                               const struct ct_otlp_answer *answer, uint64_t now_ns);

/* Goes on if what it waited for is there, or its deadline has passed. */
void ct_otlp_delivery_advance(struct ct_otlp_exporter *exporter, size_t slot, uint64_t now_ns);

/* Ends it as cancelled; it is not free. */
void ct_otlp_delivery_cancel(struct ct_otlp_exporter *exporter, size_t slot);

/* When to advance it at the latest. */
uint64_t ct_otlp_delivery_wake_ns(const struct ct_otlp_delivery *delivery);

/* Frees what it holds; it is free. */
void ct_otlp_delivery_fini(struct ct_otlp_delivery *delivery);

/* In a forked child: forgets everything, touches nothing. */
void ct_otlp_delivery_abandon(struct ct_otlp_delivery *delivery);

#endif
