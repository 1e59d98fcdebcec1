/* SPDX-License-Identifier: Apache-2.0 */
/* The common attributes: a key and a value that are short and plain ASCII. Every length in their
 * message fits one byte, so it is written in one go, checked while it is copied; whatever is not as
 * common goes the way of ct_body_set(). And the common status, OK where there was none. This is
 * where a span spends its time, so all of it is inlined into the calls of span_set.c, and heads are
 * written as words. */
#ifndef COTEL_SRC_SDK_TRACE_BODY_SHORT_H
#define COTEL_SRC_SDK_TRACE_BODY_SHORT_H

#include "base/compiler.h"
#include "sdk/trace/body_index.h"
#include "sdk/trace/body_internal.h"
#include "wire/field_numbers.h"
#include "wire/writer.h"

/* Tag and length of the attribute, of its key, and of its value. */
#define CT_SHORT_FRAME 6u
/* The most that key and value may take with the last four bytes of the frame. */
#define CT_SHORT_MOST 127u

/* Four bytes, the first one first. */
CT_ALWAYS_INLINE uint8_t *ct_put_four(uint8_t *at, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    return ct_put_fixed32(at, a | b << 8 | c << 16 | d << 24);
}

/* `value_size` is that of the AnyValue message. */
CT_ALWAYS_INLINE bool ct_body_is_short(struct ct_body *body, cotel_str key, size_t value_size)
{
    return key.size != 0 && key.data != NULL && value_size <= CT_SHORT_MOST &&
           key.size + value_size + 4 <= CT_SHORT_MOST &&
           ct_body_room(body, CT_SHORT_FRAME + key.size + value_size);
}

/* What stands before the value. @return NULL when the key is not plain ASCII. */
CT_ALWAYS_INLINE uint8_t *ct_body_put_short_key(struct ct_body *body, cotel_str key,
                                                size_t value_size)
{
    uint8_t *at = ct_put_four(body->data + body->size, CT_TAG(CT_SPAN_ATTRIBUTES, CT_WIRE_BYTES),
                              (uint32_t)(key.size + value_size + 4),
                              CT_TAG(CT_KEY_VALUE_KEY, CT_WIRE_BYTES), (uint32_t)key.size);
    return ct_copy_ascii(at, key.data, key.size) ? at + key.size : NULL;
}

/* Another value for a key that is there: the new attribute stands behind already, and the old one
 * is taken out from under it. */
void ct_body_replace_short(struct ct_body *body, uint32_t place, uint32_t size);

/* What was written up to `end` becomes the attribute of `key`. */
CT_ALWAYS_INLINE bool ct_body_note_short(struct ct_body *body, cotel_str key, const uint8_t *end)
{
    uint32_t hash = ct_text_hash(key.data, key.size);
    uint32_t size = (uint32_t)(end - body->data) - body->size;
    uint32_t place = ct_body_place(body, key, hash);
    if (CT_UNLIKELY(place != CT_BODY_NOT_FOUND)) {
        ct_body_replace_short(body, place, size);
        return true;
    }
    if (CT_UNLIKELY(body->attribute_count >= body->limits->attributes))
        return ct_body_refuse(body);
    if (CT_UNLIKELY(body->attribute_count == body->index_capacity) && !ct_body_grow_index(body))
        return ct_body_refuse(body);
    body->index[body->attribute_count++] =
        (struct ct_index_entry){.hash = hash, .offset = body->size};
    body->size += size;
    return true;
}

CT_ALWAYS_INLINE bool ct_body_set_string(struct ct_body *body, cotel_str key, cotel_str value)
{
    if (CT_LIKELY(value.size <= body->limits->value_length &&
                  ct_body_is_short(body, key, value.size + 2))) {
        uint8_t *at = ct_body_put_short_key(body, key, value.size + 2);
        if (CT_LIKELY(at != NULL)) {
            at =
                ct_put_four(at, CT_TAG(CT_KEY_VALUE_VALUE, CT_WIRE_BYTES), (uint32_t)value.size + 2,
                            CT_TAG(CT_ANY_VALUE_STRING, CT_WIRE_BYTES), (uint32_t)value.size);
            if (CT_LIKELY(ct_copy_ascii(at, value.data, value.size)))
                return ct_body_note_short(body, key, at + value.size);
        }
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_string(value)};
    return ct_body_set(body, &attribute);
}

CT_ALWAYS_INLINE bool ct_body_set_bool(struct ct_body *body, cotel_str key, bool value)
{
    if (CT_LIKELY(ct_body_is_short(body, key, 2))) {
        uint8_t *at = ct_body_put_short_key(body, key, 2);
        if (CT_LIKELY(at != NULL))
            return ct_body_note_short(body, key,
                                      ct_put_four(at, CT_TAG(CT_KEY_VALUE_VALUE, CT_WIRE_BYTES), 2,
                                                  CT_TAG(CT_ANY_VALUE_BOOL, CT_WIRE_VARINT),
                                                  value));
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_bool(value)};
    return ct_body_set(body, &attribute);
}

CT_ALWAYS_INLINE uint8_t *ct_put_value_head(uint8_t *at, size_t size, uint32_t tag)
{
    *at++ = CT_TAG(CT_KEY_VALUE_VALUE, CT_WIRE_BYTES);
    *at++ = (uint8_t)size;
    *at++ = (uint8_t)tag;
    return at;
}

CT_ALWAYS_INLINE bool ct_body_set_int(struct ct_body *body, cotel_str key, int64_t value)
{
    size_t size = 1 + ct_varint_size((uint64_t)value);
    if (CT_LIKELY(ct_body_is_short(body, key, size))) {
        uint8_t *at = ct_body_put_short_key(body, key, size);
        if (CT_LIKELY(at != NULL)) {
            at = ct_put_value_head(at, size, CT_TAG(CT_ANY_VALUE_INT, CT_WIRE_VARINT));
            return ct_body_note_short(body, key, ct_put_varint(at, (uint64_t)value));
        }
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_int(value)};
    return ct_body_set(body, &attribute);
}

CT_ALWAYS_INLINE bool ct_body_set_double(struct ct_body *body, cotel_str key, double value)
{
    size_t size = 1 + sizeof value;
    if (CT_LIKELY(ct_body_is_short(body, key, size))) {
        uint8_t *at = ct_body_put_short_key(body, key, size);
        if (CT_LIKELY(at != NULL)) {
            at = ct_put_value_head(at, size, CT_TAG(CT_ANY_VALUE_DOUBLE, CT_WIRE_FIXED64));
            return ct_body_note_short(body, key, ct_put_double(at, value));
        }
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_double(value)};
    return ct_body_set(body, &attribute);
}

CT_ALWAYS_INLINE void ct_body_set_ok(struct ct_body *body)
{
    if (CT_UNLIKELY(body->status_offset != 0)) {
        ct_body_set_status(body, COTEL_STATUS_CODE_OK, cotel_str_n(NULL, 0));
        return;
    }
    if (!ct_body_room(body, 4))
        return;
    body->status_offset = body->size;
    ct_body_append(body,
                   ct_put_four(body->data + body->size, CT_TAG(CT_SPAN_STATUS, CT_WIRE_BYTES), 2,
                               CT_TAG(CT_STATUS_CODE, CT_WIRE_VARINT), COTEL_STATUS_CODE_OK));
}

#endif
