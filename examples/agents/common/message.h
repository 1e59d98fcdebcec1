/* SPDX-License-Identifier: Apache-2.0 */
/* What agents say to each other: JSON objects over a stream socket, each behind its length in
 * four bytes, most significant first.
 *
 *     {"kind": "write", "headers": {"traceparent": "00-…-01"}, "body": {…}}
 *
 * The headers are where the trace travels. Sender and receiver never mention it: message_send()
 * writes the current context into the headers, and message_context() reads it back. */
#ifndef AGENTS_COMMON_MESSAGE_H
#define AGENTS_COMMON_MESSAGE_H

#include <cotel/context.h>

#include <jansson.h>

/* A longer message is refused. */
#define MESSAGE_MAX_BYTES (1u << 20)

struct message {
    json_t *root;     /* owns all of it */
    const char *kind; /* the others are borrowed from it */
    json_t *headers;
    json_t *body;
};

enum message_result {
    MESSAGE_OK,
    MESSAGE_CLOSED,  /* the peer has closed, between two messages */
    MESSAGE_TIMEOUT, /* nothing, or only a part, came in time */
    MESSAGE_BROKEN   /* not a message; the connection is of no more use */
};

/* Sends a message that carries this thread's current context. Takes over `body`.
 * False when it could not be sent. */
bool message_send(int fd, const char *kind, json_t *body);

/* Waits for the next message; message_free() it when this says OK. */
enum message_result message_receive(int fd, int timeout_ms, struct message *message);

/* The context that the sender had; a new reference. */
cotel_context *message_context(const struct message *message);

void message_free(struct message *message);

/* A low-cardinality name for the attribute error.type. */
const char *message_result_name(enum message_result result);

#endif
