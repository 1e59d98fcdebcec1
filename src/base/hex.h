/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal, eight digits at a time in one register: trace context is read and written on every
 * request. Bytes of a word are lanes that additions below keep from carrying into each other. */
#ifndef COTEL_SRC_BASE_HEX_H
#define COTEL_SRC_BASE_HEX_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The same byte in all lanes. */
#define CT_HEX_LANES(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Four bytes, the first the lowest, to eight digits, the first the lowest. */
static inline uint64_t ct_hex_digits(uint32_t bytes)
{
    uint64_t x = bytes;
    x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
    x = (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x >> 4 | x << 8) & CT_HEX_LANES(0x0f);
    uint64_t is_letter = (x + CT_HEX_LANES(6)) >> 4 & CT_HEX_LANES(1);
    return x + CT_HEX_LANES('0') + is_letter * ('a' - '0' - 10);
}

/* Bit 7 of each lane that lies in first..last; all lanes are below 0x80. */
static inline uint64_t ct_hex_within(uint64_t x, unsigned char first, unsigned char last)
{
    return (x + CT_HEX_LANES(0x80u - first)) & ~(x + CT_HEX_LANES(0x7fu - last)) &
           CT_HEX_LANES(0x80);
}

/* The reverse of ct_hex_digits(). False for anything that is not a digit. */
static inline bool ct_hex_value(uint64_t x, bool upper_too, uint32_t *out)
{
    if (x & CT_HEX_LANES(0x80))
        return false;
    uint64_t letters = ct_hex_within(x, 'a', 'f');
    if (upper_too)
        letters |= ct_hex_within(x, 'A', 'F');
    if ((letters | ct_hex_within(x, '0', '9')) != CT_HEX_LANES(0x80))
        return false;
    x = (x & CT_HEX_LANES(0x0f)) + (letters >> 7) * 9;
    x = (x << 4 | x >> 8) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x | x >> 8) & UINT64_C(0x0000ffff0000ffff);
    *out = (uint32_t)(x | x >> 16);
    return true;
}

/* Up to four bytes at once; a `size` known when compiling makes the copies single moves. */
static inline void ct_hex_encode_block(char *out, const uint8_t *bytes, size_t size)
{
    uint32_t four = 0;
    memcpy(&four, bytes, size);
    uint64_t digits = htole64(ct_hex_digits(le32toh(four)));
    memcpy(out, &digits, 2 * size);
}

static inline bool ct_hex_decode_block(uint8_t *out, const char *digits, size_t size,
                                       bool upper_too)
{
    uint64_t eight = CT_HEX_LANES('0');
    memcpy(&eight, digits, 2 * size);
    uint32_t four;
    if (!ct_hex_value(le64toh(eight), upper_too, &four))
        return false;
    four = htole32(four);
    memcpy(out, &four, size);
    return true;
}

/* Writes 2 * size lower-case digits and no NUL. */
static inline void ct_hex_encode(char *out, const uint8_t *bytes, size_t size)
{
    for (; size >= 4; out += 8, bytes += 4, size -= 4)
        ct_hex_encode_block(out, bytes, 4);
    for (; size > 0; out += 2, bytes++, size--)
        ct_hex_encode_block(out, bytes, 1);
}

static inline bool ct_hex_decode_case(uint8_t *out, const char *digits, size_t size, bool upper_too)
{
    for (; size >= 4; out += 4, digits += 8, size -= 4) {
        if (!ct_hex_decode_block(out, digits, 4, upper_too))
            return false;
    }
    for (; size > 0; out++, digits += 2, size--) {
        if (!ct_hex_decode_block(out, digits, 1, upper_too))
            return false;
    }
    return true;
}

/* Reads 2 * size digits into `size` bytes. False, with part of `out` written, when one of them is
 * no digit; upper case is none here. */
static inline bool ct_hex_decode_lower(uint8_t *out, const char *digits, size_t size)
{
    return ct_hex_decode_case(out, digits, size, false);
}

/* The same in either case. */
static inline bool ct_hex_decode(uint8_t *out, const char *digits, size_t size)
{
    return ct_hex_decode_case(out, digits, size, true);
}

#endif
