/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor over the fields of one protobuf message, for bytes that anybody may have sent: it reads
 * no byte outside, allocates nothing, copies nothing, and stops at the first thing malformed. */
#ifndef COTEL_SRC_WIRE_READER_H
#define COTEL_SRC_WIRE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/format.h"

struct ct_wire_reader {
    const uint8_t *at;
    const uint8_t *end;
    bool malformed;
};

struct ct_wire_field {
    uint32_t number;
    enum ct_wire_type type;
    uint64_t value;       /* of a varint, fixed64 or fixed32; 0 else */
    const uint8_t *bytes; /* of CT_WIRE_BYTES: points into the message; NULL else */
    size_t size;
};

static inline struct ct_wire_reader ct_wire_reader_of(const void *data, size_t size)
{
    const uint8_t *at = (const uint8_t *)data;
    return (struct ct_wire_reader){.at = at, .end = size ? at + size : at, .malformed = false};
}

/* Reads the next field. False at the end, and for ever once `malformed` is set: by a varint that
 * is cut off or does not fit 64 bits, a length beyond the end, a group or an unknown wire type, a
 * field number outside 1 to CT_WIRE_FIELD_NUMBER_MAX. Unknown numbers and repeated fields are the
 * caller's to judge. After false, *out holds nothing of use. */
bool ct_wire_next(struct ct_wire_reader *reader, struct ct_wire_field *out);

/* Reads one bare varint, of a packed field. False as above. */
bool ct_wire_next_varint(struct ct_wire_reader *reader, uint64_t *out);

/* The message inside a field of type CT_WIRE_BYTES; an empty one for any other type. */
static inline struct ct_wire_reader ct_wire_field_message(const struct ct_wire_field *field)
{
    return ct_wire_reader_of(field->bytes, field->size);
}

/* Of a field of type CT_WIRE_FIXED64. */
static inline double ct_wire_field_double(const struct ct_wire_field *field)
{
    double value;
    memcpy(&value, &field->value, sizeof(value));
    return value;
}

#endif
