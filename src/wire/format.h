/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer and the reader share about the protobuf wire format. */
#ifndef COTEL_SRC_WIRE_FORMAT_H
#define COTEL_SRC_WIRE_FORMAT_H

#include <stdint.h>

enum ct_wire_type {
    CT_WIRE_VARINT = 0,
    CT_WIRE_FIXED64 = 1,
    CT_WIRE_BYTES = 2, /* strings, bytes, messages, packed numbers: length first */
    CT_WIRE_FIXED32 = 5,
};

/* How sint32 goes into a varint: small numbers stay small, whatever their sign. */
static inline uint32_t ct_zigzag(int32_t value)
{
    return (uint32_t)value << 1 ^ (value < 0 ? UINT32_MAX : 0);
}

static inline int32_t ct_unzigzag(uint32_t value)
{
    return (int32_t)(value >> 1 ^ (value & 1 ? UINT32_MAX : 0));
}

/* Field numbers are 1 to this. */
#define CT_WIRE_FIELD_NUMBER_MAX ((1u << 29) - 1)

#endif
