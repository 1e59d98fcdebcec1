/* SPDX-License-Identifier: Apache-2.0 */
/* A cursor over the fields of one protobuf message, for bytes that anybody may have sent: it reads
 * no byte outside, allocates nothing, copies nothing, and stops at the first thing malformed. */
#ifndef COTEL_SRC_WIRE_READER_H
#define COTEL_SRC_WIRE_READER_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/compiler.h"
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

/* A varint of any length. The place behind it; NULL when it is cut off or does not fit 64 bits. */
const uint8_t *ct_wire_varint(const uint8_t *at, const uint8_t *end, uint64_t *out);

/* The same, where nearly all are one byte. */
static inline const uint8_t *ct_wire_short_varint(const uint8_t *at, const uint8_t *end,
                                                  uint64_t *out)
{
    if (CT_LIKELY(at < end && *at < 0x80)) {
        *out = *at;
        return at + 1;
    }
    uint64_t value = 0; /* apart, so that *out can stay in a register */
    at = ct_wire_varint(at, end, &value);
    *out = value;
    return at;
}

/* Fixed64 (also of doubles) and fixed32; NULL when it is cut off. */
static inline const uint8_t *ct_wire_fixed64(const uint8_t *at, const uint8_t *end, uint64_t *out)
{
    uint64_t value;
    if ((size_t)(end - at) < sizeof value)
        return NULL;
    memcpy(&value, at, sizeof value);
    *out = le64toh(value);
    return at + sizeof value;
}

static inline const uint8_t *ct_wire_fixed32(const uint8_t *at, const uint8_t *end, uint64_t *out)
{
    uint32_t value;
    if ((size_t)(end - at) < sizeof value)
        return NULL;
    memcpy(&value, at, sizeof value);
    *out = le32toh(value);
    return at + sizeof value;
}

/* A length and as many bytes; NULL when there are fewer. */
static inline const uint8_t *ct_wire_bytes(const uint8_t *at, const uint8_t *end,
                                           struct ct_wire_field *out)
{
    uint64_t size;
    at = ct_wire_short_varint(at, end, &size);
    if (at == NULL || size > (size_t)(end - at))
        return NULL;
    out->bytes = at;
    out->size = (size_t)size;
    return at + size;
}

/* What a field of out->type holds; NULL when it is malformed. */
CT_ALWAYS_INLINE const uint8_t *ct_wire_content(const uint8_t *at, const uint8_t *end,
                                                struct ct_wire_field *out)
{
    switch (out->type) {
    case CT_WIRE_VARINT:
        return ct_wire_short_varint(at, end, &out->value);
    case CT_WIRE_FIXED64:
        return ct_wire_fixed64(at, end, &out->value);
    case CT_WIRE_BYTES:
        return ct_wire_bytes(at, end, out);
    case CT_WIRE_FIXED32:
        return ct_wire_fixed32(at, end, &out->value);
    }
    return NULL; /* 3 and 4 are groups, 6 and 7 do not exist */
}

static inline bool ct_wire_fail(struct ct_wire_reader *reader)
{
    reader->malformed = true;
    return false;
}

/* Reads the next field. False at the end, and for ever once `malformed` is set: by a varint that
 * is cut off or does not fit 64 bits, a length beyond the end, a group or an unknown wire type, a
 * field number outside 1 to CT_WIRE_FIELD_NUMBER_MAX. Unknown numbers and repeated fields are the
 * caller's to judge. After false, *out holds nothing of use.
 *
 * Inlined, so that reader and field stay in registers: whoever reads a point reads many of them. */
CT_ALWAYS_INLINE bool ct_wire_next(struct ct_wire_reader *reader, struct ct_wire_field *out)
{
    uint64_t tag;
    if (reader->at == reader->end || reader->malformed)
        return false;
    const uint8_t *at = ct_wire_short_varint(reader->at, reader->end, &tag);
    uint64_t number = tag >> 3;
    if (at == NULL || number == 0 || number > CT_WIRE_FIELD_NUMBER_MAX)
        return ct_wire_fail(reader);
    *out = (struct ct_wire_field){.number = (uint32_t)number, .type = (enum ct_wire_type)(tag & 7)};
    at = ct_wire_content(at, reader->end, out);
    if (at == NULL)
        return ct_wire_fail(reader);
    reader->at = at;
    return true;
}

/* Reads one bare varint, of a packed field. False as above. */
static inline bool ct_wire_next_varint(struct ct_wire_reader *reader, uint64_t *out)
{
    if (reader->at == reader->end || reader->malformed)
        return false;
    const uint8_t *at = ct_wire_short_varint(reader->at, reader->end, out);
    if (at == NULL)
        return ct_wire_fail(reader);
    reader->at = at;
    return true;
}

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
