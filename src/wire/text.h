/* SPDX-License-Identifier: Apache-2.0 */
/* Text on its way into a message: copied, checked for plain ASCII and hashed with few loads, since
 * nearly all keys and most values are short and plain. */
#ifndef COTEL_SRC_WIRE_TEXT_H
#define COTEL_SRC_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CT_ASCII_HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t ct_load64(const void *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint32_t ct_load32(const void *from)
{
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

/* Copies and tells whether every byte is ASCII. Blocks of eight overlap at the end, so that no
 * length needs a loop over single bytes. */
static inline bool ct_copy_ascii(uint8_t *to, const char *from, size_t size)
{
    uint64_t seen = 0;
    if (size >= 8) {
        for (size_t at = 0; at < size - 8; at += 8) {
            uint64_t block = ct_load64(from + at);
            seen |= block;
            memcpy(to + at, &block, sizeof block);
        }
        uint64_t last = ct_load64(from + size - 8);
        seen |= last;
        memcpy(to + size - 8, &last, sizeof last);
    } else if (size >= 4) {
        uint32_t first = ct_load32(from);
        uint32_t last = ct_load32(from + size - 4);
        seen = (uint64_t)first | last;
        memcpy(to, &first, sizeof first);
        memcpy(to + size - 4, &last, sizeof last);
    } else if (size != 0) {
        uint8_t first = (uint8_t)from[0], middle = (uint8_t)from[size / 2];
        uint8_t last = (uint8_t)from[size - 1];
        seen = (uint64_t)(first | middle | last);
        to[0] = first;
        to[size / 2] = middle;
        to[size - 1] = last;
    }
    return (seen & CT_ASCII_HIGH_BITS) == 0;
}

/* Preselects among keys: looks at the length and at both ends only. Never enough to tell that two
 * keys are equal. */
static inline uint32_t ct_text_hash(const char *text, size_t size)
{
    uint64_t head = 0, tail = 0;
    if (size >= 8) {
        head = ct_load64(text);
        tail = ct_load64(text + size - 8);
    } else if (size >= 4) {
        head = ct_load32(text);
        tail = ct_load32(text + size - 4);
    } else if (size != 0) {
        head = (uint64_t)(uint8_t)text[0] | (uint64_t)(uint8_t)text[size / 2] << 8 |
               (uint64_t)(uint8_t)text[size - 1] << 16;
    }
    uint64_t mixed = (head ^ (size * UINT64_C(0x9e3779b97f4a7c15))) * UINT64_C(0xff51afd7ed558ccd);
    mixed ^= (tail + (mixed >> 29)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return (uint32_t)(mixed >> 32);
}

#endif
