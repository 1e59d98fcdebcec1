/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of a span's body: found by key, set, replaced, taken out.
 *
 * The common ones, short and plain ASCII, are written with one-byte lengths in a single pass that
 * copies and checks at once; everything else goes through wire/value. */
#include "sdk/trace/body.h"

#include "base/utf8.h"
#include "sdk/trace/body_internal.h"
#include "wire/field_numbers.h"
#include "wire/text.h"
#include "wire/writer.h"

#include <stdlib.h>

#define ATTRIBUTE_TAG CT_TAG(CT_SPAN_ATTRIBUTES, CT_WIRE_BYTES)
#define KEY_TAG CT_TAG(CT_KEY_VALUE_KEY, CT_WIRE_BYTES)
#define VALUE_TAG CT_TAG(CT_KEY_VALUE_VALUE, CT_WIRE_BYTES)
#define NOT_FOUND UINT32_MAX
#define ONE_BYTE_LENGTHS 127u

/* What an attribute takes beside key and value: its tag and length, the key's, the value's. */
#define FRAME 6u

static size_t read_length(const uint8_t **at)
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
static cotel_str key_of(const uint8_t *at, cotel_str *message)
{
    at++;
    size_t size = read_length(&at);
    *message = cotel_str_n((const char *)at, size);
    at++;
    size_t key_size = read_length(&at);
    return cotel_str_n((const char *)at, key_size);
}

/* Its place in the index. */
static uint32_t find(const struct ct_body *body, cotel_str key, uint32_t hash)
{
    for (uint32_t i = 0; i < body->attribute_count; i++) {
        if (__builtin_expect(body->index[i].hash != hash, 1))
            continue;
        cotel_str message;
        cotel_str found = key_of(body->data + body->index[i].offset, &message);
        if (found.size == key.size && memcmp(found.data, key.data, key.size) == 0)
            return i;
    }
    return NOT_FOUND;
}

static bool refused(struct ct_body *body)
{
    body->dropped_attributes++;
    return false;
}

/* Makes sure that an attribute of `size` bytes can be appended, takes an older one of the key out
 * and notes the new one. */
static bool admit(struct ct_body *body, cotel_str key, uint32_t hash, size_t size)
{
    uint32_t place = find(body, key, hash);
    if (place == NOT_FOUND && body->attribute_count >= body->limits->attributes)
        return refused(body);
    if (!ct_body_room(body, size))
        return refused(body);
    if (place != NOT_FOUND) {
        ct_body_take_out(body, body->index[place].offset);
    } else {
        if (body->attribute_count == body->index_capacity && !ct_body_grow_index(body))
            return refused(body);
        place = body->attribute_count++;
    }
    body->index[place] = (struct ct_index_entry){.hash = hash, .offset = body->size};
    return true;
}

static bool set_valid_key(struct ct_body *body, const cotel_attribute *attribute)
{
    struct ct_value_limits limits = {.length = body->limits->value_length,
                                     .depth = body->limits->value_depth};
    size_t size = ct_attribute_size(CT_SPAN_ATTRIBUTES, attribute, &limits);
    if (!admit(body, attribute->key, ct_text_hash(attribute->key.data, attribute->key.size), size))
        return false;
    ct_body_append(
        body, ct_attribute_write(body->data + body->size, CT_SPAN_ATTRIBUTES, attribute, &limits));
    return true;
}

/* A key that is not UTF-8 is mended before it is looked for. */
static bool set_mended_key(struct ct_body *body, const cotel_attribute *attribute)
{
    size_t size = ct_utf8_repaired_size(attribute->key.data, attribute->key.size, SIZE_MAX);
    char *key = malloc(size);
    if (key == NULL) {
        body->out_of_memory++;
        return refused(body);
    }
    ct_utf8_repair((uint8_t *)key, attribute->key.data, attribute->key.size, SIZE_MAX);
    cotel_attribute mended = {.key = cotel_str_n(key, size), .value = attribute->value};
    bool set = set_valid_key(body, &mended);
    free(key);
    return set;
}

bool ct_body_set(struct ct_body *body, const cotel_attribute *attribute)
{
    if (attribute->key.data == NULL || attribute->key.size == 0)
        return refused(body);
    if (!ct_utf8_is_valid(attribute->key.data, attribute->key.size))
        return set_mended_key(body, attribute);
    return set_valid_key(body, attribute);
}

/* Writes what stands before a value whose AnyValue takes `value_size` bytes.
 * @return NULL when the key is not plain ASCII: nothing is noted then. */
static uint8_t *put_short_key(uint8_t *at, cotel_str key, size_t value_size)
{
    *at++ = ATTRIBUTE_TAG;
    *at++ = (uint8_t)(4 + key.size + value_size);
    *at++ = KEY_TAG;
    *at++ = (uint8_t)key.size;
    if (!ct_copy_ascii(at, key.data, key.size))
        return NULL;
    at += key.size;
    *at++ = VALUE_TAG;
    *at++ = (uint8_t)value_size;
    return at;
}

static bool is_short(cotel_str key, size_t value_size)
{
    return key.size != 0 && key.data != NULL && key.size + value_size <= ONE_BYTE_LENGTHS - 4;
}

