/* SPDX-License-Identifier: Apache-2.0 */
/* The walk keeps its own small stack of the messages that it is in: a frame says of what type a
 * message is and where it ends. Every read is bounded by the end of the innermost one. */
#include "proto/check.h"

#include "proto/text.h"
#include "proto/utf8.h"

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_32BIT = 5 };

enum {
    VARINT_MAX_BYTES = 10,
    SHORT_VARINT_MAX_BYTES = 5, /* tags and lengths, which have 32 bits */
    FIELD_NUMBER_MAX = (1 << 29) - 1
};

struct frame {
    const ProtobufCMessageDescriptor *type;
    size_t end;
};

struct walk {
    const uint8_t *bytes;
    size_t position;
    size_t fields;
    unsigned depth;
    struct frame frames[CT_PROTO_MAX_DEPTH];
    struct ct_proto_fault *fault;
};

__attribute__((format(printf, 4, 5))) static enum ct_proto_verdict refuse(
    struct walk *walk, enum ct_proto_verdict verdict, size_t offset, const char *format, ...)
{
    va_list arguments;

    walk->fault->offset = offset;
    va_start(arguments, format);
    vsnprintf(walk->fault->reason, sizeof(walk->fault->reason), format, arguments);
    va_end(arguments);
    return verdict;
}

static enum ct_proto_verdict malformed(struct walk *walk, size_t offset, const char *what)
{
    return refuse(walk, CT_PROTO_MALFORMED, offset, "%s", what);
}

static const struct frame *innermost(const struct walk *walk)
{
    return &walk->frames[walk->depth - 1];
}

static size_t bytes_left(const struct walk *walk)
{
    return innermost(walk)->end - walk->position;
}

static enum ct_proto_verdict read_varint(struct walk *walk, unsigned max_bytes, uint64_t *value)
{
    size_t start = walk->position;

    *value = 0;
    for (unsigned i = 0; i < max_bytes; i++) {
        if (bytes_left(walk) == 0)
            return malformed(walk, start, "a number is cut off");

        uint8_t byte = walk->bytes[walk->position++];
        if (i == VARINT_MAX_BYTES - 1 && byte > 1)
            break;
        *value |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80)
            return CT_PROTO_OK;
    }
    return malformed(walk, start, "a number is longer than its type allows");
}

static enum ct_proto_verdict skip(struct walk *walk, uint64_t size)
{
    if (size > bytes_left(walk))
        return refuse(walk, CT_PROTO_MALFORMED, walk->position,
                      "a field of %llu bytes runs past the end of its message, %zu bytes on",
                      (unsigned long long)size, bytes_left(walk));
    walk->position += (size_t)size;
    return CT_PROTO_OK;
}

static enum wire_type wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_LENGTH;
    default:
        return WIRE_VARINT;
    }
}

/* Repeated numbers may come one by one or all in one field, whatever the schema says. */
static bool is_packed(const ProtobufCFieldDescriptor *field, unsigned wire)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED && wire == WIRE_LENGTH &&
           wire_type_of(field->type) != WIRE_LENGTH;
}

static enum ct_proto_verdict count_field(struct walk *walk)
{
    if (++walk->fields > CT_PROTO_MAX_FIELDS)
        return refuse(walk, CT_PROTO_TOO_LARGE, walk->position, "more than %d fields",
                      CT_PROTO_MAX_FIELDS);
    return CT_PROTO_OK;
}

static enum ct_proto_verdict check_packed(struct walk *walk, const ProtobufCFieldDescriptor *field,
                                          size_t end)
{
    enum wire_type element = wire_type_of(field->type);
    enum ct_proto_verdict verdict = CT_PROTO_OK;
    uint64_t ignored;

    while (verdict == CT_PROTO_OK && walk->position < end) {
        verdict = count_field(walk);
        if (verdict == CT_PROTO_OK && element == WIRE_VARINT)
            verdict = read_varint(walk, VARINT_MAX_BYTES, &ignored);
        else if (verdict == CT_PROTO_OK)
            verdict = skip(walk, element == WIRE_32BIT ? 4 : 8);
    }
    if (verdict == CT_PROTO_OK && walk->position > end)
        return malformed(walk, end, "a packed field ends within a number");
    return verdict;
}

