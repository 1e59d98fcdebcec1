/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: is it, and if not, make it so. OTLP strings must be valid: one bad byte makes a collector
 * refuse the whole request. Repair puts one U+FFFD for each maximal ill-formed subpart, as chapter
 * 3.9 of the Unicode standard recommends and most decoders do. Nothing here needs a final NUL. */
#ifndef COTEL_SRC_BASE_UTF8_H
#define COTEL_SRC_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Repaired text is at most so many times longer: a single bad byte becomes three. */
#define CT_UTF8_REPAIR_GROWTH 3

#define CT_UTF8_HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t ct_utf8_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static inline bool ct_utf8_is_ascii(const char *text, size_t size)
{
    uint64_t seen = 0;
    if (size >= 8) {
        size_t last = size - 8; /* the last word overlaps the one before */
        for (size_t i = 0; i < last; i += 8)
            seen |= ct_utf8_load(text + i);
        return ((seen | ct_utf8_load(text + last)) & CT_UTF8_HIGH_BITS) == 0;
    }
    for (size_t i = 0; i < size; i++)
        seen |= (unsigned char)text[i];
    return (seen & 0x80) == 0;
}

bool ct_utf8_is_valid_beyond_ascii(const char *text, size_t size);

/* No overlong forms, no surrogates, nothing above U+10FFFF; U+0000 is valid. */
static inline bool ct_utf8_is_valid(const char *text, size_t size)
{
    return ct_utf8_is_ascii(text, size) || ct_utf8_is_valid_beyond_ascii(text, size);
}

/* How many bytes ct_utf8_repair() writes for the same arguments. */
size_t ct_utf8_repaired_size(const char *in, size_t size, size_t max_chars);

/* Whether two texts are the same once both are repaired. */
bool ct_utf8_same_repaired(const char *a, size_t a_size, const char *b, size_t b_size);

/* Writes `in` repaired and cut after `max_chars` code points (SIZE_MAX: not cut; a U+FFFD counts
 * as one) to `out`, which has room for what ct_utf8_repaired_size() says. Returns the bytes
 * written. `out` and `in` do not overlap. */
size_t ct_utf8_repair(uint8_t *out, const char *in, size_t size, size_t max_chars);

#endif
