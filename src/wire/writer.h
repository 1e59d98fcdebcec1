/* SPDX-License-Identifier: Apache-2.0 */
/* Append-only protobuf wire writing into memory that the caller has made room in. Every function
 * takes the place to write at and returns the place behind what it wrote. */
#ifndef COTEL_SRC_WIRE_WRITER_H
#define COTEL_SRC_WIRE_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/format.h"

/* A tag as the number that is written; below 128, so for fields 1 to 15, it is one byte. */
#define CT_TAG(field, type) ((uint32_t)(field) << 3 | (uint32_t)(type))

static inline size_t ct_varint_size(uint64_t value)
{
    /* 7 bits a byte: (bits + 6) / 7, where zero has one bit; 37/256 is near enough to 1/7. */
    unsigned bits = 64u - (unsigned)__builtin_clzll(value | 1);
    return (bits * 37u + 219u) >> 8;
}

static inline uint8_t *ct_put_varint(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

static inline uint8_t *ct_put_bytes(uint8_t *at, const void *bytes, size_t size)
{
    if (size != 0)
        memcpy(at, bytes, size);
    return at + size;
}

/* Little-endian, whatever the host is. */
static inline uint8_t *ct_put_fixed64(uint8_t *at, uint64_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

static inline uint8_t *ct_put_fixed32(uint8_t *at, uint32_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap32(value);
#endif
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

static inline uint8_t *ct_put_double(uint8_t *at, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return ct_put_fixed64(at, bits);
}

/* The head of a length-delimited field. */
static inline uint8_t *ct_put_length(uint8_t *at, uint32_t field, size_t size)
{
    at = ct_put_varint(at, CT_TAG(field, CT_WIRE_BYTES));
    return ct_put_varint(at, size);
}

static inline uint8_t *ct_put_field_bytes(uint8_t *at, uint32_t field, const void *bytes,
                                          size_t size)
{
    return ct_put_bytes(ct_put_length(at, field, size), bytes, size);
}

static inline uint8_t *ct_put_field_varint(uint8_t *at, uint32_t field, uint64_t value)
{
    return ct_put_varint(ct_put_varint(at, CT_TAG(field, CT_WIRE_VARINT)), value);
}

static inline uint8_t *ct_put_field_fixed64(uint8_t *at, uint32_t field, uint64_t value)
{
    return ct_put_fixed64(ct_put_varint(at, CT_TAG(field, CT_WIRE_FIXED64)), value);
}

static inline uint8_t *ct_put_field_double(uint8_t *at, uint32_t field, double value)
{
    return ct_put_double(ct_put_varint(at, CT_TAG(field, CT_WIRE_FIXED64)), value);
}

static inline uint8_t *ct_put_field_fixed32(uint8_t *at, uint32_t field, uint32_t value)
{
    return ct_put_fixed32(ct_put_varint(at, CT_TAG(field, CT_WIRE_FIXED32)), value);
}

/* How much a length-delimited field of `size` bytes takes, tag and length included. */
static inline size_t ct_field_bytes_size(uint32_t field, size_t size)
{
    return ct_varint_size(CT_TAG(field, CT_WIRE_BYTES)) + ct_varint_size(size) + size;
}

static inline size_t ct_field_varint_size(uint32_t field, uint64_t value)
{
    return ct_varint_size(CT_TAG(field, CT_WIRE_VARINT)) + ct_varint_size(value);
}

/* Also of doubles. */
static inline size_t ct_field_fixed64_size(uint32_t field)
{
    return ct_varint_size(CT_TAG(field, CT_WIRE_FIXED64)) + sizeof(uint64_t);
}

#endif
