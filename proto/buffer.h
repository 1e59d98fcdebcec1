/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes that grow at their end. Beside the like in src/base because what reads foreign bytes links
 * nothing of src/. */
#ifndef COTEL_PROTO_BUFFER_H
#define COTEL_PROTO_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed is empty. */
struct ct_proto_buffer {
    uint8_t *data;
    size_t size;
    size_t capacity;
    bool failed; /* memory was out; nothing is added then */
};

void ct_proto_buffer_put(struct ct_proto_buffer *buffer, const void *bytes, size_t size);
void ct_proto_buffer_put_byte(struct ct_proto_buffer *buffer, uint8_t byte);

/* A number as protobuf's varint. */
void ct_proto_buffer_put_varint(struct ct_proto_buffer *buffer, uint64_t number);

/* The low `size` bytes of a number, the lowest first. */
void ct_proto_buffer_put_fixed(struct ct_proto_buffer *buffer, uint64_t number, unsigned size);

/* Opens a field whose length is known later, and returns where its content begins; closing puts the
 * length before what has come since. */
size_t ct_proto_buffer_open(struct ct_proto_buffer *buffer);
void ct_proto_buffer_close(struct ct_proto_buffer *buffer, size_t start);

void ct_proto_buffer_fini(struct ct_proto_buffer *buffer);

#endif