/* The same for a key that is known to be new or has its place already. */
static bool note_short(struct ct_body *body, cotel_str key, const uint8_t *end)
{
    uint32_t hash = ct_text_hash(key.data, key.size);
    uint32_t size = (uint32_t)(end - body->data) - body->size;
    uint32_t place = find(body, key, hash);
    if (place == NOT_FOUND) {
        if (body->attribute_count >= body->limits->attributes)
            return refused(body);
        if (body->attribute_count == body->index_capacity && !ct_body_grow_index(body))
            return refused(body);
        body->index[body->attribute_count++] =
            (struct ct_index_entry){.hash = hash, .offset = body->size};
        body->size += size;
        return true;
    }
    /* It stands behind the old one already: both move together when that is taken out. */
    uint32_t old = body->index[place].offset;
    body->index[place].offset = body->size;
    body->size += size;
    ct_body_take_out(body, old);
    return true;
}

bool ct_body_set_string(struct ct_body *body, cotel_str key, cotel_str value)
{
    cotel_attribute attribute = {.key = key};
    if (is_short(key, value.size + 2) && value.size <= body->limits->value_length &&
        ct_body_room(body, FRAME + key.size + value.size + 2)) {
        uint8_t *at = put_short_key(body->data + body->size, key, value.size + 2);
        if (at != NULL) {
            *at++ = CT_TAG(CT_ANY_VALUE_STRING, CT_WIRE_BYTES);
            *at++ = (uint8_t)value.size;
            if (ct_copy_ascii(at, value.data, value.size))
                return note_short(body, key, at + value.size);
        }
    }
    attribute.value = cotel_value_string(value);
    return ct_body_set(body, &attribute);
}

bool ct_body_set_bool(struct ct_body *body, cotel_str key, bool value)
{
    if (is_short(key, 2) && ct_body_room(body, FRAME + key.size + 2)) {
        uint8_t *at = put_short_key(body->data + body->size, key, 2);
        if (at != NULL)
            return note_short(body, key, ct_put_field_varint(at, CT_ANY_VALUE_BOOL, value));
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_bool(value)};
    return ct_body_set(body, &attribute);
}

bool ct_body_set_int(struct ct_body *body, cotel_str key, int64_t value)
{
    size_t size = ct_field_varint_size(CT_ANY_VALUE_INT, (uint64_t)value);
    if (is_short(key, size) && ct_body_room(body, FRAME + key.size + size)) {
        uint8_t *at = put_short_key(body->data + body->size, key, size);
        if (at != NULL)
            return note_short(body, key,
                              ct_put_field_varint(at, CT_ANY_VALUE_INT, (uint64_t)value));
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_int(value)};
    return ct_body_set(body, &attribute);
}

bool ct_body_set_double(struct ct_body *body, cotel_str key, double value)
{
    size_t size = 1 + sizeof value;
    if (is_short(key, size) && ct_body_room(body, FRAME + key.size + size)) {
        uint8_t *at = put_short_key(body->data + body->size, key, size);
        if (at != NULL) {
            *at++ = CT_TAG(CT_ANY_VALUE_DOUBLE, CT_WIRE_FIXED64);
            return note_short(body, key, ct_put_double(at, value));
        }
    }
    cotel_attribute attribute = {.key = key, .value = cotel_value_double(value)};
    return ct_body_set(body, &attribute);
}

static void drop_index_entry(struct ct_body *body, uint32_t place)
{
    body->index[place] = body->index[--body->attribute_count];
}

bool ct_body_remove(struct ct_body *body, cotel_str key)
{
    if (key.data == NULL)
        return false;
    uint32_t place = find(body, key, ct_text_hash(key.data, key.size));
    if (place == NOT_FOUND)
        return false;
    uint32_t offset = body->index[place].offset;
    drop_index_entry(body, place);
    uint32_t before = body->size;
    ct_body_take_out(body, offset);
    /* What stood at the end has moved down: nothing of it stays behind. */
    memset(body->data + body->size, 0, before - body->size);
    return true;
}

cotel_str ct_body_find(const struct ct_body *body, cotel_str key)
{
    cotel_str message = {NULL, 0};
    if (key.data == NULL)
        return message;
    uint32_t place = find(body, key, ct_text_hash(key.data, key.size));
    if (place != NOT_FOUND)
        key_of(body->data + body->index[place].offset, &message);
    return message;
}

/* The value's bytes are taken as they are: they were admitted under the limits once. */
bool ct_body_rename(struct ct_body *body, cotel_str from, cotel_str to)
{
    if (to.data == NULL || to.size == 0 || !ct_utf8_is_valid(to.data, to.size))
        return false;
    cotel_str message = ct_body_find(body, from);
    if (message.data == NULL)
        return false;
    if (from.size == to.size && memcmp(from.data, to.data, to.size) == 0)
        return true;
    size_t key_size = ct_field_bytes_size(CT_KEY_VALUE_KEY, from.size);
    size_t value_size = message.size - key_size;
    size_t new_size = ct_field_bytes_size(CT_KEY_VALUE_KEY, to.size) + value_size;
    if (!ct_body_room(body, ct_field_bytes_size(CT_SPAN_ATTRIBUTES, new_size)))
        return false;
    ct_body_remove(body, to);
    message = ct_body_find(body, from); /* making room and removing may have moved it */
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_ATTRIBUTES, new_size);
    at = ct_put_field_bytes(at, CT_KEY_VALUE_KEY, to.data, to.size);
    at = ct_put_bytes(at, message.data + key_size, value_size);
    uint32_t place = find(body, from, ct_text_hash(from.data, from.size));
    uint32_t old = body->index[place].offset;
    body->index[place] =
        (struct ct_index_entry){.hash = ct_text_hash(to.data, to.size), .offset = body->size};
    ct_body_append(body, at);
    ct_body_take_out(body, old);
    return true;
}
