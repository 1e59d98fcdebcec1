/* SPDX-License-Identifier: Apache-2.0 */
/* What a string comes to (a name, an id, a number in quotes) is first put at the end of the output,
 * and replaced there by its meaning: so nothing else is allocated. */
#include "proto/from_json.h"

#include "proto/json_number.h"
#include "proto/json_reader.h"
#include "proto/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum wire_type { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_32BIT = 5 };

struct transcoder {
    struct ct_json_reader reader;
    const char *start;
    struct ct_proto_buffer *out;
    struct ct_proto_fault *fault;
    bool is_packing; /* numbers stand without their tags */
};

/* The field that is being read, for its faults. */
struct place {
    const ProtobufCMessageDescriptor *type;
    const ProtobufCFieldDescriptor *field;
    const char *at;
};

static bool refuse(struct transcoder *transcoder, const struct place *place, const char *what)
{
    transcoder->reader.fault = what;
    transcoder->fault->offset = (size_t)(place->at - transcoder->start);
    snprintf(transcoder->fault->reason, sizeof(transcoder->fault->reason), "%s.%s %s",
             place->type->short_name, place->field->name, what);
    return false;
}

static void put_tag(struct transcoder *transcoder, const ProtobufCFieldDescriptor *field,
                    enum wire_type wire)
{
    if (!transcoder->is_packing)
        ct_proto_buffer_put_varint(transcoder->out, (uint64_t)field->id << 3 | wire);
}

/* Appends a number or the characters of a string, and a NUL; the caller takes it away again. */
static bool read_number_text(struct transcoder *transcoder, const struct place *place,
                             bool may_be_quoted)
{
    struct ct_proto_buffer *out = transcoder->out;
    size_t before = out->size;

    bool is_quoted = ct_json_peek(&transcoder->reader) == '"';
    if (is_quoted && !may_be_quoted)
        return refuse(transcoder, place, "has to be a number without quotes");
    if (is_quoted ? !ct_json_read_string(&transcoder->reader, out)
                  : !ct_json_read_number(&transcoder->reader, out))
        return false;
    if (!out->failed && memchr(out->data + before, '\0', out->size - before))
        return refuse(transcoder, place, "is no number");
    ct_proto_buffer_put_byte(out, '\0');
    return true;
}

static void put_integer(struct transcoder *transcoder, const ProtobufCFieldDescriptor *field,
                        uint64_t number)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
        put_tag(transcoder, field, WIRE_32BIT);
        ct_proto_buffer_put_fixed(transcoder->out, number, 4);
        break;
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
        put_tag(transcoder, field, WIRE_64BIT);
        ct_proto_buffer_put_fixed(transcoder->out, number, 8);
        break;
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SINT64:
        put_tag(transcoder, field, WIRE_VARINT);
        ct_proto_buffer_put_varint(transcoder->out, number << 1 ^ -(number >> 63));
        break;
    default:
        put_tag(transcoder, field, WIRE_VARINT);
        ct_proto_buffer_put_varint(transcoder->out, number);
        break;
    }
}

static void find_range(ProtobufCType type, int64_t *min, uint64_t *max)
{
    switch (type) {
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        *min = 0;
        *max = UINT32_MAX;
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        *min = 0;
        *max = UINT64_MAX;
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        *min = INT64_MIN;
        *max = INT64_MAX;
        break;
    default: /* the signed ones of 32 bits, and enums */
        *min = INT32_MIN;
        *max = INT32_MAX;
        break;
    }
}

static bool read_integer(struct transcoder *transcoder, const struct place *place)
{
    struct ct_proto_buffer *out = transcoder->out;
    size_t before = out->size;
    uint64_t max, number = 0;
    int64_t min;

    find_range(place->field->type, &min, &max);
    if (!read_number_text(transcoder, place, place->field->type != PROTOBUF_C_TYPE_ENUM))
        return false;
    if (out->failed)
        return true;
    if (!ct_json_number_integer((const char *)out->data + before, min, max, &number))
        return refuse(transcoder, place, "is no integer, or does not fit");
    out->size = before;
    put_integer(transcoder, place->field, number);
    return true;
}

static bool parse_double(const char *text, double *out)
{
    if (strcmp(text, "NaN") == 0)
        *out = NAN;
    else if (strcmp(text, "Infinity") == 0)
        *out = INFINITY;
    else if (strcmp(text, "-Infinity") == 0)
        *out = -INFINITY;
    else
        return ct_json_number_double(text, out);
    return true;
}

