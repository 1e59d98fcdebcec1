/* SPDX-License-Identifier: Apache-2.0 */
/* Packed numbers: the counts of buckets, which are of eight bytes each in a histogram and varints
 * in an exponential one, and boundaries. */
#include "sdk/view/buckets_data.h"

#include <endian.h>

#include "wire/field_numbers.h"

static uint64_t load64(const char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return le64toh(value);
}

bool ct_read_packed64(const struct ct_wire_field *field, cotel_str *out, size_t *count)
{
    if (out->size != 0 || !ct_read_text(field, out))
        return false;
    *count = out->size / sizeof(uint64_t);
    return out->size % sizeof(uint64_t) == 0;
}

bool ct_read_bucket_counts(const struct ct_wire_field *field, cotel_buckets_data *out)
{
    out->width = sizeof(uint64_t);
    return ct_read_packed64(field, &out->bytes, &out->count);
}

static bool read_varint_counts(const struct ct_wire_field *field, cotel_buckets_data *out)
{
    if (out->bytes.size != 0 || !ct_read_text(field, &out->bytes))
        return false;
    struct ct_wire_reader reader = ct_wire_field_message(field);
    uint64_t ignored;
    while (ct_wire_next_varint(&reader, &ignored))
        out->count++;
    return !reader.malformed;
}

static bool read_buckets_field(const struct ct_wire_field *field, cotel_buckets_data *out)
{
    switch (field->number) {
    case CT_BUCKETS_OFFSET:
        return ct_read_sint32(field, &out->offset);
    case CT_BUCKETS_COUNTS:
        return read_varint_counts(field, out);
    default:
        return true;
    }
}

bool ct_read_buckets(const struct ct_wire_field *field, cotel_buckets_data *out)
{
    struct ct_wire_reader reader = ct_wire_field_message(field);
    struct ct_wire_field inner;
    while (ct_wire_next(&reader, &inner)) {
        if (!read_buckets_field(&inner, out))
            return false;
    }
    return field->type == CT_WIRE_BYTES && !reader.malformed;
}

static bool next_fixed64(struct ct_wire_reader *reader, uint64_t *out)
{
    if ((size_t)(reader->end - reader->at) < sizeof *out)
        return false;
    *out = load64((const char *)reader->at);
    reader->at += sizeof *out;
    return true;
}

bool cotel_buckets_next(const cotel_buckets_data *buckets, size_t *at, uint64_t *count)
{
    if (!buckets || !buckets->bytes.data || !at || !count || *at >= buckets->bytes.size)
        return false;
    struct ct_wire_reader reader =
        ct_wire_reader_of(buckets->bytes.data + *at, buckets->bytes.size - *at);
    if (!(buckets->width != 0 ? next_fixed64 : ct_wire_next_varint)(&reader, count))
        return false;
    *at = (size_t)((const char *)reader.at - buckets->bytes.data);
    return true;
}

double cotel_point_data_boundary(const cotel_point_data *point, size_t index)
{
    if (!point || !point->boundaries.data || index >= point->boundary_count)
        return 0;
    uint64_t bits = load64(point->boundaries.data + index * sizeof bits);
    double boundary;
    memcpy(&boundary, &bits, sizeof boundary);
    return boundary;
}