static enum ct_proto_verdict check_text(struct walk *walk, const ProtobufCFieldDescriptor *field,
                                        size_t size)
{
    size_t valid = ct_proto_utf8_valid_prefix(walk->bytes + walk->position, size);

    if (valid < size)
        return refuse(walk, CT_PROTO_BAD_TEXT, walk->position + valid, "%s.%s is not valid UTF-8",
                      innermost(walk)->type->short_name, field->name);
    return skip(walk, size);
}

static enum ct_proto_verdict enter(struct walk *walk, const ProtobufCMessageDescriptor *type,
                                   size_t size)
{
    if (walk->depth == CT_PROTO_MAX_DEPTH)
        return refuse(walk, CT_PROTO_TOO_DEEP, walk->position,
                      "messages nest deeper than %d levels", CT_PROTO_MAX_DEPTH);
    walk->frames[walk->depth++] = (struct frame){type, walk->position + size};
    return CT_PROTO_OK;
}

static enum ct_proto_verdict check_length_field(struct walk *walk,
                                                const ProtobufCFieldDescriptor *field)
{
    uint64_t size;

    enum ct_proto_verdict verdict = read_varint(walk, SHORT_VARINT_MAX_BYTES, &size);
    if (verdict != CT_PROTO_OK)
        return verdict;
    if (!field || size > bytes_left(walk))
        return skip(walk, size);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return enter(walk, field->descriptor, (size_t)size);
    if (wire_type_of(field->type) != WIRE_LENGTH)
        return check_packed(walk, field, walk->position + (size_t)size);
    if (ct_proto_is_text(innermost(walk)->type, field))
        return check_text(walk, field, (size_t)size);
    return skip(walk, size);
}

static enum ct_proto_verdict check_content(struct walk *walk, size_t tag_offset, unsigned wire,
                                           const ProtobufCFieldDescriptor *field)
{
    uint64_t ignored;

    switch (wire) {
    case WIRE_VARINT:
        return read_varint(walk, VARINT_MAX_BYTES, &ignored);
    case WIRE_64BIT:
        return skip(walk, 8);
    case WIRE_LENGTH:
        return check_length_field(walk, field);
    case WIRE_32BIT:
        return skip(walk, 4);
    default:
        return refuse(walk, CT_PROTO_MALFORMED, tag_offset, "wire type %u is not in use", wire);
    }
}

static enum ct_proto_verdict check_field(struct walk *walk)
{
    size_t tag_offset = walk->position;
    uint64_t tag = 0;

    enum ct_proto_verdict verdict = count_field(walk);
    if (verdict == CT_PROTO_OK)
        verdict = read_varint(walk, SHORT_VARINT_MAX_BYTES, &tag);
    if (verdict != CT_PROTO_OK)
        return verdict;

    uint64_t number = tag >> 3;
    unsigned wire = tag & 7;
    if (number == 0 || number > FIELD_NUMBER_MAX)
        return malformed(walk, tag_offset, "a field number is out of range");

    const ProtobufCMessageDescriptor *type = innermost(walk)->type;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(type, (unsigned)number);
    if (field && wire != wire_type_of(field->type) && !is_packed(field, wire))
        return refuse(walk, CT_PROTO_MALFORMED, tag_offset, "%s.%s has wire type %u instead of %u",
                      type->short_name, field->name, wire, wire_type_of(field->type));
    return check_content(walk, tag_offset, wire, field);
}

enum ct_proto_verdict ct_proto_check(const ProtobufCMessageDescriptor *type, const void *bytes,
                                     size_t size_bytes, struct ct_proto_fault *fault)
{
    struct walk walk = {.bytes = bytes, .fault = fault};

    if (size_bytes > INT_MAX)
        return refuse(&walk, CT_PROTO_TOO_LARGE, 0, "more than 2 GiB");

    enum ct_proto_verdict verdict = enter(&walk, type, size_bytes);
    while (verdict == CT_PROTO_OK && walk.depth > 0) {
        if (bytes_left(&walk) == 0)
            walk.depth--;
        else
            verdict = check_field(&walk);
    }
    return verdict;
}
