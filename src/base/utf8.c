/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <endian.h>

/* U+FFFD REPLACEMENT CHARACTER. */
static const uint8_t replacement[3] = {0xef, 0xbf, 0xbd};

/* What begins at a byte: a well-formed sequence, or a maximal ill-formed subpart. */
struct part {
    uint8_t size;
    bool valid;
};

/* How long the sequence is that a byte begins, and within what its second byte must lie to exclude
 * overlong forms, surrogates and what is above U+10FFFF. Table 3-7 of the Unicode standard. */
struct lead {
    uint8_t size; /* 0: begins nothing */
    uint8_t second_min;
    uint8_t second_max;
};

static struct lead lead_of(uint8_t byte)
{
    if (byte < 0xc2)
        return (struct lead){0, 0, 0};
    if (byte < 0xe0)
        return (struct lead){2, 0x80, 0xbf};
    if (byte < 0xf0)
        return (struct lead){3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf};
    if (byte < 0xf5)
        return (struct lead){4, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf};
    return (struct lead){0, 0, 0};
}

/* `left` is at least 1. */
static struct part part_at(const uint8_t *at, size_t left)
{
    if (at[0] < 0x80)
        return (struct part){1, true};
    struct lead lead = lead_of(at[0]);
    if (lead.size == 0 || left < 2 || at[1] < lead.second_min || at[1] > lead.second_max)
        return (struct part){1, false};
    uint8_t size = 2;
    while (size < lead.size && size < left && (at[size] & 0xc0) == 0x80)
        size++;
    return (struct part){size, size == lead.size};
}

/* How many of the bytes, up to `size`, are ASCII before the first that is not. */
static size_t ascii_run(const char *at, size_t size)
{
    size_t run = 0;
    for (; size - run >= 8; run += 8) {
        uint64_t high = le64toh(ct_utf8_load(at + run)) & CT_UTF8_HIGH_BITS;
        if (high)
            return run + (size_t)__builtin_ctzll(high) / 8;
    }
    while (run < size && (unsigned char)at[run] < 0x80)
        run++;
    return run;
}

bool ct_utf8_is_valid_beyond_ascii(const char *text, size_t size)
{
    size_t i = 0;
    while (i < size) {
        struct part part = part_at((const uint8_t *)text + i, size - i);
        if (!part.valid)
            return false;
        i += part.size;
        if (part.size == 1)
            i += ascii_run(text + i, size - i);
    }
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Appends at out + done, or only counts when there is no `out`. Returns the new `done`. */
static size_t put(uint8_t *out, size_t done, const void *bytes, size_t size)
{
    if (out)
        memcpy(out + done, bytes, size);
    return done + size;
}

static size_t repair(uint8_t *out, const char *in, size_t size, size_t max_chars)
{
    size_t done = 0;
    for (size_t i = 0; i < size && max_chars > 0;) {
        size_t run = ascii_run(in + i, smaller(size - i, max_chars));
        if (run > 0) {
            done = put(out, done, in + i, run);
            i += run;
            max_chars -= run;
            continue;
        }
        struct part part = part_at((const uint8_t *)in + i, size - i);
        done = part.valid ? put(out, done, in + i, part.size)
                          : put(out, done, replacement, sizeof(replacement));
        i += part.size;
        max_chars--;
    }
    return done;
}

size_t ct_utf8_repaired_size(const char *in, size_t size, size_t max_chars)
{
    return repair(NULL, in, size, max_chars);
}

size_t ct_utf8_repair(uint8_t *out, const char *in, size_t size, size_t max_chars)
{
    return repair(out, in, size, max_chars);
}

/* What `part` is stored as: its size, the bytes in *bytes. */
static size_t repaired(struct part part, const uint8_t *at, const uint8_t **bytes)
{
    *bytes = part.valid ? at : replacement;
    return part.valid ? part.size : sizeof(replacement);
}

bool ct_utf8_same_repaired(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t i = 0, j = 0;
    while (i < a_size && j < b_size) {
        const uint8_t *at_a = (const uint8_t *)a + i, *at_b = (const uint8_t *)b + j;
        const uint8_t *bytes_a, *bytes_b;
        struct part part_a = part_at(at_a, a_size - i), part_b = part_at(at_b, b_size - j);
        size_t size = repaired(part_a, at_a, &bytes_a);
        if (size != repaired(part_b, at_b, &bytes_b) || memcmp(bytes_a, bytes_b, size) != 0)
            return false;
        i += part_a.size;
        j += part_b.size;
    }
    return i == a_size && j == b_size;
}
