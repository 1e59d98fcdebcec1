/* SPDX-License-Identifier: Apache-2.0 */
/* One call of gRPC, as its server sees it: the metadata says what is called and how the message is
 * packed, the message comes in pieces behind a head of five bytes, and then there has to be an
 * outcome. Knows nothing of HTTP/2. */
#ifndef COTEL_TOOLS_COTEL_VIEW_GRPC_CALL_H
#define COTEL_TOOLS_COTEL_VIEW_GRPC_CALL_H

#include "view/receiver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CT_GRPC_HEAD_SIZE = 5 /* of a message: whether it is packed, and its length */ };

/* What all calls share. */
struct ct_grpc_host {
    struct ct_receiver_callbacks callbacks;
    size_t max_message_bytes; /* as sent, and again as unpacked */
    size_t held_bytes;        /* of messages still arriving, all together */
};

/* Zeroed at first. */
struct ct_grpc_call {
    struct ct_outcome outcome; /* decided once: then nothing more is taken */
    bool is_post;
    bool is_for_us;
    enum ct_signal signal;
    bool is_grpc; /* if not, gRPC's way to answer is none for this caller */
    bool is_encoding_unknown;
    bool is_gzip;
    uint8_t head[CT_GRPC_HEAD_SIZE];
    size_t head_size;
    uint8_t *message;
    size_t message_size; /* as announced */
    size_t received;
};

/* A header of the request; names are lower-case. */
void ct_grpc_call_header(struct ct_grpc_call *call, const char *name, const char *value);

/* The headers have come. */
void ct_grpc_call_begin(struct ct_grpc_call *call);

/* A piece of the body. */
void ct_grpc_call_data(struct ct_grpc_call *call, struct ct_grpc_host *host, const uint8_t *data,
                       size_t size);

/* The body has come: hands in the message, unless the call was refused before. */
void ct_grpc_call_end(struct ct_grpc_call *call, struct ct_grpc_host *host);

/* Gives back its memory; as often as you like. */
void ct_grpc_call_forget(struct ct_grpc_call *call, struct ct_grpc_host *host);

/* For grpc-message: what is not printable ASCII, and percent signs, as %XX. */
enum { CT_GRPC_MESSAGE_SIZE = 3 * CT_OUTCOME_REASON_SIZE };
void ct_grpc_encode_message(const char *text, char out[CT_GRPC_MESSAGE_SIZE]);

/* The name of a status, such as "INVALID_ARGUMENT". */
const char *ct_grpc_code_name(enum ct_grpc_code code);

#endif
