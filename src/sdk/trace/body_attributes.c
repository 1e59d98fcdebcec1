/* SPDX-License-Identifier: Apache-2.0 */
/* Attributes of a span's body: found by key, set, replaced, taken out. The common ones, short and
 * plain ASCII, have a way of their own in body_short.h. */
#include "sdk/trace/body.h"

#include "base/utf8.h"
#include "sdk/trace/body_index.h"
#include "sdk/trace/body_internal.h"
#include "sdk/trace/body_short.h"
#include "wire/field_numbers.h"
#include "wire/text.h"
#include "wire/writer.h"

#include <assert.h>
#include <stdlib.h>

/* Makes sure that an attribute of `size` bytes can be appended, takes an older one of the key out
 * and notes the new one. */
static bool admit(struct ct_body *body, cotel_str key, uint32_t hash, size_t size)
{
    uint32_t place = ct_body_place(body, key, hash);
    if (place == CT_BODY_NOT_FOUND && body->attribute_count >= body->limits->attributes)
        return ct_body_refuse(body);
    if (!ct_body_room(body, size))
        return ct_body_refuse(body);
    if (place != CT_BODY_NOT_FOUND) {
        ct_body_take_out(body, body->index[place].offset);
    } else {
        if (body->attribute_count == body->index_capacity && !ct_body_grow_index(body))
            return ct_body_refuse(body);
        place = body->attribute_count++;
    }
    body->index[place] = (struct ct_index_entry){.hash = hash, .offset = body->size};
    return true;
}

static bool set_valid_key(struct ct_body *body, const cotel_attribute *attribute)
{
    struct ct_value_limits limits = {.length = body->limits->value_length,
                                     .depth = body->limits->value_depth,
                                     .cut = &body->values_cut};
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
        return ct_body_refuse(body);
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
        return ct_body_refuse(body);
    if (!ct_utf8_is_valid(attribute->key.data, attribute->key.size))
        return set_mended_key(body, attribute);
    return set_valid_key(body, attribute);
}

void ct_body_replace_short(struct ct_body *body, uint32_t place, uint32_t size)
{
    uint32_t old = body->index[place].offset;
    body->index[place].offset = body->size;
    body->size += size;
    ct_body_take_out(body, old);
}

static void drop_index_entry(struct ct_body *body, uint32_t place)
{
    body->index[place] = body->index[--body->attribute_count];
}

bool ct_body_remove(struct ct_body *body, cotel_str key)
{
    if (key.data == NULL)
        return false;
    uint32_t place = ct_body_place(body, key, ct_text_hash(key.data, key.size));
    if (place == CT_BODY_NOT_FOUND)
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
    uint32_t place = ct_body_place(body, key, ct_text_hash(key.data, key.size));
    if (place != CT_BODY_NOT_FOUND)
        ct_body_key_at(body->data + body->index[place].offset, &message);
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
    assert(message.data != NULL);
    uint8_t *at = ct_put_length(body->data + body->size, CT_SPAN_ATTRIBUTES, new_size);
    at = ct_put_field_bytes(at, CT_KEY_VALUE_KEY, to.data, to.size);
    at = ct_put_bytes(at, message.data + key_size, value_size);
    uint32_t place = ct_body_place(body, from, ct_text_hash(from.data, from.size));
    uint32_t old = body->index[place].offset;
    body->index[place] =
        (struct ct_index_entry){.hash = ct_text_hash(to.data, to.size), .offset = body->size};
    ct_body_append(body, at);
    ct_body_take_out(body, old);
    return true;
}
