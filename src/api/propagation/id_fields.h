/* SPDX-License-Identifier: Apache-2.0 */
/* What the headers of B3 and Jaeger are made of: fields between separators, and ids that may be
 * shorter than ours. */
#ifndef COTEL_SRC_API_PROPAGATION_ID_FIELDS_H
#define COTEL_SRC_API_PROPAGATION_ID_FIELDS_H

#include "base/hex.h"
#include "wire/ids.h"
#include "wire/str.h"

/* The number of fields of `text`, of which the first `most` go into `fields`. */
static inline size_t ct_split(cotel_str text, char separator, cotel_str *fields, size_t most)
{
    size_t count = 0;
    const char *end = text.data + text.size;
    for (const char *at = text.data; at; count++) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        if (count < most)
            fields[count] = cotel_str_n(at, (size_t)((next ? next : end) - at));
        at = next ? next + 1 : NULL;
    }
    return count;
}

/* Reads up to 2 * size digits, either case, as if zeros stood before them. */
static inline bool ct_hex_decode_padded(uint8_t *out, cotel_str digits, size_t size)
{
    char padded[2 * sizeof(cotel_trace_id)];
    if (digits.size == 0 || digits.size > 2 * size)
        return false;
    size_t padding = 2 * size - digits.size;
    memset(padded, '0', padding);
    memcpy(padded + padding, digits.data, digits.size);
    return ct_hex_decode(out, padded, size);
}

/* False when it is no id, or all zeros. */
static inline bool ct_trace_id_read(cotel_trace_id *out, cotel_str digits)
{
    return ct_hex_decode_padded(out->bytes, digits, sizeof out->bytes) && ct_trace_id_is_valid(out);
}

static inline bool ct_span_id_read(cotel_span_id *out, cotel_str digits)
{
    return ct_hex_decode_padded(out->bytes, digits, sizeof out->bytes) && ct_span_id_is_valid(out);
}

#endif
