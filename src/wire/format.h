/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer and the reader share about the protobuf wire format. */
#ifndef COTEL_SRC_WIRE_FORMAT_H
#define COTEL_SRC_WIRE_FORMAT_H

enum ct_wire_type {
    CT_WIRE_VARINT = 0,
    CT_WIRE_FIXED64 = 1,
    CT_WIRE_BYTES = 2, /* strings, bytes, messages, packed numbers: length first */
    CT_WIRE_FIXED32 = 5,
};

/* Field numbers are 1 to this. */
#define CT_WIRE_FIELD_NUMBER_MAX ((1u << 29) - 1)

#endif
