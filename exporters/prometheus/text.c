/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST_CAPACITY 4096

void ct_prom_text_fini(struct ct_prom_text *text)
{
    free(text->data);
    *text = (struct ct_prom_text){NULL, 0, 0, false};
}

bool ct_prom_text_grow(struct ct_prom_text *text, size_t more)
{
    if (text->failed)
        return false;
    if (text->capacity - text->size >= more)
        return true;
    size_t wanted = text->capacity ? text->capacity * 2 : FIRST_CAPACITY;
    if (wanted - text->size < more)
        wanted = text->size + more;
    char *data = more <= SIZE_MAX / 4 ? realloc(text->data, wanted) : NULL;
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = wanted;
    return true;
}

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Not zero when one of the eight bytes is `c`. */
static uint64_t has_byte(uint64_t word, unsigned char c)
{
    uint64_t zeroed = word ^ (EACH_BYTE * c);
    return (zeroed - EACH_BYTE) & ~zeroed & HIGH_BITS;
}

static bool is_special(char c)
{
    return c == '\\' || c == '\n' || c == '"';
}

static bool has_special_word(uint64_t word)
{
    return (has_byte(word, '\\') | has_byte(word, '\n') | has_byte(word, '"')) != 0;
}

/* Whether anything may have to be escaped. Values hardly ever do, so they are looked at by words,
 * the last of which overlaps the one before. */
static bool has_special(const char *data, size_t size)
{
    if (size >= sizeof(uint64_t)) {
        const char *last = data + size - sizeof(uint64_t);
        for (; data < last; data += sizeof(uint64_t)) {
            if (has_special_word(ct_prom_load(data)))
                return true;
        }
        return has_special_word(ct_prom_load(last));
    }
    for (; size > 0; data++, size--)
        if (is_special(*data))
            return true;
    return false;
}

void ct_prom_text_escaped(struct ct_prom_text *text, cotel_str piece, bool quotes)
{
    if (!has_special(piece.data, piece.size)) {
        ct_prom_text_put(text, piece);
        return;
    }
    char *at = ct_prom_text_room(text, 2 * piece.size);
    if (!at)
        return;
    char *begin = at;
    for (size_t i = 0; i < piece.size; i++) {
        char c = piece.data[i];
        if (c == '\\' || c == '\n' || (c == '"' && quotes))
            *at++ = '\\';
        *at++ = c == '\n' ? 'n' : c;
    }
    text->size += (size_t)(at - begin);
}
