/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/reader.h"

#include <endian.h>

static bool fail(struct ct_wire_reader *reader)
{
    reader->malformed = true;
    return false;
}

static size_t left(const struct ct_wire_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

bool ct_wire_next_varint(struct ct_wire_reader *reader, uint64_t *out)
{
    if (reader->malformed || reader->at == reader->end)
        return false;
    uint64_t value = 0;
    for (unsigned shift = 0; reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        /* The tenth byte has room for the one bit that is left. */
        if (shift == 63 && byte > 1)
            return fail(reader);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return fail(reader);
}

/* As ct_wire_next_varint(), where the end would be too early. */
static bool read_varint(struct ct_wire_reader *reader, uint64_t *out)
{
    return ct_wire_next_varint(reader, out) || fail(reader);
}

static bool read_fixed64(struct ct_wire_reader *reader, uint64_t *out)
{
    uint64_t value;
    if (left(reader) < sizeof(value))
        return fail(reader);
    memcpy(&value, reader->at, sizeof(value));
    reader->at += sizeof(value);
    *out = le64toh(value);
    return true;
}

static bool read_fixed32(struct ct_wire_reader *reader, uint64_t *out)
{
    uint32_t value;
    if (left(reader) < sizeof(value))
        return fail(reader);
    memcpy(&value, reader->at, sizeof(value));
    reader->at += sizeof(value);
    *out = le32toh(value);
    return true;
}

static bool read_bytes(struct ct_wire_reader *reader, struct ct_wire_field *out)
{
    uint64_t size;
    if (!read_varint(reader, &size))
        return false;
    if (size > left(reader))
        return fail(reader);
    out->bytes = reader->at;
    out->size = (size_t)size;
    reader->at += size;
    return true;
}

bool ct_wire_next(struct ct_wire_reader *reader, struct ct_wire_field *out)
{
    uint64_t tag;
    if (!ct_wire_next_varint(reader, &tag))
        return false;
    uint64_t number = tag >> 3;
    if (number == 0 || number > CT_WIRE_FIELD_NUMBER_MAX)
        return fail(reader);
    *out = (struct ct_wire_field){.number = (uint32_t)number, .type = (enum ct_wire_type)(tag & 7)};
    switch (out->type) {
    case CT_WIRE_VARINT:
        return read_varint(reader, &out->value);
    case CT_WIRE_FIXED64:
        return read_fixed64(reader, &out->value);
    case CT_WIRE_BYTES:
        return read_bytes(reader, out);
    case CT_WIRE_FIXED32:
        return read_fixed32(reader, &out->value);
    }
    return fail(reader); /* 3 and 4 are groups, 6 and 7 do not exist */
}
