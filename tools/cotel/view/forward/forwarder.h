/* SPDX-License-Identifier: Apache-2.0 */
/* Sends on what was received. Requests wait in a queue for a thread that posts them in their order,
 * so that nobody waits for the receiver that they go to. Faults are told on stderr. */
#ifndef COTEL_TOOLS_COTEL_VIEW_FORWARD_FORWARDER_H
#define COTEL_TOOLS_COTEL_VIEW_FORWARD_FORWARDER_H

#include <stddef.h>
#include <stdint.h>

enum {
    CT_FORWARD_DEFAULT_QUEUE_BYTES = 64 * 1024 * 1024,
    CT_FORWARD_MAX_QUEUE_BYTES = 1024 * 1024 * 1024,
    CT_FORWARD_RETRY_MS = 30000, /* from the first try of a request to the beginning of the last */
    CT_FORWARD_FIRST_PAUSE_MS = 250, /* between tries; doubled each time */
    CT_FORWARD_LAST_PAUSE_MS = 4000,
    CT_FORWARD_END_MS = 2000 /* what is queued at the end has so long */
};

struct ct_forwarder;

/* For `own_port` see ct_post_create(). The queue holds requests of at most so many bytes, the one
 * that is on its way among them. Signals are to be blocked before: the thread takes over the mask.
 * NULL on failure, with errno set as by ct_post_create(). */
struct ct_forwarder *ct_forwarder_create(const char *url, uint16_t own_port,
                                         size_t max_queue_bytes);

/* Waits for nothing that is queued. */
void ct_forwarder_destroy(struct ct_forwarder *forwarder);

/* Copies a request in protobuf, of so many spans, to the queue; if it does not fit it is counted as
 * not forwarded. Does not block. One thread. */
void ct_forwarder_add(struct ct_forwarder *forwarder, const uint8_t *body, size_t size_bytes,
                      size_t spans);

/* Waits for what is queued, at most CT_FORWARD_END_MS, and says what became of all. Then there is
 * nothing left to do with it but destroy it. */
void ct_forwarder_end(struct ct_forwarder *forwarder);

#endif
