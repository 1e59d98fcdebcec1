/* SPDX-License-Identifier: Apache-2.0 */
/* Key and value of each header lie one behind the other in `bytes`, in the order of `items`. */
#include <cotel/propagation.h>

#include "wire/str.h"

/* The index of a header, or `count`. */
static size_t find(const cotel_headers *headers, cotel_str key)
{
    size_t i = 0;
    while (i < headers->count && !ct_str_equal_ascii(cotel_str_of(headers->items[i].key), key))
        i++;
    return i;
}

/* The bytes of a header, both closing NULs included. */
static size_t item_size(const cotel_header *item)
{
    return (size_t)(item->value - item->key) + strlen(item->value) + 1;
}

static void remove_at(cotel_headers *headers, size_t index)
{
    size_t at = (size_t)(headers->items[index].key - headers->bytes);
    size_t size = item_size(&headers->items[index]);
    headers->used -= size;
    headers->count--;
    memmove(&headers->bytes[at], &headers->bytes[at + size], headers->used - at);
    for (size_t i = index; i < headers->count; i++) {
        headers->items[i].key = headers->items[i + 1].key - size;
        headers->items[i].value = headers->items[i + 1].value - size;
    }
}

static const char *append_text(cotel_headers *headers, cotel_str text)
{
    char *to = &headers->bytes[headers->used];
    if (text.size > 0)
        memcpy(to, text.data, text.size);
    to[text.size] = '\0';
    headers->used += text.size + 1;
    return to;
}

static bool drop(cotel_headers *headers)
{
    headers->dropped++;
    return false;
}

bool cotel_headers_set(cotel_headers *headers, cotel_str key, cotel_str value)
{
    if (!headers)
        return false;
    key = ct_str(key.data, key.size);
    value = ct_str(value.data, value.size);
    if (key.size == 0 || key.size >= COTEL_HEADERS_BYTES || value.size >= COTEL_HEADERS_BYTES ||
        ct_str_has_nul(key) || ct_str_has_nul(value))
        return drop(headers);

    size_t index = find(headers, key);
    bool replaces = index < headers->count;
    size_t freed = replaces ? item_size(&headers->items[index]) : 0;
    if (headers->used - freed + key.size + value.size + 2 > COTEL_HEADERS_BYTES ||
        headers->count - replaces >= COTEL_HEADERS_MAX)
        return drop(headers);

    if (replaces)
        remove_at(headers, index);
    cotel_header *item = &headers->items[headers->count++];
    item->key = append_text(headers, key);
    item->value = append_text(headers, value);
    return true;
}

const char *cotel_headers_get(const cotel_headers *headers, const char *key)
{
    if (!headers)
        return NULL;
    size_t index = find(headers, cotel_str_of(key));
    return index < headers->count ? headers->items[index].value : NULL;
}

static void set(void *carrier, cotel_str key, cotel_str value)
{
    (void)cotel_headers_set(carrier, key, value); /* counted in `dropped` */
}

static cotel_str get(void *carrier, cotel_str key, size_t index)
{
    const cotel_headers *headers = carrier;
    if (!headers || index > 0)
        return cotel_str_n(NULL, 0);
    size_t at = find(headers, ct_str(key.data, key.size));
    return at < headers->count ? cotel_str_of(headers->items[at].value) : cotel_str_n(NULL, 0);
}

static cotel_str key_at(void *carrier, size_t index)
{
    const cotel_headers *headers = carrier;
    if (!headers || index >= headers->count)
        return cotel_str_n(NULL, 0);
    return cotel_str_of(headers->items[index].key);
}

const cotel_setter cotel_headers_setter = {.size = sizeof(cotel_setter), .set = set};

const cotel_getter cotel_headers_getter = {
    .size = sizeof(cotel_getter),
    .get = get,
    .key = key_at,
};
