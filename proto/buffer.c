/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024, VARINT_MAX_BYTES = 10 };

static bool make_room(struct ct_proto_buffer *buffer, size_t size)
{
    if (buffer->failed || size <= buffer->capacity - buffer->size)
        return !buffer->failed;

    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY;
    while (capacity - buffer->size < size && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    uint8_t *data = capacity - buffer->size < size ? NULL : realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void ct_proto_buffer_put(struct ct_proto_buffer *buffer, const void *bytes, size_t size)
{
    if (size == 0 || !make_room(buffer, size))
        return;
    memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
}

void ct_proto_buffer_put_byte(struct ct_proto_buffer *buffer, uint8_t byte)
{
    ct_proto_buffer_put(buffer, &byte, 1);
}

static size_t encode_varint(uint8_t bytes[VARINT_MAX_BYTES], uint64_t number)
{
    size_t size = 0;

    for (; number >= 0x80; number >>= 7)
        bytes[size++] = (uint8_t)(number | 0x80);
    bytes[size++] = (uint8_t)number;
    return size;
}

void ct_proto_buffer_put_varint(struct ct_proto_buffer *buffer, uint64_t number)
{
    uint8_t bytes[VARINT_MAX_BYTES];

    ct_proto_buffer_put(buffer, bytes, encode_varint(bytes, number));
}

void ct_proto_buffer_put_fixed(struct ct_proto_buffer *buffer, uint64_t number, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        ct_proto_buffer_put_byte(buffer, (uint8_t)(number >> (8 * i)));
}

/* Room for the length of a short content, as most are: a longer one is moved once. */
size_t ct_proto_buffer_open(struct ct_proto_buffer *buffer)
{
    ct_proto_buffer_put_byte(buffer, 0);
    return buffer->size;
}

void ct_proto_buffer_close(struct ct_proto_buffer *buffer, size_t start)
{
    uint8_t length[VARINT_MAX_BYTES];

    if (buffer->failed)
        return;
    size_t content = buffer->size - start;
    size_t more = encode_varint(length, content) - 1;
    if (!make_room(buffer, more))
        return;
    memmove(buffer->data + start + more, buffer->data + start, content);
    memcpy(buffer->data + start - 1, length, more + 1);
    buffer->size += more;
}

void ct_proto_buffer_fini(struct ct_proto_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct ct_proto_buffer){0};
}
