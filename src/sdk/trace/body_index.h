/* SPDX-License-Identifier: Apache-2.0 */
/* Finding an attribute in a span's body. */
#ifndef COTEL_SRC_SDK_TRACE_BODY_INDEX_H
#define COTEL_SRC_SDK_TRACE_BODY_INDEX_H

#include "base/compiler.h"
#include "sdk/trace/body.h"
#include "wire/text.h"

#define CT_BODY_NOT_FOUND UINT32_MAX

static inline size_t ct_body_read_length(const uint8_t **at)
{
    size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        size |= (size_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return size;
    }
}

/* Of the attribute at `at`: where its key stands, and the whole message. */
static inline cotel_str ct_body_key_at(const uint8_t *at, cotel_str *message)
{
    at++;
    size_t size = ct_body_read_length(&at);
    *message = cotel_str_n((const char *)at, size);
    at++;
    size_t key_size = ct_body_read_length(&at);
    return cotel_str_n((const char *)at, key_size);
}

/* The place of a key in the index, or CT_BODY_NOT_FOUND. */
CT_ALWAYS_INLINE uint32_t ct_body_place(const struct ct_body *body, cotel_str key, uint32_t hash)
{
    for (uint32_t i = 0; i < body->attribute_count; i++) {
        if (CT_LIKELY(body->index[i].hash != hash))
            continue;
        cotel_str message;
        cotel_str found = ct_body_key_at(body->data + body->index[i].offset, &message);
        if (found.size == key.size && memcmp(found.data, key.data, key.size) == 0)
            return i;
    }
    return CT_BODY_NOT_FOUND;
}

static inline bool ct_body_refuse(struct ct_body *body)
{
    body->dropped_attributes++;
    return false;
}

#endif
