/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way into a message: copied, checked for plain ASCII and hashed with few loads, since
 * nearly all keys and most values are short and plain. */
#ifndef COTEL_SRC_WIRE_TEXT_H
#define COTEL_SRC_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

static inline uint32_t ct_load32(const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint64_t ct_copy64(uint8_t *to, const char *from, size_t at)
{
    uint64_t block = ct_utf8_load(from + at);
    memcpy(to + at, &block, sizeof block);
    return block;
}

/* Fewer than eight bytes. @return what was copied, folded together. */
static inline uint64_t ct_copy_few(uint8_t *to, const char *from, size_t size)
{
    if (size >= 4) {
        uint32_t first = ct_load32(from);
        uint32_t last = ct_load32(from + size - 4);
        memcpy(to, &first, sizeof first);
        memcpy(to + size - 4, &last, sizeof last);
        return (uint64_t)first | last;
    }
    if (size == 0)
        return 0;
    uint8_t first = (uint8_t)from[0], middle = (uint8_t)from[size / 2];
    uint8_t last = (uint8_t)from[size - 1];
    to[0] = first;
    to[size / 2] = middle;
    to[size - 1] = last;
    return (uint64_t)(first | middle | last);
}

/* Copies and tells whether every byte is ASCII. Blocks overlap where they meet, so that the usual
 * lengths need neither a loop nor single bytes. */
static inline bool ct_copy_ascii(uint8_t *to, const char *from, size_t size)
{
    uint64_t seen;
    if (size < 8) {
        seen = ct_copy_few(to, from, size);
    } else {
        seen = ct_copy64(to, from, 0) | ct_copy64(to, from, size - 8);
        if (size > 16) {
            seen |= ct_copy64(to, from, 8) | ct_copy64(to, from, size - 16);
            for (size_t at = 16; at + 16 < size; at += 8)
                seen |= ct_copy64(to, from, at);
        }
    }
    return (seen & CT_UTF8_HIGH_BITS) == 0;
}

/* Preselects among keys: looks at the length and at both ends only. Never enough to tell that two
 * keys are equal. */
static inline uint32_t ct_text_hash(const char *text, size_t size)
{
    uint64_t head = 0, tail = 0;
    if (size >= 8) {
        head = ct_utf8_load(text);
        tail = ct_utf8_load(text + size - 8);
    } else if (size >= 4) {
        head = ct_load32(text);
        tail = ct_load32(text + size - 4);
    } else if (size != 0) {
        head = (uint64_t)(uint8_t)text[0] | (uint64_t)(uint8_t)text[size / 2] << 8 |
               (uint64_t)(uint8_t)text[size - 1] << 16;
    }
    uint64_t folded = head ^ (tail << 29 | tail >> 35) ^ size;
    return (uint32_t)((folded * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

#endif
