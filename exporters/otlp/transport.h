/* SPDX-License-Identifier: Apache-2.0 */
/* What carries request bodies to a peer and brings its answers back: HTTP or gRPC.
 *
 * A transport has as many slots as there may be requests at a time. It is called by the one thread
 * that drives the exporter, never waits, and knows nothing of batches, deadlines and retries: those
 * are the deliveries' (delivery.h), which are the same for all transports. */
#ifndef COTEL_EXPORTERS_OTLP_TRANSPORT_H
#define COTEL_EXPORTERS_OTLP_TRANSPORT_H

#include "exporters/otlp/encode/request.h"
#include "exporters/otlp/retry.h"

struct ct_otlp_exporter;

enum ct_otlp_readiness {
    CT_OTLP_READY,       /* a request can be started */
    CT_OTLP_PENDING,     /* something has to come first: a name, a connection. Ask again */
    CT_OTLP_UNREACHABLE, /* not now; *answer says why, as of an attempt that failed */
    CT_OTLP_BROKEN       /* never; *answer says why */
};

/* Each takes the exporter that the transport is part of. */
struct ct_otlp_transport {
    /* Whether a request can be started in a slot. Asked when one is to be, and as long as it is
     * pending after every drive(). */
    enum ct_otlp_readiness (*prepare)(struct ct_otlp_exporter *exporter, size_t slot,
                                      uint64_t now_ns, struct ct_otlp_answer *answer);
    /* Starts to send; the slot is ready and free. The body stays as it is until the slot is free.
     * drive() then says how it ended, by ct_otlp_delivery_answered(), unless it is stopped. What
     * the peer is told of `deadline_ns` is the transport's matter. false: memory is out. */
    bool (*start)(struct ct_otlp_exporter *exporter, size_t slot, struct ct_otlp_request *body,
                  uint64_t deadline_ns);
    /* Gives a request up, if there is one: the slot is free. */
    void (*stop)(struct ct_otlp_exporter *exporter, size_t slot);
    /* As in cotel_exporter_ops. */
    int (*poll_fd)(struct ct_otlp_exporter *exporter);
    uint64_t (*next_deadline_ns)(struct ct_otlp_exporter *exporter);
    void (*drive)(struct ct_otlp_exporter *exporter, uint64_t now_ns);
    /* Lets go of everything; all slots are free. May be called again, and be used again. */
    void (*close)(struct ct_otlp_exporter *exporter);
    /* The same in a forked child: closes descriptors without a word on the wire, frees nothing that
     * the fork may have caught half-changed. */
    void (*abandon)(struct ct_otlp_exporter *exporter);
    /* Frees the exporter and its settings; closed. */
    void (*destroy)(struct ct_otlp_exporter *exporter);
};

#endif