static void put_double(struct transcoder *transcoder, const ProtobufCFieldDescriptor *field,
                       double number)
{
    float narrow = (float)number;
    uint64_t bits = 0;
    uint32_t narrow_bits;

    if (field->type == PROTOBUF_C_TYPE_FLOAT) {
        memcpy(&narrow_bits, &narrow, sizeof(narrow_bits));
        put_tag(transcoder, field, WIRE_32BIT);
        ct_proto_buffer_put_fixed(transcoder->out, narrow_bits, 4);
        return;
    }
    memcpy(&bits, &number, sizeof(bits));
    put_tag(transcoder, field, WIRE_64BIT);
    ct_proto_buffer_put_fixed(transcoder->out, bits, 8);
}

static bool read_double(struct transcoder *transcoder, const struct place *place)
{
    struct ct_proto_buffer *out = transcoder->out;
    size_t before = out->size;
    double number = 0;

    if (!read_number_text(transcoder, place, true))
        return false;
    if (out->failed)
        return true;
    if (!parse_double((const char *)out->data + before, &number))
        return refuse(transcoder, place, "is no number, or too large");
    out->size = before;
    put_double(transcoder, place->field, number);
    return true;
}

static bool read_bool(struct transcoder *transcoder, const struct place *place)
{
    bool value;

    if (!ct_json_read_bool(&transcoder->reader, &value))
        return false;
    put_tag(transcoder, place->field, WIRE_VARINT);
    ct_proto_buffer_put_byte(transcoder->out, value);
    return true;
}

/* The place of a digit in its alphabet; -1: it is none. */
static int digit_of(const char *alphabet, uint8_t character)
{
    const char *digit = character ? strchr(alphabet, character) : NULL;

    return digit ? (int)(digit - alphabet) : -1;
}

/* In place; the caller has looked that there is an even number of digits. */
static bool decode_hex(uint8_t *bytes, size_t *size)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < *size; i++) {
        uint8_t lower = bytes[i] >= 'A' && bytes[i] <= 'F' ? bytes[i] | 0x20 : bytes[i];
        int digit = digit_of(digits, lower);
        if (digit < 0)
            return false;
        bytes[i / 2] = (uint8_t)(i % 2 ? bytes[i / 2] | digit : digit << 4);
    }
    *size /= 2;
    return true;
}

static int base64_digit(uint8_t character)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return digit_of(digits, character == '-' ? '+' : character == '_' ? '/' : character);
}

