/* SPDX-License-Identifier: Apache-2.0 */
/* Hands requests on to another receiver, by OTLP/HTTP, from a thread of its own: a receiver that is
 * slow, or gone, holds nobody up. What it does not get in time is lost, and said so on stderr. */
#ifndef COTEL_TOOLS_COTEL_VIEW_FORWARD_H
#define COTEL_TOOLS_COTEL_VIEW_FORWARD_H

#include "view/reply.h"

#include <stdint.h>

enum {
    CT_FORWARD_MAX_HELD_BYTES = 64 * 1024 * 1024, /* bodies that wait; one alone may be larger */
    CT_FORWARD_BODY_MS = 10000,                   /* for one body, retries included */
    CT_FORWARD_GRACE_MS = 5000                    /* at the end, for all that wait */
};

struct ct_forward;

/* To a base URL, which /v1/traces is put behind. NULL on failure, with errno set; ENOTSUP: this
 * build is without libcurl. */
struct ct_forward *ct_forward_create(const char *url);

/* Copies the body and never waits. Takes NULL. */
void ct_forward_hand_on(struct ct_forward *forward, enum ct_format format, const uint8_t *body,
                        size_t size_bytes);

/* Waits for what is under way, no longer than the grace. Takes NULL. */
void ct_forward_destroy(struct ct_forward *forward);

#endif
