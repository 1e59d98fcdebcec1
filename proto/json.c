/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json.h"

#include "proto/text.h"

#include <string.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_32BIT = 5 };

/* Messages within messages. A value that nests 64 deep, the most that a span keeps, takes 130. */
enum { MAX_DEPTH = 256 };

/* The rest of a message. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
};

/* One field as it stands in the bytes: a number, or where its contents are. */
struct field {
    uint32_t number;
    unsigned wire;
    uint64_t value;
    struct cursor content;
};

static bool read_varint(struct cursor *cursor, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
        uint8_t byte = *cursor->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static bool read_fixed(struct cursor *cursor, size_t size, uint64_t *value)
{
    if ((size_t)(cursor->end - cursor->at) < size)
        return false;
    *value = 0;
    for (size_t i = 0; i < size; i++)
        *value |= (uint64_t)cursor->at[i] << (8 * i);
    cursor->at += size;
    return true;
}

static bool read_content(struct cursor *cursor, struct cursor *content)
{
    uint64_t size;
    if (!read_varint(cursor, &size) || size > (size_t)(cursor->end - cursor->at))
        return false;
    *content = (struct cursor){cursor->at, cursor->at + size};
    cursor->at += size;
    return true;
}

static bool read_value(struct cursor *cursor, unsigned wire, uint64_t *value)
{
    switch (wire) {
    case WIRE_VARINT:
        return read_varint(cursor, value);
    case WIRE_64BIT:
        return read_fixed(cursor, 8, value);
    case WIRE_32BIT:
        return read_fixed(cursor, 4, value);
    default:
        return false;
    }
}

/* False where the bytes are malformed; not to be called at the end. */
static bool read_field(struct cursor *cursor, struct field *out)
{
    uint64_t tag;
    if (!read_varint(cursor, &tag))
        return false;
    out->number = (uint32_t)(tag >> 3);
    out->wire = tag & 7;
    return out->wire == WIRE_LENGTH ? read_content(cursor, &out->content)
                                    : read_value(cursor, out->wire, &out->value);
}

static unsigned wire_of(ProtobufCType type)
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

static int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

static double double_of(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static float float_of(uint64_t bits)
{
    uint32_t low = (uint32_t)bits;
    float number;
    memcpy(&number, &low, sizeof number);
    return number;
}

static void put_number(struct ct_json *json, ProtobufCType type, uint64_t value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        ct_json_put_text(json, value ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        ct_json_put_double(json, double_of(value));
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        ct_json_put_double(json, (double)float_of(value));
        break;
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        ct_json_put_signed(json, (int32_t)value, false);
        break;
    case PROTOBUF_C_TYPE_SINT32:
        ct_json_put_signed(json, unzigzag(value), false);
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        ct_json_put_unsigned(json, (uint32_t)value, false);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        ct_json_put_signed(json, (int64_t)value, true);
        break;
    case PROTOBUF_C_TYPE_SINT64:
        ct_json_put_signed(json, unzigzag(value), true);
        break;
    default:
        ct_json_put_unsigned(json, value, true);
        break;
    }
}

/* The one place where OTLP departs from protobuf's own JSON. */
static bool is_id(const char *name)
{
    return strcmp(name, "trace_id") == 0 || strcmp(name, "span_id") == 0 ||
           strcmp(name, "parent_span_id") == 0;
}

static void put_message(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                        struct cursor message, unsigned depth);

/* One value of a field that is no packed array. */
static void put_value(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                      const ProtobufCFieldDescriptor *schema, const struct field *field,
                      unsigned depth)
{
    const uint8_t *bytes = field->content.at;
    size_t size = (size_t)(field->content.end - bytes);
    if (field->wire != WIRE_LENGTH)
        put_number(json, schema->type, field->value);
    else if (schema->type == PROTOBUF_C_TYPE_MESSAGE)
        put_message(json, schema->descriptor, field->content, depth + 1);
    else if (ct_proto_is_text(type, schema))
        ct_json_put_string(json, bytes, size);
    else if (is_id(schema->name))
        ct_json_put_hex(json, bytes, size);
    else
        ct_json_put_base64(json, bytes, size);
}

static void put_packed(struct ct_json *json, const ProtobufCFieldDescriptor *schema,
                       struct cursor elements, bool *is_first)
{
    uint64_t value;
    while (elements.at < elements.end && !json->failed) {
        if (!read_value(&elements, wire_of(schema->type), &value)) {
            json->failed = true;
            return;
        }
        if (!*is_first)
            ct_json_put_char(json, ',');
        *is_first = false;
        put_number(json, schema->type, value);
    }
}

/* All of a field that the message has. Of one that is there once, the last counts. */
static void put_field(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                      const ProtobufCFieldDescriptor *schema, struct cursor message, unsigned depth)
{
    bool is_repeated = schema->label == PROTOBUF_C_LABEL_REPEATED, is_first = true;
    struct field field = {0}, last = {0};
    ct_json_put_name(json, schema->name);
    if (is_repeated)
        ct_json_put_char(json, '[');
    while (message.at < message.end && read_field(&message, &field)) {
        if (field.number != schema->id)
            continue;
        last = field;
        if (is_repeated && field.wire == WIRE_LENGTH && wire_of(schema->type) != WIRE_LENGTH) {
            put_packed(json, schema, field.content, &is_first);
        } else if (is_repeated) {
            if (!is_first)
                ct_json_put_char(json, ',');
            is_first = false;
            put_value(json, type, schema, &field, depth);
        }
    }
    if (is_repeated)
        ct_json_put_char(json, ']');
    else
        put_value(json, type, schema, &last, depth);
}

/* A field can be written if it is of the kind that the schema says. */
static bool fits(const ProtobufCFieldDescriptor *schema, const struct field *field)
{
    if (field->wire == wire_of(schema->type))
        return true;
    return schema->label == PROTOBUF_C_LABEL_REPEATED && field->wire == WIRE_LENGTH;
}

/* Marks which fields of the schema are there. The schema's numbers are all below 64. */
static bool find_fields(const ProtobufCMessageDescriptor *type, struct cursor message,
                        uint64_t *present)
{
    struct field field;
    *present = 0;
    while (message.at < message.end) {
        if (!read_field(&message, &field))
            return false;
        const ProtobufCFieldDescriptor *schema =
            protobuf_c_message_descriptor_get_field(type, field.number);
        if (!schema || field.number >= 64)
            continue;
        if (!fits(schema, &field))
            return false;
        *present |= UINT64_C(1) << field.number;
    }
    return true;
}

static void put_message(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                        struct cursor message, unsigned depth)
{
    uint64_t present;
    if (depth >= MAX_DEPTH || !find_fields(type, message, &present)) {
        json->failed = true;
        return;
    }
    bool is_first = true;
    ct_json_put_char(json, '{');
    for (unsigned i = 0; i < type->n_fields && !json->failed; i++) {
        const ProtobufCFieldDescriptor *schema = &type->fields[i];
        if (schema->id >= 64 || !(present >> schema->id & 1))
            continue;
        if (!is_first)
            ct_json_put_char(json, ',');
        is_first = false;
        put_field(json, type, schema, message, depth);
    }
    ct_json_put_char(json, '}');
}

bool ct_proto_json_append(struct ct_json *json, const ProtobufCMessageDescriptor *type,
                          const void *bytes, size_t size)
{
    const uint8_t *start = bytes;
    if (size == 0)
        ct_json_put_text(json, "{}");
    else
        put_message(json, type, (struct cursor){start, start + size}, 0);
    return !json->failed;
}