/* In place; of either alphabet, with or without its padding. */
static bool decode_base64(uint8_t *bytes, size_t *size)
{
    uint32_t bits = 0;
    size_t digits = *size, written = 0;

    if (digits % 4 == 0)
        for (unsigned i = 0; i < 2 && digits > 0 && bytes[digits - 1] == '='; i++)
            digits--;
    if (digits % 4 == 1)
        return false;
    for (size_t i = 0; i < digits; i++) {
        int digit = base64_digit(bytes[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        if (i % 4 != 0)
            bytes[written++] = (uint8_t)(bits >> (6 - i % 4 * 2));
    }
    *size = written;
    return true;
}

/* The one place where OTLP departs from protobuf's own JSON. */
static bool is_id(const char *name)
{
    return strcmp(name, "trace_id") == 0 || strcmp(name, "span_id") == 0 ||
           strcmp(name, "parent_span_id") == 0;
}

static bool decode_bytes(struct transcoder *transcoder, const struct place *place, size_t start)
{
    struct ct_proto_buffer *out = transcoder->out;
    size_t size = out->size - start;

    if (out->failed || ct_proto_is_text(place->type, place->field))
        return true;
    if (is_id(place->field->name)) {
        if (size % 2 != 0 || !decode_hex(out->data + start, &size))
            return refuse(transcoder, place, "is not hexadecimal");
    } else if (!decode_base64(out->data + start, &size)) {
        return refuse(transcoder, place, "is not base64");
    }
    out->size = start + size;
    return true;
}

static bool read_bytes(struct transcoder *transcoder, const struct place *place)
{
    put_tag(transcoder, place->field, WIRE_LENGTH);
    size_t start = ct_proto_buffer_open(transcoder->out);
    if (!ct_json_read_string(&transcoder->reader, transcoder->out) ||
        !decode_bytes(transcoder, place, start))
        return false;
    ct_proto_buffer_close(transcoder->out, start);
    return true;
}

static bool read_message(struct transcoder *transcoder, const ProtobufCMessageDescriptor *type);

static bool read_value(struct transcoder *transcoder, const struct place *place)
{
    switch (place->field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(transcoder, place);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return read_double(transcoder, place);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(transcoder, place);
    case PROTOBUF_C_TYPE_MESSAGE:
        break;
    default:
        return read_integer(transcoder, place);
    }

    put_tag(transcoder, place->field, WIRE_LENGTH);
    size_t start = ct_proto_buffer_open(transcoder->out);
    if (!read_message(transcoder, place->field->descriptor))
        return false;
    ct_proto_buffer_close(transcoder->out, start);
    return true;
}

static bool read_elements(struct transcoder *transcoder, struct place *place)
{
    bool is_first = true;

    if (!ct_json_enter(&transcoder->reader, '['))
        return false;
    while (ct_json_next(&transcoder->reader, '[', &is_first)) {
        ct_json_peek(&transcoder->reader);
        place->at = transcoder->reader.at;
        if (!read_value(transcoder, place))
            return false;
    }
    return !transcoder->reader.fault;
}

static bool is_number(ProtobufCType type)
{
    return type != PROTOBUF_C_TYPE_STRING && type != PROTOBUF_C_TYPE_BYTES &&
           type != PROTOBUF_C_TYPE_MESSAGE;
}

/* Numbers are packed, as every writer of proto3 does it. */
static bool read_array(struct transcoder *transcoder, struct place *place)
{
    if (!is_number(place->field->type))
        return read_elements(transcoder, place);

    put_tag(transcoder, place->field, WIRE_LENGTH);
    size_t start = ct_proto_buffer_open(transcoder->out);
    transcoder->is_packing = true;
    bool is_read = read_elements(transcoder, place);
    transcoder->is_packing = false;
    if (is_read)
        ct_proto_buffer_close(transcoder->out, start);
    return is_read;
}

/* parentSpanId is parent_span_id. */
static bool is_name_of(const char *schema, const char *name, size_t size)
{
    const char *end = name + size;

    while (*schema && name < end) {
        bool is_upper = *schema == '_' && schema[1] >= 'a' && schema[1] <= 'z';
        char wanted = is_upper ? (char)(*++schema - 'a' + 'A') : *schema;
        if (*name != wanted)
            return false;
        schema++;
        name++;
    }
    return !*schema && name == end;
}

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *type,
                                                  const struct ct_proto_buffer *out, size_t start)
{
    if (out->failed || out->size == start)
        return NULL;
    for (unsigned i = 0; i < type->n_fields; i++)
        if (is_name_of(type->fields[i].name, (const char *)out->data + start, out->size - start))
            return &type->fields[i];
    return NULL;
}

/* Has the message this field, or another one of its oneof? The schema's numbers are below 64. */
static bool is_there(const struct place *place, uint64_t seen)
{
    const ProtobufCFieldDescriptor *field = place->field;

    for (unsigned i = 0; i < place->type->n_fields; i++) {
        const ProtobufCFieldDescriptor *other = &place->type->fields[i];
        bool is_rival =
            other == field || (field->flags & other->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
                               field->quantifier_offset == other->quantifier_offset);
        if (is_rival && seen >> other->id % 64 & 1)
            return true;
    }
    return false;
}

/* `seen` has a bit for each field that the message has so far. */
static bool read_member(struct transcoder *transcoder, const ProtobufCMessageDescriptor *type,
                        uint64_t *seen)
{
    struct ct_json_reader *reader = &transcoder->reader;
    size_t before = transcoder->out->size;

    if (!ct_json_read_name(reader, transcoder->out))
        return false;
    struct place place = {.type = type, .field = find_field(type, transcoder->out, before)};
    transcoder->out->size = before;
    if (!place.field)
        return ct_json_skip(reader);
    if (ct_json_peek(reader) == 'n')
        return ct_json_read_null(reader);

    place.at = reader->at;
    if (is_there(&place, *seen))
        return refuse(transcoder, &place, "is there twice, or another of its kind is");
    *seen |= UINT64_C(1) << place.field->id % 64;
    return place.field->label == PROTOBUF_C_LABEL_REPEATED ? read_array(transcoder, &place)
                                                           : read_value(transcoder, &place);
}

/* As deep as ct_json_enter() allows. */
static bool read_message(struct transcoder *transcoder, const ProtobufCMessageDescriptor *type)
{
    bool is_first = true;
    uint64_t seen = 0;

    if (!ct_json_enter(&transcoder->reader, '{'))
        return false;
    while (ct_json_next(&transcoder->reader, '{', &is_first))
        if (!read_member(transcoder, type, &seen))
            return false;
    return !transcoder->reader.fault;
}

enum ct_from_json ct_proto_from_json(const ProtobufCMessageDescriptor *type, const char *text,
                                     size_t size, struct ct_proto_buffer *out,
                                     struct ct_proto_fault *fault)
{
    struct transcoder transcoder = {
        .reader = {.at = text, .end = text + size}, .start = text, .out = out, .fault = fault};

    *fault = (struct ct_proto_fault){0};
    bool is_read = read_message(&transcoder, type) && ct_json_read_end(&transcoder.reader);
    if (out->failed)
        return CT_FROM_JSON_OUT_OF_MEMORY;
    if (is_read)
        return CT_FROM_JSON_OK;
    if (!fault->reason[0]) {
        fault->offset = (size_t)(transcoder.reader.at - text);
        snprintf(fault->reason, sizeof(fault->reason), "%s", transcoder.reader.fault);
    }
    return CT_FROM_JSON_MALFORMED;
}
