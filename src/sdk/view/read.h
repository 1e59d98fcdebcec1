/* SPDX-License-Identifier: Apache-2.0 */
/* Reading single fields of a finished span or a collected metric. The bytes may be anybody's: each
 * function checks the field's wire type and says whether it was what it should be. */
#ifndef COTEL_SRC_SDK_VIEW_READ_H
#define COTEL_SRC_SDK_VIEW_READ_H

#include <cotel/sdk/metric_data.h>
#include <cotel/sdk/span_view.h>

#include "wire/reader.h"

static inline bool ct_read_varint(const struct ct_wire_field *field, uint64_t *out)
{
    *out = field->value;
    return field->type == CT_WIRE_VARINT;
}

/* A uint32 of the schema: what is above is cut off, as protobuf's own readers do. */
static inline bool ct_read_uint32(const struct ct_wire_field *field, uint32_t *out)
{
    *out = (uint32_t)field->value;
    return field->type == CT_WIRE_VARINT;
}

static inline bool ct_read_fixed64(const struct ct_wire_field *field, uint64_t *out)
{
    *out = field->value;
    return field->type == CT_WIRE_FIXED64;
}

static inline bool ct_read_double(const struct ct_wire_field *field, double *out)
{
    *out = ct_wire_field_double(field);
    return field->type == CT_WIRE_FIXED64;
}

static inline bool ct_read_sint32(const struct ct_wire_field *field, int32_t *out)
{
    *out = ct_unzigzag((uint32_t)field->value);
    return field->type == CT_WIRE_VARINT;
}

static inline bool ct_read_bool(const struct ct_wire_field *field, bool *out)
{
    *out = field->value != 0;
    return field->type == CT_WIRE_VARINT;
}

/* Of a member of a oneof: what another one said is forgotten. */
static inline bool ct_read_number_double(const struct ct_wire_field *field, cotel_number *out)
{
    *out = (cotel_number){.type = COTEL_NUMBER_DOUBLE, .floating = ct_wire_field_double(field)};
    return field->type == CT_WIRE_FIXED64;
}

static inline bool ct_read_number_int(const struct ct_wire_field *field, cotel_number *out)
{
    *out = (cotel_number){.type = COTEL_NUMBER_INT, .integer = (int64_t)field->value};
    return field->type == CT_WIRE_FIXED64;
}

static inline bool ct_read_fixed32(const struct ct_wire_field *field, uint32_t *out)
{
    *out = (uint32_t)field->value;
    return field->type == CT_WIRE_FIXED32;
}

static inline bool ct_read_text(const struct ct_wire_field *field, cotel_str *out)
{
    *out = cotel_str_n((const char *)field->bytes, field->size);
    return field->type == CT_WIRE_BYTES;
}

/* An id of exactly `size` bytes; an empty one is the id of zeros. */
static inline bool ct_read_id(const struct ct_wire_field *field, uint8_t *out, size_t size)
{
    if (field->type != CT_WIRE_BYTES || (field->size != size && field->size != 0))
        return false;
    memset(out, 0, size);
    if (field->size != 0)
        memcpy(out, field->bytes, size);
    return true;
}

static inline struct ct_wire_reader ct_read_message(cotel_str bytes)
{
    return ct_wire_reader_of(bytes.data, bytes.data ? bytes.size : 0);
}

/* Where points of a type have their attributes; 0 for no type. */
uint32_t ct_point_attributes_field(cotel_metric_type type);

/* An AnyValue message, and a KeyValue message. */
bool ct_read_value(cotel_str bytes, cotel_value_view *out);
bool ct_read_attribute(cotel_str bytes, cotel_attribute_view *out);

/* The fields numbered `field` of a message. */
cotel_iterator ct_iterator_of(cotel_str bytes, uint32_t field);

/* The next of them; false at the end. An iterator that met something malformed is at its end. */
bool ct_iterator_next(cotel_iterator *iterator, cotel_str *message);

/* Ends an iterator early, since what it gave out could not be read. Returns false. */
bool ct_iterator_stop(cotel_iterator *iterator);

#endif
