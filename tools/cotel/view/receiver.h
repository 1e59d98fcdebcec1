/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP side of OTLP, on loopback: takes POST to the path of a signal, gives the body (put
 * together, opened if it came as gzip) to whoever decodes it, and sends the answer. It has no
 * thread; the caller polls one descriptor. */
#ifndef COTEL_TOOLS_COTEL_VIEW_RECEIVER_H
#define COTEL_TOOLS_COTEL_VIEW_RECEIVER_H

#include "view/reply.h"
#include "view/signal.h"

#include <stdint.h>

enum {
    CT_RECEIVER_DEFAULT_PORT = 4318,
    CT_RECEIVER_MAX_BODY_BYTES = 64 * 1024 * 1024, /* as sent, and again as opened */
    CT_RECEIVER_MAX_SWALLOWED_BYTES = 2 * CT_RECEIVER_MAX_BODY_BYTES, /* of one that is refused */
    CT_RECEIVER_MAX_HELD_BYTES = 256 * 1024 * 1024, /* bodies still arriving, all together */
    CT_RECEIVER_MAX_CONNECTIONS = 256,
    CT_RECEIVER_IDLE_SECONDS = 60 /* then a connection that says nothing is closed */
};

struct ct_receiver;

struct ct_receiver_callbacks {
    /* A whole body, unpacked; the outcome goes to its sender. */
    struct ct_outcome (*take)(void *user, enum ct_signal signal, enum ct_format format,
                              const uint8_t *body, size_t size_bytes);

    /* A request, or a part of it, was refused; `answer` is the status of the answer. */
    void (*refused)(void *user, const char *answer, const char *reason);

    void *user;
};

/* Listens on 127.0.0.1; port 0 is any free one. NULL on failure, with errno set. */
struct ct_receiver *ct_receiver_create(uint16_t port,
                                       const struct ct_receiver_callbacks *callbacks);
void ct_receiver_destroy(struct ct_receiver *receiver);

uint16_t ct_receiver_port(const struct ct_receiver *receiver);

/* Run it when this descriptor is readable, or the time is over (-1: no hurry). */
int ct_receiver_descriptor(const struct ct_receiver *receiver);
int ct_receiver_timeout_ms(const struct ct_receiver *receiver);
void ct_receiver_run(struct ct_receiver *receiver);

#endif
